"""Every address that a lead can open, with each view and filter of the large ones.

The routes are those of the application's own table: one whose values are not known here ends the
run, so that none is missed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

from api.app import create_app
from api.demonstration.mission import CONTEST, ROUND, SLUG
from api.pages.breakdowns import VIEWS as BREAKDOWNS
from api.pages.deployments import SHOW
from api.people.listing import WHICH
from api.server.cursors import cursor
from api.settings import Settings
from tests.api.authorisation.operations import operations

OF = "/missions/{slug}"
JSON = "/api/v1/missions/{slug}"
BESIDE = ("/events", "/{rest}", "/code", "/workbook", "/identity", "/lists/", "/media/{file}")
"""Streams, what is not there, and what a form without files has none of."""
NONE_THERE = ("/messages/{", "/conflicts/{", "/photos/{", "/desk/{queue}/{item}", "/sources/{")
"""What the mission has none of; the desk's items are measured by tests.benchmarks.desk."""
KNOWN = {
    "report": "SELECT id FROM report WHERE checklist = 'counting' AND status = 'received' "
    "ORDER BY sequence DESC OFFSET 100 LIMIT 1",
    "incident": "SELECT id FROM report WHERE checklist = 'incident' ORDER BY sequence DESC LIMIT 1",
    "statement": "SELECT id FROM statement ORDER BY id LIMIT 1",
    "block": "SELECT id FROM statement_block ORDER BY statement_id, position LIMIT 1",
    "number": "SELECT each.key FROM snapshot, jsonb_each(numbers) each WHERE each.key LIKE '%/%' "
    "ORDER BY snapshot.id LIMIT 1",
    "deployment": "SELECT id FROM deployment ORDER BY id DESC OFFSET 100 LIMIT 1",
    "pseudonym": "SELECT pseudonym FROM observer ORDER BY id DESC LIMIT 1",
    "version": "SELECT version FROM checklist_version v JOIN checklist c ON c.id = v.checklist_id "
    "WHERE c.name = 'voting'",
    "station": "SELECT code FROM place ORDER BY id DESC LIMIT 1",
    "area": "SELECT code FROM area ORDER BY code LIMIT 1",
    "irregularity": "SELECT definition -> 'indicators' -> 0 ->> 'code' FROM rules "
    "WHERE definition ->> 'name' = 'voting'",
    "middle": "SELECT seq / 2 FROM mission_clock",
    "sample": "SELECT code FROM sample",
}
MIDDLE = "{middle}"
REPORTS = (
    "",
    "?after={behind}",
    "?status=held",
    "?status=quarantined",
    "?status=verified&after={behind}",
    "?checklist=incident",
    "?checklist=incident&after={behind}",
    "?station={station}",
    "?indicator={irregularity}",
)
VIEWS: Mapping[str, tuple[str, ...]] = {
    OF + "/reports": (
        *REPORTS,
        "?review=suspended",
        "?indicator={irregularity}&area=3",
        "?status=held&checklist=voting",
        "?status=superseded",
    ),
    JSON + "/reports": (*REPORTS, "?limit=1000"),
    JSON + "/changes": ("", "?after={changed}"),
    OF + "/reports/{id}": ("",),
    OF + "/coverage": ("", "?area={area}"),
    OF + "/breakdowns": tuple(f"?view={each}" for each in BREAKDOWNS),
    OF + "/flags": ("", "?code=arithmetic"),
    OF + "/people": ("", *(f"?show={each}" for each in WHICH if each), "?after={pseudonym}"),
    OF + "/deployments": (
        *(f"?show={each}" for each in SHOW),
        "?area={area}",
        "?q={station}",
        "?skip=1000",
    ),
    OF + "/tables": ("", "?of=stations"),
    OF + "/irregularities": ("", "?kind=domestic"),
    OF + "/irregularities.csv": ("", "?by=area"),
    OF + "/forensics": ("", "?source=observed"),
    OF + "/samples": ("", "?size=1000&stratify_by=region"),
    OF + "/samples.csv": ("?show_round={round}&code={sample}",),
    JSON + "/samples/margin": ("?size=1000&stratify_by=region",),
    JSON + "/irregularities": ("?by=area", "?by=kind", "?area={area}"),
    JSON + "/stations": ("", "?q=school", "?after={behind_station}"),
    JSON + "/deployments": ("",),
    JSON + "/observers": ("",),
}
"""Where more than the plain address is asked for; ``behind`` is a cursor at the middle."""


def addresses(url: str) -> list[str]:
    """All of them, in the order of their routes."""
    known = {"slug": SLUG, "contest": CONTEST, "round": ROUND, "by": "hour", "name": "voting"}
    known["queue"] = "held"
    with psycopg.connect(url) as connection:
        for name, query in KNOWN.items():
            row = connection.execute(query).fetchone()
            assert row is not None, name
            known[name] = str(row[0])
    middle = int(known["middle"])
    known |= {
        "behind": cursor(middle),
        "changed": cursor(middle, "report", known["report"]),
        "behind_station": cursor(known["station"]),
        "report_id": known["report"],
        "deployment_id": known["deployment"],
        "statement_id": known["statement"],
    }
    return [
        (path + view).format(**known | _own(path, known))
        for path in routes()
        for view in VIEWS.get(path, ("",))
    ]


def routes() -> list[str]:
    """The paths of the application that are read by GET."""
    return [
        each.path
        for each in operations(_framework())
        if each.method == "GET" and not any(word in each.path for word in (*BESIDE, *NONE_THERE))
    ]


def _own(path: str, known: Mapping[str, str]) -> dict[str, str]:
    """What placeholders stand for that mean one thing here and another there."""
    own = {}
    if "{id}" in path:
        noun = path.removeprefix(OF).split("/")[1].removesuffix("s")
        own["id"] = known[noun]
    if "/irregularities/{code}" in path:
        own["code"] = known["irregularity"]
    if "/samples/" in path:
        own["code"] = known["sample"]
    if "/queues/" in path:
        own["name"] = "held"
    if "/library/" in path:
        own["name"] = "voting"
    return own


def _framework() -> Any:
    settings = Settings(home=Path("/nowhere"), secret="-", database_url="postgresql:///-")
    app: Any = create_app(settings)
    while not hasattr(app, "framework"):
        app = app._app
    return app.framework
