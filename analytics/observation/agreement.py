"""Whether two kinds of observers, or two teams, say the same of places where both were."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KINDS, NOWHERE, CodeMatrix
from analytics.observation.visits import by_station
from analytics.observation.voices import said_at
from analytics.survey.design import Ints, Truths
from schemas.codes import STATUS_MASK, Status

_ANSWERED = 1 << Status.IRREGULAR | 1 << Status.FINE
_MARKS = np.zeros((len(KINDS), STATUS_MASK + 1), dtype=np.uint8)
"""What a kind of observers says as bits: fine or irregular, of the first kind and the second."""
_MARKS[:, [Status.FINE, Status.IRREGULAR]] = [[1, 2], [4, 8]]


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


def agreements_of(matrix: CodeMatrix) -> tuple[Agreement, ...]:
    """Domestic against international observers on each indicator, in stations that both answered.
    A kind saw it where any of its visits did."""
    place, kind = matrix["place"], matrix["kind"]
    able = matrix.counted & (place >= 0)
    came = np.zeros((len(KINDS), int(place.max(initial=-1)) + 2), dtype=np.bool_)
    came[kind[able], place[able]] = True
    rows = np.flatnonzero(able & (came[0] & came[1])[place])
    counts = np.zeros((len(matrix.indicators), 4), dtype=np.int64)
    for some, first in by_station(np.zeros_like(rows), place[rows]):
        at = rows[some]
        said = _MARKS[kind[at][:, None], matrix.codes[at] & np.uint8(STATUS_MASK)]
        counts += _counted(np.bitwise_or.reduceat(said, first, axis=0))
    return tuple(Agreement(*each) for each in counts.tolist())


def _counted(said: NDArray[np.uint8]) -> Ints:
    """Agreements of each indicator, of what was said at each place."""
    first, second = said & np.uint8(3), said >> np.uint8(2)
    answered, one, other = (first > 0) & (second > 0), first > 1, second > 1
    pairs = one & other, one & ~other, ~one & other, ~one & ~other
    return np.stack([(answered & each).sum(axis=0) for each in pairs], axis=1)


def places_in_conflict(matrix: CodeMatrix, team: Ints) -> frozenset[int]:
    """The places of which two teams say different things: one that it was fine, one that it was
    not. Who says neither contradicts nobody; nor do reports of different contests.

    ``team`` numbers the team of each report; of several by one team the one that arrived last
    counts.
    """
    contest = np.full(len(matrix), NOWHERE) if matrix.first_contest else matrix["contest"]
    contests = int(contest.max(initial=NOWHERE)) + 2
    subject = np.where(matrix["place"] >= 0, matrix["place"] * contests + contest + 1, NOWHERE)
    rows = _where_teams_met(subject, team, matrix.counted)
    subject, team, arrived = subject[rows], team[rows], matrix["arrived"][rows]
    order = np.lexsort((matrix["sequence"][rows], arrived, team, subject))
    rows, subject, team = rows[order], subject[order], team[order]
    moves = (np.diff(subject) != 0) | (np.diff(team) != 0)
    last = np.append(moves, np.ones(min(len(rows), 1), dtype=np.bool_))
    rows, subject = rows[last], subject[last]
    found = set[int]()
    for some, first in by_station(np.zeros_like(rows), subject):
        said = said_at(matrix.codes[rows[some]] & np.uint8(STATUS_MASK), first)
        differ = ((said & np.uint8(_ANSWERED)) == _ANSWERED).any(axis=1)
        found.update((subject[some[first[differ]]] // contests).tolist())
    return frozenset(found)


def _where_teams_met(place: Ints, team: Ints, counted: Truths) -> Ints:
    """The counted reports of places, or of contests at them, on which more than one team
    reported."""
    rows = np.flatnonzero(counted & (place >= 0))
    some = np.zeros(int(place.max(initial=-1)) + 1, dtype=np.int64)
    some[place[rows]] = team[rows]
    several = np.zeros(len(some), dtype=np.bool_)
    several[place[rows[some[place[rows]] != team[rows]]]] = True
    return rows[several[place[rows]]]
