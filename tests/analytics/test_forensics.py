"""Pictures for analysts: they see what was put in, and nothing where nothing is."""

import numpy as np
import pytest

from analytics.design import Ints
from analytics.forensics import (
    ForensicsProblem,
    StationResults,
    high_turnout,
    turnout_by_share,
    whole_percentages,
)


def honest(stations: int, seed: int, smallest: int = 100) -> tuple[Ints, Ints]:
    random = np.random.default_rng(seed)
    whole = random.integers(smallest, 1500, stations)
    return random.binomial(whole, random.beta(12, 8, stations)), whole


def results(*rows: tuple[str, int, int, int, int]) -> StationResults:
    codes = tuple(row[0] for row in rows)
    figures = np.array([row[1:] for row in rows], dtype=np.int64).reshape(len(rows), 4)
    return StationResults(codes, *figures.T)


def test_honest_results_are_called_unusual_as_seldom_as_said() -> None:
    alarms = sum(
        whole_percentages(*honest(600, seed), simulations=199).unusual for seed in range(60)
    )
    assert alarms <= 4


def test_small_stations_raise_no_alarm_though_many_lie_at_whole_percentages() -> None:
    random = np.random.default_rng(5)
    whole = random.integers(100, 130, 2000)
    found = whole_percentages(random.binomial(whole, 0.6), whole)
    assert found.seen > 1000
    assert not found.unusual


def test_results_written_from_round_percentages_are_seen() -> None:
    part, whole = honest(2000, 3, smallest=500)
    made_up = np.arange(2000) % 20 == 0
    part[made_up] = np.rint(whole[made_up] * 0.75).astype(np.int64)
    found = whole_percentages(part, whole)
    assert found.unusual
    assert found.seen > found.highest > found.expected


def test_all_or_nothing_and_no_station_at_all_are_no_spike() -> None:
    whole = np.full(500, 300)
    assert whole_percentages(whole, whole).stations == 0
    assert whole_percentages(whole * 0, whole).p == 1.0


def test_a_station_falls_into_the_cell_where_its_step_begins() -> None:
    picture = turnout_by_share(results(("a", 10, 7, 10, 3), ("b", 10, 10, 10, 10)), steps=10)
    assert picture.cells[7, 3] == 1
    assert picture.cells[9, 9] == 1
    assert picture.cells.sum() == 2


def test_stations_that_cannot_be_placed_are_counted_beside_the_picture() -> None:
    picture = turnout_by_share(results(("a", 10, 11, 11, 3), ("b", 0, 4, 4, 1), ("c", 9, 1, 0, 0)))
    assert (picture.beyond, picture.without, picture.cells.sum()) == (1, 2, 0)


def test_high_turnout_is_listed_highest_first() -> None:
    found = high_turnout(
        results(("a", 100, 95, 90, 45), ("b", 100, 94, 90, 1), ("c", 100, 120, 0, 0))
    )
    assert [(each.code, each.turnout, each.share) for each in found] == [
        ("c", 1.2, None), ("a", 0.95, 0.5),
    ]  # fmt: skip


@pytest.mark.parametrize("row", [("a", 10, 5, 3, 4), ("a", -1, 5, 5, 4)])
def test_figures_that_cannot_be_are_refused_by_station(row: tuple[str, int, int, int, int]) -> None:
    with pytest.raises(ForensicsProblem, match="a "):
        turnout_by_share(results(row))
