"""Two kinds of observer: agreement as counts, a test only where one can be."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.agreement import Agreement, agree, difference, in_conflict
from analytics.design import DesignProblem
from analytics.numbers import Estimate

HALF = Estimate(0.5, 0.03, 0.44, 0.56, 0.95, 100, 90.0, 1.0, "t")


def test_only_stations_where_both_answered_count_and_each_once() -> None:
    found = agree(
        np.array([1, 1, 2, 3, 4, 5, 6]), np.array([0, 1, 0, 1, 0, -1, 1]),
        np.array([1, 2, 3, 4, 5]), np.array([1, 0, 0, 1, 1]),
    )  # fmt: skip
    assert found == Agreement(both=1, only_first=1, only_second=1, neither=1)
    assert (found.stations, found.agree) == (4, 2)


def test_a_difference_has_the_error_of_both() -> None:
    found = difference(replace(HALF, value=0.6, se=0.04), HALF, one_frame=True)
    assert (found.value, found.se) == pytest.approx((0.1, 0.05))
    assert found.df == pytest.approx(0.0025**2 / (0.0016**2 / 90 + 0.0009**2 / 90))
    # R: 2 * pt(-2, 166.9139465875371)
    assert found.p == pytest.approx(0.0471220969731, rel=1e-10)
    assert 0 < found.low < found.value < found.high


def test_samples_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(DesignProblem, match="two frames"):
        difference(HALF, HALF, one_frame=False)
    with pytest.raises(DesignProblem, match="levels"):
        difference(HALF, replace(HALF, level=0.9), one_frame=True)
    with pytest.raises(DesignProblem, match="standard error"):
        difference(replace(HALF, se=0.0), replace(HALF, se=0.0), one_frame=True)


def conflicts(*reports: tuple[int, str, list[int]]) -> set[int]:
    places, teams, status = zip(*reports, strict=True)
    return in_conflict(np.array(places), teams, np.array(status, dtype=np.uint8))


def test_two_teams_of_which_one_saw_it_and_one_found_it_fine_are_in_conflict() -> None:
    assert conflicts((1, "A", [1, 2]), (1, "B", [1, 1]), (2, "A", [1, 1]), (2, "B", [1, 1])) == {1}


def test_who_did_not_see_or_was_only_told_contradicts_nobody() -> None:
    assert conflicts((1, "A", [2, 2, 2, 2]), (1, "B", [4, 3, 0, 5])) == set()


def test_a_team_may_find_something_else_later_and_its_last_word_counts() -> None:
    assert conflicts((1, "A", [2]), (1, "A", [1])) == set()
    assert conflicts((1, "A", [2]), (1, "A", [1]), (1, "B", [1])) == set()
    assert conflicts((1, "A", [1]), (1, "A", [2]), (1, "B", [1])) == {1}


def test_what_could_not_be_placed_is_in_conflict_with_nothing() -> None:
    assert conflicts((-1, "A", [2]), (-1, "B", [1])) == set()
