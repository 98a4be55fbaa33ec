"""What observers copied at stations: what is kept up is what reading everything gives."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.reading.copies import StandingCopies
from api.reading.held_protocols import HeldProtocols
from api.reading.protocols import Protocol
from schemas.report import ReportStatus
from tests.api.reading.test_protocols import NEWS, protocol


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
