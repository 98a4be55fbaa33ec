"""Is one higher than the other? Held against R and against chance, and never of counts."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.comparison import (
    Compared,
    NotCompared,
    Sampled,
    compare,
    compare_samples,
    difference,
    error_of,
    together,
)
from analytics.design import DesignProblem, Floats
from analytics.drawn import DrawnSample
from analytics.estimates import estimate_proportion, estimate_proportions
from analytics.numbers import Estimate, ObservedCount
from schemas.mission import Kind

HALF = Estimate(0.5, 0.03, 0.44, 0.56, 0.95, 100, 90.0, 1.0, "t")
HIGHER = replace(HALF, value=0.7, low=0.64, high=0.76)
COUNT: Any = ObservedCount(7, 10, 10)


def test_the_difference_is_that_of_r_s_t_test_on_its_sleep_data() -> None:
    # R's help page of t.test: t = -1.8608, df = 17.776, p-value = 0.07939,
    # 95 percent confidence interval -3.3654832 0.2054832.
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    one, other = (
        replace(HALF, value=float(np.mean(x)), se=float(np.std(x, ddof=1) / 10**0.5), df=9.0)
        for x in (first, second)
    )
    found = difference(one, other)
    assert found.value / found.se == pytest.approx(-1.8608, abs=5e-5)
    assert found.df == pytest.approx(17.776, abs=5e-4)
    assert found.p == pytest.approx(0.07939, abs=5e-6)
    assert (found.low, found.high) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)


def test_a_difference_has_the_error_of_both() -> None:
    found = difference(replace(HALF, value=0.6, se=0.04), HALF)
    assert (found.value, found.se) == pytest.approx((0.1, 0.05))
    assert found.df == pytest.approx(0.0025**2 / (0.0016**2 / 90 + 0.0009**2 / 90))
    # R: 2 * pt(-2, 166.9139465875371)
    assert found.p == pytest.approx(0.0471220969731, rel=1e-10)
    assert 0 < found.low < found.value < found.high


ESTIMATES = st.builds(
    lambda value, se, df, n: Estimate(
        value, se, max(value - 2 * se, 0), min(value + 2 * se, 1), 0.95, n, df, None, "beta"
    ),
    st.floats(0.01, 0.99), st.floats(0.001, 0.2), st.floats(1, 500), st.integers(30, 4000),
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(ESTIMATES, ESTIMATES, st.integers(1, 40))
def test_swapping_the_sides_flips_the_sign_and_nothing_else(
    one: Estimate, other: Estimate, tests: int
) -> None:
    there, back = compare(one, other, tests), compare(other, one, tests)
    assert isinstance(there, Compared)
    assert isinstance(back, Compared)
    a, b = there.difference, back.difference
    assert (a.value, a.low, a.high) == pytest.approx((-b.value, -b.high, -b.low), abs=1e-15)
    assert (a.se, a.df, a.p) == pytest.approx((b.se, b.df, b.p))
    flipped = {"higher": "lower", "lower": "higher", "not_different": "not_different"}
    assert back.verdict == flipped[there.verdict]
    assert (there.verdict != "not_different") == (a.p < 0.05 / tests)


def test_many_tests_together_are_each_made_at_a_part_of_the_error() -> None:
    close = replace(HALF, value=0.586, low=0.526, high=0.646)
    alone = compare(close, HALF)
    assert isinstance(alone, Compared)
    assert alone.verdict == "higher"
    found = together([("a", alone), ("b", compare(HIGHER, HALF)),
                      ("c", NotCompared(HALF, COUNT, "not_a_sample"))])  # fmt: skip
    one, two, three = (each for _, each in found)
    assert isinstance(one, Compared)
    assert isinstance(two, Compared)
    assert (one.tests, one.verdict, two.verdict) == (2, "not_different", "higher")
    assert one.difference.level == pytest.approx(0.975)
    assert isinstance(three, NotCompared)


@pytest.mark.parametrize(("first", "second"), [(COUNT, HALF), (HALF, COUNT), (COUNT, COUNT)])
def test_a_count_is_compared_with_nothing(first: Any, second: Any) -> None:
    tested = difference(HIGHER, HALF)
    with pytest.raises(TypeError, match="compared with nothing"):
        Compared(first, second, tested, 1)


def test_two_samples_of_two_frames_are_not_compared() -> None:
    found = compare_samples(Sampled(HIGHER, "a"), Sampled(HALF, "b"))
    assert found == NotCompared(HIGHER, HALF, "frames")
    same = compare_samples(Sampled(HIGHER, "a"), Sampled(HALF, "a"))
    assert isinstance(same, Compared)
    assert same.verdict == "higher"


@pytest.mark.parametrize(("changed", "why"), [
    ({"n": 29}, "few"), ({"level": 0.9}, "levels"),
    ({"se": 0.0, "low": 0.7, "high": 0.7}, "no_error"),
])  # fmt: skip
def test_what_cannot_be_tested_says_why(changed: dict[str, Any], why: str) -> None:
    other = replace(HALF, se=0.0, low=0.5, high=0.5) if why == "no_error" else HALF
    found = compare(replace(HIGHER, **changed), other)
    assert isinstance(found, NotCompared)
    assert found.why == why


def test_the_formula_alone_refuses_other_levels_and_two_censuses() -> None:
    with pytest.raises(DesignProblem, match="levels"):
        difference(HALF, replace(HALF, level=0.9))
    certain = replace(HALF, se=0.0, low=0.5, high=0.5)
    with pytest.raises(DesignProblem, match="standard error"):
        difference(certain, certain)


def sample_of(population: int, drawn: int) -> DrawnSample:
    at = np.arange(drawn)
    return DrawnSample(Kind.DOMESTIC, at, at % 4, np.full(drawn, population // 4), at % 4)


def none_of(drawn: int) -> Estimate:
    return estimate_proportion(sample_of(4000, drawn).whole, np.zeros(drawn))


def test_none_seen_is_not_certain_and_is_compared_by_its_bound() -> None:
    none = none_of(100)
    assert (none.value, none.se) == (0.0, 0.0)
    reach = stats.t.ppf(0.975, none.df)
    assert error_of(none) == pytest.approx(none.high / reach)
    rare = replace(HALF, value=0.02, se=0.005, low=0.011, high=0.033)
    found = compare(none, rare)
    assert isinstance(found, Compared)
    assert found.verdict == "not_different"  # by rare's own error alone it would be lower
    assert rare.value / rare.se > reach
    often = compare(none, HALF)
    assert isinstance(often, Compared)
    assert often.verdict == "lower"
    both = compare(none, none)
    assert isinstance(both, Compared)
    assert both.difference.low < 0 < both.difference.high


STATIONS, INDICATORS = 1200, 10


def country(rng: np.random.Generator) -> Floats:
    """Whether each indicator is so at each station, in four strata that differ."""
    share = np.array([0.08, 0.12, 0.2, 0.3, 0.5, 0.5, 0.7, 0.8, 0.9, 0.15])
    tilt = np.array([-0.05, 0.0, 0.0, 0.05])[np.arange(STATIONS) % 4]
    return (rng.random((STATIONS, INDICATORS)) < share + tilt[:, None]) * 1.0


def drawn_from(truth: Floats, size: int, rng: np.random.Generator) -> list[Estimate]:
    """Every indicator as a stratified sample of the country has it."""
    here = [rng.permutation(np.arange(h, STATIONS, 4))[: size // 4] for h in range(4)]
    at = np.concatenate(here)
    sizes = np.full(size, STATIONS // 4)
    design = DrawnSample(Kind.DOMESTIC, at, at % 4, sizes, at % 4).whole
    found = estimate_proportions(truth[at] == 1, np.ones((size, INDICATORS), dtype=bool), design)
    return [
        Estimate(
            float(found.value[0, i]), float(found.se[0, i]), float(found.low[0, i]),
            float(found.high[0, i]), 0.95, size, float(found.df[0, i]), None, "beta",
        )
        for i in range(INDICATORS)
    ]  # fmt: skip


@pytest.mark.parametrize("sizes", [(240, 120), (80, 60)])
def test_where_nothing_differs_the_test_says_so_as_often_as_promised(
    request: pytest.FixtureRequest, sizes: tuple[int, int]
) -> None:
    draws = 4000 if request.config.getoption("--faults") == "full" else 400
    rng = np.random.default_rng(12)
    truth = country(rng)
    alone = any_of_page = 0
    for _ in range(draws):
        pairs = zip(*(drawn_from(truth, size, rng) for size in sizes), strict=True)
        rows = [(at, compare(*each)) for at, each in enumerate(pairs)]
        alone += sum(_differs(each) for _, each in rows)
        any_of_page += any(_differs(each) for _, each in together(rows))
    margin = 3 * (0.05 * 0.95 / draws) ** 0.5
    assert 0.035 < alone / (draws * INDICATORS) < 0.06
    assert any_of_page / draws < 0.05 + margin


def test_a_difference_that_is_there_is_found() -> None:
    rng = np.random.default_rng(5)
    truth = country(rng)
    other = truth.copy()
    other[:, 3] = (rng.random(STATIONS) < 0.55) * 1.0
    found = 0
    for _ in range(100):
        one, two = drawn_from(truth, 240, rng)[3], drawn_from(other, 120, rng)[3]
        compared = compare(one, two)
        assert isinstance(compared, Compared)
        found += compared.verdict == "lower"
    assert found > 90


def _differs(found: Any) -> bool:
    return isinstance(found, Compared) and found.verdict != "not_different"
