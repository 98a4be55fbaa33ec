"""The list of statements and the text of one, as the core team reads them."""

import re

import httpx

from tests.api.pages.test_pages import send
from tests.api.small import SmallMission

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
