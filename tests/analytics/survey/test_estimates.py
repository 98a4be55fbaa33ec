"""The traps of design-based estimates, each with the number that the trap would give."""

import numpy as np
import pytest
from scipy import stats

from analytics.survey.design import Design, DesignProblem, Floats, Ints, make_design, post_stratify
from analytics.survey.estimates import (
    estimate_mean,
    estimate_proportion,
    estimate_ratio,
    estimate_total,
)
from analytics.survey.intervals import beta_interval, t_interval

RNG = np.random.default_rng(11)
STRATA: Ints = np.repeat(np.arange(4), [30, 40, 20, 10])
SIZES: Floats = np.array([100.0, 400.0, 50.0, 40.0])[STRATA]
Y: Floats = RNG.normal(5 + STRATA, 2)
X: Floats = RNG.uniform(1, 3, len(Y))
INSIDE = RNG.random(len(Y)) < 0.3


def stratified() -> Design:
    return make_design(len(Y), strata=STRATA, fpc=SIZES)


def filtered(kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Design:
    whole = stratified()
    return make_design(int(kept.sum()), strata=STRATA[kept], weights=whole.weights[kept])


def test_a_stratified_mean_is_the_formula_of_the_textbook() -> None:
    found, whole = estimate_mean(stratified(), Y), 590.0
    mean, variance = 0.0, 0.0
    for h, size in enumerate([100, 400, 50, 40]):
        here = Y[h == STRATA]
        mean += size / whole * here.mean()
        variance += (size / whole) ** 2 * (1 - len(here) / size) * here.var(ddof=1) / len(here)
    assert found.value == pytest.approx(mean, rel=1e-13)
    assert found.se == pytest.approx(np.sqrt(variance), rel=1e-13)
    assert found.high - found.value == pytest.approx(stats.t.ppf(0.975, 96) * found.se, rel=1e-10)


def test_a_ratio_agrees_with_leaving_out_one_unit_at_a_time() -> None:
    """The jackknife is another road to the same variance, equal but for second-order terms."""
    rows = 4000
    y, x = RNG.uniform(0, 2, rows), RNG.uniform(1, 3, rows)
    found = estimate_ratio(make_design(rows), y, x)
    without = (y.sum() - y) / (x.sum() - x)
    jackknife = np.sqrt((rows - 1) / rows * np.sum((without - without.mean()) ** 2))
    assert found.se == pytest.approx(jackknife, rel=1e-3)


def test_a_domain_keeps_the_units_of_the_whole_design() -> None:
    """Filtering first loses the units that the domain missed, and with them their variance."""
    y, inside = np.array([3.0, 5, 8, 0, 0, 0]), np.arange(6) < 3
    found = estimate_mean(make_design(6), y, inside)
    z = np.array([3 - 16 / 3, 5 - 16 / 3, 8 - 16 / 3, 0, 0, 0]) / 3
    assert found.se == pytest.approx(np.sqrt(6 / 5 * np.sum(z**2)), rel=1e-13)
    filtered_first = estimate_mean(make_design(3), y[inside]).se
    assert filtered_first == pytest.approx(np.sqrt(3 / 2 * np.sum(z**2)), rel=1e-13)
    assert (found.n, found.df) == (3, 2)


def test_the_nation_is_not_the_sum_of_domains_that_cut_across_units() -> None:
    unit = np.repeat(np.arange(40), 2)
    domain, level = np.tile([0, 1], 40), np.repeat(RNG.normal(0, 1, 40), 2)
    design, y = make_design(80, psu=unit), level + RNG.normal(0, 0.1, 80)
    parts = [estimate_total(design, y, domain == each).se for each in (0, 1)]
    assert estimate_total(design, y).se > 1.3 * np.hypot(*parts)


def test_missing_answers_stay_in_the_design() -> None:
    y = np.where(INSIDE, np.nan, Y)
    found = estimate_mean(stratified(), y)
    assert found == estimate_mean(stratified(), Y, ~INSIDE).__class__(
        **{**vars(estimate_mean(stratified(), Y, ~INSIDE)), "missing": int(INSIDE.sum())}
    )
    assert found.n + found.missing == len(Y)
    assert found.se != pytest.approx(estimate_mean(filtered(~INSIDE), Y[~INSIDE]).se, rel=1e-3)


def test_a_single_unit_is_measured_from_the_grand_mean_and_the_output_says_so() -> None:
    y = np.array([1.0, 2, 3, 9])
    strata = [0, 0, 0, 1]
    adjusted = estimate_mean(make_design(4, strata=strata), y)
    removed = estimate_mean(make_design(4, strata=strata, lonely="remove"), y)
    inside = 3 / 2 * (1 + 0 + 1) / 16
    assert removed.se == pytest.approx(np.sqrt(inside))
    assert adjusted.se == pytest.approx(np.sqrt(inside + (9 - 3.75) ** 2 / 16))
    assert "strata with a single unit (1) centred at the grand mean" in adjusted.design
    with pytest.raises(DesignProblem, match="single primary unit"):
        make_design(4, strata=strata, lonely="fail")


def test_none_seen_is_at_most_so_much_by_the_stations_that_answered_not_by_their_visits() -> None:
    station = np.repeat(np.arange(300), 3)
    design = make_design(900, psu=station, fpc=np.full(900, 3000.0))
    found = estimate_proportion(design, np.zeros(900))
    assert found.low == 0
    assert found.high == pytest.approx(1 - 0.025 ** (0.9 / 300), rel=1e-12)
    assert found.n == 300


def test_unequal_visits_to_equal_stations_do_not_change_the_bound() -> None:
    station = np.concatenate([np.arange(300), np.zeros(50, dtype=np.int64)])
    found = estimate_proportion(make_design(350, psu=station), np.zeros(350))
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 300), rel=1e-12)


