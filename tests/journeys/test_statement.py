"""Two people write a statement, one approves it and the other publishes it for everybody."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from api.audit.sealed_work import office
from api.auth.members import add_member
from api.missions.create import issue_secret
from api.settings import Settings
from schemas.credential import Purpose, Role
from tests.journeys.browser import browsing, troubles
from tests.journeys.every_page import post
from tests.journeys.mission import SLUG, JourneyMission, found
from tests.serving import installation

WIDE = {"width": 1280, "height": 900}
WAIT = 60_000
CORRECTED = "A figure on what observers saw is corrected"
HEADLINE = "Voters came in calm, and observers were let in"


def deputy_of(settings: Settings) -> str:
    """A token of the mission's deputy, who is made."""
    with office(settings) as at:
        mission = at.mission(SLUG)
        with at.work(mission) as work:
            member = add_member(work, "deputy", Role.DEPUTY)
            return issue_secret(work.session, mission, Role.DEPUTY, Purpose.BEARER, member.id)


def settled(api: httpx.Client, statement: str) -> None:
    """Leave out whatever still breaks a rule."""
    for _ in range(4):
        blocks = {each["id"]: each for each in _get(api, f"statements/{statement}")["blocks"]}
        items = _get(api, f"statements/{statement}/lint")["items"]
        broken = {each["block"] for each in items if each["severity"] == "error"}
        for name in broken & blocks.keys():
            hidden = {"reason": "Not for this one.", "version": blocks[name]["version"]}
            place = f"statements/{statement}/blocks/{name}/hiding"
            api.post(place, json=hidden).raise_for_status()


def _get(api: httpx.Client, path: str) -> Any:
    return api.get(path).raise_for_status().json()


