"""A whole form on the phone: by keyboard alone, by axe, on a narrow screen with the largest text,
its end that says what is missing, and the kinds of questions that foreign forms bring."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from api.settings import Settings
from tests.journeys import observer
from tests.journeys.browser import PHONE, browsing, troubles
from tests.journeys.mission import SLUG, found
from tests.journeys.test_axe import AXE, RUN
from tests.journeys.test_narrow import MEASURED
from tests.mobile_forms.spreadsheets import spreadsheet
from tests.serving import Serving, installation

SURVEY: list[dict[str, str]] = [
    {"type": "begin_group", "name": "all", "label": "All kinds"},
    {"type": "audio", "name": "said", "label": "What was said?"},
    {"type": "file", "name": "list", "label": "The list of the commission"},
    {"type": "barcode", "name": "box", "label": "Number of the box"},
    {"type": "geotrace", "name": "queue", "label": "The queue outside"},
    {"type": "geoshape", "name": "yard", "label": "The yard"},
    {"type": "end_group"},
]
FORM = {"form_title": "Foreign", "form_id": "foreign", "version": "1"}
WORKBOOK = spreadsheet(survey=SURVEY, choices=[], indicators=[], checks=[], settings=[FORM])
DEPLOYMENTS = b"""station,observers,expect voting,expect counting,expect foreign
0471,S-2041,1,1,1
"""
ONE_LINE = 30
"""Pixels within which two fields stand beside each other."""
SOUND = b"#!AMR\n" + bytes(range(256))
HERE = {"latitude": 41.7, "longitude": 44.8, "accuracy": 6}


@dataclass(frozen=True)
class Phone:
    """An enrolled phone, its server, and a credential that reads what arrived."""

    context: BrowserContext
    serving: Serving
    token: str

    def page(self) -> Page:
        """The day, in English, at the usual size."""
        shown = self.context.pages[-1]
        shown.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        shown.emulate_media(color_scheme="light")
        shown.evaluate("localStorage.clear()")
        shown.goto(shown.url.split("#")[0] + "#day")
        shown.reload()
        expect(shown.get_by_role("navigation", name="Pages")).to_be_visible(timeout=observer.WAIT)
        return shown


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    folder = tmp_path_factory.mktemp("phone")
    with installation() as serving:
        settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        mission = found(settings, workbook=WORKBOOK, deployments=DEPLOYMENTS)
        with browsing(folder, permissions=["geolocation"], geolocation=HERE) as context:
            page = context.new_page()
            observer.enrol(page, f"http://127.0.0.1:{serving.port}", mission.codes[0])
            yield Phone(context, serving, mission.tokens["data_manager"])


FOCUSED = """() => {
  const at = document.activeElement;
  const box = (at.closest("label, .num, .pair") ?? at).getBoundingClientRect();
  const place = at.closest("main") ? "main" : at.closest("footer") ? "footer" : "head";
  const question = at.closest(".question")?.querySelector(".ask")?.textContent ?? "";
  return { tag: at.tagName, type: at.type ?? "", said: at.textContent.slice(0, 60), place, question,
    name: at.name ?? "", top: box.top + scrollY, value: at.value ?? "" };
}"""


HAS_FOCUS = "said => document.activeElement.textContent.startsWith(said)"


def answer(page: Page, at: dict[str, Any]) -> None:
    """Answer the field that has the focus, by keys."""
    if at["type"] in ("radio", "checkbox"):
        page.keyboard.press("Space")
    elif at["tag"] in ("INPUT", "TEXTAREA") and at["type"] != "file" and at["value"] == "":
        page.keyboard.type("7")


def walk(page: Page) -> list[dict[str, Any]]:
    """Tab through a section from its heading to the main button; where the focus was."""
    went: list[dict[str, Any]] = [page.evaluate(FOCUSED)]
    while went[-1]["said"] not in ("Next", "To the end"):
        assert len(went) < 120, went[-5:]
        page.keyboard.press("Tab")
        went.append(page.evaluate(FOCUSED))
        answer(page, went[-1])
    return went


def test_a_whole_form_is_filled_by_keyboard_alone_in_the_order_that_is_seen(phone: Phone) -> None:
    page = phone.page()
    observer.start(page, "Counting")
    questions: list[str] = []
    for section in range(1, 6):
        heading = f"Section {section} of 5"
        expect(page.get_by_role("status").filter(has_text=heading)).to_have_count(1)
        page.wait_for_function(HAS_FOCUS, arg=heading)
        went = walk(page)
        assert went[0]["said"].startswith(heading)
        asked = [each for each in went if each["place"] == "main"]
        went_up = [(a, b) for a, b in pairwise(asked) if b["top"] < a["top"] - ONE_LINE]
        assert went_up == []
        assert [each["place"] for each in went[-2:]] == ["footer", "footer"]
        questions += dict.fromkeys(each["question"] for each in asked)
        page.keyboard.press("Enter")
        onward = (
            f"^(Section {section + 1} of 5|Questions to look at on this page|Finish the report)"
        )
        expect(page.get_by_text(re.compile(onward)).first).to_be_attached()
        if page.get_by_text("Questions to look at on this page").is_visible():
            page.keyboard.press("Tab")
            walk(page)
            page.keyboard.press("Enter")
    numbers = [int(each.split("W")[0]) for each in questions if each.split("W")[0].isdigit()]
    assert numbers == sorted(numbers)
    expect(page.get_by_role("heading", name="Please check, then send it")).to_be_focused()


def to_the_first_section_of_voting(page: Page) -> None:
    """A draft goes on where it was left."""
    observer.start(page, "Voting")
    page.get_by_role("button", name="All sections").click()
    page.get_by_role("listitem").get_by_role("button", name="Arrival and access").click()


def to_the_end_of_voting(page: Page) -> None:
    observer.start(page, "Voting")
    observer.to_the_end(page)


def test_the_end_says_why_and_leads_to_the_question_and_back(phone: Phone) -> None:
    page = phone.page()
    to_the_end_of_voting(page)
    expect(page.get_by_role("heading", name="1 answer is needed before")).to_be_focused()
    expect(page.get_by_role("button", name="Send", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Answer 1", exact=True).click()
    group = page.get_by_role("radiogroup", name="Were you let in")
    expect(group.get_by_role("radio").first).to_be_focused()
    expect(group).to_be_in_viewport()
    observer.pick(page, "Were you let in", "Yes, freely")
    page.get_by_role("button", name="To the end").click()
    expect(page.get_by_role("heading", name="The report can be sent")).to_be_visible()
    page.get_by_text("Not answered:").click()
    expect(page.get_by_role("group").get_by_role("button").first).to_be_visible()


def test_a_figure_is_typed_twice_and_what_does_not_agree_is_said_in_words(phone: Phone) -> None:
    page = phone.page()
    observer.start(page, "Counting")
    page.get_by_role("button", name="All sections").click()
    page.get_by_role("listitem").get_by_role("button", name="Figures of the protocol").click()
    observer.enter(page, "Signatures on the roll", "404")
    box = page.get_by_role("textbox", name="Ballots in the box")
    box.first.fill("418")
    box.nth(1).fill("481")
    box.nth(1).blur()
    expect(page.get_by_text("418 and 481 differ. Type it again.")).to_be_visible()
    box.nth(1).fill("418")
    expect(page.get_by_text("differ. Type it again")).to_have_count(0)
    unmet = page.get_by_text("The rule: Ballots in the box and signatures agree.")
    expect(unmet).to_contain_text("Difference: 14")
    page.reload()
    expect(box.nth(1)).to_have_value("418", timeout=observer.WAIT)
    expect(unmet).to_be_visible()
    observer.to_the_end(page)
    page.get_by_role("button", name="It is so. Say why").first.click()
    page.get_by_label("Why is it so?").fill("The box was opened twice")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You said: The box was opened twice")).to_be_visible()


@pytest.mark.parametrize(("language", "ground"), [("en", "light"), ("ar", "dark")])
def test_axe_finds_nothing_in_a_form_nor_at_its_end(
    phone: Phone, language: str, ground: Literal["light", "dark"]
) -> None:
    page = phone.page()
    to_the_end_of_voting(page)
    page.emulate_media(color_scheme=ground)
    page.evaluate("language => localStorage.setItem('indelible-language', language)", language)
    wrong = []
    for _ in range(2):
        page.reload()
        expect(page.locator("footer .main")).to_be_visible(timeout=observer.WAIT)
        page.evaluate(AXE.read_text("utf-8"))
        wrong += page.evaluate(RUN)
        page.locator("header .ic").first.click()
        expect(page.locator("nav.sec, nav.tabs").first).to_be_visible()
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_largest_text_fits_the_narrowest_phone(phone: Phone, language: str) -> None:
    page = phone.page()
    to_the_end_of_voting(page)
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate(
        """language => { localStorage.setItem('indelible-language', language);
        localStorage.setItem('indelible-size', 'largest'); }""",
        language,
    )
    page.reload()
    wide = []
    for name in ("finish", "form"):
        expect(page.locator("footer .main")).to_be_visible(timeout=observer.WAIT)
        measured = page.evaluate(MEASURED)
        wide.append((name, measured["wide"], measured["small"]))
        page.locator("header .ic").first.click()
    assert wide == [("finish", 320, []), ("form", 320, [])]


NEWER = """async () => {
  const found = await navigator.serviceWorker.register("/field/sw.js?newer", {scope: "/field/"});
  while (!found.waiting) await new Promise((done) => setTimeout(done, 50));
  window.before = true;
}"""
ACTIVE = "async () => !(await navigator.serviceWorker.getRegistration('/field/')).waiting"


def test_an_update_of_the_app_waits_for_an_open_form_and_keeps_what_was_answered(
    phone: Phone,
) -> None:
    page = phone.page()
    to_the_first_section_of_voting(page)
    observer.pick(page, "Were you let in", "Let in, but restricted")
    expect(page.get_by_text("Saved on this phone")).to_be_visible(timeout=observer.WAIT)
    page.evaluate(NEWER)
    observer.pick(page, "Were you let in", "Yes, freely")
    page.wait_for_timeout(500)
    assert page.evaluate("window.before") is True, "the page was loaded anew under a form"
    assert page.evaluate(ACTIVE) is False
    page = phone.page()
    page.wait_for_function(ACTIVE, timeout=observer.WAIT)
    to_the_first_section_of_voting(page)
    answered = page.get_by_role("radiogroup", name="Were you let in").get_by_role("radio").first
    expect(answered).to_be_checked(timeout=observer.WAIT)


def test_sounds_files_codes_and_ways_of_foreign_forms_are_kept_and_sent(
    phone: Phone, tmp_path: Path
) -> None:
    page = phone.page()
    wrong = troubles(page)
    sound, table = tmp_path / "memo.amr", tmp_path / "list.csv"
    sound.write_bytes(SOUND)
    table.write_text("name,role\nA,chair\n", "utf-8")
    observer.start(page, "Foreign")
    files = page.locator("input[type=file]")
    for place, file in enumerate((sound, table)):
        files.nth(place).set_input_files(file)
        expect(page.get_by_text("Kept on this phone")).to_have_count(place + 1)
    observer.enter(page, "Number of the box", "4006381333931")
    for question, times in (("The queue outside", 2), ("The yard", 3)):
        section = page.locator("section").filter(has_text=question)
        for count in range(1, times + 1):
            phone.context.set_geolocation(HERE | {"latitude": 41.7 + count / 1000})
            section.get_by_role("button", name="Take the position").click()
            expect(section.get_by_text(f"Positions: {count}")).to_be_visible()
            waits = section.get_by_text("Not an answer yet")
            expect(waits).to_have_count(0 if count == times else 1)
    page.reload()
    expect(page.get_by_text("Kept on this phone")).to_have_count(2, timeout=observer.WAIT)
    page.evaluate("Object.defineProperty(navigator, 'connection', {value: {type: 'cellular'}})")
    observer.to_the_end(page)
    expect(page.get_by_text("Files that go after the report: 2")).to_be_visible()
    observer.finish(page)
    observer.open_outbox(page)
    expect(page.get_by_text("They wait for Wi-Fi")).to_be_visible(timeout=observer.WAIT)
    page.get_by_role("button", name="Send them on mobile data now").click()
    expect(page.get_by_text("on this phone only")).to_be_hidden(timeout=observer.WAIT)
    base = f"http://127.0.0.1:{phone.serving.port}/api/v1/missions/{SLUG}"
    with httpx.Client(headers={"Authorization": f"Bearer {phone.token}"}) as client:
        items = client.get(f"{base}/reports").raise_for_status().json()["items"]
        *_, report = [each for each in items if each["checklist"] == "foreign"]
        name = hashlib.sha256(SOUND).hexdigest()
        page_of = f"/missions/{SLUG}/reports/{report['id']}/photos/{name}"
        for _ in range(60):
            kept = client.get(f"http://127.0.0.1:{phone.serving.port}{page_of}")
            if kept.status_code == 200:
                break
            page.wait_for_timeout(500)
    said = report["answers"]
    assert said["said"] == f"{name}.amr"
    assert said["list"] == f"{hashlib.sha256(table.read_bytes()).hexdigest()}.csv"
    assert (said["box"], len(said["queue"].split(";"))) == ("4006381333931", 2)
    assert said["yard"].split(";")[0] == said["yard"].split(";")[-1]
    assert (report["status"], kept.content) == ("received", SOUND), json.dumps(report)
    assert wrong == []
