"""The rows of each place are found as they are held, however they moved."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.observation.held_rows import NO_PART, HeldRows

PLACES, ROWS = 5, 12
BATCH = st.dictionaries(
    st.integers(0, ROWS - 1), st.tuples(st.integers(-1, PLACES - 1), st.integers(NO_PART, 3))
)


@settings(max_examples=200)
@given(st.lists(BATCH, max_size=6))
def test_the_rows_of_places_are_those_that_were_last_put_there(
    batches: list[dict[int, tuple[int, int]]],
) -> None:
    held, last = HeldRows(PLACES, 2), dict[int, tuple[int, int]]()
    for batch in batches:
        held.reserve(ROWS)
        rows = np.array([*batch], dtype=np.int64)
        place, part = np.array([*batch.values()], dtype=np.int64).reshape(-1, 2).T
        held.put(rows, np.zeros((len(rows), 2), dtype=np.uint8), place, part)
        last |= batch
        for places in ([], [0], [1, 3], list(range(PLACES))):
            expected = [row for row, (at, part) in last.items() if at in places and part != NO_PART]
            assert sorted(held.at(np.array(places, dtype=np.int64)).tolist()) == sorted(expected)
