"""Rates by hour, kept up, are what reckoning with every visit gives."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.observation.code_matrix import Readings
from analytics.observation.drawn_sample import DrawnSample
from analytics.observation.hours import StandingHours
from analytics.observation.irregularity_rates import Grouping, irregularities_in
from analytics.observation.standing import Standing
from schemas.mission import Kind
from tests.analytics.observation.test_standing import (
    ABROAD,
    AREAS,
    CODES,
    INDICATORS,
    PLACE_AREA,
    PLACES,
    ROW,
    SAMPLE,
    UNEQUAL,
    reading,
    same,
)


@pytest.mark.parametrize("samples", [(SAMPLE,), (UNEQUAL,), (), (ABROAD, UNEQUAL)])
@settings(max_examples=60)
@given(st.lists(st.lists(st.tuples(ROW, st.integers(-1, 3)), max_size=14), max_size=4))
def test_what_stands_is_what_reckoning_with_every_visit_gives(
    samples: tuple[DrawnSample, ...], batches: list[list[Any]]
) -> None:
    readings, clock = Readings(CODES), 0
    standing = Standing(readings, PLACE_AREA, AREAS, samples)
    hours = StandingHours(readings, standing, lambda arrived: arrived)
    for batch in batches:
        readings.fold(
            [
                replace(reading(clock + at + 1, row), arrived=hour)
                for at, (row, hour) in enumerate(batch)
            ]
        )
        clock += len(batch)
        standing.update()
        whole = irregularities_in(
            readings,
            INDICATORS,
            Grouping(readings["arrived"], None, 4),
            samples=samples,
            threshold=0.3,
        )
        same(hours.rates(INDICATORS, threshold=0.3), whole)


def batches_in(hours: StandingHours, readings: Readings, standing: Standing, count: int) -> None:
    """Reports of every place and many hours, so many at a time; the rates asked after each."""
    rows = [(at, at % PLACES, at % 2, at % 5 > 0, at % 3 > 0, [at % 3, 1, 2]) for at in range(60)]
    for start in range(0, 60, count):
        readings.fold(
            [
                replace(reading(at + 1, (at, place, list(Kind)[kind], *rest)), arrived=at % 4)
                for at, place, kind, *rest in rows[start : start + count]
            ]
        )
        standing.update()
        same(
            hours.rates(INDICATORS),
            irregularities_in(
                readings, INDICATORS, Grouping(readings["arrived"], None, 4), samples=(SAMPLE,)
            ),
        )


def test_all_hours_are_counted_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.observation.hour_sums.CHUNK", 7)
    readings = Readings(CODES)
    standing = Standing(readings, PLACE_AREA, AREAS, (SAMPLE,))
    hours = StandingHours(readings, standing, lambda arrived: arrived)
    batches_in(hours, readings, standing, 60)


def test_where_much_moved_at_once_the_hours_are_counted_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("analytics.observation.standing.MOST", 2)
    readings = Readings(CODES)
    stands = Standing(readings, PLACE_AREA, AREAS, (SAMPLE,))
    hours = StandingHours(readings, stands, lambda arrived: arrived)
    batches_in(hours, readings, stands, 20)
    assert stands.hours(lambda arrived: arrived) is stands.hours(lambda arrived: arrived)


def test_only_the_hours_are_reckoned_of_which_something_changed() -> None:
    readings = Readings(CODES)
    standing = Standing(readings, PLACE_AREA, AREAS, (SAMPLE,))
    row = (1, 0, Kind.DOMESTIC, True, True, [2, 2, 1])
    for report, hour in enumerate((7, 9)):
        readings.fold([replace(reading(1, (report, *row[1:])), arrived=hour)])
    sums = standing.update().hours(lambda arrived: arrived)
    assert sums.moved() == [7, 9]
    readings.fold([replace(reading(2, (3, *row[1:])), arrived=9)])
    standing.update()
    assert sums.moved() == [9]


def test_an_indicator_that_is_new_is_reckoned_in_every_hour() -> None:
    readings = Readings(CODES)
    row = (1, 0, "domestic", True, True, [2, 2, 1])
    readings.fold([replace(reading(1, row), arrived=7)])
    standing = Standing(readings, PLACE_AREA, AREAS).update()
    hours = StandingHours(readings, standing, lambda arrived: arrived)
    assert [each.indicator for each in hours.rates(INDICATORS[:1])] == ["a"]
    assert [each.indicator for each in hours.rates(INDICATORS)] == ["a", "b", "c"]
    assert {each.area for each in hours.rates(INDICATORS)} == {7}
    assert np.array(hours.rates(())).size == 0
