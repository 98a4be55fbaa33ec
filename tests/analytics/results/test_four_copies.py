"""Results of one station from four hands."""

from analytics.results.four_copies import (
    Difference,
    Figures,
    Hand,
    StandingComparison,
    compare_results,
)

SAME: Figures = {"A": 10, "B": 20}
GIVEN: dict[Hand, dict[str, Figures]] = {
    "observed": {"1": SAME, "2": SAME, "3": SAME},
    "posted": {"1": SAME, "2": SAME},
    "entered": {"1": SAME, "2": {"A": 15, "B": 15}},
    "published": {"1": SAME, "2": {"A": 15, "B": 15}, "4": SAME},
}


def test_every_difference_is_listed_with_both_figures() -> None:
    found = compare_results(GIVEN)
    assert found.differences[0] == Difference("2", "A", "observed", "entered", 10, 15)
    assert len(found.differences) == 8
    assert {each.station for each in found.differences} == {"2"}
    assert found.changes("posted", "entered") == {"A": 5, "B": -5}
    assert found.changes("entered", "published") == {}


def test_stations_that_one_hand_left_out_are_counted() -> None:
    pairs = {(each.earlier, each.later): each for each in compare_results(GIVEN).pairs}
    assert len(pairs) == 6
    assert (pairs["observed", "posted"].both, pairs["observed", "posted"].equal) == (2, 2)
    last = pairs["observed", "published"]
    assert (last.both, last.equal, last.only_earlier, last.only_later) == (2, 1, 1, 1)


def test_a_figure_that_one_hand_does_not_give_is_no_difference() -> None:
    found = compare_results({"observed": {"1": {"A": 1}}, "published": {"1": {"A": 1, "B": 2}}})
    assert found.differences == ()
    assert compare_results({}).pairs[0].both == 0


def test_stations_that_differ_are_read_piece_by_piece_and_leave_when_they_agree() -> None:
    standing = StandingComparison()
    for code in ("3", "1", "2"):
        standing.put(code, {"observed": {"A": 1}, "published": {"A": 2}})
    standing.put("4", {"observed": {"A": 1}, "published": {"A": 1}})
    first, second = standing.differing(2), standing.differing(2, "2")
    assert [each.differences[0].station for each in (*first, *second)] == ["1", "2", "3"]
    standing.put("2", {"observed": {"A": 1}, "published": {"A": 1}})
    standing.put("3", None)
    assert [each.differences[0].station for each in standing.differing(9)] == ["1"]
    assert [each.station for each in standing.found.differences] == ["1"]