def write_headline(page: Page) -> None:
    """The first block by keys alone."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("textarea").first).to_be_focused()
    page.keyboard.type(HEADLINE)
    page.keyboard.press("Control+s")
    expect(page.locator("h1")).to_have_text(HEADLINE, timeout=WAIT)


def write_at_once(page: Page, api: httpx.Client, statement: str) -> None:
    """A paragraph that somebody else writes meanwhile: both texts stand in it in the end."""
    block = page.locator(".blk:has(textarea)").nth(1)
    name, version = block.get_attribute("id"), block.get_attribute("data-version")
    block.focus()
    page.keyboard.press("Enter")
    area = block.locator("textarea")
    page.keyboard.press("Control+a")
    page.keyboard.type("What the lead wrote, {")
    expect(page.locator("#numbers")).to_be_visible()
    page.keyboard.press("Enter")
    expect(area).to_have_value(re.compile(r"wrote, \{\w+:.+\}"))
    theirs = {"text": "What the data manager wrote.", "version": int(version or 0)}
    api.put(f"statements/{statement}/blocks/{name}", json=theirs).raise_for_status()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("button", name="Keep both")).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Keep both").click()
    text = page.locator(f"[id='{name}'] .text")
    expect(text).to_contain_text("What the data manager wrote. What the lead wrote", timeout=WAIT)
    expect(text.locator("a.n")).to_have_count(1)


def released(page: Page, api: httpx.Client, address: str, deputy: str) -> None:
    """Send what is written to review, have the deputy approve it, and publish it."""
    page.goto(f"{address}/release")
    page.get_by_role("button", name="Send to review", exact=True).click()
    expect(page.get_by_text("You asked for the review")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Who may: deputy.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    languages = _get(api, f"statements/{address.rsplit('/', 1)[1]}")["languages"]
    approved = httpx.post(
        f"{address}/release/approval",
        data={f"read:{each}": "yes" for each in languages},
        headers={"Authorization": f"Bearer {deputy}", "Sec-Fetch-Site": "same-origin"},
        timeout=60,
    )
    assert approved.status_code == 303, approved.text
    page.reload()
    page.get_by_label("Authority that is given a copy").fill("Commission")
    page.get_by_role("button", name="Keep this").click()
    page.get_by_label("I have read the text as it stands").check()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="Its permanent address").wait_for(timeout=WAIT)


def write_correction(page: Page, address: str) -> None:
    """Its headline, where what is to be settled leads to, and the sections that have no text."""
    page.goto(f"{address}/edit")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('folded'))")  # a report came in
    page.locator("[data-settle]").first.click()
    expect(page.locator(".blk.on textarea").first).to_be_focused()
    page.keyboard.type(CORRECTED)
    page.keyboard.press("Control+s")
    expect(page.locator("h1")).to_have_text(CORRECTED, timeout=WAIT)
    for section in ("unchanged", "how_found", "other_languages"):
        block = page.locator(f"[data-section={section}] .blk").last
        block.click(position={"x": 4, "y": 4})
        block.locator("details.write > summary").click()
        block.locator("textarea").fill("The conclusions stand.")
        block.get_by_role("button", name="Save").click()
        expect(block.locator(".text")).to_contain_text("stand.", timeout=WAIT)
    expect(page.locator("#beside")).to_contain_text("nothing to settle", timeout=WAIT)


def corrected(page: Page, api: httpx.Client, address: str, deputy: str) -> None:
    """A report is excluded after publication: the numbers that moved are corrected by a statement
    that is written, approved and published like the first; they are linked both ways."""
    expect(page.get_by_text("No published number of a finding")).to_be_visible()
    found = _get(api, "findings?limit=1000")["items"]
    report = next(each["reports"][0] for each in found if each["reports"])
    number = _get(api, f"reports/{report}")["versions"][-1]["number"]
    out = {"status": "quarantined", "scope": "all", "reason": "Another day.", "number": number}
    api.post(f"reports/{report}/decision", json=out).raise_for_status()
    page.goto(address)
    page.get_by_role("link", name="Draft a correction").click()
    cause = page.get_by_label("Cause, in plain words")
    cause.fill("A report of another day was counted.")
    page.get_by_role("button", name="Draft a correction").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the effect on the sentence")
    expect(cause).to_have_value("A report of another day was counted.")
    for each in page.get_by_role("combobox", name="Effect on the sentence").all():
        each.select_option("stands")
    page.get_by_role("button", name="Draft a correction").click()
    page.wait_for_url("**/edit", timeout=WAIT)
    correction = page.url.removesuffix("/edit")
    write_correction(page, correction)
    released(page, api, correction, deputy)
    page.get_by_role("link", name="See it").click()
    expect(page.get_by_text("Corrections of this statement:")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Published numbers that are counted otherwise")).to_have_count(0)
    read_by_everybody(address, correction)


def read_by_everybody(address: str, correction: str) -> None:
    """Without a sign-in: each leads to the other, and the first says what it said."""
    origin, _, path = address.partition("/missions/")
    slug, _, first = path.partition("/statements/")
    public = f"{origin}/statements/{slug}/"
    second = correction.rsplit("/", 1)[1]
    original, other = (httpx.get(public + each, timeout=60).text for each in (first, second))
    assert HEADLINE in original
    assert f"/statements/{slug}/{second}" in original
    assert CORRECTED in other
    assert f"/statements/{slug}/{first}" in other


def test_a_statement_is_written_by_two_approved_by_the_second_and_read_by_everybody(
    tmp_path: Path,
) -> None:
    with installation() as serving:
        settings = Settings.from_environment({"INDELIBLE_HOME": str(serving.home)})
        yesterday = datetime.now(UTC).date() - timedelta(
            days=1
        )  # before polls open, none is stated
        mission: JourneyMission = found(settings, polling_day=yesterday)
        deputy = deputy_of(settings)
        for station in ("0471", "0472"):
            seen = {"access_given": "freely", "group_voting": "yes", "group_voting__known": "saw"}
            post(serving, mission, station=station, answers=seen)
        origin = f"http://127.0.0.1:{serving.port}"
        base = f"{origin}/missions/{SLUG}/statements"
        lead, manager = (
            {"Authorization": f"Bearer {token}"}
            for token in (mission.tokens["lead"], mission.tokens["data_manager"])
        )
        with (
            httpx.Client(
                base_url=f"{origin}/api/v1/missions/{SLUG}/", timeout=60, headers=manager
            ) as api,
            browsing(tmp_path / "lead", viewport=WIDE, extra_http_headers=lead) as one,
        ):
            page = one.new_page()
            wrong = troubles(page)
            page.goto(base)
            page.get_by_role("button", name="Draft a statement").click()
            page.wait_for_url(f"{base}/*", timeout=WAIT)
            statement = page.url.rsplit("/", 1)[1]
            page.goto(f"{base}/{statement}/edit")
            write_headline(page)
            write_at_once(page, api, statement)
            settled(api, statement)
            page.goto(f"{base}/{statement}/release")
            page.get_by_label("Place: a town, as it is printed").fill("Ilmar City")
            page.get_by_role("button", name="Set the place").click()
            expect(page.get_by_text("Ilmar City, the hour of its publication")).to_be_visible()
            assert httpx.get(f"{origin}/statements/{SLUG}/{statement}").status_code == 404
            released(page, api, f"{base}/{statement}", deputy)
            corrected(page, api, f"{base}/{statement}", deputy)
            assert wrong == []
