"""A mobile team's day: an incident in three taps, a shut door in two, and reports put right
without a network, which arrive as versions."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from api.settings import Settings
from tests.journeys import observer
from tests.journeys.browser import browsing, troubles
from tests.journeys.mission import found
from tests.journeys.test_app_desk import Desk
from tests.journeys.test_axe import AXE, RUN
from tests.serving import installation

OBSERVERS = b"""pseudonym,organisation,pledged,declared,coordinator_phone
S-2041,civic,yes,yes,+000 55 014 0007
"""
DEPLOYMENTS = b"""station,observers,expect voting
0471,S-2041,1
0472,S-2041,1
0473,S-2041,1
"""
COUNTED = """() => {
  window.taps = 0;
  addEventListener("pointerdown", () => { window.taps += 1; }, true);
}"""


@contextmanager
def taps(page: Page, most: int) -> Iterator[None]:
    """What is done within takes exactly so many taps."""
    before = page.evaluate("window.taps")
    yield
    assert page.evaluate("window.taps") - before == most


def looks_right(page: Page) -> None:
    """Axe finds nothing on the screen, on light and on dark ground, when all of it is seen."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": 2600})
    page.evaluate(AXE.read_text("utf-8"))
    for ground in ("dark", "light"):
        page.emulate_media(color_scheme=ground, reduced_motion="reduce")
        assert page.evaluate(RUN) == []
    page.set_viewport_size(size)


def fill_voting(page: Page) -> str:
    """A voting report with one figure; the number of its question on the phone."""
    observer.start(page, "Voting")
    observer.pick(page, "Were you let in", "Yes, freely")
    observer.enter(page, "Voters on the roll of this station", "812")
    figure = page.locator("section.question").filter(has_text="Voters on the roll of this station")
    number = figure.locator(".number").inner_text()
    observer.to_the_end(page)
    observer.finish(page)
    return number


def came(desk: Desk) -> dict[str, str]:
    """The ids of the reports that the server has, by checklist."""
    return {each["checklist"]: each["id"] for each in desk.get("reports")["items"]}


def send_incident(page: Page) -> None:
    """Three taps on the screen of an incident."""
    page.get_by_role("button", name="Incident").click()
    kinds = page.get_by_role("radiogroup", name="What is it?")
    expect(kinds.get_by_role("radio")).to_have_count(8, timeout=observer.WAIT)
    expect(page.get_by_role("radio", checked=True), "nothing is preset").to_have_count(0)
    looks_right(page)
    with taps(page, 3):
        observer.pick(page, "What is it?", "Pressure on voters")
        observer.pick(page, "Is anyone in danger now?", "No")
        page.get_by_role("button", name="3 Send").click()
    expect(page.get_by_role("button", name="Add details")).to_be_visible(timeout=observer.WAIT)
    page.get_by_role("button", name="Back to the day").last.click()


def say_that_the_door_stayed_shut(page: Page) -> None:
    """Two taps on the screen of a denied access, at the place that is filled in."""
    page.get_by_role("button", name="Access denied").click()
    expect(page.get_by_text("Near 0471")).to_be_visible(timeout=observer.WAIT)
    with taps(page, 2):
        observer.pick(page, "Who did not let you in?", "The chair")
        page.get_by_role("button", name="2 Send").click()
    page.get_by_role("button", name="Back to the day").last.click()


def correct_the_figure(page: Page) -> None:
    """Answer the desk with another figure, typed twice."""
    page.get_by_role("button", name=re.compile("Please check question")).click()
    page.get_by_role("button", name="It should be another number").click()
    first, again = page.get_by_label("Right number"), page.get_by_label("Type it again")
    first.fill("821", timeout=observer.WAIT)
    again.fill("812")
    expect(page.get_by_text("821 and 812 differ. Type it again.")).to_be_visible()
    expect(page.get_by_text("You sent 812"), "the old value stays in sight").to_be_visible()
    looks_right(page)
    again.fill("821")
    observer.pick(page, "Why was it different?", "I mistyped it")
    expect(page.get_by_text("Version 1 stays. This becomes version 2.")).to_be_visible()
    page.get_by_role("button", name="Send correction").click()


