"""What results by station look like to an analyst, kept up station by station."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from analytics.results.forensics import (
    HighTurnout,
    StationResults,
    TurnoutByShare,
    high_turnout,
    turnout_by_share,
)
from analytics.results.whole_percentages import StandingPercentages, WholePercentages
from api.figures.reference_data import ContestFacts

Source = Literal["published", "entered", "posted", "observed"]
SOURCES: tuple[Source, ...] = get_args(Source)
Line = tuple[str, Mapping[str, int], Mapping[str, int]]
"""A station's code, its figures, its votes."""
Four = tuple[int, int, int, int]
NOTHING: Four = (0, 0, 0, 0)


@dataclass(frozen=True)
class Looked:
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


class StandingLook:
    """The results of one source, each station under a number of its own."""

    def __init__(self, source: Source, contest: ContestFacts) -> None:
        self._source, self._contest = source, contest
        self.lines: dict[int, Line] = {}
        self._totals = Counter[str]()
        self._leading = ""
        self._codes = np.zeros(0, dtype=object)
        self._usable = np.zeros(0, dtype=np.bool_)
        self._columns = np.zeros((4, 0), dtype=np.int64)
        self._turnout, self._share = StandingPercentages(), StandingPercentages()

    def put(self, lines: Mapping[int, Line | None]) -> None:
        """Stations as they stand now; None of one of which nothing is known."""
        changed: Iterable[int] = lines
        for at, line in lines.items():
            before = self.lines.pop(at, None)
            if before is not None:
                self._totals.subtract(before[2])
            if line is not None:
                self.lines[at] = line
                self._totals.update(line[2])
        leading = self._most_voted()
        if leading != self._leading:
            self._leading, changed = leading, lines.keys() | self.lines.keys()
        self._read(sorted(changed))

    def _most_voted(self) -> str:
        """The contestant with most votes; empty where nobody has any."""
        found = max(sorted(self._totals), key=lambda code: self._totals[code], default="")
        return found if self._totals[found] else ""

    def _read(self, places: list[int]) -> None:
        fours = [self._four(each) for each in places]
        at = np.array(places, dtype=np.int64)
        usable = np.array([each is not None for each in fours], dtype=np.bool_)
        columns = np.array([each or NOTHING for each in fours], dtype=np.int64).reshape(-1, 4).T
        self._reserve(int(at.max(initial=-1)) + 1)
        self._codes[at] = [self.lines[each][0] if each in self.lines else "" for each in places]
        self._usable[at], self._columns[:, at] = usable, columns
        registered, cast, valid, votes = columns
        inside = cast <= registered
        self._turnout.put(at, np.where(inside, cast, 0), np.where(inside, registered, 0))
        self._share.put(at, votes, valid)

    def _four(self, place: int) -> Four | None:
        line = self.lines.get(place)
        return None if line is None else four_of(line[1], line[2], self._leading)

    def _reserve(self, size: int) -> None:
        more = size - len(self._usable)
        if more > 0:
            more = max(more, len(self._usable))
            self._codes = np.pad(self._codes, (0, more))
            self._usable = np.pad(self._usable, (0, more))
            self._columns = np.pad(self._columns, ((0, 0), (0, more)))

    @property
    def found(self) -> Looked | None:
        """The pictures, of the contestant with most votes; None without votes."""
        if not self._leading:
            return None
        rows = np.flatnonzero(self._usable)
        results = StationResults(self._codes[rows], *self._columns[:, rows])
        return Looked(
            self._source,
            self._leading,
            dict(self._contest.contestants).get(self._leading, self._leading),
            len(rows),
            len(self.lines) - len(rows),
            turnout_by_share(results),
            self._turnout.found,
            self._share.found,
            tuple(high_turnout(results)),
        )


def look(source: Source, lines: Iterable[Line], contest: ContestFacts) -> Looked | None:
    """The pictures of one source's results."""
    standing = StandingLook(source, contest)
    standing.put(dict(enumerate(lines)))
    return standing.found


def four_of(figures: Mapping[str, int], votes: Mapping[str, int], code: str) -> Four | None:
    """Registered, cast, valid and a list's votes; None where one is missing or cannot be."""
    registered, valid = figures.get("registered"), figures.get("valid")
    if registered is not None:
        registered += figures.get("supplementary", 0)
    if valid is None and votes:
        valid = sum(votes.values())
    cast = figures.get("cast", figures.get("in_box"))
    if cast is None and valid is not None and "invalid" in figures:
        cast = valid + figures["invalid"]
    if registered is None or valid is None or cast is None or code not in votes:
        return None
    four = (registered, cast, valid, votes[code])
    return four if min(four) >= 0 and votes[code] <= valid else None
