"""Every page of the lead on a screen of 320 px, from left to right and from right to left: nothing
scrolls sideways but what scrolls in its own box, and what is pressed is 24 px high and wide."""

from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.every_page import signed_in, speak

NARROW = {"width": 320, "height": 800}
MEASURED = """() => {
  const seen = (each) => each.getClientRects().length > 0 && !each.closest(".sr, .skip");
  const folded = (each) => {
    const menu = each.closest("[popover]:not(:popover-open)");
    const details = each.closest("details:not([open])");
    return menu || (details && each.tagName !== "SUMMARY");
  };
  const inWords = (each) =>
    getComputedStyle(each).display === "inline" &&
    [...each.parentElement.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
  const small = [];
  const pressed = "a[href], button, input, select, textarea, summary";
  for (const each of document.querySelectorAll(pressed)) {
    if (!seen(each) || folded(each) || each.type === "hidden" || inWords(each)) continue;
    const box = (each.closest("label") || each).getBoundingClientRect();
    const said = each.textContent.trim().slice(0, 30);
    if (box.height < 23.5 || box.width < 23.5)
      small.push(`${each.tagName} ${said} ${box.width} by ${box.height}`);
  }
  return { wide: document.documentElement.scrollWidth, small };
}"""


def found_on(page: Page, address: str) -> list[str]:
    """What is too wide or too small on a page."""
    answer = page.goto(address)
    assert answer is not None
    if answer.status != 200:
        return [f"{address}: {answer.status}"]
    measured = page.evaluate(MEASURED)
    wide = [f"{measured['wide']} px wide"] if measured["wide"] > NARROW["width"] else []
    return [f"{address}: {each}" for each in (*wide, *measured["small"])]


def test_every_page_fits_a_narrow_screen_and_can_be_pressed(tmp_path: Path) -> None:
    with signed_in(tmp_path / "narrow", viewport=NARROW) as (page, every):
        wrong = []
        for language in ("en", "ar"):
            speak(page, language)
            for address in every:
                wrong += found_on(page, address)
        assert not wrong, "\n".join(wrong)
