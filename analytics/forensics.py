"""Pictures of official results for analysts: where to look, never a finding by itself.

What stands here compares a set of results with what counting whole voters gives of itself. Tests
of first or last digits are not here: they reject honest elections (docs/methods.md).
"""

from dataclasses import dataclass

import numpy as np

from analytics.design import Ints


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


def whole_percentages(
    part: Ints, whole: Ints, *, least: int = 100, simulations: int = 999, seed: int = 0
) -> WholePercentages:
    """How many stations lie as near a whole percentage as whole voters allow.

    Only stations of ``least`` or more, and strictly between 0 and 100 %, are looked at: what is
    all or nothing is another matter. The null moves each station's count by the binomial noise
    of its own share, and so keeps its size: small stations hit simple fractions, many of them
    whole percentages, of themselves (after Kobak, Shpilkin and Pshenichnikov, 2016). The null is
    smoother than life, and one set in a hundred honest ones is called unusual.
    """
    if part.shape != whole.shape or np.any(part < 0) or np.any(part > whole):
        raise ForensicsProblem("Parts must be between 0 and their wholes.")
    inner = (whole >= least) & (part > 0) & (part < whole)
    some, out_of = part[inner], whole[inner]
    if not len(some):
        return WholePercentages(0, 0, 0.0, 0, 1.0)
    random = np.random.default_rng(seed)
    share = some / out_of
    null = np.array([
        _at_whole(random.binomial(out_of, share), out_of) for _ in range(simulations)
    ])  # fmt: skip
    seen = _at_whole(some, out_of)
    p = (1 + int(np.sum(null >= seen))) / (simulations + 1)
    highest = int(np.quantile(null, 0.99, method="higher"))
    return WholePercentages(seen, len(some), float(null.mean()), highest, p)


def _at_whole(part: Ints, whole: Ints) -> int:
    """Counts that are the whole number nearest to some whole percentage of their whole."""
    percent = (200 * part + whole) // (2 * whole)
    nearest = (2 * percent * whole + 100) // 200
    return int(np.sum((nearest == part) & (part > 0) & (part < whole)))


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
