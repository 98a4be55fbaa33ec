"""Rates by hour, kept up, are what reckoning with every visit gives."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.drawn import DrawnSample
from analytics.hours import StandingHours
from analytics.irregularities import Grouping, irregularities_in
from analytics.readings import Readings
from analytics.standing import Standing
from tests.analytics.test_standing import (
    ABROAD,
    AREAS,
    CODES,
    INDICATORS,
    PLACE_AREA,
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
        readings.fold([
            replace(reading(clock + at + 1, row), arrived=hour)
            for at, (row, hour) in enumerate(batch)
        ])  # fmt: skip
        clock += len(batch)
        standing.update()
        whole = irregularities_in(
            readings, INDICATORS, Grouping(readings["arrived"], None, 4), samples=samples,
            threshold=0.3,
        )  # fmt: skip
        same(hours.rates(INDICATORS, threshold=0.3), whole)


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
