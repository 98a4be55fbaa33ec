"""Shares from what strata add up to are those of the design itself."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from analytics.numbers import Estimate
from analytics.results.quick_count import ProtocolResults, SampledStratum, ratios_by_design
from analytics.results.singly_drawn import SinglyDrawn
from analytics.results.vote_design import VoteDesign, by_strata
from analytics.survey.design import DesignProblem

STRATA = tuple(
    SampledStratum(code, size, drawn)
    for code, size, drawn in (("a", 40, 12), ("b", 12, 12), ("c", 900, 12), ("d", 7, 1))
)
ROW = some.tuples(
    some.sampled_from([0, 0, 1, 1, 2, 2, 2]), some.integers(0, 60), some.integers(1, 60)
)
ROWS = some.lists(ROW, min_size=2, max_size=12)
SYSTEMATIC = VoteDesign(
    "none", np.array([40 / 12, 1.0, 75.0, 7.0]), np.zeros(4, dtype=np.int64), ("",)
)


def results(rows: list[tuple[int, int, int]], drawn: VoteDesign | None = None) -> ProtocolResults:
    stratum, votes, rest = np.array(rows, dtype=np.int64).T
    return ProtocolResults(
        ("A", "B"),
        STRATA,
        stratum,
        np.column_stack([votes, rest]).astype(float),
        (votes + rest).astype(float),
        drawn=drawn,
    )


def same(one: Estimate, other: Estimate) -> None:
    for each in fields(Estimate):
        mine, theirs = getattr(one, each.name), getattr(other, each.name)
        if isinstance(mine, float):
            assert mine == pytest.approx(theirs, rel=1e-9, abs=1e-12), each.name
        elif each.name not in ("missing", "population"):
            assert mine == theirs, each.name


@pytest.mark.parametrize("adjusted", [True, False])
@pytest.mark.parametrize("drawn", [None, SYSTEMATIC], ids=["strata", "systematic"])
@given(rows=ROWS)
@example(rows=[(0, 1, 2), (0, 1, 2), (1, 1, 1), (1, 1, 1)])
def test_shares_are_those_of_the_design(
    rows: list[tuple[int, int, int]], drawn: VoteDesign | None, adjusted: bool
) -> None:
    given_ = results(rows, drawn)
    found = SinglyDrawn(given_, adjusted).shares(0.95)
    by_design = ratios_by_design(given_, 0.95, adjusted=adjusted)
    for one, other in zip(found, by_design, strict=True):
        same(replace(one, deff=None), replace(other, deff=None))
        if other.deff is not None and other.se > 1e-9:
            assert one.deff == pytest.approx(other.deff, rel=1e-6)


def test_a_stratum_of_which_one_station_came_is_said() -> None:
    (first, _) = SinglyDrawn(results([(0, 5, 5), (0, 6, 5), (3, 1, 9)]), adjusted=True).shares(0.95)
    assert "2 strata" in first.design
    assert "single unit (1)" in first.design


def test_a_stratum_that_came_whole_adds_no_variance() -> None:
    every = [(1, votes, 40 - votes) for votes in range(12)]
    (first, _) = SinglyDrawn(results(every), adjusted=True).shares(0.95)
    assert first.se == pytest.approx(0, abs=1e-12)


def test_votes_of_nothing_are_no_share() -> None:
    nothing = results([(0, 0, 1), (1, 0, 1)])
    nothing = replace(nothing, below=nothing.below * 0)
    with pytest.raises(DesignProblem):
        SinglyDrawn(nothing, adjusted=True).shares(0.95)


def test_a_class_that_was_not_drawn_from_is_no_stratum() -> None:
    design = by_strata(["a", "b", "c", "d"], np.array([40.0, 12, 900, 7]), np.array([12.0] * 4))
    (first, _) = SinglyDrawn(results([(0, 5, 5), (0, 6, 5)], design), adjusted=False).shares(0.95)
    assert first.df == 1
    assert first.design.startswith("simple random sample")
