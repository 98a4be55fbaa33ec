"""Is one higher than the other? Held against R and against chance, and never of counts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.numbers import Estimate, ObservedCount
from analytics.observation.drawn_sample import DrawnSample
from analytics.survey.design import DesignProblem, Floats
from analytics.survey.difference_tests import (
    DifferenceTest,
    NotCompared,
    Sampled,
    compare,
    compare_samples,
    difference,
    share_limits,
    together,
)
from analytics.survey.estimates import estimate_proportion, estimate_proportions
from schemas.mission import Kind

HALF = Estimate(0.5, 0.03, 0.44, 0.56, 0.95, 100, 90.0, 1.0, "t")
HIGHER = replace(HALF, value=0.7, low=0.64, high=0.76)
QT = 1.974278385840  # R: qt(0.975, 166.9139465875371)
COUNT: Any = ObservedCount(7, 10, 10, unit="station")


def test_the_difference_is_that_of_r_s_t_test_on_its_sleep_data() -> None:
    # R's help page of t.test: t = -1.8608, df = 17.776,
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
    assert (found.low, found.high) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)


def test_a_difference_has_the_error_of_both() -> None:
    found = difference(replace(HALF, value=0.6, se=0.04), HALF)
    assert (found.value, found.se) == pytest.approx((0.1, 0.05))
    assert found.df == pytest.approx(0.0025**2 / (0.0016**2 / 90 + 0.0009**2 / 90))
    # R: 0.1 - qt(0.975, 166.9139465875371) * 0.05
    assert found.low == pytest.approx(0.1 - QT * 0.05, rel=1e-10)
    assert 0 < found.low < found.value < found.high


def test_shares_take_newcombe_s_interval_from_the_limits_of_their_own() -> None:
    # Newcombe's 56 of 70 against 48 of 80, with the limits of Clopper and Pearson for n − 1 of n,
    # which are Korn and Graubard's where stations are drawn singly from a frame without end.
    shares = [(56, 70), (48, 80)]
    one, other = (
        replace(
            HALF,
            value=k / n,
            se=(k / n * (1 - k / n) / (n - 1)) ** 0.5,
            n=n,
            df=n - 1.0,
            method="beta",
        )
        for k, n in shares
    )
    found = difference(one, other)
    (l1, u1), (l2, u2) = (
        (stats.beta.ppf(0.025, seen, left + 1), stats.beta.ppf(0.975, seen + 1, left))
        for k, n in shares
        for seen, left in [(k * (n - 1) / n, (n - k) * (n - 1) / n)]
    )
    assert found.value == pytest.approx(0.2)
    assert found.low == pytest.approx(0.2 - np.hypot(0.8 - l1, u2 - 0.6), rel=1e-9)
    assert found.high == pytest.approx(0.2 + np.hypot(u1 - 0.8, 0.6 - l2), rel=1e-9)


def test_at_its_own_level_a_share_s_limits_are_its_interval() -> None:
    truth = country(np.random.default_rng(1))
    for each in [*drawn_from(truth, 80, np.random.default_rng(2)), none_of(60), all_of(60)]:
        assert share_limits(each, 0.05) == pytest.approx((each.low, each.high), rel=1e-9)
        wider = share_limits(each, 0.01)
        assert wider[0] <= each.low <= each.high <= wider[1]


ESTIMATES = st.builds(
    lambda value, se, df, n: Estimate(
        value, se, max(value - 2 * se, 0), min(value + 2 * se, 1), 0.95, n, df, None, "beta"
    ),
    st.floats(0.01, 0.99),
    st.floats(0.001, 0.2),
    st.floats(1, 500),
    st.integers(30, 4000),
)


@settings(max_examples=200)
@given(ESTIMATES, ESTIMATES, st.integers(1, 40))
def test_swapping_the_sides_flips_the_sign_and_nothing_else(
    one: Estimate, other: Estimate, tests: int
) -> None:
    there, back = compare(one, other, tests), compare(other, one, tests)
    assert isinstance(there, DifferenceTest)
    assert isinstance(back, DifferenceTest)
    a, b = there.difference, back.difference
    assert (a.value, a.low, a.high) == pytest.approx((-b.value, -b.high, -b.low), abs=1e-15)
    assert (a.se, a.df) == pytest.approx((b.se, b.df))
    flipped = {"higher": "lower", "lower": "higher", "not_different": "not_different"}
    assert back.verdict == flipped[there.verdict]
    assert (there.verdict != "not_different") == (a.low > 0 or a.high < 0)


def test_many_tests_together_are_each_made_at_a_part_of_the_error() -> None:
    close = replace(HALF, value=0.587, low=0.527, high=0.647)
    alone = compare(close, HALF)
    assert isinstance(alone, DifferenceTest)
    assert alone.verdict == "higher"
    found = together(
        [
            ("a", alone),
            ("b", compare(HIGHER, HALF)),
            ("c", NotCompared(HALF, COUNT, "not_a_sample")),
        ]
    )
    one, two, three = (each for _, each in found)
    assert isinstance(one, DifferenceTest)
    assert isinstance(two, DifferenceTest)
    assert (one.tests, one.verdict, two.verdict) == (2, "not_different", "higher")
    assert one.difference.level == pytest.approx(0.975)
    assert isinstance(three, NotCompared)


@pytest.mark.parametrize(("first", "second"), [(COUNT, HALF), (HALF, COUNT), (COUNT, COUNT)])
def test_a_count_is_compared_with_nothing(first: Any, second: Any) -> None:
    tested = difference(HIGHER, HALF)
    with pytest.raises(TypeError, match="compared with nothing"):
        DifferenceTest(first, second, tested, 1)


def test_two_samples_of_two_frames_are_not_compared() -> None:
    found = compare_samples(Sampled(HIGHER, "a"), Sampled(HALF, "b"))
    assert found == NotCompared(HIGHER, HALF, "frames")
    same = compare_samples(Sampled(HIGHER, "a"), Sampled(HALF, "a"))
    assert isinstance(same, DifferenceTest)
    assert same.verdict == "higher"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"n": 29}, "few"),
        ({"level": 0.9}, "levels"),
        ({"se": 0.0, "low": 0.7, "high": 0.7}, "no_error"),
    ],
)
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


def all_of(drawn: int) -> Estimate:
    return estimate_proportion(sample_of(4000, drawn).whole, np.ones(drawn))


def test_none_seen_is_not_certain_and_is_compared_by_its_bound() -> None:
    none, rare = none_of(100), replace(none_of(400), value=0.02, se=0.005, low=0.011, high=0.033)
    assert (none.value, none.se) == (0.0, 0.0)
    found = compare(none, rare)
    assert isinstance(found, DifferenceTest)
    assert found.verdict == "not_different"  # by rare's own error alone it would be lower
    assert rare.value > 1.97 * rare.se
    often = compare(none, replace(HALF, method="beta"))
    assert isinstance(often, DifferenceTest)
    assert often.verdict == "lower"
    both = compare(none, none)
    assert isinstance(both, DifferenceTest)
    assert both.difference.low < 0 < both.difference.high


STATIONS, INDICATORS = 1200, 10


USUAL = (0.08, 0.12, 0.2, 0.3, 0.5, 0.5, 0.7, 0.8, 0.9, 0.15)
RARE = (0.01, 0.01, 0.02, 0.03, 0.03, 0.04, 0.05, 0.05, 0.08, 0.1)


def country(rng: np.random.Generator, shares: Sequence[float] = USUAL) -> Floats:
    """Whether each indicator is so at each station, in four strata that differ."""
    share = np.array(shares)
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
            float(found.value[0, i]),
            float(found.se[0, i]),
            float(found.low[0, i]),
            float(found.high[0, i]),
            0.95,
            size,
            float(found.df[0, i]),
            None,
            "beta",
        )
        for i in range(INDICATORS)
    ]


@pytest.mark.parametrize(
    ("sizes", "shares", "least"),
    [((240, 120), USUAL, 0.025), ((80, 60), USUAL, 0.025), ((480, 96), RARE, 0.005)],
)
def test_where_nothing_differs_the_test_says_so_as_often_as_promised(
    request: pytest.FixtureRequest, sizes: tuple[int, int], shares: tuple[float, ...], least: float
) -> None:
    draws = 4000 if request.config.getoption("--faults") == "full" else 400
    rng = np.random.default_rng(12)
    truth = country(rng, shares)
    alone = any_of_page = 0
    for _ in range(draws):
        pairs = zip(*(drawn_from(truth, size, rng) for size in sizes), strict=True)
        rows = [(at, compare(*each)) for at, each in enumerate(pairs)]
        alone += sum(_differs(each) for _, each in rows)
        any_of_page += any(_differs(each) for _, each in together(rows))
    margin = 3 * (0.05 * 0.95 / draws) ** 0.5
    assert least < alone / (draws * INDICATORS) < 0.05 + margin / 2
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
        assert isinstance(compared, DifferenceTest)
        found += compared.verdict == "lower"
    assert found > 90


def _differs(found: Any) -> bool:
    return isinstance(found, DifferenceTest) and found.verdict != "not_different"
