"""What somebody asks who has never seen the pages is at most two links from the control room."""

import html
import re

import httpx
import pytest

from tests.api.figures.conftest import SmallCountry

ANCHOR = re.compile(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


async def opened(asking: httpx.AsyncClient, address: str) -> str:
    answer = await asking.get(f"http://indelible{address}", follow_redirects=True)
    assert answer.status_code == 200, address
    return answer.text


async def followed(asking: httpx.AsyncClient, page: str, towards: str) -> str:
    """The page that the first link of a page's content leads to whose address fits."""
    content = page[page.index("<main") :]
    found = [html.unescape(address) for address, _ in ANCHOR.findall(content)]
    return await opened(asking, next(each for each in found if re.search(towards, each)))


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (r"/coverage#regions$", "", "By region, least covered first"),
        (r"/coverage#calls$", r"/deployments/", "Calls"),
        (r"/incidents$", r"/incidents/[0-9a-f-]{36}", "Evidence"),
        (r"/desk/held$", "", "What lifts it|may be accepted|must be settled"),
        (r"/reports/[0-9a-f-]{36}$", "", "Where and when"),
    ],
    ids=["least covered", "whom to call", "serious incidents", "why it is held", "what came"],
)
async def test_each_question_is_answered_within_two_links(
    country: SmallCountry, asking: httpx.AsyncClient, first: str, second: str, says: str
) -> None:
    room = await opened(asking, f"/missions/{country.slug}/")
    assert "<h2>Last hour</h2>" in room
    assert "Least covered first" in room
    page = await followed(asking, room, first)
    page = await followed(asking, page, second) if second else page
    assert re.search(says, page)
