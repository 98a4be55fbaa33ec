"""Rates are made anew where what they rest on moved, and only there."""

import numpy as np

from analytics.observation.code_matrix import Readings
from analytics.observation.drawn_sample import AreaGroups
from analytics.observation.standing import Standing
from analytics.observation.standing_rates import StandingRates
from schemas.mission import Kind
from tests.analytics.observation.test_standing import (
    AREAS,
    CODES,
    INDICATORS,
    PLACE_AREA,
    PLACES,
    SAMPLE,
    reading,
)

BY_AREA = AreaGroups(np.arange(AREAS), AREAS)


def test_only_the_rates_of_the_area_from_which_something_came_are_made_anew() -> None:
    readings = Readings(CODES)
    for at in range(24):
        row = (at, at % PLACES, Kind.DOMESTIC, True, at % 2 == 0, [2, 1, 2])
        readings.fold([reading(at + 1, row)])
    standing = Standing(readings, PLACE_AREA, AREAS, (SAMPLE,))
    rates = StandingRates(standing.update(), INDICATORS, BY_AREA, threshold=0.3)
    before = rates.update()
    readings.fold([reading(25, (99, 0, Kind.DOMESTIC, True, True, [1, 1, 2]))])
    standing.update()
    after = rates.update()
    assert len(before) == len(after)
    assert {one.area for one, other in zip(before, after, strict=True) if one is not other} == {0}
    assert all(one is other for one, other in zip(after, rates.update(), strict=True))


def test_an_area_that_fell_silent_has_no_rates_until_something_comes_again() -> None:
    readings = Readings(CODES)
    standing = Standing(readings, PLACE_AREA, AREAS)
    rates = StandingRates(standing, INDICATORS, BY_AREA)
    row = (1, 0, Kind.DOMESTIC, True, False, [1, 2, 0])
    readings.fold([reading(1, row)])
    standing.update()
    first = rates.update()
    assert {each.area for each in first} == {0}
    readings.fold([reading(2, (*row[:3], False, *row[4:]))])
    standing.update()
    assert rates.update() == ()
    readings.fold([reading(3, row)])
    standing.update()
    assert rates.update() == first
