"""A data manager resolves a conflict by keyboard alone, answer by answer, and takes it back."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
from playwright.sync_api import expect

from api.settings import Settings
from tests.journeys.browser import browsing, troubles
from tests.journeys.mission import found
from tests.journeys.test_desk import DESK, WAIT, press
from tests.mobile_forms.spreadsheets import SETTINGS, spreadsheet
from tests.serving import installation

OBSERVERS = b"""pseudonym,organisation,pledged,declared
S-2041,civic,yes,yes
S-2042,civic,yes,yes
"""


def test_two_teams_are_brought_to_agree_by_the_keys_of_their_columns(tmp_path: Path) -> None:
    with installation() as serving:
        mission = found(
            Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}),
            workbook=spreadsheet(settings=[SETTINGS | {"two_teams": "agree"}]),
            observers=OBSERVERS,
        )
        place = f"http://127.0.0.1:{serving.port}"
        api = f"{place}/api/v1/missions/{mission.slug}"
        sender = {"Authorization": f"Bearer {mission.tokens['import']}"}
        sent = []
        for observer, sealed, late in (("S-2041", "no", 4), ("S-2042", "yes", 9)):
            report = {
                "id": str(uuid4()),
                "checklist": "small",
                "station": "0471",
                "observer": observer,
                "arrived_at": datetime.now(UTC).isoformat(),
                "answers": {"sealed": sealed, "late": late, "seen": ["nothing"]},
            }
            answer = httpx.post(f"{api}/reports", json=report, headers=sender)
            assert answer.status_code == 201, answer.text
            sent.append(report["id"])

        def answers(report: str) -> tuple[str, int]:
            lead = {"Authorization": f"Bearer {mission.tokens['lead']}"}
            said = httpx.get(f"{api}/reports/{report}", headers=lead).json()["answers"]
            return said["sealed"], said["late"]

        token = {"Authorization": f"Bearer {mission.tokens['data_manager']}"}
        base = f"{place}/missions/{mission.slug}/desk/conflicts"
        with browsing(tmp_path / "one", viewport=DESK, extra_http_headers=token) as desk:
            page = desk.new_page()
            wrong = troubles(page)
            page.goto(base)
            expect(page).to_have_url(f"{base}/small~~0471", timeout=WAIT)
            press(page, "v")
            expect(page.locator("[data-question=sealed] input").first).to_be_focused()
            press(page, "1", "v")
            expect(page.locator("[data-question=late] input").first).to_be_focused()
            press(page, "2", "v")
            expect(page.locator("#reason")).to_be_focused()
            page.keyboard.type("A photo shows it.")
            press(page, "Control+Enter")
            expect(page.locator("h1")).to_contain_text("All clear.", timeout=WAIT)
            assert [answers(each) for each in sent] == [("no", 9), ("no", 9)]
            press(page, "z")
            expect(page).to_have_url(f"{base}/small~~0471", timeout=WAIT)
            assert [answers(each) for each in sent] == [("no", 4), ("yes", 9)]
            assert wrong == []
