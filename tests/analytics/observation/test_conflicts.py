"""Places in conflict are those where the last words of two teams contradict each other."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.observation.agreement import places_in_conflict
from schemas.codes import STATUS_MASK
from schemas.report import COUNTED, ReportStatus
from tests.analytics.observation.matrices import Said, matrix_of

REPORTS = st.lists(
    st.builds(
        Said,
        st.lists(st.sampled_from([1, 2, 3, 0x12]), min_size=2, max_size=2).map(bytes),
        place=st.integers(-1, 3),
        status=st.sampled_from([ReportStatus.RECEIVED, ReportStatus.QUARANTINED]),
        arrived=st.integers(-1, 2),
        team=st.integers(-1, 2),
        contest=st.integers(-1, 1),
    ),
    max_size=16,
)


@settings(max_examples=150)
@given(REPORTS)
def test_places_in_conflict_are_what_a_walk_over_the_reports_finds(reports: list[Said]) -> None:
    last = dict[tuple[int, int, int], Said]()
    for _, each in sorted(enumerate(reports), key=lambda one: (one[1].arrived, one[0])):
        if each.status in COUNTED and each.place >= 0:
            last[each.place, each.contest, each.team] = each
    differ = {
        place
        for (place, contest, _), one in last.items()
        for (there, of, _), other in last.items()
        for a, b in zip(one.codes, other.codes, strict=True)
        if (place, contest) == (there, of) and {a & STATUS_MASK, b & STATUS_MASK} == {1, 2}
    }
    matrix = matrix_of(("a", "b"), reports)
    assert places_in_conflict(matrix, matrix["team"]) == differ


def conflicts(*reports: tuple[int, str, list[int]]) -> frozenset[int]:
    said = [
        Said(bytes(codes), place=place, team="AB".index(team)) for place, team, codes in reports
    ]
    matrix = matrix_of(tuple("abcd"[: len(reports[0][2])]), said)
    return places_in_conflict(matrix, matrix["team"])


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
