"""What became of the stations drawn, over HTTP: closed and refusing ones among them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from analytics.observation.code_matrix import KIND_INDEX
from analytics.observation.dispositions import NOT_EXPECTED, StationOutcome
from api.figures.edition import Edition
from api.figures.follower import Follower
from api.figures.unobserved import closed_at, unobserved_stations
from api.results.quick_counts import quick_counts
from api.samples.response import sample_response
from schemas.mission import Kind
from tests.api.figures.conftest import SmallCountry
from tests.api.figures.test_ways_to_draw import NOTE

FATES = (
    "received",
    "set_aside",
    "closed",
    "refused",
    "unsafe",
    "withdrawn",
    "nobody_sent",
    "unreached",
    "missing",
    "awaited",
)


async def counting(asking: httpx.AsyncClient) -> dict[str, Any]:
    """The response of the counting checklist."""
    listed = (await asking.get("samples")).json()["items"]
    (sample,) = [each for each in listed if each["code"] == "main"]
    found = (await asking.get(f"samples/{sample['round']}/{sample['code']}")).json()
    (row,) = [each for each in found["response"]["checklists"] if each["checklist"] == "counting"]
    return dict(row) | {"size": sample["size"]}


async def test_every_station_drawn_has_one_fate(asking: httpx.AsyncClient) -> None:
    found = await counting(asking)
    assert found["whole"]["drawn"] == found["size"]
    for each in (found["whole"], *found["rows"]):
        assert sum(each[fate] for fate in FATES) == each["drawn"]
    for figure in ("drawn", *FATES):
        assert sum(each[figure] for each in found["rows"]) == found["whole"][figure]
    assert found["whole"]["received"] > 0


@pytest.fixture
def silent(country: SmallCountry) -> Iterator[list[UUID]]:
    """Two stations of the main sample from which nothing came; others may have been drawn."""
    chosen = [
        row[0]
        for row in country.execute(
            "SELECT place_id FROM sampled_station s JOIN sample ON sample.id = s.sample_id"
            " WHERE drawn AND sample.code = 'main' ORDER BY place_id LIMIT 2"
        )
    ]
    sent = country.execute("SELECT place_id, id FROM report WHERE place_id = ANY (%s)", chosen)
    move(country, [(None, report) for _, report in sent])
    yield chosen
    country.execute("UPDATE place SET closed_on = NULL WHERE closed_on IS NOT NULL")
    move(country, sent)


def move(country: SmallCountry, reports: list[tuple[Any, ...]]) -> None:
    """Say of reports where they are, and let every follower load the setting anew."""
    for place, report in reports:
        country.execute("UPDATE report SET place_id = %s WHERE id = %s", place, report)
    country.execute(NOTE, country.mission_id, country.tick())


async def test_a_closed_station_and_one_that_refused_are_told_apart_and_in_the_quick_count(
    country: SmallCountry, follower: Follower, silent: list[UUID]
) -> None:
    """One of each more than the day itself has."""
    before = told_apart(await follower.of(country.mission_id))
    country.execute("UPDATE place SET closed_on = '2020-01-01' WHERE id = %s", silent[0])
    country.execute(NOTE, country.mission_id, country.tick())
    edition = await follower.of(country.mission_id)
    drawn = edition.reference.drawn
    assert drawn is not None
    edition = _denied_at(edition, edition.reference.place_at(silent[1]), drawn.kind)
    assert told_apart(edition) == {name: count + 1 for name, count in before.items()}
    whole = {each.checklist: each.whole for each in sample_response(edition)}["counting"]
    assert whole.expected == whole.drawn - sum(whole.fates[each] for each in NOT_EXPECTED)
    counted = quick_counts(edition)[0]
    assert counted.count is not None
    last = sum(each.drawn for each in drawn.strata) - counted.count.closed - counted.count.received
    assert counted.count.shares[0].estimate.missing == last


def told_apart(edition: Edition) -> dict[str, int]:
    """How many stations of the sample are closed, and how many refused: of the count, and in the
    quick count of the first contest."""
    whole = {each.checklist: each.whole for each in sample_response(edition)}["counting"]
    count = quick_counts(edition)[0].count
    assert count is not None
    return {
        "closed": whole.fates[StationOutcome.CLOSED],
        "refused": whole.fates[StationOutcome.REFUSED],
        "closed in the quick count": sum(each.closed for each in count.response),
        "refused in the quick count": sum(each.refused for each in count.response),
    }


def _denied_at(edition: Edition, place: int, kind: Kind) -> Edition:
    """The same with a place that let no observers in."""
    found = unobserved_stations(edition)
    refused = found.refused.copy()
    refused[KIND_INDEX[kind], place] = True
    return replace(edition, _made={"unobserved": replace(found, refused=refused)})


async def test_a_station_closed_after_the_last_polling_day_was_open_on_it(
    country: SmallCountry, follower: Follower, silent: list[UUID]
) -> None:
    country.execute("UPDATE place SET closed_on = '2999-01-01' WHERE id = %s", silent[0])
    country.execute(NOTE, country.mission_id, country.tick())
    edition = await follower.of(country.mission_id)
    assert edition.reference.place_at(silent[0]) not in closed_at(edition)


async def test_a_sample_that_figures_do_not_go_by_has_no_response(
    asking: httpx.AsyncClient,
) -> None:
    given = {"size": 20, "seed": 5, "code": "beside", "method": "simple"}
    made = await asking.post("samples", json=given)
    assert made.status_code == 201
    (round_,) = {each["round"] for each in (await asking.get("samples")).json()["items"]}
    assert (await asking.get(f"samples/{round_}/beside")).json()["response"] is None
