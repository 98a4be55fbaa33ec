"""The control room: one sentence, four figures and their last hour, what came, what was notable."""

import html
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.figures.control_room import stages_at
from api.figures.reference_data import Polling
from schemas.columns import new_id, now
from tests.api.pages.test_pages import send
from tests.api.small import SmallMission

UNSEALED = {"sealed": "no", "sealed__known": "saw"}


async def room(client: httpx.AsyncClient, mission: SmallMission, query: str = "") -> str:
    return (await client.get(f"/missions/{mission.slug}/{query}")).text


def part(page: str, heading: str) -> str:
    """The section of a page under a heading."""
    start = page.index(f"<h2>{heading}</h2>")
    return page[start : page.index("</section>", start)]


async def test_the_latest_reports_say_what_was_notable_in_them_and_how_grave_it_is(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    await send(as_lead, mission, answers=UNSEALED)
    await send(as_lead, mission, station="002", answers={"sealed": "yes"})
    await send(as_lead, mission, station="999")
    latest = part(await room(as_lead, mission), "Latest reports")
    held, fine, seen = re.findall(r"<li>.*?</li>", latest, re.DOTALL)
    assert "held" in held
    assert "nothing to note" in fine
    assert "the ballot box was not sealed" in seen
    assert 'class="sev s2"' in seen
    assert 'class="sev' not in fine


async def test_the_last_hour_counts_what_came_in_it(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    await send(as_lead, mission)
    await send(as_lead, mission, station="999")
    page = await room(as_lead, mission)
    assert "Reports: 2, incidents: 0" in part(page, "Last hour")
    (held,) = re.findall(r"<strong><bdi>(\d+)</bdi></strong><span><a [^>]*/held\W", page)
    assert held == "1"
    assert page.count("in the last hour") == 4
    assert "+1 in the last hour" in page
    (asked,) = re.findall(r'/reports\?(since=[^"]+)"', part(page, "Last hour"))
    address = f"/missions/{mission.slug}/reports?{html.unescape(asked)}"
    listed = (await as_lead.get(address)).text
    assert "Reports that came from" in listed
    assert len(re.findall(r'<td class="num"><a href="[^"]*/reports/', listed)) == 2


async def test_one_kind_of_observers_alone_is_shown_where_it_is_asked_for(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    await send(as_lead, mission, answers=UNSEALED)
    every, own, other = [
        await room(as_lead, mission, query)
        for query in ("", "?kind=domestic", "?kind=international")
    ]
    assert "Domestic: counted" in every
    assert "Domestic: counted" in own
    assert "Domestic: counted" not in other
    assert "Reports: 0, incidents: 0" in part(other, "Last hour")
    for page, word in ((every, "All"), (own, "Domestic"), (other, "International")):
        assert re.search(rf'<a href="[^"]*" aria-current="true">{word}</a>', page)
    assert 'hx-get="/missions/vastria-2026/?kind=domestic"' in own


async def test_the_title_of_the_irregularities_says_what_was_found(
    as_lead: httpx.AsyncClient, mission: SmallMission
) -> None:
    await send(as_lead, mission, answers={"sealed": "yes"})
    assert "<h2>Irregularities by stage</h2>" in await room(as_lead, mission)
    await send(as_lead, mission, station="002", answers=UNSEALED)
    page = await room(as_lead, mission)
    assert "<h2>The ballot box was not sealed: 1 of 2 polling stations</h2>" in page


@pytest.mark.parametrize(
    ("hours", "first"), [(-1, "opening"), (1, "voting"), (11, "counting"), (30, "counting")]
)
def test_the_stage_of_the_hour_comes_first(hours: int, first: str) -> None:
    opens = now()
    polling = Polling(new_id(), "r", "Round", (), opens, opens + timedelta(hours=10), "UTC")
    assert stages_at(polling, opens + timedelta(hours=hours))[0] == first


async def test_the_mission_is_called_as_the_visitor_s_language_calls_it(
    as_lead: httpx.AsyncClient, mission: SmallMission, rows: Any
) -> None:
    named = (
        'UPDATE mission SET titles = \'{"fr": "Petite mission"}\' WHERE slug = %s RETURNING title'
    )
    ((title,),) = rows(named, mission.slug)
    assert f'title="{html.escape(title)}"' in await room(as_lead, mission)
    assert 'title="Petite mission"' in await room(as_lead, mission, "?lang=fr")
