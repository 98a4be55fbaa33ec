"""Every page of the lead by axe, the rules of WCAG 2.0 to 2.2 at A and AA: on light and on dark
ground, from left to right and from right to left."""

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

from tests.journeys.every_page import signed_in, speak

GROUNDS: tuple[tuple[str, Literal["light", "dark"]], ...] = (("en", "light"), ("ar", "dark"))
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
WIDE = {"width": 1280, "height": 900}
RUN = """async () => (await axe.run({ runOnly: [
  "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })).violations.map((each) => ({
  rule: each.id, help: each.help,
  where: each.nodes.slice(0, 3).map((node) => `${node.target} ${node.html.slice(0, 120)}`) }))"""


def violations(page: Page, address: str) -> list[str]:
    """What axe finds on a page, a line a rule."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [f"{address}: {each['rule']}: {each['help']}: {each['where']}" for each in found]


def test_axe_finds_nothing_on_any_page_in_both_themes_and_directions(tmp_path: Path) -> None:
    with signed_in(tmp_path / "axe", viewport=WIDE) as (page, every):
        wrong = []
        for language, ground in GROUNDS:
            speak(page, language)
            page.emulate_media(color_scheme=ground)
            for address in every:
                wrong += violations(page, address)
        assert not wrong, "\n".join(wrong)
