"""Every page of the lead on a screen of 320 px, from left to right and from right to left: nothing
scrolls sideways but what scrolls in its own box, and what is pressed is 24 px high and wide."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Page

from api.pages.page import RAIL
from api.settings import Settings
from tests.journeys.browser import browsing
from tests.journeys.mission import JourneyMission, found
from tests.serving import Serving, installation

NARROW = {"width": 320, "height": 800}
BESIDE_THE_RAIL = (
    "elections",
    "tables?of=stations",
    "registers/contacts",
    "registers/complaints",
    "irregularities/VO-GROUP",
    "?kind=domestic",
)
"""Pages that a link leads to, one of each sort."""
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


def post(serving: Serving, mission: JourneyMission, **members: Any) -> str:
    """One report by the import key; its id."""
    report = {
        "id": str(uuid4()),
        "checklist": "voting",
        "station": "0471",
        "observer": "S-2041",
        "arrived_at": datetime.now(UTC).isoformat(),
        "answers": {"access_given": "freely"},
    } | members
    address = f"http://127.0.0.1:{serving.port}/api/v1/missions/{mission.slug}/reports"
    headers = {"Authorization": f"Bearer {mission.tokens['import']}"}
    answer = httpx.post(address, json=report, headers=headers)
    assert answer.status_code in (201, 202), answer.text
    return str(report["id"])


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
    with installation() as serving:
        mission = found(Settings.from_environment({"INDELIBLE_HOME": str(serving.home)}))
        seen = post(
            serving,
            mission,
            answers={"access_given": "freely", "group_voting": "yes", "group_voting__known": "saw"},
        )
        held = post(serving, mission, station="9999")
        case = post(
            serving,
            mission,
            checklist="incident",
            answers={"nature": "violence", "source": "observed", "danger": "yes"},
        )
        paths = [path for _, links in RAIL for path, *_ in links]
        paths += [*BESIDE_THE_RAIL, *(f"reports/{each}" for each in (seen, held, case))]
        paths += [f"incidents/{case}", f"desk/incidents/{case}"]
        address = f"http://127.0.0.1:{serving.port}"
        with browsing(tmp_path / "narrow", viewport=NARROW) as narrow:
            page = narrow.new_page()
            page.goto(address + mission.sign_in)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/missions/**")
            wrong = []
            for language in ("en", "ar"):
                narrow.add_cookies(
                    [{"name": "indelible_language", "value": language, "url": address}]
                )
                for path in paths:
                    wrong += found_on(page, f"{address}/missions/{mission.slug}/{path}")
            assert not wrong, "\n".join(wrong)
