"""The attack by differencing: a partner polls everything around one arriving report."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from api.app import create_app
from api.settings import Settings
from tests.api.authorisation.operations import operations
from tests.api.conftest import awake
from tests.api.routes.people import get, post, share
from tests.api.small import SmallMission
from tests.conftest import Database

Client = httpx.AsyncClient
Answers = dict[str, tuple[int, dict[str, str], bytes]]
NONCE = re.compile(rb"nonce[-=]\"?[\w-]+")
QUERIES = (
    "irregularities?by=area",
    "irregularities?by=kind",
    "irregularities?by=stage",
    "irregularities?checklist=voting",
    "irregularities?kind=domestic",
    "irregularities?area=N",
    "irregularities?round=first",
    "coverage?round=first",
    "coverage?round=second",
    "reports?limit=1",
    "reports?status=received",
    "reports?status=held",
    "reports?checklist=voting",
    "reports?indicator=box-not-sealed",
    "reports?station=001",
    "changes?limit=1",
    "irregularities.csv?by=area",
    "stations?q=001",
    "findings?limit=1",
)
PAGES = ("rounds/first/coverage", "rounds/first/irregularities", "irregularities?kind=domestic")


@pytest.fixture
async def elsewhere(serving: Settings, mission: SmallMission) -> AsyncIterator[Client]:
    """A client of the application that is on another machine, signed in as nobody."""
    app: Any = create_app(serving)
    async with awake(app):
        transport = httpx.ASGITransport(app=app, client=("203.0.113.9", 5000))
        async with Client(transport=transport, base_url="http://indelible") as client:
            client.app = app  # type: ignore[attr-defined]
            yield client


async def everything(client: Client, mission: SmallMission, reports: list[str]) -> Answers:
    """Every answer that a partner's key is given to a reading request, as it is sent; but for
    the page that says when this very key was last used."""
    framework = client.app._app.framework  # type: ignore[attr-defined]
    parts = {
        "slug": mission.slug,
        "name": "voting",
        "contest": "president",
        "code": "box-not-sealed",
        "sha256": "0" * 64,
        "version": "2",
        "by": "hour",
        "rest": "nothing",
        "pseudonym": "O-1",
        "number": "1",
    }
    found: dict[str, tuple[int, dict[str, str], bytes]] = {}
    addresses = {
        f"{each.method} {_filled(each.path, parts, one)}"
        for each in operations(framework)
        if each.method in ("GET", "HEAD")
        for one in reports
        if not each.path.endswith("/sessions")
    }
    base = f"/missions/{mission.slug}"
    addresses |= {f"GET /api/v1{base}/{each}" for each in QUERIES}
    addresses |= {f"GET {base}/{each}" for each in PAGES}
    addresses |= {
        "GET /metrics",
        "GET /readyz",
        "GET /healthz",
        f"GET /openrosa/{mission.tokens['partner']}/formList",
    }
    for address in sorted(addresses):
        method, path = address.split(" ")
        # Compressed, a page's length would depend on its nonce.
        asked = mission.bearer("partner") | {"Accept-Encoding": "identity"}
        answer = await client.request(method, path, headers=asked)
        headers = {k: v for k, v in answer.headers.items() if k != "content-security-policy"}
        found[address] = answer.status_code, headers, NONCE.sub(b"", answer.content)
    return found


def _filled(path: str, parts: dict[str, str], report: str) -> str:
    of_reports = "/reports/" in path
    return re.sub(
        r"\{(\w+)[^}]*\}",
        lambda part: parts.get(part[1]) or (report if of_reports else str(UUID(int=1))),
        path,
    )


async def correct(client: Client, mission: SmallMission, report: str, status: str) -> None:
    """A person decides on a report."""
    given = {"status": status, "reason": "Two forms, one visit."}
    address = f"{mission.reports}/{report}/decision"
    answer = await client.post(address, json=given, headers=mission.bearer("lead"))
    assert answer.status_code == 200, answer.text


async def test_nothing_that_a_partner_reads_moves_until_the_lead_shares(
    elsewhere: Client, mission: SmallMission, database: Database
) -> None:
    first = (await post(elsewhere, mission))["id"]
    later = mission.report(station="002", observer="O-2", answers={"queue": 9, "sealed": "no"})
    ids = [first, later["id"]]
    before_any = await everything(elsewhere, mission, ids)
    assert [each for each, (status, *_) in before_any.items() if status >= 500] == []
    assert (await share(elsewhere, mission)).status_code == 201
    before = await everything(elsewhere, mission, ids)
    assert before != before_any
    sent = await elsewhere.post(mission.reports, json=later, headers=mission.bearer("data_manager"))
    assert sent.status_code == 201
    assert await everything(elsewhere, mission, ids) == before
    await correct(elsewhere, mission, first, "quarantined")
    held = await post(elsewhere, mission, station="777")
    assert await everything(elsewhere, mission, ids) == before
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("UPDATE mission_clock SET seq = seq + 100")
    assert await everything(elsewhere, mission, ids) == before
    assert (await share(elsewhere, mission)).status_code == 201
    after = await everything(elsewhere, mission, ids)
    moved = {each.split(f"{mission.slug}/")[-1] for each in after if after[each] != before[each]}
    assert {"reports", f"reports/{first}", f"reports/{later['id']}", "changes"} <= moved
    assert held["id"] not in (await get(elsewhere, mission, "reports", "partner")).text


async def test_before_the_first_share_lists_are_empty_and_figures_are_not_there(
    client: Client, mission: SmallMission
) -> None:
    sent = await post(client, mission)
    for path in ("reports", "findings", "changes", "shares"):
        answer = await get(client, mission, path, "partner")
        assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None}), path
    for path in (
        "coverage",
        "irregularities",
        "irregularities?by=area",
        "irregularities.csv",
        "quick-counts/president",
        f"reports/{sent['id']}",
    ):
        assert (await get(client, mission, path, "partner")).status_code == 404, path
    for path in ("coverage", "irregularities", "irregularities/box-not-sealed"):
        page = await client.get(
            f"/missions/{mission.slug}/{path}", headers=mission.bearer("partner")
        )
        assert "Nothing of this has been shared with partners yet." in page.text
    for path in ("coverage.csv", "irregularities.csv"):
        page = await client.get(
            f"/missions/{mission.slug}/{path}", headers=mission.bearer("partner")
        )
        assert page.status_code == 404


async def test_a_known_tag_is_304_until_the_next_share(
    client: Client, mission: SmallMission
) -> None:
    await post(client, mission)
    await share(client, mission)
    tags = {}
    for path in ("reports", "coverage", "irregularities", "changes", "shares"):
        tags[path] = (await get(client, mission, path, "partner")).headers["etag"]
    await post(client, mission, station="002", observer="O-2")
    for path, tag in tags.items():
        known = {"If-None-Match": tag}
        assert (await get(client, mission, path, "partner", **known)).status_code == 304
    await share(client, mission)
    for path, tag in tags.items():
        known = {"If-None-Match": tag}
        assert (await get(client, mission, path, "partner", **known)).status_code == 200, path
