"""Where two kinds of observer, or two teams, were both: do they say the same? In counts.

Their figures are never pooled. A test of a difference is for two probability samples of one frame;
here are stations that both visited in the same stage, and nothing is concluded about others.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analytics.design import DesignProblem, Ints
from analytics.intervals import t_quantile
from analytics.numbers import Estimate
from schemas.codes import Status


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


def agree(first_at: Ints, first: Ints, second_at: Ints, second: Ints) -> Agreement:
    """Agreement of two kinds of observer in one stage.

    ``first_at`` numbers the station of each answer, ``first`` is 1 seen, 0 not, −1 no answer. A
    station counts once a kind: as seen where any of its visits saw it.
    """
    one, other = _by_station(first_at, first), _by_station(second_at, second)
    pairs = [(one[station], other[station]) for station in one.keys() & other.keys()]
    return Agreement(*(pairs.count(each) for each in ((1, 1), (1, 0), (0, 1), (0, 0))))


def _by_station(at: Ints, answers: Ints) -> dict[int, int]:
    found: dict[int, int] = {}
    for station, answer in zip(at.tolist(), answers.tolist(), strict=True):
        if answer >= 0:
            found[station] = max(found.get(station, 0), answer)
    return found


def in_conflict(places: Ints, teams: Sequence[str], status: NDArray[np.uint8]) -> set[int]:
    """The places of which two teams say different things: one that it was fine, one that it was
    not. Who says neither contradicts nobody.

    Rows are reports in the order in which they were made; of several by one team the last counts.
    ``status`` has shape (reports, indicators).
    """
    said: dict[int, dict[str, NDArray[np.uint8]]] = {}
    for place, team, row in zip(places.tolist(), teams, status, strict=True):
        if place >= 0:
            said.setdefault(place, {})[team] = row
    return {place for place, rows in said.items() if _differ(np.array([*rows.values()]))}


def _differ(rows: NDArray[np.uint8]) -> bool:
    fine, irregular = (rows == each for each in (Status.FINE, Status.IRREGULAR))
    return bool((fine.any(axis=0) & irregular.any(axis=0)).any())


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
