"""The desk asks and the phone answers, also without a network; a call for safety takes one tap."""

import re
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import expect

from api.settings import Settings
from tests.journeys import observer
from tests.journeys.browser import browsing, troubles
from tests.journeys.mission import JourneyMission, found
from tests.serving import Serving, installation


class Desk:
    """The data manager of the mission, by JSON."""

    def __init__(self, serving: Serving, mission: JourneyMission) -> None:
        self._base = f"http://127.0.0.1:{serving.port}/api/v1/missions/{mission.slug}"
        self._headers = {"Authorization": f"Bearer {mission.tokens['data_manager']}"}

    def get(self, path: str) -> Any:
        return httpx.get(f"{self._base}/{path}", headers=self._headers).raise_for_status().json()

    def post(self, path: str, given: dict[str, Any]) -> Any:
        answer = httpx.post(f"{self._base}/{path}", json=given, headers=self._headers)
        return answer.raise_for_status().json()

    def comes(self, path: str, member: str, value: object) -> Any:
        """What is at a path, once a member of it has this value."""
        for _ in range(100):
            content = self.get(path)
            if content[member] == value:
                return content
            time.sleep(0.3)
        raise AssertionError(f"{path}: {member} is {content[member]!r}")


def test_a_question_of_the_desk_is_answered_with_one_tap_and_no_network(tmp_path: Path) -> None:
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        desk = Desk(serving, mission)
        report = {
            "id": str(uuid4()),
            "checklist": "voting",
            "station": "0471",
            "observer": "S-2041",
            "answers": {"registered": 812},
        }
        desk.post("reports", report)
        with browsing(tmp_path / "phone") as phone:
            page = phone.new_page()
            wrong = troubles(page)
            observer.enrol(page, f"http://127.0.0.1:{serving.port}", mission.codes[0])
            asked = {"question": "registered", "text": "The photo seems to say 821."}
            desk.post(f"reports/{report['id']}/questions", asked)
            page.reload()
            task = page.get_by_role("button", name=re.compile("Please check question"))
            expect(task).to_be_visible(timeout=observer.WAIT)
            serving.stop()
            task.click()
            expect(page.get_by_text("The photo seems to say 821.")).to_be_visible()
            page.get_by_role("button", name="It is right: 812").click()
            said = page.get_by_text("Sends when there is network.")
            expect(said).to_be_visible()
            page.reload()
            expect(said).to_be_visible(timeout=observer.WAIT)
            serving.begin()
            page.evaluate("dispatchEvent(new Event('online'))")
            expect(task).to_be_hidden(timeout=observer.WAIT)
            (item,) = desk.get("queues/flagged")["items"]
            assert item["report"] == report["id"]
            assert [each["answer"] for each in item["questions"]] == ["right"]

            call = desk.post("messages", {"kind": "safety", "text": "Shots in Keshal."})
            told = desk.post("messages", {"text": "Polls close at eight."})
            page.reload()
            expect(page.get_by_role("alert").get_by_text("Are you safe?")).to_be_visible(
                timeout=observer.WAIT
            )
            expect(page.get_by_text("Polls close at eight.")).to_be_visible()
            page.get_by_role("button", name="I am safe").click()
            expect(page.get_by_text("The desk has it.")).to_be_visible(timeout=observer.WAIT)
            assert desk.comes(f"messages/{call['id']}", "safe", 1)["unanswered"] == 0
            assert desk.comes(f"messages/{told['id']}", "seen", 1)["not_seen"] == 0
            assert wrong == []
