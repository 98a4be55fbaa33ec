"""Comparisons: is one share higher than another? Asked only of two probability samples.

A :class:`Compared` cannot be made of anything but two estimates. Whatever else stands side by
side is :class:`NotCompared`, with the reason. Words such as "higher than" follow from a
``Compared`` alone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np
from scipy import special

from analytics.design import DesignProblem
from analytics.intervals import t_quantile
from analytics.numbers import Estimate, Number
from analytics.wording import ENOUGH_FOR_ESTIMATE

Verdict = Literal["higher", "lower", "not_different"]
WhyNot = Literal[
    "not_a_sample", "response", "nobody_answered", "few", "frames", "question", "kind", "levels",
    "no_error",
]  # fmt: skip
"""Why two numbers are not compared: one is a count (nobody drew the stations, too little came,
nobody answered), rests on few stations, the samples are of two frames, the question was another,
asked by other observers, the levels differ, or both counted everything."""


@dataclass(frozen=True)
class Difference:
    """The difference of two estimates (first less second), its interval at ``level``, and p."""

    value: float
    se: float
    low: float
    high: float
    level: float
    df: float
    p: float


@dataclass(frozen=True)
class Sampled:
    """An estimate, and the hash of the stations that its sample was drawn from."""

    number: Estimate
    frame: str


@dataclass(frozen=True)
class Compared:
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


Comparison = Compared | NotCompared
T = TypeVar("T")


def difference(first: Estimate, second: Estimate, tests: int = 1) -> Difference:
    """The difference of two estimates from samples drawn apart, by t with Satterthwaite's df.

    se² = se₁² + se₂². Of two draws from one frame with seeds of their own that is exact: each
    draws from the whole frame whatever the other drew, so the estimates are independent, and the
    finite population of each stands in its own se. Where stations are in both samples by the same
    seed, or both kinds see the same hours, the estimates go together, and the sum says too much:
    the test errs to "not different". (Only a second draw from what the first left over would make
    it say too little; the house draws none.) Samples of two elections are independent.

    A share of which none or all was seen has a standard error of 0 and yet is not certain: it
    counts with what its interval allows (:func:`error_of`). df by Satterthwaite (Biometrics
    Bulletin 2, 1946) and Welch; the interval is at 1 − α/``tests``. Raises DesignProblem where the
    levels differ or both counted every station.
    """
    if first.level != second.level:
        raise DesignProblem(f"The levels differ: {first.level:g} and {second.level:g}.")
    a, b = error_of(first) ** 2, error_of(second) ** 2
    if a + b == 0:
        raise DesignProblem("Neither has a standard error: nothing can be tested.")
    value, se = first.value - second.value, math.sqrt(a + b)
    df = (a + b) ** 2 / (a**2 / first.df + b**2 / second.df)
    alpha = (1 - first.level) / tests
    reach = float(t_quantile(alpha, np.float64(df))) * se
    p = 2 * float(special.stdtr(df, -abs(value) / se))
    return Difference(value, se, value - reach, value + reach, 1 - alpha, df, p)


def error_of(number: Estimate) -> float:
    """The standard error; where there is none, the half width of the interval over its t.

    None of 300 seen is "at most 1.2 %": the error that a t interval of that reach would have.
    """
    if number.se > 0:
        return number.se
    reach = max(number.high - number.value, number.value - number.low)
    return reach / float(t_quantile(1 - number.level, np.float64(number.df)))


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
    return Compared(first, second, difference(first, second, tests), tests)


def why_not(first: Estimate, second: Estimate) -> WhyNot | None:
    """What forbids a test of two estimates; None where one can be made."""
    if min(first.n, second.n) < ENOUGH_FOR_ESTIMATE:
        return "few"
    if first.level != second.level:
        return "levels"
    return None if error_of(first) or error_of(second) else "no_error"


def together(found: Iterable[tuple[T, Comparison]]) -> tuple[tuple[T, Comparison], ...]:
    """Comparisons shown together, each interval widened so that all hold at once (Bonferroni).

    With m tests each is made at α/m: a page of forty indicators calls one of them different by
    chance no oftener than a page of one. Bonferroni rather than Holm, because its interval is
    that of its verdict.
    """
    rows: Sequence[tuple[T, Comparison]] = tuple(found)
    tests = sum(isinstance(each, Compared) for _, each in rows)
    return tuple((key, _among(each, tests)) for key, each in rows)


def _among(one: Comparison, tests: int) -> Comparison:
    if isinstance(one, NotCompared):
        return one
    return replace(one, difference=difference(one.first, one.second, tests), tests=tests)
