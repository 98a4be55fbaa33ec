"""Where domestic and international observers were both: do they say the same? In counts.

Their figures are never pooled. A test of a difference is for two probability samples of one frame;
here are stations that both visited in the same stage, and nothing is concluded about others.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from analytics.design import DesignProblem, Ints
from analytics.intervals import t_quantile
from analytics.numbers import Estimate


@dataclass(frozen=True)
class Agreement:
    """Stations of one stage at which both answered: both saw it, only one did, neither."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def stations(self) -> int:
        """Stations at which both answered."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def agree(self) -> int:
        """Stations of which both say the same."""
        return self.both + self.neither


def agree(first: Ints, second: Ints) -> Agreement:
    """Agreement of two kinds of observer in one stage, station by station.

    Each says 1 seen, 0 not, −1 no answer: seen where any visit of the kind saw it.
    """
    answered = (first >= 0) & (second >= 0)
    counts = np.bincount(2 * first[answered] + second[answered], minlength=4).tolist()
    neither, only_second, only_first, both = counts
    return Agreement(both, only_first, only_second, neither)


@dataclass(frozen=True)
class Difference:
    """The difference of two estimates (first less second), its interval and p."""

    value: float
    se: float
    low: float
    high: float
    df: float
    p: float


def difference(first: Estimate, second: Estimate, *, one_frame: bool) -> Difference:
    """A test of the difference between two samples drawn apart from one frame (Welch's df).

    Only :class:`~analytics.numbers.Estimate` is taken: a count of what was visited has no
    standard error. Raises :class:`DesignProblem` where the samples are not of one frame, the
    levels differ, or neither has a standard error.
    """
    if not one_frame:
        raise DesignProblem("Samples of two frames are not compared.")
    if first.level != second.level:
        raise DesignProblem(f"The levels differ: {first.level:g} and {second.level:g}.")
    a, b = first.se**2, second.se**2
    if a + b == 0:
        raise DesignProblem("Neither has a standard error: nothing can be tested.")
    value, se = first.value - second.value, math.sqrt(a + b)
    df = (a + b) ** 2 / (a**2 / first.df + b**2 / second.df)
    reach = float(t_quantile(1 - first.level, np.float64(df))) * se
    p = 2 * float(special.stdtr(df, -abs(value) / se))
    return Difference(value, se, value - reach, value + reach, df, p)
