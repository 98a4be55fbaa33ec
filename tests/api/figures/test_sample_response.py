"""What became of the stations drawn, over HTTP: closed and refusing ones among them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from analytics.observation.code_matrix import KIND_INDEX
from analytics.observation.dispositions import StationOutcome
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
    country.execute("UPDATE place SET closed_on = '2020-01-01' WHERE id = %s", silent[0])
    country.execute(NOTE, country.mission_id, country.tick())
    edition = await follower.of(country.mission_id)
    drawn = edition.reference.drawn
    assert drawn is not None
    edition = _denied_at(edition, edition.reference.place_at(silent[1]), drawn.kind)
    whole = {each.checklist: each.whole for each in sample_response(edition)}["counting"]
    assert (whole.fates[StationOutcome.CLOSED], whole.fates[StationOutcome.REFUSED]) == (1, 1)
    assert whole.expected == whole.drawn - 1
    (counted,) = quick_counts(edition)
    assert counted.count is not None
    told = [(each.closed, each.refused) for each in counted.count.response]
    assert (sum(c for c, _ in told), sum(r for _, r in told)) == (1, 1)
    assert counted.count.closed == 1
    last = sum(each.drawn for each in drawn.strata) - 1 - counted.count.received
    assert counted.count.shares[0].estimate.missing == last


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
    assert closed_at(edition) == frozenset()


async def test_a_sample_that_figures_do_not_go_by_has_no_response(
    asking: httpx.AsyncClient,
) -> None:
    given = {"size": 20, "seed": 5, "code": "beside", "method": "simple"}
    made = await asking.post("samples", json=given)
    assert made.status_code == 201
    (round_,) = {each["round"] for each in (await asking.get("samples")).json()["items"]}
    assert (await asking.get(f"samples/{round_}/beside")).json()["response"] is None
