"""A lead's evening: first figures, a report that arrives, a number followed to its reports."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
from playwright.sync_api import expect

from api.settings import Settings
from tests.journeys.browser import browsing, troubles
from tests.journeys.mission import JourneyMission, found
from tests.serving import Serving, installation

DESK = {"width": 1280, "height": 900}
WAIT = 30_000
VOTING_ALONE = b"station,observers,expect voting\n0471,S-2041,1\n"
"""No report on counting is planned: of the evening the headline would say that it has not come."""


def post(serving: Serving, mission: JourneyMission, answers: dict[str, object]) -> str:
    """One voting report by the import key; its id."""
    report = {
        "id": str(uuid4()),
        "checklist": "voting",
        "station": "0471",
        "observer": "S-2041",
        "arrived_at": datetime.now(UTC).isoformat(),
        "answers": {"access_given": "freely"} | answers,
    }
    address = f"http://127.0.0.1:{serving.port}/api/v1/missions/{mission.slug}/reports"
    headers = {"Authorization": f"Bearer {mission.tokens['import']}"}
    answer = httpx.post(address, json=report, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(report["id"])


def test_a_lead_sees_a_report_arrive_and_follows_a_number_down_to_it(tmp_path: Path) -> None:
    with installation() as serving:
        home = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        mission = found(home, deployments=VOTING_ALONE)
        post(serving, mission, {"group_voting": "no"})
        address = f"http://127.0.0.1:{serving.port}"
        with browsing(tmp_path / "desk", viewport=DESK) as desk:
            page = desk.new_page()
            wrong = troubles(page)
            page.goto(address + mission.sign_in)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("1 of 1")
            page.goto(f"{address}/missions/{mission.slug}/irregularities")
            row = page.get_by_role("row").filter(has_text="Group or family voting took place")
            expect(row.get_by_role("link", name="0 of 1")).to_be_visible(timeout=WAIT)
            as_of = page.locator("#as-of")
            before = as_of.inner_text()
            assert before.startswith("As of ")
            # The page says the second: what comes within it would leave the words as they are.
            page.wait_for_timeout(1100)
            seen = post(serving, mission, {"group_voting": "yes", "group_voting__known": "saw"})
            expect(row.get_by_role("link", name="1 of 1")).to_be_visible(timeout=WAIT)
            expect(as_of).not_to_have_text(before)
            row.get_by_role("link", name="1 of 1").click()
            expect(page.locator(f"a[href$='{seen}']")).to_be_visible(timeout=WAIT)

            page.goto(f"{address}/missions/{mission.slug}/statements")
            page.get_by_role("button", name="Draft a statement").click()
            expect(page.locator("article h1")).to_be_visible(timeout=WAIT)
            number = page.locator("article a.n").first
            said = number.inner_text()
            number.click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(said)
            assert wrong == []

            again = httpx.get(address + mission.sign_in)
            assert again.status_code == 410
