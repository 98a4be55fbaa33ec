"""What an observer does with the app, step by step, by what they see on the screen."""

import re
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, expect

WAIT = 30_000
"""Milliseconds: a loaded machine may be slow, but not for ever."""


def enrol(page: Page, address: str, code: str) -> None:
    """Open the link, wait for the day, and until the app itself is kept on the phone."""
    page.goto(f"{address}/field/#enrol={code}")
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("button", name="Start:").first).to_be_visible(timeout=WAIT)
    page.wait_for_function(
        "async () => (await navigator.serviceWorker.ready).active?.state === 'activated'",
        timeout=WAIT,
    )


def start(page: Page, checklist: str) -> None:
    """Begin a report from the day, or go on with one, where it was left."""
    page.get_by_role("button", name=checklist, exact=True).first.click()
    expect(page.get_by_role("navigation", name="All sections")).to_be_visible(timeout=WAIT)


def go_on(page: Page, checklist: str) -> None:
    """The next report of a station, or the one that was begun: the day's main button."""
    page.get_by_role("button", name=re.compile(f"^(Start|Continue): {checklist}")).first.click()
    expect(page.get_by_role("navigation", name="All sections")).to_be_visible(timeout=WAIT)


def pick(page: Page, question: str, option: str) -> None:
    """Choose an option of a question."""
    group = page.get_by_role("radiogroup", name=question)
    group.get_by_text(option, exact=True).click()


def enter(page: Page, question: str, value: str) -> None:
    """Type into a question's field; a figure of a protocol twice."""
    fields = page.get_by_role("textbox", name=question)
    fields.first.fill(value)
    if fields.count() > 1:
        fields.nth(1).fill(value)


def take_photo(page: Page, file: Path) -> None:
    """Take the photo that the section asks for."""
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.get_by_alt_text("Your photo")).to_be_visible(timeout=WAIT)


def next_section(page: Page) -> None:
    """Go on."""
    page.get_by_role("button", name="Next").click()


def to_the_end(page: Page) -> None:
    """Go through what is left to the summary; what is missing on a page is told once."""
    onward = page.get_by_role("button", name=re.compile("^(Next|To the end)$"))
    end = page.get_by_role("heading", name="Finish the report")
    for _ in range(40):
        expect(onward.or_(end).first).to_be_visible(timeout=WAIT)
        if end.is_visible():
            break
        with suppress(TimeoutError):
            onward.click(timeout=2_000)
    expect(page.get_by_role("heading", name="Finish the report")).to_be_visible(timeout=WAIT)


def finish(page: Page) -> None:
    """Finish the report: from now on it is bytes in the outbox."""
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible(timeout=WAIT)


def send_at_once(page: Page) -> None:
    """Send what cannot wait, and go back to the day."""
    page.get_by_role("button", name="Send", exact=False).click()
    expect(page.get_by_role("button", name="Add details")).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Back to the day").last.click()
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible(timeout=WAIT)


def open_outbox(page: Page) -> None:
    """Look whether it arrived."""
    page.get_by_role("link", name="Outbox").click()
    expect(page.get_by_role("heading", name="Outbox")).to_be_visible(timeout=WAIT)


def outbox_count(page: Page) -> int:
    """How many reports are on this phone only, as the app says."""
    badge = page.get_by_role("link", name="Outbox").locator("b")
    return int(badge.inner_text()) if badge.count() else 0
