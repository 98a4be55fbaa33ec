"""What an observer does to a form beside answering it once: rows, photos, a second window."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from api.settings import Settings
from tests.journeys import observer
from tests.journeys.browser import browsing, troubles
from tests.journeys.mission import found
from tests.serving import installation

STORED = """async (store) => {
  const opened = indexedDB.open("indelible");
  const database = await new Promise((done) => { opened.onsuccess = () => done(opened.result); });
  const asked = database.transaction(store).objectStore(store).getAll();
  const found = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const kept = found.filter((each) => !each.untouched);
  return kept.map(({ body, name, xml }) => ({ body, name, xml }));
}"""

OCCUPIED = """async () => {
  const opened = indexedDB.open("indelible");
  const database = await new Promise((done) => { opened.onsuccess = () => done(opened.result); });
  const drafts = database.transaction("drafts", "readwrite").objectStore("drafts");
  window.occupied = true;
  const again = () => { if (window.occupied) drafts.count().onsuccess = again; };
  again();
}"""
"""A store in which nothing can be written until ``occupied`` is false: a phone that is slow."""


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """An enrolled phone whose server is gone: what is finished stays on it."""
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        with browsing(tmp_path_factory.mktemp("phone")) as context:
            page = context.new_page()
            observer.enrol(page, f"http://127.0.0.1:{serving.port}", mission.codes[0])
            serving.stop()
            yield context


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    """The day, on the phone."""
    shown = phone.pages[-1]
    shown.goto(shown.url.split("#")[0] + "#day")
    expect(shown.get_by_role("navigation", name="Pages")).to_be_visible(timeout=observer.WAIT)
    return shown


def stored(page: Page, store: str) -> list[dict[str, str]]:
    """What the phone holds in one of its stores, but for forms that were only looked at."""
    found: list[dict[str, str]] = page.evaluate(STORED, store)
    return found


def go_to(page: Page, section: str) -> None:
    page.get_by_role("button", name="All sections").click()
    page.get_by_role("listitem").get_by_role("button", name=section).click()


def test_rows_of_a_repeat_and_digits_of_any_keyboard_arrive_as_numbers(page: Page) -> None:
    wrong = troubles(page)
    observer.start(page, "Counting")
    observer.pick(page, "Were you let in", "Yes, freely")
    go_to(page, "Votes per contestant")
    for place, (name, votes) in enumerate([("A1", "412"), ("B2", "7"), ("C3", "٢٠١")]):
        if place > 0:
            page.get_by_role("button", name="Add another").click()
        page.get_by_role("textbox", name="Code or name").nth(place).fill(name)
        for again in (0, 1):
            page.get_by_role("textbox", name="Votes").nth(2 * place + again).fill(votes)
    page.get_by_role("button", name="Remove").nth(1).click()
    page.reload()
    expect(page.get_by_role("textbox", name="Votes").nth(2)).to_have_value(
        "201", timeout=observer.WAIT
    )
    observer.to_the_end(page)
    observer.finish(page)
    (kept,) = stored(page, "outbox")
    rows = [{"contestant": "A1", "votes": 412}, {"contestant": "C3", "votes": 201}]
    assert json.loads(kept["body"])["answers"]["contestant_votes"] == rows
    assert wrong == []


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture that is wider than a photo is sent."""
    from PIL import Image

    Image.new("RGB", (3200, 400), (10, 90, 60)).save(tmp_path / "wide.png")
    return tmp_path / "wide.png"


def test_a_photo_that_was_removed_does_not_come_back_with_the_draft(
    page: Page, picture: Path
) -> None:
    observer.start(page, "Voting")
    go_to(page, "Overall")
    observer.take_photo(page, picture)
    (photo,) = stored(page, "photos")
    assert photo["name"].endswith(".jpg")
    width = page.get_by_alt_text("Your photo").evaluate("image => image.naturalWidth")
    assert width == 1600
    page.reload()
    page.get_by_role("button", name="Remove").click(timeout=observer.WAIT)
    expect(page.get_by_alt_text("Your photo")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("Take a photo")).to_be_visible(timeout=observer.WAIT)
    assert stored(page, "photos") == []


