"""Shares that are kept up are those of counting every station anew."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.observation import standing_shares
from analytics.observation.standing_alike import SaidAt
from analytics.observation.standing_shares import StandingShares
from analytics.survey.design import Design, make_design
from analytics.survey.estimates import Proportions, estimate_proportions
from analytics.survey.proportions import Alike, Layout

STATIONS, INDICATORS = 12, 3
STRATA = np.arange(STATIONS) % 2
WEIGHTS = np.where(STRATA, 3.0, 5.0)
SINGLE = make_design(STATIONS, strata=STRATA, psu=np.arange(STATIONS), weights=WEIGHTS)
CLUSTERED = make_design(STATIONS, psu=np.arange(STATIONS) // 3, weights=WEIGHTS)
UNLIKE = make_design(STATIONS, psu=np.arange(STATIONS), weights=1.0 + np.arange(STATIONS))
GROUP = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, -1, -1, 0])
SAID = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=INDICATORS, max_size=INDICATORS
)
MOVES = st.dictionaries(st.integers(0, STATIONS - 1), SAID, min_size=1)


class Sample:
    """Stations, at which something is said now and then."""

    def __init__(self, design: Design, group: Any = GROUP) -> None:
        self.design, self.group = design, group
        nothing = np.zeros((2, STATIONS, INDICATORS), dtype=np.uint16)
        self.said = SaidAt(*nothing)
        self.shares = StandingShares(Layout.of(design, group, 3))

    def move(self, moves: dict[int, list[tuple[int, int]]]) -> None:
        stations = np.array(list(moves))
        before = SaidAt(*(each[stations] for each in self.said))
        for station, said in moves.items():
            self.said.answered[station], self.said.seen[station] = zip(*said, strict=True)
        after = SaidAt(*(each[stations] for each in self.said))
        self.shares.move(stations, before, after)

    def is_right(self, columns: list[int]) -> None:
        found = self.shares.estimate(self.said, columns, 0.9)
        some = [each[:, columns] for each in (self.said.seen, self.said.answered)]
        anew = estimate_proportions(*some, self.design, self.group, 3, 0.9)
        for each in fields(Proportions):
            one, other = getattr(found, each.name), getattr(anew, each.name)
            assert np.array_equal(one, other, equal_nan=True), each.name


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that all stations were counted."""
    times: list[int] = []
    alike = Layout.alike

    def noted(layout: Layout, *said: Any) -> Alike | None:
        times.append(1)
        return alike(layout, *said)

    monkeypatch.setattr(Layout, "alike", noted)
    return times


@pytest.mark.parametrize("design", [SINGLE, CLUSTERED, UNLIKE])
@settings(max_examples=60)
@given(st.lists(MOVES, max_size=5), st.sampled_from([[0, 1, 2], [2], [2, 0], []]))
def test_after_any_moves_the_shares_are_those_of_counting_anew(
    design: Design, batches: list[dict[int, list[tuple[int, int]]]], columns: list[int]
) -> None:
    sample = Sample(design)
    for moves in batches:
        sample.move(moves)
        sample.is_right(columns)


def test_a_sample_of_which_nothing_lies_in_a_group_has_no_shares() -> None:
    sample = Sample(SINGLE, np.full(STATIONS, -1))
    sample.move({0: [(1, 1)] * INDICATORS})
    sample.is_right([0, 1, 2])


def test_stations_are_counted_once_and_moved_from_then_on(counted: list[int]) -> None:
    sample = Sample(SINGLE)
    sample.move({0: [(1, 1)] * INDICATORS})
    for station in range(STATIONS):
        sample.move({station: [(1, station % 2)] * INDICATORS})
        sample.shares.estimate(sample.said, [0], 0.95)
    assert len(counted) == 1
    sample.is_right([0, 1, 2])


def test_more_may_be_answered_than_ever_before(counted: list[int]) -> None:
    sample = Sample(SINGLE)
    sample.move({0: [(1, 1)] * INDICATORS})
    sample.shares.estimate(sample.said, [0], 0.95)
    sample.move({3: [(2, 1)] * INDICATORS, 4: [(1, 1)] * INDICATORS})
    sample.shares.estimate(sample.said, [0], 0.95)
    assert len(counted) == 1
    sample.is_right([0, 1, 2])


def test_stations_that_cease_to_be_alike_are_counted_anew(counted: list[int]) -> None:
    sample = Sample(SINGLE)
    sample.move({0: [(1, 1)] * INDICATORS})
    sample.shares.estimate(sample.said, [0], 0.95)
    sample.move({3: [(60, 1)] * INDICATORS})
    sample.shares.estimate(sample.said, [0], 0.95)
    assert len(counted) > 1
    sample.is_right([0, 1, 2])


def test_where_much_moves_at_once_all_are_counted_anew(
    counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_shares, "MOST", 2)
    sample = Sample(SINGLE)
    sample.move({0: [(2, 1)] * INDICATORS})
    sample.shares.estimate(sample.said, [0], 0.95)
    sample.move(dict.fromkeys(range(3), [(1, 1)] * INDICATORS))
    sample.shares.estimate(sample.said, [0], 0.95)
    assert len(counted) == 2
    sample.is_right([0, 1, 2])
