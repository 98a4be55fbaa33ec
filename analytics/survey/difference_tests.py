"""Tests of difference between the shares of two probability samples.

A :class:`DifferenceTest` cannot be made of anything but two estimates. Whatever else stands side by
side is :class:`NotCompared`, with the reason. Words such as "higher than" follow from a
``DifferenceTest`` alone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np

from analytics.numbers import Estimate, Number
from analytics.survey.design import DesignProblem
from analytics.survey.intervals import beta_interval, t_quantile
from analytics.wording import ENOUGH_FOR_ESTIMATE

Verdict = Literal["higher", "lower", "not_different"]
WhyNot = Literal[
    "not_a_sample",
    "by_hour",
    "response",
    "nobody_answered",
    "few",
    "frames",
    "question",
    "kind",
    "levels",
    "no_error",
]
"""Why two numbers are not compared: one is a count (nobody drew the stations, too little came,
nobody answered), rests on few stations, the samples are of two frames, the question was another,
asked by other observers, the levels differ, or both counted everything."""


@dataclass(frozen=True)
class Difference:
    """The difference of two estimates (first less second), and its interval at ``level``."""

    value: float
    se: float
    low: float
    high: float
    level: float
    df: float


@dataclass(frozen=True)
class Sampled:
    """An estimate, and the hash of the stations that its sample was drawn from."""

    number: Estimate
    frame: str


@dataclass(frozen=True)
class DifferenceTest:
    """Two estimates and the test of their difference, one of ``tests`` made together.

    The interval of the difference holds for all of them at once (Bonferroni), so that it leaves
    out 0 exactly where the verdict says so. Raises TypeError for anything but two estimates.
    """

    first: Estimate
    second: Estimate
    difference: Difference
    tests: int

    def __post_init__(self) -> None:
        if not (isinstance(self.first, Estimate) and isinstance(self.second, Estimate)):
            raise TypeError("first, second: a count of what was visited is compared with nothing")

    @property
    def verdict(self) -> Verdict:
        """Whether the first is higher or lower than the second, or not significantly different."""
        if self.difference.low <= 0 <= self.difference.high:
            return "not_different"
        return "higher" if self.difference.value > 0 else "lower"


@dataclass(frozen=True)
class NotCompared:
    """Two numbers that stand side by side, and why no test of them was made."""

    first: Number
    second: Number
    why: WhyNot


Comparison = DifferenceTest | NotCompared
T = TypeVar("T")


def difference(first: Estimate, second: Estimate, tests: int = 1) -> Difference:
    """The difference of two estimates from samples drawn apart, its interval at 1 − α/``tests``.

    se² = se₁² + se₂². Of two draws from one frame with seeds of their own that is exact: each
    draws from the whole frame whatever the other drew, so the estimates are independent, and the
    finite population of each stands in its own se. Where stations are in both samples by the same
    seed, or both kinds see the same hours, the estimates go together, and the sum says too much:
    the test errs to "not different". (Only a second draw from what the first left over would make
    it say too little; the house draws none.) Samples of two elections are independent.

    Means and ratios: d ± t·se, df by Satterthwaite (Biometrics Bulletin 2, 1946) and Welch.
    Shares: from the limits l and u of their own Korn–Graubard intervals at 1 − α/``tests``,
    d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²) (Newcombe, Statistics in
    Medicine 17, 1998, method 10; Zou and Donner, ibid. 27, 2008). The t interval called shares of
    two to ten per cent different up to five times too often where many were tested together, and
    knows nothing of a share of which none was seen. Raises DesignProblem where the levels differ
    or both counted every station.
    """
    if first.level != second.level:
        raise DesignProblem(f"The levels differ: {first.level:g} and {second.level:g}.")
    alpha = (1 - first.level) / tests
    value, se, df = first.value - second.value, math.hypot(first.se, second.se), _df(first, second)
    below, above = _reaches(first, second, alpha, float(t_quantile(alpha, np.float64(df))) * se)
    if below + above == 0:
        raise DesignProblem("Neither has a standard error: nothing can be tested.")
    return Difference(value, se, value - below, value + above, 1 - alpha, df)


def _df(first: Estimate, second: Estimate) -> float:
    """Satterthwaite's degrees of freedom; the fewer where neither has a standard error."""
    a, b = first.se**2, second.se**2
    if a + b == 0:
        return min(first.df, second.df)
    return float((a + b) ** 2 / (a**2 / first.df + b**2 / second.df))


def _reaches(first: Estimate, second: Estimate, alpha: float, by_t: float) -> tuple[float, float]:
    """How far the interval reaches below the difference, and above it."""
    if first.method != "beta" or second.method != "beta":
        return by_t, by_t
    (low, high), (least, most) = share_limits(first, alpha), share_limits(second, alpha)
    return (
        math.hypot(first.value - low, most - second.value),
        math.hypot(high - first.value, second.value - least),
    )


def share_limits(number: Estimate, alpha: float) -> tuple[float, float]:
    """A share's own interval, Korn and Graubard's, at another level than it was made at."""
    value, se, n, df, extreme = (
        np.asarray(each, dtype=np.float64)
        for each in (number.value, number.se, number.n, number.df, _extreme_n(number))
    )
    low, high = beta_interval(value, se, n, df, alpha, extreme)
    return float(low), float(high)


def _extreme_n(number: Estimate) -> float:
    """n* of a share of none or all, as its bound has it: 1 − (α/2)^(1/n*). A census has no end."""
    edge = 1 - number.high if number.value <= 0 else number.low
    if number.low == number.high:
        return math.inf
    if 0 < number.value < 1:
        return float(number.n)
    return math.log((1 - number.level) / 2) / math.log(edge)


def compare_samples(first: Sampled, second: Sampled, tests: int = 1) -> Comparison:
    """Two samples of one round against each other: only of one frame, by its hash."""
    if first.frame != second.frame:
        return NotCompared(first.number, second.number, "frames")
    return compare(first.number, second.number, tests)


def compare(first: Estimate, second: Estimate, tests: int = 1) -> Comparison:
    """Two estimates that speak of populations of their own, such as those of two elections."""
    why = why_not(first, second)
    if why is not None:
        return NotCompared(first, second, why)
    return DifferenceTest(first, second, difference(first, second, tests), tests)


def why_not(first: Estimate, second: Estimate) -> WhyNot | None:
    """What forbids a test of two estimates; None where one can be made."""
    if min(first.n, second.n) < ENOUGH_FOR_ESTIMATE:
        return "few"
    if first.level != second.level:
        return "levels"
    certain = first.low == first.high and second.low == second.high
    return "no_error" if certain else None


def together(found: Iterable[tuple[T, Comparison]]) -> tuple[tuple[T, Comparison], ...]:
    """Comparisons shown together, each interval widened so that all hold at once (Bonferroni).

    With m tests each is made at α/m: a page of forty indicators calls one of them different by
    chance no oftener than a page of one. Bonferroni rather than Holm, because its interval is
    that of its verdict.
    """
    rows: Sequence[tuple[T, Comparison]] = tuple(found)
    tests = sum(isinstance(each, DifferenceTest) for _, each in rows)
    return tuple((key, _among(each, tests)) for key, each in rows)


def _among(one: Comparison, tests: int) -> Comparison:
    if isinstance(one, NotCompared):
        return one
    return replace(one, difference=difference(one.first, one.second, tests), tests=tests)