def test_an_answer_given_just_before_the_page_is_closed_is_not_lost(
    phone: BrowserContext, page: Page
) -> None:
    observer.start(page, "Voting")
    go_to(page, "Overall")
    page.get_by_role("textbox", name="Anything else you saw").fill("A queue")
    expect(page.get_by_text("Saved on this phone")).to_be_visible()
    slow = phone.new_page()
    slow.goto(page.url.split("#")[0] + "#more")
    slow.evaluate(OCCUPIED)
    page.get_by_role("textbox", name="Anything else you saw").fill("A queue outside")
    expect(page.get_by_text("Saving", exact=True)).to_be_visible()
    page.reload(wait_until="commit")
    slow.evaluate("window.occupied = false")
    answered = page.get_by_role("textbox", name="Anything else you saw")
    expect(answered).to_have_value("A queue outside", timeout=observer.WAIT)
    slow.close()


@pytest.mark.parametrize(
    ("urgent", "asked"), [("Incident", "What is it?"), ("Access denied", "Who did not let you in?")]
)
def test_an_urgent_form_that_was_opened_and_left_is_no_draft(
    page: Page, urgent: str, asked: str
) -> None:
    before = len(stored(page, "drafts"))
    page.get_by_role("button", name=urgent).click()
    expect(page.get_by_role("radiogroup", name=asked)).to_be_visible(timeout=observer.WAIT)
    page.get_by_role("button", name="Back to the day").click()
    page.get_by_role("link", name="Drafts").click()
    expect(page.get_by_role("heading", name="Drafts")).to_be_visible()
    expect(page.get_by_text("0 of")).to_have_count(0)
    assert len(stored(page, "drafts")) == before


def test_a_half_chosen_incident_stands_on_the_day_goes_on_and_can_be_deleted(page: Page) -> None:
    before = len(stored(page, "drafts"))
    page.get_by_role("button", name="Incident").click()
    observer.pick(page, "Is anyone in danger now?", "Yes")
    expect(page.get_by_text("Kept.")).to_have_count(0)
    page.get_by_role("button", name="Back to the day").click()
    expect(page.get_by_role("button", name="not sent. Go on")).to_be_visible()
    page.get_by_role("button", name="Incident", exact=True).click()
    expect(page.get_by_text("You began this at")).to_be_visible(timeout=observer.WAIT)
    danger = page.get_by_role("radiogroup", name="Is anyone in danger now?")
    expect(danger.get_by_role("radio", name="Yes")).to_be_checked()
    page.get_by_role("button", name="Back to the day").click()
    page.get_by_role("link", name="Drafts").click()
    mine = page.get_by_role("listitem").filter(has_text="Begun, not sent")
    mine.get_by_role("button", name="Delete").click()
    mine.get_by_role("button", name="Keep it").click()
    mine.get_by_role("button", name="Delete").click()
    mine.get_by_role("button", name="Delete for good").click()
    expect(mine).to_have_count(0)
    assert len(stored(page, "drafts")) == before


ROWS = """labels => labels.map(label => {
  const circle = label.querySelector("span:empty").getBoundingClientRect();
  const words = label.querySelector("span:not(:empty)").getBoundingClientRect();
  return [circle.left - words.right, circle.top + circle.height / 2 - words.top, words.height];
})"""


