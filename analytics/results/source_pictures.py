"""All forensic pictures of one source's results by station. Never a finding by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from analytics.observation.protocols import MISSING
from analytics.results.forensics import (
    HighTurnout,
    StationResults,
    TurnoutByShare,
    high_turnout,
    turnout_by_share,
)
from analytics.results.station_figures import StationFigures
from analytics.results.whole_percentages import WholePercentages, whole_percentages
from analytics.survey.design import Ints, Truths

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