def move_the_report(page: Page) -> None:
    """Say that the report was of the second station."""
    page.get_by_role("button", name="Voting", exact=True).first.click()
    page.get_by_role("button", name="It was another station or contest").click()
    page.get_by_role("button", name="0472").click()
    observer.pick(page, "Why was it different?", "I chose the wrong one")
    page.get_by_role("button", name="Send correction").dblclick()


def correct_the_incident(page: Page) -> None:
    """Another answer, in the form, which opens with what was sent and says what changes."""
    page.get_by_role("button", name=re.compile("Critical incident")).click()
    page.get_by_role("button", name="Correct an answer").click()
    observer.pick(page, "Why was it different?", "Other reason")
    page.get_by_role("textbox", name="In a few words").fill("There was a fight")
    page.get_by_role("button", name="Open the form").click()
    page.get_by_role("button", name="Of what kind?").click(timeout=observer.WAIT)
    sent = page.get_by_role("radiogroup", name="Of what kind?").get_by_role("radio", checked=True)
    expect(sent).to_have_count(1, timeout=observer.WAIT)
    observer.pick(page, "Of what kind?", "Conflict")
    observer.to_the_end(page)
    expect(page.get_by_role("heading", name="What changes: 1")).to_be_visible()
    observer.finish(page)


def reasons(report: dict[str, Any]) -> list[str | None]:
    """Why each version of a report was made."""
    return [each["reason"] for each in report["versions"]]


def test_a_mobile_team_puts_right_without_a_network_what_arrives_as_versions(
    tmp_path: Path,
) -> None:
    with installation() as serving, browsing(tmp_path / "phone") as phone:
        settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        mission = found(settings, observers=OBSERVERS, deployments=DEPLOYMENTS)
        desk = Desk(serving, mission)
        page = phone.new_page()
        wrong = troubles(page)
        observer.enrol(page, f"http://127.0.0.1:{serving.port}", mission.codes[0])
        page.evaluate(COUNTED)
        expect(page.get_by_text("0 of 3 done")).to_be_visible()
        expect(page.get_by_role("link", name="Call")).to_have_attribute("href", "tel:+000550140007")
        page.get_by_role("button", name="I have arrived").dblclick()
        number = fill_voting(page)
        send_incident(page)
        expect(page.get_by_text(re.compile("Received "))).to_have_count(2, timeout=observer.WAIT)
        voting, incident = came(desk)["voting"], came(desk)["incident"]
        asked = {"question": "registered", "text": "The photo seems to say 821."}
        desk.post(f"reports/{voting}/questions", asked)
        page.reload()
        task = page.get_by_role("button", name=f"Please check question {number}")
        expect(task).to_be_visible(timeout=observer.WAIT)
        serving.stop()
        page.evaluate(COUNTED)

        correct_the_figure(page)
        move_the_report(page)
        correct_the_incident(page)
        page.get_by_role("button", name="I am leaving").click()
        say_that_the_door_stayed_shut(page)
        expect(page.get_by_text("2 of 3 done")).to_be_visible(timeout=observer.WAIT)
        looks_right(page)
        assert observer.outbox_count(page) == 4
        serving.begin()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.get_by_text("reports on this phone only")).to_be_hidden(timeout=observer.WAIT)
        expect(task).to_be_hidden(timeout=observer.WAIT)

        report = desk.get(f"reports/{voting}")
        assert (report["station"], report["status"]) == ("0472", "received")
        assert (report["answers"]["registered"], report["answers"]["access_given"]) == (
            821,
            "freely",
        )
        said = "a correction by its sender"
        assert reasons(report) == [None, f"{said}: I mistyped it", f"{said}: I chose the wrong one"]
        (question,) = desk.get(f"reports/{voting}/questions")["items"]
        assert question["answer"] == "corrected"
        event = desk.get(f"reports/{incident}")
        assert event["answers"] == {"nature": "conflict", "danger": "no"}
        assert reasons(event) == [None, f"{said}: There was a fight"]
        shut = desk.get(f"reports/{came(desk)['access_denied']}")
        assert (shut["station"], shut["status"]) == ("0471", "received")
        assert shut["answers"] == {"access": "denied", "refused_by": "chair"}
        assert wrong == []
