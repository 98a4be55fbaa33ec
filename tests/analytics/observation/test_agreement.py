"""Two kinds of observer: agreement as counts."""

import numpy as np

from analytics.observation.agreement import Agreement, in_conflict


def test_an_agreement_says_at_how_many_stations_both_say_the_same() -> None:
    found = Agreement(both=1, only_first=2, only_second=3, neither=4)
    assert (found.stations, found.agree) == (10, 5)


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
