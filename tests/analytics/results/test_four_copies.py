"""Results of one station from four hands."""

from collections.abc import Mapping

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from analytics.results.station_figures import (
    HANDS,
    PAIRS,
    Comparison,
    Difference,
    Figures,
    Hand,
    compare_copies,
    compare_station,
    figures_of,
)

SAME: Figures = {"A": 10, "B": 20}
OTHER: Figures = {"A": 15, "B": 15}
GIVEN: dict[Hand, dict[int, Figures]] = {
    "observed": {1: SAME, 2: SAME, 3: SAME},
    "posted": {1: SAME, 2: SAME},
    "entered": {1: SAME, 2: OTHER},
    "published": {1: SAME, 2: OTHER, 4: SAME},
}


def compared(given: Mapping[Hand, Mapping[int, Figures]]) -> Comparison:
    places = sorted({place for each in given.values() for place in each})
    columns = {
        hand: figures_of((place, {}, figures) for place, figures in each.items())
        for hand, each in given.items()
    }
    return compare_copies(columns, np.array(places, dtype=np.int64))


def test_every_difference_is_listed_with_both_figures() -> None:
    found = compared(GIVEN)
    assert found.differing.tolist() == [2]
    told = found.of_station(2, "two").differences
    assert told[0] == Difference("two", "A", "observed", "entered", 10, 15)
    assert told[0].change == 5
    assert len(told) == 8


def test_stations_that_one_hand_left_out_are_counted() -> None:
    pairs = {(each.earlier, each.later): each for each in compared(GIVEN).pairs}
    assert len(pairs) == 6
    assert (pairs["observed", "posted"].both, pairs["observed", "posted"].equal) == (2, 2)
    last = pairs["observed", "published"]
    assert (last.both, last.equal, last.only_earlier, last.only_later) == (2, 1, 1, 1)


def test_a_figure_that_one_hand_does_not_give_is_no_difference() -> None:
    found = compared({"observed": {1: {"A": 1}}, "published": {1: {"A": 1, "B": 2}}})
    assert found.differing.tolist() == []
    assert compared({}).pairs[0].both == 0


FIGURES = some.dictionaries(some.sampled_from("ABC"), some.integers(0, 1), max_size=3)
COPIES = some.dictionaries(
    some.sampled_from(HANDS), some.dictionaries(some.integers(0, 5), FIGURES, max_size=5)
)


@given(COPIES)
def test_all_stations_at_once_are_each_of_them_by_itself(
    copies: dict[Hand, dict[int, Figures]],
) -> None:
    found = compared(copies)
    places = {place for each in copies.values() for place in each}
    alone = {
        place: compare_station(
            "", {hand: each[place] for hand, each in copies.items() if place in each}
        )
        for place in places
    }
    assert found.differing.tolist() == sorted(at for at in alone if alone[at].differences)
    assert [(each.earlier, each.later) for each in found.pairs] == list(PAIRS)
    for at, pair in enumerate(found.pairs):
        outcomes = [each.pairs[at] for each in alone.values()]
        equal = outcomes.count("equal")
        assert (pair.both, pair.equal) == (equal + outcomes.count("differ"), equal)
        assert pair.only_earlier == outcomes.count("only_earlier")
        assert pair.only_later == outcomes.count("only_later")
    for place in found.differing.tolist():
        assert found.of_station(place, "") == alone[place]
