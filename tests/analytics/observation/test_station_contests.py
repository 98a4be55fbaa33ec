"""Which contests are voted on at a place."""

from analytics.observation.code_matrix import NOWHERE
from analytics.observation.station_contests import (
    StationContests,
    contests_of_places,
    named_contests,
)

NORTH, HILL, SOUTH = range(3)
PARENTS = (NOWHERE, NORTH, NOWHERE)
"""The hill lies in the north."""
PRESIDENT, NORTHERN, HILLS = range(3)
VOTED = contests_of_places(PARENTS, [(), (NORTH,), (HILL,)], {"abroad": (PRESIDENT,)})


def test_a_contest_without_an_area_is_voted_on_everywhere() -> None:
    assert VOTED.at("any", SOUTH) == (PRESIDENT,)
    assert VOTED.at("any", NOWHERE) == (PRESIDENT,)


def test_a_constituency_holds_the_stations_of_all_areas_in_it_and_no_others() -> None:
    assert VOTED.at("any", HILL) == (PRESIDENT, NORTHERN, HILLS)
    assert VOTED.at("any", NORTH) == (PRESIDENT, NORTHERN)


def test_contests_named_for_a_station_stand_in_the_place_of_its_areas() -> None:
    assert VOTED.at("abroad", HILL) == (PRESIDENT,)


def test_a_centre_also_receives_what_is_voted_on_below_it() -> None:
    assert VOTED.at("centre", NORTH, station=False) == (PRESIDENT, NORTHERN, HILLS)
    assert VOTED.at("centre", SOUTH, station=False) == (PRESIDENT,)
    assert VOTED.at("centre", NOWHERE, station=False) == (PRESIDENT, NORTHERN, HILLS)


def test_names_are_taken_in_the_rounds_own_order_and_what_it_does_not_have_is_left_out() -> None:
    assert named_contests({"b": 0, "a": 1}, ["a", "b", "c", "a"]) == (0, 1)


def test_in_a_round_without_contests_none_is_voted_on_in_any_area() -> None:
    assert StationContests().at("any", HILL) == ()


def test_an_area_that_would_lie_in_itself_ends_there() -> None:
    assert contests_of_places((1, 0), [(0,), (1,)]).at("any", 0) == (0, 1)