def test_in_arabic_each_circle_stands_to_the_right_of_its_own_words(page: Page) -> None:
    page.get_by_role("link", name="More").click()
    page.get_by_text("العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.goto(page.url.split("#")[0] + "#day")
    page.get_by_role("button", name="الاقتراع").first.click()
    options = page.get_by_role("radiogroup").first.locator("label")
    expect(options.first).to_be_visible(timeout=observer.WAIT)
    for gap, middle, height in options.evaluate_all(ROWS):
        assert gap > 0
        assert 0 < middle < height
    page.evaluate("localStorage.setItem('indelible-language', 'en')")
    page.reload()


def test_the_phone_s_back_key_goes_one_section_back(page: Page) -> None:
    observer.start(page, "Voting")
    go_to(page, "Arrival and access")
    go_to(page, "Secrecy")
    go_to(page, "Overall")
    for section in ("Secrecy", "Arrival and access"):
        page.go_back()
        expect(page.get_by_role("heading", name=section)).to_be_visible()


def test_two_windows_do_not_write_over_each_other_and_make_one_report(
    phone: BrowserContext, page: Page, picture: Path
) -> None:
    before = len(stored(page, "outbox"))
    observer.start(page, "Voting")
    go_to(page, "Overall")
    observer.take_photo(page, picture)
    go_to(page, "Arrival and access")
    observer.pick(page, "Were you let in", "Yes, freely")
    expect(page.get_by_text("Saved on this phone")).to_be_visible()
    second = phone.new_page()
    second.goto(page.url)
    elsewhere = "This draft is open in another window"
    expect(second.get_by_role("heading", name=elsewhere)).to_be_visible(timeout=observer.WAIT)
    second.get_by_role("button", name="Go on here").click()
    observer.enter(second, "Voters on the roll of this station", "812")
    expect(page.get_by_role("heading", name=elsewhere)).to_be_visible(timeout=observer.WAIT)
    observer.to_the_end(second)
    observer.finish(second)
    page.get_by_role("button", name="Go on here").click()
    gone = page.get_by_role("heading", name="This draft is not here any more")
    expect(gone).to_be_visible(timeout=observer.WAIT)
    assert len(stored(second, "outbox")) == before + 1
    answers = json.loads(stored(second, "outbox")[-1]["body"])["answers"]
    assert answers["access_given"] == "freely"
    badge = second.get_by_role("link", name="Outbox").locator("b")
    expect(badge).to_have_text(str(before + 1))
    assert stored(second, "drafts") == []
    second.close()


def test_a_correction_keeps_the_photo_says_what_is_odd_and_is_not_sent_without_a_change(
    page: Page,
) -> None:
    before = len(stored(page, "outbox"))
    page.get_by_role("button", name="Voting", exact=True).first.click()
    page.get_by_role("button", name="Correct an answer").click()
    observer.pick(page, "Why was it different?", "I mistyped it")
    page.get_by_role("button", name="Open the form").click()
    expect(page.get_by_role("button", name="a file")).to_be_visible(timeout=observer.WAIT)
    page.get_by_role("button", name="To the end").click()
    expect(page.get_by_role("heading", name="Nothing is different")).to_be_visible()
    expect(page.get_by_role("button", name="Send", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Back to the answers").click()
    page.get_by_role("button", name="Were you let in").click()
    observer.pick(page, "Were you let in", "Let in, but restricted")
    observer.pick(page, "How do you know?", "I saw it")
    observer.enter(page, "Voters who had voted", "12a3")
    expect(page.get_by_text("“12a3” is no whole number")).to_be_visible()
    observer.enter(page, "Voters who had voted", "900")
    expect(page.get_by_text("“12a3” is no whole number")).to_be_hidden()
    expect(page.get_by_text("No more voters have voted than stand on the roll")).to_be_visible()
    observer.to_the_end(page)
    expect(page.get_by_text("You sent: Yes, freely")).to_be_visible()
    observer.finish(page)
    assert len(stored(page, "outbox")) == before + 1


def test_a_team_that_is_elsewhere_takes_along_what_it_finished_and_the_day_says_where_it_is(
    page: Page,
) -> None:
    page.get_by_role("button", name="Wrong station?").click()
    page.get_by_role("textbox", name="Somewhere else").fill("0999")
    page.get_by_role("button", name="Go on").click()
    observer.pick(page, "Why was it different?", "I chose the wrong one")
    page.get_by_role("button", name="Move them").click()
    here = page.locator(".here")
    expect(here.get_by_role("heading", name="0999")).to_be_visible(timeout=observer.WAIT)
    expect(here.get_by_text("Version 2").first).to_be_visible()
    expect(page.get_by_role("button", name="0471")).to_be_visible()
