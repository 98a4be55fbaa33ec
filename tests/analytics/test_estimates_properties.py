"""What holds for every sample: hypothesis makes the samples."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.numbers import Estimate
from analytics.survey.design import Design, Floats, Ints, Lonely, Truths, make_design, number_off
from analytics.survey.estimates import (
    Proportions,
    estimate_mean,
    estimate_proportion,
    estimate_proportions,
    estimate_total,
)

SEEDS = st.integers(0, 10**6)
calmly = settings(max_examples=60)


def sample(
    seed: int, rows: int = 60, lonely: Lonely = "adjust"
) -> tuple[Design, Truths, Truths, Ints]:
    """A random design with clusters, and answers of three indicators in four domains."""
    rng = np.random.default_rng(seed)
    strata = rng.integers(0, 5, rows)
    psu = rng.integers(0, rng.integers(4, 40), rows) if rng.random() < 0.5 else np.arange(rows)
    weights = rng.uniform(1, 3, rows) if rng.random() < 0.5 else 1.0 + strata
    fpc = np.full(rows, 0.2) + 0.1 * strata if rng.random() < 0.5 else None
    design = make_design(rows, strata=strata, psu=psu, weights=weights, fpc=fpc, lonely=lonely)
    seen = rng.random((rows, 3)) < [0.02, 0.3, 0.9]
    return design, seen, rng.random((rows, 3)) < 0.8, rng.integers(-1, 4, rows)


def one(
    found: Proportions, at: tuple[int, int]
) -> tuple[float, float, float, float, float, float, float]:
    return (
        found.value[at],
        found.se[at],
        found.low[at],
        found.high[at],
        found.n[at],
        found.df[at],
        found.seen[at],
    )


def same(left: Estimate, right: Estimate) -> None:
    assert (left.value, left.se, left.low, left.high, left.df) == pytest.approx(
        (right.value, right.se, right.low, right.high, right.df), rel=1e-9, abs=1e-12
    )


@calmly
@given(SEEDS, st.sampled_from(["adjust", "remove", "average"]))
def test_many_at_once_are_the_same_as_one_by_one(seed: int, lonely: Lonely) -> None:
    design, seen, answered, domain = sample(seed, lonely=lonely)
    found = estimate_proportions(seen, answered, design, domain, 4)
    for d in range(4):
        for j in range(3):
            y = np.where(answered[:, j], seen[:, j], np.nan)
            if not np.any(answered[:, j] & (domain == d)):
                assert found.n[d, j] == 0
                assert np.isnan(found.value[d, j])
                continue
            single = estimate_proportion(design, y, domain == d)
            assert one(found, (d, j)) == pytest.approx(
                (
                    single.value,
                    single.se,
                    single.low,
                    single.high,
                    single.n,
                    single.df,
                    single.seen,
                ),
                rel=1e-9,
                abs=1e-10,
            )


@calmly
@given(SEEDS, st.floats(0.01, 1000))
def test_scaling_the_weights_changes_no_proportion(seed: int, factor: float) -> None:
    design, seen, answered, _ = sample(seed)
    y = np.where(answered[:, 1], seen[:, 1], np.nan)
    scaled = replace(design, weights=design.weights * factor)
    same(estimate_proportion(scaled, y), estimate_proportion(design, y))


@calmly
@given(SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    design, seen, answered, domain = sample(seed)
    order = np.random.default_rng(seed).permutation(design.rows)
    y: Floats = np.where(answered[:, 1], seen[:, 1], np.nan)
    shuffled = replace(
        design,
        weights=design.weights[order],
        strata=design.strata[order],
        psu=design.psu[order],
        fraction=design.fraction[order],
    )
    same(estimate_mean(shuffled, y[order]), estimate_mean(design, y))
    many = estimate_proportions(seen, answered, design, domain, 4)
    again = estimate_proportions(seen[order], answered[order], shuffled, domain[order], 4)
    np.testing.assert_allclose(again.high, many.high, rtol=1e-9)


@calmly
@given(SEEDS)
def test_splitting_a_stratum_keeps_totals(seed: int) -> None:
    rng = np.random.default_rng(seed)
    y, strata = rng.normal(10, 3, 80), np.repeat([0, 1], 40)
    weights = 1.0 + strata
    whole = estimate_total(make_design(80, strata=strata, weights=weights), y)
    split = estimate_total(make_design(80, strata=np.repeat(range(8), 10), weights=weights), y)
    assert split.value == pytest.approx(whole.value, rel=1e-12)
    assert (whole.df, split.df) == (78, 72)


@calmly
@given(SEEDS)
def test_an_interval_holds_its_value_and_stays_between_none_and_all(seed: int) -> None:
    design, seen, answered, domain = sample(seed)
    found = estimate_proportions(seen, answered, design, domain, 4)
    given_any = found.n > 0
    for left, right in ((0, found.low), (found.low, found.value), (found.value, found.high)):
        assert np.all((np.asarray(left) <= right + 1e-12)[given_any])
    assert np.all(found.high[given_any] <= 1)
    assert np.all((found.high > 0)[given_any])


@given(st.lists(st.integers(-3, 10**6) | st.integers(0, 9), max_size=40))
def test_labels_are_numbered_alike_in_a_table_and_by_sorting(labels: list[int]) -> None:
    different, number = number_off(np.array(labels, dtype=np.int64))
    assert different.tolist() == sorted(set(labels))
    assert different[number].tolist() == labels
