"""Pictures for analysts: they see what was put in, and nothing where nothing is."""

import time

import numpy as np
import pytest
from scipy.stats import binom

from analytics.results.forensics import (
    ForensicsProblem,
    StationResults,
    high_turnout,
    turnout_by_share,
)
from analytics.results.whole_percentages import (
    chances_of_whole,
    how_many,
    whole_percentages,
)
from analytics.survey.design import Ints


def honest(stations: int, seed: int, smallest: int = 100) -> tuple[Ints, Ints]:
    random = np.random.default_rng(seed)
    whole = random.integers(smallest, 1500, stations)
    return random.binomial(whole, random.beta(12, 8, stations)), whole


def at_whole(part: Ints, whole: Ints) -> int:
    """How many counts are the nearest to a whole percentage, reckoned by all of these."""
    nearest = (2 * np.arange(1, 100)[:, None] * whole + 100) // 200
    return int(np.sum((nearest == part).any(axis=0)))


def results(*rows: tuple[str, int, int, int, int]) -> StationResults:
    codes = tuple(row[0] for row in rows)
    figures = np.array([row[1:] for row in rows], dtype=np.int64).reshape(len(rows), 4)
    return StationResults(codes, *figures.T)


def test_honest_results_are_called_unusual_as_seldom_as_said() -> None:
    alarms = sum(whole_percentages(*honest(600, seed)).unusual for seed in range(400))
    assert alarms <= 10


@pytest.mark.parametrize(("stations", "largest"), [(4, 120), (400, 1500), (300, 20_000)])
def test_the_distribution_of_honest_sets_is_the_one_that_simulating_them_gives(
    stations: int, largest: int
) -> None:
    random = np.random.default_rng(stations)
    whole = random.integers(100, largest, stations)
    part = random.integers(1, whole)
    null = how_many(chances_of_whole(part, whole))
    counts = np.arange(len(null))
    mean = float(null @ counts)
    spread = float(np.sqrt(null @ (counts - mean) ** 2))
    sets = np.array([at_whole(random.binomial(whole, part / whole), whole) for _ in range(4000)])
    assert null.sum() == pytest.approx(1, abs=1e-7)
    assert sets.mean() == pytest.approx(mean, abs=5 * spread / 4000**0.5)
    assert sets.std() == pytest.approx(spread, rel=0.08)
    below = np.bincount(sets, minlength=len(null)).cumsum() / len(sets)
    assert np.abs(below - null.cumsum()).max() < 1.95 / 4000**0.5


@pytest.mark.parametrize("stations", [1, 2, 7, 600])
def test_a_distribution_is_every_station_s_own_one_after_another(stations: int) -> None:
    chances = np.random.default_rng(stations).random(stations)
    slowly = np.array([1.0])
    for chance in chances:
        slowly = np.convolve(slowly, [1 - chance, chance])
    assert how_many(chances) == pytest.approx(slowly, abs=1e-13)


def test_a_station_s_chance_is_that_of_every_count_at_a_whole_percentage() -> None:
    part, whole = np.array([1, 50, 60, 699, 17]), np.array([100, 100, 130, 700, 333])
    for k, n, chance in zip(part, whole, chances_of_whole(part, whole), strict=True):
        percents = np.arange(1, 100)
        counts = (2 * percents * n + 100) // 200
        assert chance == pytest.approx(binom.pmf(counts, n, k / n).sum(), abs=1e-8)


def test_a_quarter_of_a_million_stations_are_looked_at_while_one_waits() -> None:
    part, whole = honest(250_000, 1)
    began = time.thread_time()
    found = whole_percentages(part, whole)
    assert time.thread_time() - began < 2
    assert abs(found.seen - found.expected) < 800


def test_one_station_as_large_as_a_country_does_not_exhaust_the_machine() -> None:
    part, whole = np.array([3 * 10**8, 50]), np.array([10**9, 100])
    assert chances_of_whole(part, whole) == pytest.approx([2.75e-5, 1.0], rel=0.01)


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
        ("c", 1.2, None),
        ("a", 0.95, 0.5),
    ]


@pytest.mark.parametrize("row", [("a", 10, 5, 3, 4), ("a", -1, 5, 5, 4)])
def test_figures_that_cannot_be_are_refused_by_station(row: tuple[str, int, int, int, int]) -> None:
    with pytest.raises(ForensicsProblem, match="a "):
        turnout_by_share(results(row))
