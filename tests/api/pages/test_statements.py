"""The list of statements and the text of one, as the core team reads them."""

import re
from typing import Any

import httpx

from analytics.statements.blocks import Verdict
from api.pages.layout import environment
from tests.api.pages.test_pages import send
from tests.api.small import SmallMission

REFERENCE = r"\{(?:number|finding):[^}]+\}"
ORIGIN = {"Origin": "http://indelible"}


async def test_the_list_says_what_a_statement_waits_for_and_its_text_can_be_linked_to_by_block(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    await send(as_lead, mission, answers={"sealed": "no", "sealed__known": "saw"})
    base = f"/missions/{mission.slug}/statements"
    made = await as_lead.post(base, headers=ORIGIN)
    assert "Being written; drafted by" in (await as_lead.get(base)).text
    text = (await as_lead.get(made.headers["location"])).text
    linked = re.findall(r'<li><a href="#([^"]+)"', text)
    assert linked
    assert all(f'id="{each}"' in text for each in linked)


async def test_whoever_asked_for_the_review_is_named_as_who_may_not_approve(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Any
) -> None:
    address = await _drafted(as_lead, mission)
    rows(
        "UPDATE statement SET state = 'review', review_by = m.id FROM member m"
        " WHERE m.handle = 'data_manager' RETURNING 1"
    )
    assert "by a second person, not data_manager" in (await as_lead.get(address)).text


async def _drafted(client: httpx.AsyncClient, mission: SmallMission) -> str:
    """The address of a new draft."""
    await send(client, mission, answers={"sealed": "no", "sealed__known": "saw"})
    made = await client.post(f"/missions/{mission.slug}/statements", headers=ORIGIN)
    return str(made.headers["location"])


def _writable(page: str) -> tuple[str, str, str]:
    """The first block that holds a number and may be written: its id, version and source."""
    for found in re.finditer(
        r'/blocks/([^"/]+)" class="writing" data-save.*?name="version" value="(\d+)"'
        r".*?<textarea[^>]*>(.*?)</textarea>",
        page,
        re.DOTALL,
    ):
        if re.search(REFERENCE, found[3]):
            return found[1], found[2], found[3]
    raise AssertionError("no block to write")


async def test_a_block_is_written_without_a_script_and_its_reference_shows_as_its_number(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await _drafted(as_lead, mission)
    page = (await as_lead.get(f"{address}/edit")).text
    block, version, source = _writable(page)
    reference = re.search(REFERENCE, source)
    assert reference
    given = {"text": f"In plain words: {reference[0]}.", "version": version, "language": "en"}
    saved = await as_lead.post(f"{address}/blocks/{block}", data=given, headers=ORIGIN)
    assert saved.status_code == 303, saved.text
    assert saved.headers["location"].endswith(f"#{block}")
    again = (await as_lead.get(f"{address}/edit")).text
    assert re.search(r'In plain words: <a class="n[^"]*" href="[^"]*/numbers/', again)
    history = (await as_lead.get(f"{address}/blocks/{block}/history")).text
    assert "Versions of this block: 2" in history


async def test_whoever_is_second_is_shown_both_texts_and_may_keep_both(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await _drafted(as_lead, mission)
    block, version, _ = _writable((await as_lead.get(f"{address}/edit")).text)
    at = f"{address}/blocks/{block}"
    mine = {"text": "First words.", "version": version, "language": "en"}
    assert (await as_lead.post(at, data=mine, headers=ORIGIN)).status_code == 303
    second = mine | {"text": "Second words."}
    late = await as_lead.post(at, data=second, headers=ORIGIN)
    assert late.status_code == 409
    assert "First words." in late.text
    assert "Second words." in late.text
    both = second | {"version": str(int(version) + 1), "keep": "both"}
    assert (await as_lead.post(at, data=both, headers=ORIGIN)).status_code == 303
    assert "First words. Second words." in (await as_lead.get(f"{address}/edit")).text


async def test_an_unknown_reference_is_named_and_what_was_typed_stays(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await _drafted(as_lead, mission)
    block, version, _ = _writable((await as_lead.get(f"{address}/edit")).text)
    given = {"text": "At {finding:NOWHERE} of them.", "version": version, "language": "en"}
    headers = ORIGIN | {"HX-Request": "true"}
    refused = await as_lead.post(f"{address}/blocks/{block}", data=given, headers=headers)
    assert refused.status_code == 422
    assert refused.text.count("{finding:NOWHERE}") == 2
    assert "<html" not in refused.text


async def test_the_way_to_publication_lists_what_breaks_a_rule_and_offers_no_review_before(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await _drafted(as_lead, mission)
    page = (await as_lead.get(f"{address}/release")).text
    assert "What must be done, and by whom" in page
    found = (await as_lead.get(f"/api/v1{address}/lint")).json()["items"]
    errors = sum(each["severity"] == "error" for each in found)
    assert errors
    assert f"Errors keep it from review: {errors}" in page
    assert "release/review" not in page
    refused = await as_lead.post(f"{address}/release/review", headers=ORIGIN)
    assert refused.status_code == 409
    assert "Nothing was changed:" in refused.text
    past = {"until": "2020-01-01T10:00", "zone": "UTC"}
    late = await as_lead.post(f"{address}/release/embargo", data=past, headers=ORIGIN)
    assert late.status_code == 422
    zone = {"until": "2090-01-01T10:00", "zone": "Nowhere/At all"}
    unknown = await as_lead.post(f"{address}/release/embargo", data=zone, headers=ORIGIN)
    assert unknown.status_code == 422
    kept = {"until": "2090-01-01T10:00", "zone": "UTC"}
    assert (
        await as_lead.post(f"{address}/release/embargo", data=kept, headers=ORIGIN)
    ).status_code == 303
    assert "2090" in (await as_lead.get(f"{address}/release")).text


async def test_a_comment_stands_beside_the_text_until_it_is_settled_with_an_answer(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await _drafted(as_lead, mission)
    block, _, _ = _writable((await as_lead.get(f"{address}/edit")).text)
    at = f"{address}/blocks/{block}/comment"
    said = await as_lead.post(at, data={"text": "Do we know this?"}, headers=ORIGIN)
    assert said.status_code == 303
    page = (await as_lead.get(f"{address}/edit")).text
    assert "Comments: 1 open" in page
    assert "Do we know this?" in page
    (comment,) = re.findall(r'action="([^"]+/comments/[^"]+)"', page)
    settled = await as_lead.post(comment, data={"resolution": "Yes."}, headers=ORIGIN)
    assert settled.status_code == 303
    assert "Comments: 0 open" in (await as_lead.get(f"{address}/edit")).text
    assert (await as_lead.post(comment, data={}, headers=ORIGIN)).status_code == 409


async def test_whoever_answers_for_a_section_is_named_and_may_let_it_go(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await _drafted(as_lead, mission)
    page = (await as_lead.get(f"{address}/edit")).text
    section = re.findall(r'name="section" value="([^"]+)"', page)[-1]
    given = {"section": section, "mine": "yes"}
    assert (await as_lead.post(f"{address}/owners", data=given, headers=ORIGIN)).status_code == 303
    page = (await as_lead.get(f"{address}/edit")).text
    assert page.count("Let this section go") == 1
    given = {"section": section}
    assert (await as_lead.post(f"{address}/owners", data=given, headers=ORIGIN)).status_code == 303
    assert "Let this section go" not in (await as_lead.get(f"{address}/edit")).text


async def test_a_kind_that_nobody_drafts_is_refused_by_its_field(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    asked = {"language": "en", "kind": "correction"}
    refused = await as_lead.post(f"/missions/{mission.slug}/statements", data=asked)
    assert refused.status_code == 422
    assert "There is no such kind of statement to draft." in refused.text
    page = (await as_lead.get(f"/missions/{mission.slug}/statements")).text
    assert '<option value="final">Final</option>' in page
    assert 'value="correction"' not in page


def test_a_verdict_is_worded_in_the_language_of_the_text_whoever_reads_it() -> None:
    verdict = Verdict(
        contest="President",
        contestant="A",
        verdict="cannot_determine",
        against="threshold",
        text=(),
    )
    for visitor in ("en", "fr"):
        shown = environment(visitor).get_template("statement_text.html").module.shown  # type: ignore[attr-defined]
        assert "لا يمكن التحديد" in shown(verdict, "", (), "", {}, "", "ar")
