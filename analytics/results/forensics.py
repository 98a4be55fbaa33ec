"""Distributions of results by station, for analysts: turnout by share, high turnout. Never a
finding by themselves.

A set of results is compared with what counting whole voters gives by itself. There are no tests of
first or last digits: they reject honest elections (docs/methods.md).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.survey.design import Ints


class ForensicsProblem(ValueError):
    """Results that cannot be; the message says what is wrong with them."""


@dataclass(frozen=True)
class StationResults:
    """Official results, a row a station: registered, ballots cast, valid votes, a list's votes."""

    codes: tuple[str, ...] | NDArray[np.object_]
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


def high_turnout(results: StationResults, at_least: float = 0.95) -> list[HighTurnout]:
    """Stations of high turnout, highest first; also above 100 %, where registers are added to."""
    results.check()
    turnout = results.cast / np.maximum(results.registered, 1)
    where = np.flatnonzero((results.registered > 0) & (turnout >= at_least)).tolist()
    found = [
        HighTurnout(
            results.codes[at],
            float(turnout[at]),
            float(results.votes[at] / results.valid[at]) if results.valid[at] else None,
            int(results.cast[at]),
            int(results.registered[at]),
        )
        for at in where
    ]
    return sorted(found, key=lambda each: (-each.turnout, each.code))
