"""Pictures of official results for analysts: where to look, never a finding by itself.

What stands here compares a set of results with what counting whole voters gives of itself. Tests
of first or last digits are not here: they reject honest elections (docs/methods.md).
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import fftconvolve
from scipy.special import gammaln

from analytics.design import Floats, Ints

LEAST = 100
"""Of fewer voters every count is the nearest to some whole percentage."""
REACH = 6
"""Beyond so many standard deviations lies less than a chance in hundreds of millions."""
LOPSIDED = 4
"""So many percentages further, because a handful of votes varies more upwards than downwards."""


class ForensicsProblem(ValueError):
    """Results that cannot be; the message says what is wrong with them."""


@dataclass(frozen=True)
class StationResults:
    """Official results, a row a station: registered, ballots cast, valid votes, a list's votes."""

    codes: tuple[str, ...]
    registered: Ints
    cast: Ints
    valid: Ints
    votes: Ints

    def check(self) -> None:
        """Raise :class:`ForensicsProblem` for columns of other lengths or figures below 0."""
        for name in ("registered", "cast", "valid", "votes"):
            figures = getattr(self, name)
            if figures.shape != (len(self.codes),):
                raise ForensicsProblem(f"{name}: {figures.size} for {len(self.codes)} stations.")
            if np.any(figures < 0):
                raise ForensicsProblem(f"{name}: {self.codes[int(np.argmin(figures))]} is below 0.")
        if np.any(self.votes > self.valid):
            at = int(np.argmax(self.votes > self.valid))
            raise ForensicsProblem(f"votes: {self.codes[at]} has more than valid votes.")


@dataclass(frozen=True)
class TurnoutByShare:
    """Stations counted in cells of turnout and share, and how many could not be placed.

    ``cells[t, s]`` is of turnout from t/steps and share from s/steps; the last step holds 100 %
    too. Turnout above 100 % is counted in ``beyond``, a station without voters in ``without``.
    """

    cells: Ints
    beyond: int
    without: int


@dataclass(frozen=True)
class WholePercentages:
    """Stations at whole percentages: found, expected of honest counting, how unusual."""

    seen: int
    stations: int
    expected: float
    highest: int
    """What 99 of 100 honest sets stay at or below."""
    p: float

    @property
    def unusual(self) -> bool:
        """Whether one set in a hundred honest ones, or fewer, has as many."""
        return self.p <= 0.01


@dataclass(frozen=True)
class HighTurnout:
    """A station of high turnout, with what it is set against."""

    code: str
    turnout: float
    share: float | None
    cast: int
    registered: int


def turnout_by_share(results: StationResults, steps: int = 50) -> TurnoutByShare:
    """How many stations lie in each cell (Klimek and others, 2012)."""
    results.check()
    placed = (results.registered > 0) & (results.valid > 0)
    beyond = placed & (results.cast > results.registered)
    at = placed & ~beyond
    turnout = _step(results.cast[at], results.registered[at], steps)
    share = _step(results.votes[at], results.valid[at], steps)
    cells = np.bincount(turnout * steps + share, minlength=steps**2).reshape(steps, steps)
    return TurnoutByShare(cells.astype(np.int64), int(beyond.sum()), int(np.sum(~placed)))


def _step(part: Ints, whole: Ints, steps: int) -> Ints:
    """The step in whole numbers, so that 7 of 10 falls where 0.7 begins on every machine."""
    return np.asarray(np.minimum(part * steps // whole, steps - 1), dtype=np.int64)


def whole_percentages(part: Ints, whole: Ints) -> WholePercentages:
    """How many stations lie as near a whole percentage as whole voters allow.

    Only stations of :data:`LEAST` or more, and strictly between 0 and 100 %, are looked at: what is
    all or nothing is another matter. The null moves each station's count by the binomial noise
    of its own share, and so keeps its size: small stations hit simple fractions, many of them
    whole percentages, of themselves (after Kobak, Shpilkin and Pshenichnikov, 2016). The null is
    smoother than life, and one set in a hundred honest ones is called unusual. Its distribution
    is exact: each station has a chance of its own to lie there, and they are independent.
    """
    if part.shape != whole.shape or np.any(part < 0) or np.any(part > whole):
        raise ForensicsProblem("Parts must be between 0 and their wholes.")
    inner = (whole >= LEAST) & (part > 0) & (part < whole)
    some, out_of = part[inner], whole[inner]
    if not len(some):
        return WholePercentages(0, 0, 0.0, 0, 1.0)
    seen = int(np.sum(_at_percent(_percent(some, out_of), out_of) == some))
    chances = chances_of_whole(some, out_of)
    null = how_many(chances)
    p = float(min(null[seen:].sum(), 1.0))
    highest = int(np.searchsorted(np.cumsum(null), 0.99))
    return WholePercentages(seen, len(some), float(chances.sum()), highest, p)


def chances_of_whole(part: Ints, whole: Ints) -> Floats:
    """Each station's chance to lie at a whole percentage, its count moved by binomial noise.

    Summed over the percentages within :data:`REACH` standard deviations of its own.
    """
    share, middle = part / whole, _percent(part, whole)
    spread = 100 * np.sqrt(share * (1 - share) / whole)
    reach = np.ceil(REACH * spread).astype(np.int64) + LOPSIDED
    placings = gammaln(whole + 1.0)
    yes, no = np.log(share), np.log1p(-share)
    chance = np.zeros(len(part))
    for away in range(-int(reach.max()), int(reach.max()) + 1):
        percent = middle + away
        near = np.flatnonzero((abs(away) <= reach) & (percent > 0) & (percent < 100))
        n, k = whole[near], _at_percent(percent[near], whole[near])
        ways = placings[near] - gammaln(k + 1.0) - gammaln(n - k + 1.0)
        chance[near] += np.exp(ways + k * yes[near] + (n - k) * no[near])
    return np.minimum(chance, 1.0)


def how_many(chances: Floats) -> Floats:
    """The distribution of how many of independent things happen: their generating functions
    multiplied, two by two."""
    factors = np.column_stack([1 - chances, chances])
    while len(factors) > 1:
        if len(factors) % 2:
            one = np.zeros((1, factors.shape[1]))
            one[0, 0] = 1.0
            factors = np.concatenate([factors, one])
        factors = fftconvolve(factors[::2], factors[1::2], axes=1)
    return np.asarray(np.maximum(factors[0, : len(chances) + 1], 0.0), dtype=np.float64)


def _percent(part: Ints, whole: Ints) -> Ints:
    """The whole percentage nearest to each share."""
    return np.asarray((200 * part + whole) // (2 * whole), dtype=np.int64)


def _at_percent(percent: Ints, whole: Ints) -> Ints:
    """The whole number nearest to a percentage; of neighbouring ones different numbers."""
    return np.asarray((2 * percent * whole + 100) // 200, dtype=np.int64)


def high_turnout(results: StationResults, at_least: float = 0.95) -> list[HighTurnout]:
    """Stations of high turnout, highest first; also above 100 %, where registers are added to."""
    results.check()
    turnout = results.cast / np.maximum(results.registered, 1)
    where = np.flatnonzero((results.registered > 0) & (turnout >= at_least)).tolist()
    found = [
        HighTurnout(
            results.codes[at], float(turnout[at]),
            float(results.votes[at] / results.valid[at]) if results.valid[at] else None,
            int(results.cast[at]), int(results.registered[at]),
        )
        for at in where
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.turnout, each.code))
