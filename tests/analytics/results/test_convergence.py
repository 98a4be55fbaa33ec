"""A curve made at once is what counting the results until each of its moments gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.results.quick_count import (
    ProtocolResults,
    SampledStratum,
    converge,
    converge_one_by_one,
)

STRATA = tuple(SampledStratum(code, size, 12) for code, size in (("a", 40), ("b", 12), ("c", 900)))
ROW = st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(1, 60))


def results(rows: list[tuple[int, int, int]]) -> ProtocolResults:
    stratum, votes, rest = np.array(rows, dtype=np.int64).T
    return ProtocolResults(
        ("A", "B"),
        STRATA,
        stratum,
        np.column_stack([votes, rest]).astype(float),
        (votes + rest).astype(float),
    )


@given(st.lists(ROW, min_size=2, max_size=12), st.sets(st.integers(0, 12)))
def test_each_moment_is_a_count_of_its_own(rows: list[tuple[int, int, int]], at: set[int]) -> None:
    moments = sorted(each for each in at if each <= len(rows))
    whole = results(rows)
    found, other = converge(whole, 0, moments), converge_one_by_one(whole, 0, moments)
    assert len(found) == len(other)
    for (moment, one), (same, two) in zip(found, other, strict=True):
        assert moment == same
        for name in ("value", "se", "low", "high", "n", "df", "missing", "population"):
            assert getattr(one, name) == pytest.approx(getattr(two, name), rel=1e-6, abs=1e-7)


def test_votes_of_nothing_are_no_share() -> None:
    nothing = results([(0, 0, 1), (1, 0, 1)])
    nothing = ProtocolResults(
        nothing.contestants, STRATA, nothing.stratum, nothing.votes * 0, nothing.below * 0
    )
    assert converge(nothing, 0, [2]) == converge_one_by_one(nothing, 0, [2]) == ()
    assert converge(nothing, 0, []) == ()
