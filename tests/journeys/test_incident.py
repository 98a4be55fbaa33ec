"""An incident is handled from its card by keyboard: taken, decided, taken back, the next opened."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import expect

from api.settings import Settings
from tests.journeys.browser import browsing, press, troubles
from tests.journeys.mission import JourneyMission, found
from tests.serving import Serving, installation

DESK = {"width": 1280, "height": 900}
WAIT = 60_000


class Cases:
    """The incidents of a mission, by the API."""

    def __init__(self, serving: Serving, mission: JourneyMission) -> None:
        self.base = f"http://127.0.0.1:{serving.port}/api/v1/missions/{mission.slug}"
        self.tokens = mission.tokens

    def send(self, **answers: str) -> str:
        """One incident by the import key; its id."""
        report = {
            "id": str(uuid4()),
            "checklist": "incident",
            "station": "0471",
            "observer": "S-2041",
            "arrived_at": datetime.now(UTC).isoformat(),
            "answers": {"nature": "conflict", "source": "observed"} | answers,
        }
        answer = httpx.post(f"{self.base}/reports", json=report, headers=self._as("import"))
        assert answer.status_code == 201, answer.text
        return str(report["id"])

    def of(self, case: str) -> dict[str, Any]:
        """The card of one."""
        answer = httpx.get(f"{self.base}/incidents/{case}", headers=self._as("lead"), timeout=60)
        return dict(answer.json())

    def _as(self, persona: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[persona]}"}


def test_an_incident_is_decided_from_its_card_by_keyboard(tmp_path: Path) -> None:
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        cases = Cases(serving, mission)
        danger = cases.send(danger="yes", description="A fight in the queue.")
        other = cases.send(nature="secrecy", violence="no", danger="no")
        base = f"http://127.0.0.1:{serving.port}/missions/{mission.slug}/incidents"
        token = {"Authorization": f"Bearer {mission.tokens['data_manager']}"}
        with browsing(tmp_path / "one", viewport=DESK, extra_http_headers=token) as desk:
            page = desk.new_page()
            page.set_default_timeout(WAIT)
            wrong = troubles(page)
            page.goto(base)
            page.locator(f'a[href$="/incidents/{danger}"]').click()
            expect(page.get_by_text("A fight in the queue.")).to_be_visible()

            press(page, "t")
            expect(page.get_by_text("Take it back")).to_be_visible()
            assert cases.of(danger)["state"] == "being_verified"

            press(page, "1")
            press(page, "v")
            expect(page.locator("#reason")).to_be_focused()
            page.keyboard.type("Two teams saw it.")
            press(page, "Control+Enter")
            expect(page.get_by_role("heading", name="State: Verified")).to_be_visible()
            assert cases.of(danger)["status"] == "verified"

            press(page, "z")
            expect(page.get_by_role("heading", name="State: Being verified")).to_be_visible()
            assert cases.of(danger)["status"] == "received"

            page.locator("#over").fill("They are at the lodge.")
            page.get_by_role("button", name="Danger is over").click()
            expect(page.get_by_text("Somebody was in danger. It is over since")).to_be_visible()
            assert not cases.of(danger)["danger"]

            press(page, "e")
            expect(page.locator("#escalate")).to_be_focused()
            page.locator("h1").click()
            press(page, "j")
            expect(page).to_have_url(f"{base}/{other}")
            assert wrong == []
