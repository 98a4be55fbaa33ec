"""Places in conflict, kept up, are those of which two counted reports differ."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.conflicts import StandingConflicts
from analytics.readings import Reading, Readings
from schemas.codes import STATUS_MASK
from schemas.mission import Kind

ROW = st.tuples(
    st.integers(0, 9), st.integers(-1, 3), st.booleans(),
    st.lists(st.sampled_from([1, 2, 0x12]), min_size=2, max_size=2),
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(st.lists(ROW, max_size=8), max_size=5))
def test_what_stands_is_what_comparing_everything_gives(batches: list[list[Any]]) -> None:
    readings, clock, held = Readings(("a", "b")), 0, dict[int, Any]()
    standing = StandingConflicts(readings)
    for batch in batches:
        rows = []
        for report, place, counted, codes in batch:
            clock += 1
            held[report] = (place, counted, codes)
            rows.append(Reading(clock, UUID(int=report), 1, bytes(codes), counted, Kind.DOMESTIC,
                                place=place))  # fmt: skip
        readings.fold(rows)
        said: defaultdict[int, set[Any]] = defaultdict(set)
        for place, counted, codes in held.values():
            if counted and place >= 0:
                said[place].add(tuple(code & STATUS_MASK for code in codes))
        assert standing.update().places == {at for at, some in said.items() if len(some) > 1}
