"""A data manager works at the desk by keyboard alone, while another person does too."""

from pathlib import Path

import httpx
from playwright.sync_api import expect

from api.settings import Settings
from tests.journeys.browser import browsing, press, troubles
from tests.journeys.every_page import post
from tests.journeys.mission import JourneyMission, found
from tests.serving import Serving, installation

DESK = {"width": 1280, "height": 900}
WAIT = 60_000


def status(serving: Serving, mission: JourneyMission, report: str) -> str:
    """The status of a report."""
    address = f"http://127.0.0.1:{serving.port}/api/v1/missions/{mission.slug}/reports/{report}"
    headers = {"Authorization": f"Bearer {mission.tokens['lead']}"}
    found: str = httpx.get(address, headers=headers).json()["status"]
    return found


def test_held_reports_are_worked_off_by_keyboard_while_another_works_too(
    tmp_path: Path,
) -> None:
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        first = post(serving, mission, station="0417")
        second = post(serving, mission, station="9999")
        base = f"http://127.0.0.1:{serving.port}/missions/{mission.slug}/desk"
        token = {"Authorization": f"Bearer {mission.tokens['data_manager']}"}
        with browsing(tmp_path / "one", viewport=DESK, extra_http_headers=token) as desk:
            page = desk.new_page()
            wrong = troubles(page)
            page.goto(base)
            expect(page).to_have_url(f"{base}/held/{first}", timeout=WAIT)
            expect(page.get_by_text("two digits swapped")).to_be_visible()

            # Somebody else is given the next one, sees who has the first, and begins to write.
            lead = {"Authorization": f"Bearer {mission.tokens['lead']}"}
            other = httpx.get(base, headers=lead, follow_redirects=True)
            assert other.url.path.endswith(second)
            assert "until" in other.text
            own = lead | {"Sec-Fetch-Site": "same-origin"}
            assert httpx.post(f"{base}/held/{second}/hold", headers=own).status_code == 204

            press(page, "1", "r")
            page.keyboard.type("Digits swapped; the phone was there.")
            expect(page.get_by_text("Reports that count")).to_be_visible(timeout=WAIT)
            press(page, "Control+Enter")
            expect(page.get_by_text("Others have all of this queue open.")).to_be_visible(
                timeout=WAIT
            )
            assert status(serving, mission, first) == "received"

            press(page, "z")
            expect(page).to_have_url(f"{base}/held/{first}", timeout=WAIT)
            assert status(serving, mission, first) == "held"

            press(page, "x")
            expect(page.locator("#reason")).to_be_focused(timeout=WAIT)
            page.keyboard.type("A test.")
            press(page, "Control+Enter")
            expect(page.get_by_text("Others have all of this queue open.")).to_be_visible(
                timeout=WAIT
            )
            assert status(serving, mission, first) == "quarantined"
            press(page, "?")
            expect(page.get_by_role("dialog")).to_be_visible()
            press(page, "Escape", "g", "f")
            expect(page).to_have_url(f"{base}/flagged", timeout=WAIT)
            assert wrong == []
