"""Which results protocols enter the quick count, and why the others do not."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.results.moments import Moments
from analytics.results.quick_count import ProtocolResults, SampledStratum
from api.figures.held_protocols import HeldProtocols
from api.figures.inclusion import StandingInclusion, include
from api.figures.protocols import BESIDE, Included, Inclusion, Protocol, read_protocol
from schemas.election import Denominator
from schemas.report import ReportStatus

CONTESTANTS = (("A", "Party of A"), ("B", "Party of B"))
STRATA = [SampledStratum("north", 40, 2), SampledStratum("south", 60, 2)]
STRATUM = {1: 0, 2: 0, 3: 1, 4: 1}
RULES = Inclusion(CONTESTANTS, Denominator.VALID, STRATUM)
EIGHT = datetime(2026, 11, 8, 20, tzinfo=UTC)


def protocol(
    number: int,
    place: int,
    votes: dict[str, Any],
    valid: int | None = 100,
    status: ReportStatus = ReportStatus.RECEIVED,
) -> Protocol:
    rows = [{"contestant": name, "votes": count} for name, count in votes.items()]
    answers: dict[str, Any] = {"contestant_votes": rows, "valid": valid, "invalid": 3}
    at = EIGHT + timedelta(minutes=number)
    return read_protocol(UUID(int=number), place, status, at, answers, f"O-{number}")


def sorted_out(*protocols: Protocol) -> Included:
    return include(protocols, RULES, STRATA)


def why(included: Included) -> dict[int, str | None]:
    return {each.report.int: each.why_not for each in included.entries}


def test_every_report_is_told_why_it_did_not_enter() -> None:
    included = sorted_out(
        protocol(1, 1, {"A": 60, "B": 40}),
        protocol(2, 9, {"A": 60, "B": 40}),
        protocol(3, 2, {"A": 60, "B": 40}, status=ReportStatus.HELD),
        protocol(4, 3, {"A": 60, "B": 40}, status=ReportStatus.QUARANTINED),
        protocol(5, 4, {"A": 60, "B": 40}, valid=None),
    )
    assert why(included) == {1: None, 2: "not_sampled", 3: "held", 4: "set_aside", 5: "incomplete"}
    assert included.results.votes.tolist() == [[60, 40]]
    assert included.results.set_aside == 3


def test_two_teams_that_say_the_same_enter_once() -> None:
    included = sorted_out(
        protocol(1, 1, {"A": 60, "B": 40}), protocol(2, 1, {"Party of B": 40, "A": 60})
    )
    assert why(included) == {1: None, 2: "same"}
    assert len(included.arrivals) == 1
    assert included.results.set_aside == 0


def test_two_teams_that_differ_keep_their_station_out() -> None:
    included = sorted_out(
        protocol(1, 1, {"A": 60, "B": 40}),
        protocol(2, 1, {"A": 61, "B": 39}),
        protocol(3, 2, {"A": 50, "B": 50}),
    )
    assert why(included) == {1: "conflict", 2: "conflict", 3: None}
    assert included.results.set_aside == 1


def test_a_contestant_left_out_is_not_taken_for_nobody_s_vote() -> None:
    assert why(sorted_out(protocol(1, 1, {"A": 60})))[1] == "incomplete"
    assert why(sorted_out(protocol(1, 1, {"A": 100})))[1] is None


def test_a_line_without_a_count_or_written_twice_is_incomplete() -> None:
    rows = [{"contestant": "A", "votes": 60}, {"contestant": "A", "votes": 40}]
    twice = read_protocol(
        UUID(int=1),
        1,
        ReportStatus.RECEIVED,
        EIGHT,
        {"contestant_votes": rows, "valid": 100},
        "O-1",
    )
    blank = protocol(2, 2, {"A": 60, "B": None})
    assert why(sorted_out(twice, blank)) == {1: "incomplete", 2: "incomplete"}


@given(st.permutations([1, 2, 3, 4, 5]))
def test_the_order_in_which_reports_are_read_changes_nothing(order: list[int]) -> None:
    made = {
        1: protocol(1, 1, {"A": 60, "B": 40}),
        2: protocol(2, 1, {"A": 60, "B": 40}),
        3: protocol(3, 3, {"A": 10, "B": 90}),
        4: protocol(4, 4, {"A": 30, "B": 70}),
        5: protocol(5, 4, {"A": 31, "B": 69}),
    }
    included = sorted_out(*(made[number] for number in order))
    assert why(included) == {1: None, 2: "same", 3: None, 4: "conflict", 5: "conflict"}
    assert included.results.votes.tolist() == [[60, 40], [10, 90]]


NEWS = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.integers(-1, 4),
        st.sampled_from([60, 61]),
        st.sampled_from([100, 101, None]),
        st.sampled_from(list(ReportStatus)),
        st.booleans(),
    ),
    max_size=6,
)


def moments_of(results: ProtocolResults) -> Any:
    """The moments of the rows themselves."""
    rows = results.stratum, results.votes, results.below
    return Moments.of(*rows, len(results.strata)).sums


@given(st.lists(NEWS, min_size=1, max_size=4))
def test_what_is_kept_up_is_what_sorting_out_everything_gives(batches: list[Any]) -> None:
    standing, held = StandingInclusion(RULES, STRATA), HeldProtocols()
    told: list[tuple[Any, list[Any]]] = []
    for batch in batches:
        for number, place, votes, valid, status, stays in batch:
            one = protocol(number, place, {"A": votes, "B": 40}, valid, status)
            if stays:
                held.put(one)
            else:
                held.drop(one.report)
        found = standing.update(held).included()
        whole = include(sorted(held, key=lambda each: each.report), RULES, STRATA)
        assert found.arrivals.tolist() == whole.arrivals.tolist()
        assert sorted(map(str, found.entries)) == sorted(map(str, whole.entries))
        others = [each for each in whole.entries if not each.entered]
        assert len(found.left_out) + sum(found.beside) == len(others)
        assert set(found.left_out) == {each for each in others if each.why_not not in BESIDE}
        assert found.beside[1] == sum(each.why_not == "same" for each in others)
        assert found.results.set_aside == whole.results.set_aside
        for name in ("stratum", "votes", "below"):
            one, other = getattr(found.results, name), getattr(whole.results, name)
            assert one.tolist() == other.tolist()
            told.append((one, one.tolist()))
        assert found.results.moments.sums.tolist() == whole.results.moments.sums.tolist()
        assert found.results.moments.sums.tolist() == moments_of(found.results).tolist()
    assert all(one.tolist() == said for one, said in told)


@pytest.mark.parametrize("mistyped", [2**17, 2**17 + 1, 10**9, 10**15])
def test_a_figure_that_was_mistyped_leaves_no_mark_once_it_is_put_right(mistyped: int) -> None:
    standing, held = StandingInclusion(RULES, STRATA), HeldProtocols()
    held.put(protocol(1, 1, {"A": 61, "B": 39}))
    held.put(protocol(2, 2, {"A": mistyped, "B": 40}, valid=mistyped + 40))
    entered = standing.update(held).included().results
    assert entered.votes.tolist() == [[61, 39], [mistyped, 40]]
    assert np.allclose(entered.moments.sums, moments_of(entered), rtol=1e-15)
    held.put(protocol(2, 2, {"A": 60, "B": 40}))
    righted = standing.update(held).included().results
    assert righted.moments.sums.tolist() == moments_of(righted).tolist()


def test_what_was_said_stands_whatever_comes_after() -> None:
    standing, held = StandingInclusion(RULES, STRATA), HeldProtocols()
    held.put(protocol(2, 1, {"A": 60, "B": 40}))
    before = standing.update(held).included().results
    held.put(protocol(1, 1, {"A": 10, "B": 90}))
    held.put(protocol(3, 2, {"A": 7, "B": 3}))
    standing.update(held).included()
    assert before.votes.tolist() == [[60, 40]]
    assert before.below.tolist() == [100]


def test_a_held_result_that_moves_to_another_station_is_still_told() -> None:
    standing, held = StandingInclusion(RULES, STRATA), HeldProtocols()
    for place in (4, 1, 4):
        held.put(protocol(1, place, {"A": 60, "B": 40}, status=ReportStatus.HELD))
        held.put(protocol(2, 5 - place, {"A": 60, "B": 40}, status=ReportStatus.HELD))
        left = standing.update(held).included().left_out
        assert {each.report.int: each.place for each in left} == {1: place, 2: 5 - place}


def test_what_says_the_same_again_moves_no_result() -> None:
    standing, held = StandingInclusion(RULES, STRATA), HeldProtocols()
    held.put(protocol(1, 1, {"A": 60, "B": 40}))
    held.put(protocol(2, 2, {"A": 50, "B": 50}))
    before = standing.update(held).included().results
    held.put(protocol(3, 1, {"A": 60, "B": 40}))
    after = standing.update(held).included()
    assert after.beside[1] == 1
    assert np.shares_memory(before.votes, after.results.votes)
