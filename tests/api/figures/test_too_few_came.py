"""Below the least response no estimate leaves on any road: counts, and the reason, stand there."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.figures.conftest import SmallCountry

PAGES = "http://indelible/missions"
ROADS = (
    "irregularities",
    "irregularities?by=area",
    "irregularities.csv",
    "breakdowns/setting",
    "breakdowns/hour",
    "ranking",
    "staff",
    "comparisons/kinds",
    "findings",
)


@pytest.fixture
def strict(country: SmallCountry) -> Iterator[None]:
    """The mission asks for a report from every station drawn."""
    country.execute("UPDATE mission SET response_threshold = 1")
    yield
    country.execute("UPDATE mission SET response_threshold = 0.8")


def estimates_in(found: Any) -> list[Any]:
    """Every number of the kind "estimate" in an answer, however deep."""
    if isinstance(found, dict):
        own = [found] if found.get("type") == "estimate" else []
        return own + [each for part in found.values() for each in estimates_in(part)]
    if isinstance(found, list):
        return [each for part in found for each in estimates_in(part)]
    return []


@pytest.mark.parametrize("road", ROADS)
async def test_no_answer_holds_an_estimate(
    strict: None, asking: httpx.AsyncClient, road: str
) -> None:
    answer = await asking.get(road)
    assert answer.status_code == 200, answer.text
    if road.endswith(".csv"):
        assert "estimate" not in answer.text
        assert ",count," in answer.text
    else:
        assert estimates_in(answer.json()) == []


async def test_the_reason_stands_beside_the_count(strict: None, asking: httpx.AsyncClient) -> None:
    rows = (await asking.get("irregularities")).json()["items"]
    sampled = [each for each in rows if each["part"] == "sample"]
    assert sampled
    assert {each["number"]["type"] for each in sampled} == {"count"}
    assert {each["why_count"] for each in sampled} <= {"response", "nobody_answered"}


@pytest.mark.parametrize("page", ["", "irregularities", "breakdowns", "quick-count"])
async def test_no_page_or_picture_on_it_shows_an_estimate(
    strict: None, country: SmallCountry, asking: httpx.AsyncClient, page: str
) -> None:
    shown = (await asking.get(f"{PAGES}/{country.slug}/{page}")).text
    assert 'class="est' not in shown
    assert "±" not in shown


async def test_a_draft_speaks_of_the_stations_observed_alone(
    country: SmallCountry, asking: httpx.AsyncClient, strict: None
) -> None:
    made = await asking.post(f"{PAGES}/{country.slug}/statements")
    assert made.status_code == 303
    page = (await asking.get(made.headers["location"])).text
    assert 'class="est' not in page
    identity = made.headers["location"].rsplit("/", 1)[1]
    numbers = (await asking.get(f"statements/{identity}")).json()["snapshot"]["numbers"]
    assert estimates_in(numbers) == []


async def test_where_enough_came_the_same_roads_hold_estimates(
    asking: httpx.AsyncClient, speaking: None
) -> None:
    for road in ("irregularities", "irregularities?by=area", "staff"):
        assert estimates_in((await asking.get(road)).json())
    assert ",estimate," in (await asking.get("irregularities.csv")).text