def test_all_seen_is_the_mirror_of_none_seen() -> None:
    none = estimate_proportion(make_design(50), np.zeros(50))
    every = estimate_proportion(make_design(50), np.ones(50))
    assert (every.low, every.high) == pytest.approx((1 - none.high, 1 - none.low))


def test_rare_irregularities_are_covered_where_the_usual_interval_fails() -> None:
    """Exact coverage at n = 300 and 0.3 %: over all counts that a sample could show."""
    n, truth = 300, 0.003
    seen = np.arange(n + 1)
    chance, p = stats.binom.pmf(seen, n, truth), seen / n
    se, full = np.sqrt(p * (1 - p) / (n - 1)), np.full(n + 1, float(n))
    beta = beta_interval(p, se, full, full - 1, 0.05, full)
    wald = t_interval(p, se, full - 1, 0.05)
    covered = [float(chance[(low <= truth) & (truth <= high)].sum()) for low, high in (beta, wald)]
    assert covered[0] > 0.98
    assert covered[1] < 0.6


def test_the_margin_of_few_clusters_uses_their_degrees_of_freedom() -> None:
    design = make_design(60, psu=np.repeat(np.arange(6), 10), strata=np.repeat([0, 1], 30))
    found = estimate_mean(design, RNG.normal(0, 1, 60))
    assert found.df == 4
    assert found.margin == pytest.approx(stats.t.ppf(0.975, 4) * found.se, rel=1e-10)


def test_post_strata_of_equal_size_to_the_sample_change_no_value() -> None:
    design = make_design(len(Y), weights=np.full(len(Y), 5.0))
    classes = INSIDE.astype(np.int64)
    fitted = post_stratify(design, classes, np.bincount(classes) * 5.0)
    assert estimate_mean(fitted, Y).value == pytest.approx(estimate_mean(design, Y).value)
    assert estimate_total(fitted, INSIDE.astype(float)).se == pytest.approx(0, abs=1e-9)
    with pytest.raises(DesignProblem, match="nothing came from class 2"):
        post_stratify(design, classes, np.array([1.0, 2, 3]))
