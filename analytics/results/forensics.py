"""Distributions of results by station, for analysts: turnout by share, high turnout.

Never a finding by themselves.

A set of results is compared with what counting whole voters gives by itself. There are no tests of
first or last digits: they reject honest elections (docs/methods.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from analytics.observation.protocols import MISSING
from analytics.results.station_figures import StationFigures
from analytics.results.whole_percentages import WholePercentages, whole_percentages
from analytics.survey.design import Ints, Truths


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


Source = Literal["published", "entered", "posted", "observed"]
SOURCES: tuple[Source, ...] = get_args(Source)


@dataclass(frozen=True)
class SourcePictures:
    """What one source's results look like; ``left_out`` lack a figure or cannot be."""

    source: Source
    contestant: str
    name: str
    stations: int
    left_out: int
    cells: TurnoutByShare
    turnout: WholePercentages
    share: WholePercentages
    high: tuple[HighTurnout, ...]


def look(
    source: Source,
    given: StationFigures,
    contestants: Sequence[tuple[str, str]],
    codes: Sequence[str],
) -> SourcePictures | None:
    """The pictures of one source's results, of the contestant with most votes; None without votes.
    ``codes`` are those of all places."""
    leading = _most_voted(given)
    if leading is None:
        return None
    registered, cast, valid, votes = four_of(given, leading)
    usable = _usable(registered, cast, valid, votes)
    rows = np.flatnonzero(usable)
    own = np.array([codes[at] for at in given.place[rows].tolist()], dtype=object)
    results = StationResults(own, *(each[rows] for each in (registered, cast, valid, votes)))
    inside = results.cast <= results.registered
    return SourcePictures(
        source,
        leading,
        dict(contestants).get(leading, leading),
        len(rows),
        len(given) - len(rows),
        turnout_by_share(results),
        whole_percentages(results.cast[inside], results.registered[inside]),
        whole_percentages(results.votes, results.valid),
        tuple(high_turnout(results)),
    )


def _most_voted(given: StationFigures) -> str | None:
    """The contestant with most votes, of several the first by code; None where nobody has any."""
    totals = {
        code: int(np.sum(votes, where=votes != MISSING, initial=0))
        for code, votes in given.votes.items()
    }
    found = max(sorted(totals), key=lambda code: totals[code], default=None)
    return found if found is not None and totals[found] else None


def four_of(given: StationFigures, code: str) -> tuple[Ints, Ints, Ints, Ints]:
    """Registered, cast, valid and a contestant's votes; :data:`MISSING` where one is not said."""
    registered = _plus(_figure(given, "registered"), _zero(_figure(given, "supplementary")))
    valid = _figure(given, "valid")
    said = np.array([votes != MISSING for votes in given.votes.values()]).any(axis=0)
    together = np.sum([_zero(votes) for votes in given.votes.values()], axis=0)
    valid = np.where((valid == MISSING) & said, together, valid)
    cast = _figure(given, "cast")
    for other in (_figure(given, "in_box"), _plus(valid, _figure(given, "invalid"))):
        cast = np.where(cast == MISSING, other, cast)
    return registered, cast, valid, given.votes[code]


def _usable(registered: Ints, cast: Ints, valid: Ints, votes: Ints) -> Truths:
    """Where none is missing, which is far below 0, and all can be."""
    least = np.minimum(np.minimum(registered, cast), np.minimum(valid, votes))
    return np.asarray((least >= 0) & (votes <= valid))


def _figure(given: StationFigures, name: str) -> Ints:
    column = given.figures.get(name)
    return np.full(len(given), MISSING, dtype=np.int64) if column is None else column


def _zero(figure: Ints) -> Ints:
    return np.where(figure == MISSING, 0, figure)


def _plus(one: Ints, other: Ints) -> Ints:
    missing = (one == MISSING) | (other == MISSING)
    return np.where(missing, MISSING, _zero(one) + _zero(other))
