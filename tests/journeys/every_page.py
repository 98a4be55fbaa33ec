"""Every page of the lead, in a mission with a held report, an irregularity and an incident."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from playwright.sync_api import Page

from analytics.documents.document import bound_numbers
from api.audit.sealed_work import office
from api.pages.page import RAIL
from api.settings import Settings
from api.statements.blocks import blocks_now, by_language
from schemas.columns import now
from schemas.statement import Statement
from tests.journeys.browser import browsing
from tests.journeys.mission import JourneyMission, found
from tests.serving import Serving, installation

BESIDE_THE_RAIL = (
    "elections",
    "tables?of=stations",
    "registers/contacts",
    "registers/complaints",
    "irregularities/VO-GROUP",
    "?kind=domestic",
)
"""Pages that a link leads to, one of each sort."""


def post(serving: Serving, mission: JourneyMission, **members: Any) -> str:
    """One report by the import key; its id."""
    report = {
        "id": str(uuid4()),
        "checklist": "voting",
        "station": "0471",
        "observer": "S-2041",
        "arrived_at": datetime.now(UTC).isoformat(),
        "answers": {"access_given": "freely"},
    } | members
    address = f"http://127.0.0.1:{serving.port}/api/v1/missions/{mission.slug}/reports"
    headers = {"Authorization": f"Bearer {mission.tokens['import']}"}
    answer = httpx.post(address, json=report, headers=headers)
    assert answer.status_code in (201, 202), answer.text
    return str(report["id"])


def addresses(serving: Serving, mission: JourneyMission) -> list[str]:
    """The addresses of all pages, once reports of each sort have come in."""
    seen = post(
        serving,
        mission,
        answers={"access_given": "freely", "group_voting": "yes", "group_voting__known": "saw"},
    )
    held = post(serving, mission, station="9999")
    case = post(
        serving,
        mission,
        checklist="incident",
        answers={"nature": "violence", "source": "observed", "danger": "yes"},
    )
    written, outs = _draft(serving, mission), _published(serving, mission)
    paths = [path for _, links in RAIL for path, *_ in links]
    paths += [*BESIDE_THE_RAIL, *(f"reports/{each}" for each in (seen, held, case))]
    paths += [f"incidents/{case}", f"desk/incidents/{case}"]
    paths += [written, f"{written}/edit", f"{written}/release"]
    origin = f"http://127.0.0.1:{serving.port}"
    return [f"{origin}/missions/{mission.slug}/{path}" for path in paths] + [
        f"{origin}/statements/{mission.slug}/{each}" for each in outs
    ]


def _published(serving: Serving, mission: JourneyMission) -> list[UUID]:
    """A statement that is out, and its correction: as they are once two people released them."""
    ids = [UUID(_draft(serving, mission).rsplit("/", 1)[1]) for _ in range(2)]
    settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
    with office(settings) as at, at.work(at.mission(mission.slug)) as work:
        first, second = (work.session.get_one(Statement, (work.mission_id, each)) for each in ids)
        for each in (first, second):
            texts = by_language(blocks_now(work.session, each), each.written_in)
            each.published = {
                language: [block.model_dump(mode="json") for block in blocks]
                for language, blocks in texts.items()
            }
            each.state, each.released_at, each.issued_in = "released", now(), "Ilmar City"
        numbers = bound_numbers(by_language(blocks_now(work.session, first), ["en"])["en"])
        item = {"number_id": next(iter(numbers)), "old": "1 of 2", "new": "1 of 3"}
        second.kind, second.corrects = "correction", first.id
        second.correction = {"cause": "Another day.", "items": [item]}
    return ids


def _draft(serving: Serving, mission: JourneyMission) -> str:
    """The path of a statement that the lead drafted."""
    headers = {
        "Authorization": f"Bearer {mission.tokens['lead']}",
        "Sec-Fetch-Site": "same-origin",
    }
    address = f"http://127.0.0.1:{serving.port}/missions/{mission.slug}/statements"
    made = httpx.post(address, headers=headers, timeout=60)
    assert made.status_code == 303, made.text
    return "statements/" + made.headers["location"].rsplit("/", 1)[1]


@contextmanager
def signed_in(folder: Path, **context: Any) -> Iterator[tuple[Page, list[str]]]:
    """A browser in which the lead has signed in, and the addresses of all pages."""
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        every = addresses(serving, mission)
        with browsing(folder, **context) as browser:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{serving.port}{mission.sign_in}")
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/missions/**")
            yield page, every


def speak(page: Page, language: str) -> None:
    """Have the pages that are opened from now on in a language."""
    origin = "/".join(page.url.split("/")[:3])
    cookie = {"name": "indelible_language", "value": language, "url": origin}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
