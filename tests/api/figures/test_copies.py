"""What observers copied at stations: what is kept up is what reading everything gives."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.figures.copies import StandingCopies
from api.figures.held_protocols import HeldProtocols
from api.figures.protocols import Protocol
from api.figures.watch import Watch
from api.results.copies_compared import _lines as first_copied
from api.results.forensics import _copied as copied
from schemas.report import ReportStatus
from tests.api.figures.test_protocols import NEWS, protocol
from tests.benchmarks.large import filled, results_of


def first(place: int, here: Sequence[Protocol]) -> tuple[int, UUID] | None:
    return (place, min(each.report for each in here)) if here else None


@given(st.lists(NEWS, min_size=1, max_size=4))
def test_lines_that_are_kept_up_are_those_of_everything_that_is_held(batches: list[Any]) -> None:
    standing, held = StandingCopies(first), HeldProtocols()
    for batch in batches:
        for number, place, votes, valid, status, stays in batch:
            one = protocol(number, place, {"A": votes, "B": 40}, valid, status)
            if stays:
                held.put(one)
            else:
                held.drop(one.report)
        everything = StandingCopies(first).update(HeldProtocols(held))
        assert dict(standing.update(held)) == dict(everything)


def test_a_station_whose_only_copy_was_taken_back_has_no_line() -> None:
    standing, held = StandingCopies(first), HeldProtocols()
    one = protocol(1, 2, {"A": 60, "B": 40}, status=ReportStatus.RECEIVED)
    held.put(one)
    assert standing.update(held) == {2: (2, one.report)}
    held.drop(one.report)
    assert standing.update(held) == {}


def test_a_station_is_read_again_only_where_something_changed() -> None:
    read: list[int] = []

    def noted(place: int, here: Sequence[Protocol]) -> int:
        read.append(place)
        return place

    standing, held = StandingCopies(noted), HeldProtocols()
    held.put(protocol(1, 1, {"A": 60, "B": 40}))
    held.put(protocol(2, 2, {"A": 60, "B": 40}))
    standing.update(held)
    held.put(protocol(3, 2, {"A": 60, "B": 40}))
    standing.update(held)
    assert read == [1, 2, 2]


def anew(watch: Watch) -> tuple[Any, Any]:
    """What both readers of copies say of a watch that has read none before."""
    watch.copies.clear()
    watch.compared.clear()
    return both(watch)


def both(watch: Watch) -> tuple[Any, Any]:
    (contest,) = watch.frame.polling.contests
    with watch.lock:
        firsts = dict(first_copied(watch, contest))
    used = [*copied(watch, contest).look.lines.values()]
    return sorted(used, key=lambda line: line[0]), firsts


def test_both_readers_keep_up_with_results_that_come_contradict_and_are_set_aside() -> None:
    watch = filled(400)
    for first, count in ((0, 30), (30, 25), (55, 10)):
        rows = results_of(first, count, 100)
        watch.fold(rows, first + count)
        kept = both(watch)
        assert kept == anew(watch)
        watch.fold([rows[0]._replace(status=ReportStatus.QUARANTINED, changed=10**9)], 10**6)
        kept = both(watch)
        assert kept == anew(watch)
    used, firsts = kept
    assert len(firsts) == 50
    assert 0 < len(used) < 50


def test_of_two_copies_that_differ_neither_is_looked_at_and_the_first_is_compared() -> None:
    watch = filled(400)
    one, other = (results_of(first, 1, 100)[0] for first in (50, 100))
    watch.fold([one, other], 1)
    used, firsts = both(watch)
    assert used == []
    votes = {each["contestant"]: each["votes"] for each in one.figures["contestant_votes"]}
    assert {name: firsts[0][name] for name in "ABC"} == votes
