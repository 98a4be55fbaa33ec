"""One station, one stratum, all missing, all equal, no weight: an answer or a clear error."""

import math
from typing import Any

import numpy as np
import pytest

from analytics.survey.design import DesignProblem, Lonely, make_design
from analytics.survey.estimates import (
    estimate_mean,
    estimate_proportion,
    estimate_proportions,
    estimate_total,
)


def test_one_station_has_a_bound_but_no_standard_error() -> None:
    one = make_design(1, fpc=np.array([50.0]))
    found = estimate_proportion(one, np.zeros(1))
    assert (found.low, found.high) == pytest.approx((0, 1 - 0.025**0.98))
    for estimate in (estimate_mean, estimate_total):
        with pytest.raises(DesignProblem, match="one unit"):
            estimate(one, np.ones(1))


def test_two_visits_to_one_station_are_not_certainty() -> None:
    found = estimate_proportion(make_design(2, psu=[0, 0]), np.array([0.0, 1]))
    assert found.value == 0.5
    assert found.low < 0.1
    assert found.high > 0.9


def test_one_station_that_is_all_there_is_needs_no_interval() -> None:
    census = make_design(1, fpc=np.array([1.0]))
    found = estimate_proportion(census, np.ones(1))
    assert (found.value, found.low, found.high) == (1, 1, 1)
    assert estimate_mean(census, np.array([7.0])).se == 0


def test_one_stratum_is_a_simple_random_sample() -> None:
    y = np.arange(10.0)
    assert estimate_mean(make_design(10, strata=["a"] * 10), y) == estimate_mean(make_design(10), y)


def test_all_missing_is_said() -> None:
    with pytest.raises(DesignProblem, match="Nobody in the domain answered"):
        estimate_mean(make_design(3), np.full(3, np.nan))
    many = estimate_proportions(*np.zeros((2, 3, 2), dtype=bool), make_design(3))
    assert np.isnan(many.value).all()
    assert (many.n == 0).all()


def test_all_equal_has_no_spread() -> None:
    found = estimate_mean(make_design(9), np.full(9, 4.0))
    assert (found.value, found.se, found.low, found.high) == (4, 0, 4, 4)
    assert found.deff is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"weights": np.zeros(3)}, "weights: all are 0"),
        ({"weights": np.array([1, -1, 1.0])}, "weights: .* none below 0"),
        ({"weights": np.array([1, np.nan, 1])}, "weights: they must be numbers"),
        ({"weights": np.ones(2)}, "weights: 2 values for 3 rows"),
        ({"strata": ["a", "b"]}, "strata: 2 values for 3 rows"),
        ({"strata": ["a", None, "b"]}, "strata: row 2 has none"),
        ({"psu": np.array([1, 2, np.nan])}, "psu: row 3 has none"),
        ({"fpc": np.array([2.0, 2, 2])}, "fpc: more units were drawn"),
        ({"fpc": np.array([9.0, 9, 8])}, "fpc: it differs"),
        ({"fpc": np.array([0.5, 9, 9]), "strata": ["a", "b", "b"]}, "fpc: .* mixed"),
        ({"fpc": np.array([0.0, 1, 1])}, "fpc: a positive number"),
        ({"second_fpc": np.array([5.0, 0, 5])}, "second fpc: a positive number"),
        ({"lonely": "certainty"}, "lonely: 'certainty' is none of adjust"),
    ],
)
def test_a_design_that_cannot_be_is_refused_by_name(given: dict[str, Any], said: str) -> None:
    with pytest.raises(DesignProblem, match=said):
        make_design(3, **given)


def test_no_rows_and_no_denominator_are_said() -> None:
    with pytest.raises(DesignProblem, match="no rows"):
        make_design(0)
    with pytest.raises(DesignProblem, match="zeros and ones"):
        estimate_proportion(make_design(3), np.array([0, 1, 2.0]))


def test_rows_without_weight_are_in_no_number() -> None:
    design = make_design(4, weights=np.array([1.0, 1, 1, 0]))
    found = estimate_mean(design, np.array([1.0, 2, 3, 99]))
    assert (found.value, found.n, found.missing) == (2, 3, 0)


def test_no_interval_is_ever_not_a_number() -> None:
    for method in ("beta", "wilson", "logit", "t"):
        for seen in range(4):
            y = np.array([1.0] * seen + [0.0] * (3 - seen))
            found = estimate_proportion(make_design(3), y, method=method)  # type: ignore[arg-type]
            assert math.isfinite(found.low + found.high)
            assert found.low <= found.value <= found.high


@pytest.mark.parametrize("lonely", ["adjust", "average", "remove", "fail"])
def test_a_stratum_whose_only_unit_was_taken_is_not_lonely(lonely: Lonely) -> None:
    strata, sizes = list("abbbccc"), np.array([1.0, 9, 9, 9, 12, 12, 12])
    design = make_design(7, strata=strata, fpc=sizes, lonely=lonely)
    y = np.array([1.0, 5, 3, 8, 2, 9, 4])
    # R 4.2.2, survey 4.1-1, for each of its rules.
    assert estimate_mean(design, y).se == pytest.approx(1.09657618925589, rel=1e-14)
    both = np.isin(np.arange(7), [1, 4])[:, None]
    many = estimate_proportions(both, np.ones((7, 1), dtype=bool), design)
    assert many.se[0, 0] == pytest.approx(
        estimate_proportion(design, both[:, 0].astype(np.float64)).se
    )
