"""Tallies that stand are what counting everything anew would give."""

from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers import Estimate
from analytics.observation.agreement import Agreement
from analytics.observation.code_matrix import Reading, Readings
from analytics.observation.drawn_sample import AreaGroups, DrawnSample, StationGroups
from analytics.observation.irregularity_rates import Rate, irregularities
from analytics.observation.standing import LAYOUTS, Standing
from analytics.observation.standing_rates import StandingRates
from analytics.observation.tallies import answered
from analytics.survey.estimates import estimate_proportions
from analytics.survey.methods import Weighting
from schemas.checklist import Indicator
from schemas.codes import STATUS_MASK, Status
from schemas.mission import Kind

PLACES, AREAS = 12, 4
PLACE_AREA = np.array([at % (AREAS - 1) for at in range(PLACES - 1)] + [-1])
CODES = ("a", "b", "c")
INDICATORS = tuple(
    Indicator(
        code=each,
        stage="voting",
        severity=1,
        standards=(),
        phrase={},
        positive_phrase={},
        sources=(),
    )
    for each in CODES
)
DRAWN = np.array([0, 1, 2, 3, 5, 8])
SAMPLE = DrawnSample(
    Kind.DOMESTIC,
    DRAWN,
    np.array([0, 0, 1, 1, 1, 0]),
    np.array([5, 5, 7, 7, 7, 5]),
    PLACE_AREA[DRAWN],
)
ABROAD = DrawnSample(
    Kind.INTERNATIONAL,
    np.array([2, 5, 9, 11]),
    np.array([0, 0, 1, 1]),
    np.array([6, 6, 6, 6]),
    PLACE_AREA[[2, 5, 9, 11]],
)
UNEQUAL = replace(SAMPLE, weighting=Weighting(np.linspace(0.1, 0.6, 6), 20, np.arange(6) // 2))
ROW = st.tuples(
    st.integers(0, 15),
    st.integers(-1, PLACES - 1),
    st.sampled_from(list(Kind)),
    st.booleans(),
    st.booleans(),
    st.lists(st.integers(0, 6), min_size=3, max_size=3),
)


def reading(sequence: int, row: Any) -> Reading:
    report, place, kind, counted, assigned, codes = row
    return Reading(
        sequence,
        UUID(int=report),
        sequence,
        bytes(codes),
        counted,
        kind,
        place=place,
        area=int(PLACE_AREA[place]) if place >= 0 else -1,
        assigned=assigned,
    )


def same(one: tuple[Rate, ...], other: tuple[Rate, ...]) -> None:
    """Equal in all but the last digits of floating point."""
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        if isinstance(a.number, Estimate) and isinstance(b.number, Estimate):
            near = {name: getattr(b.number, name) for name in ("value", "se", "low", "high", "df")}
            for name, value in near.items():
                assert getattr(a.number, name) == pytest.approx(value, abs=1e-12)
            a = replace(a, number=replace(a.number, **near))
        assert a == b


def agreed(readings: Readings) -> list[Agreement]:
    """Place by place what each kind of observers says of an indicator, held against the other."""
    found = []
    for column in range(len(readings.indicators)):
        status = readings.codes[:, column] & np.uint8(STATUS_MASK)
        said: dict[tuple[int, int], bool] = {}
        for at in np.flatnonzero(readings.counted & answered(status)).tolist():
            key = int(readings["place"][at]), int(readings["kind"][at])
            said[key] = said.get(key, False) or bool(status[at] == Status.IRREGULAR)
        pairs = Counter(
            (said[place, 0], said[place, 1])
            for place in {place for place, _ in said if place >= 0}
            if (place, 0) in said and (place, 1) in said
        )
        found.append(
            Agreement(
                *(
                    pairs[each]
                    for each in ((True, True), (True, False), (False, True), (False, False))
                )
            )
        )
    return found


@pytest.mark.parametrize(
    "samples", [(SAMPLE,), (UNEQUAL,), (), (SAMPLE, ABROAD), (ABROAD, UNEQUAL)]
)
@settings(max_examples=60)
@given(st.lists(st.lists(ROW, max_size=14), max_size=4))
def test_what_stands_is_what_a_count_of_everything_gives(
    samples: tuple[DrawnSample, ...], batches: list[list[Any]]
) -> None:
    readings = Readings(CODES)
    standing = Standing(readings, PLACE_AREA, AREAS, samples)
    groups = AreaGroups(np.array([0, 0, 2, 3]), AREAS)
    kept_up = [
        (areas, StandingRates(standing, INDICATORS, areas, threshold=0.3))
        for areas in (None, groups)
    ]
    clock = 0
    for batch in batches:
        rows = [reading(clock + at + 1, row) for at, row in enumerate(batch)]
        readings.fold(rows)
        clock += len(batch)
        standing.update()
        came = set(readings["place"][readings.counted].tolist()) - {-1}
        assert set(np.flatnonzero(standing.reported()).tolist()) == came
        found = [standing.agreement().of(column) for column in range(len(readings.indicators))]
        assert found == agreed(readings)
        for areas, rates in kept_up:
            same(
                rates.update(),
                irregularities(readings, INDICATORS, samples=samples, threshold=0.3, areas=areas),
            )


def test_an_indicator_that_came_with_a_revision_is_tallied_from_then_on() -> None:
    readings = Readings(("a",))
    standing = Standing(readings, PLACE_AREA, AREAS)
    row = reading(1, (1, 0, Kind.DOMESTIC, True, True, [2]))
    readings.fold([row])
    standing.update()
    readings.fold([replace(row, sequence=2, codes=b"\x02\x01")], order=("b", "a"))
    found = StandingRates(standing.update(), INDICATORS).update()
    assert [(each.indicator, each.seen, each.observations) for each in found] == [
        ("a", 0, 1),
        ("b", 1, 1),
    ]


def test_what_was_folded_in_parts_is_taken_in_at_once() -> None:
    readings = Readings(CODES)
    standing = Standing(readings, PLACE_AREA, AREAS, (SAMPLE,))
    for at in range(30):
        readings.fold([reading(at + 1, (at, at % PLACES, Kind.DOMESTIC, True, True, [1, 2, 4]))])
    same(
        StandingRates(standing.update(), INDICATORS).update(),
        irregularities(readings, INDICATORS, samples=(SAMPLE,)),
    )


def test_a_sample_asked_in_more_groupings_than_are_kept_is_what_reckoning_gives() -> None:
    readings = Readings(CODES)
    rows = [(at, at % PLACES, "domestic", True, True, [2, 1 + at % 2, 1]) for at in range(16)]
    readings.fold([reading(at + 1, row) for at, row in enumerate(rows)])
    standing = Standing(readings, PLACE_AREA, AREAS, (SAMPLE,)).update()
    said = standing.at_stations(Kind.DOMESTIC)
    groupings = [np.arange(6) % count for count in range(1, LAYOUTS + 1)] + [np.arange(6) // 3]
    for group in groupings * 2:
        groups = int(group.max()) + 1
        shares = standing.shares(SAMPLE, StationGroups(group, groups))
        assert shares is standing.shares(SAMPLE, StationGroups(group, groups))
        found = shares.estimate(said, [0, 1, 2], 0.95)
        anew = estimate_proportions(said.seen, said.answered, SAMPLE.whole, group, groups)
        for name in ("value", "se", "low", "high", "n", "df"):
            assert np.array_equal(getattr(found, name), getattr(anew, name), equal_nan=True)
