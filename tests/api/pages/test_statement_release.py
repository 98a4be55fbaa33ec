"""The page of a statement's release and its editor: what is refused keeps what was typed."""

import re

import httpx

from tests.api.pages.test_pages import send
from tests.api.pages.test_statements import ORIGIN
from tests.api.small import SmallMission


async def drafted(client: httpx.AsyncClient, mission: SmallMission) -> str:
    """The address of a new draft."""
    await send(client, mission, answers={"sealed": "no", "sealed__known": "saw"})
    made = await client.post(f"/missions/{mission.slug}/statements", headers=ORIGIN)
    return str(made.headers["location"])


async def test_a_step_that_is_refused_says_why_at_its_place_and_keeps_what_was_typed(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await drafted(as_lead, mission)
    past = {"until": "2020-01-01T10:00", "zone": "UTC"}
    late = await as_lead.post(f"{address}/release/embargo", data=past, headers=ORIGIN)
    assert late.status_code == 422
    (form,) = re.findall(r'<form[^>]*id="refused".*?</form>', late.text, re.DOTALL)
    assert "/release/embargo" in form
    assert "an embargo ends in the future" in form
    assert 'value="2020-01-01T10:00"' in form


async def test_whoever_may_approve_is_named_and_else_what_to_do(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await drafted(as_lead, mission)
    lead = (await as_lead.get(f"{address}/release")).text
    assert re.search(r"Who may: [^<]*lead[^<]*\.", lead)
    page = (await as_lead.get(f"{address}/edit")).text
    block = re.findall(r'/blocks/([^"/]+)" class="writing" data-save', page)[0]
    version = re.search(rf'data-block="{block}" data-version="(\d+)"', page)
    assert version
    typed = {"text": "A headline.", "version": version[1], "language": "en"}
    saved = await as_lead.post(f"{address}/blocks/{block}", data=typed, headers=ORIGIN)
    assert saved.status_code == 303, saved.text
    alone = (await as_lead.get(f"{address}/release")).text
    assert "You wrote in it" in alone
    assert "the lead invites a deputy under Accounts" in alone


async def test_a_paragraph_that_is_not_added_stays_in_the_editor_with_why(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await drafted(as_lead, mission)
    after = re.findall(r'name="after" value="([^"]+)"', (await as_lead.get(f"{address}/edit")).text)
    given = {"after": after[-1], "type": "paragraph", "language": "en"}
    typed = given | {"text": "It is {number:NOWHERE}."}
    refused = await as_lead.post(f"{address}/blocks", data=typed, headers=ORIGIN)
    assert refused.status_code == 422
    assert 'class="editorpage"' in refused.text
    assert "It is {number:NOWHERE}.</textarea>" in refused.text
    assert "Nothing was changed:" in refused.text


async def test_a_headline_that_nobody_wrote_is_nobody_s(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    address = await drafted(as_lead, mission)
    page = (await as_lead.get(f"{address}/edit")).text
    assert "Nobody has written it yet" in page.partition('id="headline"')[2].partition("</p>\n")[2]
