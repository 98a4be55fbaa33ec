"""Places at which two teams contradict each other on one checklist, kept up with the readings.

For checklists on which two teams must agree, such as the counting of votes.
"""

from collections.abc import Callable
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.observation.agreement import in_conflict
from analytics.observation.code_matrix import NOWHERE, AnyMatrix, Readings
from analytics.observation.tallies import ANSWERED, by_station, said_at
from analytics.survey.design import Ints, Truths
from schemas.codes import STATUS_MASK


def places_in_conflict(matrix: AnyMatrix, team: Ints) -> frozenset[int]:
    """The places of which two teams say different things: one that it was fine, one that it was
    not. Who says neither contradicts nobody.

    ``team`` numbers the team of each report; of several by one team the one that arrived last
    counts.
    """
    rows = _where_teams_met(matrix["place"], team, matrix.counted)
    place, team, arrived = matrix["place"][rows], team[rows], matrix["arrived"][rows]
    order = np.lexsort((matrix["sequence"][rows], arrived, team, place))
    rows, place, team = rows[order], place[order], team[order]
    moves = (np.diff(place) != 0) | (np.diff(team) != 0)
    last = np.append(moves, np.ones(min(len(rows), 1), dtype=np.bool_))
    rows, place = rows[last], place[last]
    found = set[int]()
    for some, first in by_station(np.zeros_like(rows), place):
        said = said_at(matrix.codes[rows[some]] & np.uint8(STATUS_MASK), first)
        differ = ((said & np.uint8(ANSWERED)) == ANSWERED).any(axis=1)
        found.update(place[some[first[differ]]].tolist())
    return frozenset(found)


def _where_teams_met(place: Ints, team: Ints, counted: Truths) -> Ints:
    """The counted reports of places from which more than one team reported."""
    rows = np.flatnonzero(counted & (place >= 0))
    some = np.zeros(int(place.max(initial=-1)) + 1, dtype=np.int64)
    some[place[rows]] = team[rows]
    several = np.zeros(len(some), dtype=np.bool_)
    several[place[rows[some[place[rows]] != team[rows]]]] = True
    return rows[several[place[rows]]]


class StandingConflicts:
    """The places in conflict. Only those where something changed are looked at again.

    ``team_of`` gives the team that a report comes from.
    """

    def __init__(self, readings: Readings, team_of: Callable[[UUID], str]) -> None:
        self._readings, self._team_of, self._folds = readings, team_of, 0
        self._place = np.zeros(0, dtype=np.int32)
        self.places: set[int] = set()

    def update(self) -> "StandingConflicts":
        """Take in what changed."""
        readings = self._readings
        changed = readings.changed_after(self._folds)
        self._folds = readings.folds
        if not len(changed):
            return self
        counted = readings.take("counted", changed) > 0
        place = np.where(counted, readings.take("place", changed), NOWHERE)
        touched = np.unique(np.append(place, self._note(changed, place)))
        touched = touched[touched >= 0]
        self.places.difference_update(touched.tolist())
        self.places |= self._differing(np.flatnonzero(np.isin(self._place, touched)))
        return self

    def _differing(self, rows: Ints) -> set[int]:
        """The places of which these reports contradict each other, taken as they were made."""
        readings = self._readings
        rows = rows[np.lexsort((readings.take("sequence", rows), readings.take("arrived", rows)))]
        teams = [self._team_of(readings.reports[row]) for row in rows.tolist()]
        status = readings.codes[rows] & np.uint8(STATUS_MASK)
        return in_conflict(self._place[rows].astype(np.int64), teams, status)

    def _note(self, changed: Ints, place: Ints) -> NDArray[np.int32]:
        """Where these rows are now; gives back where they were."""
        more = len(self._readings) - len(self._place)
        self._place = np.pad(self._place, (0, more), constant_values=NOWHERE)
        before = self._place[changed]
        self._place[changed] = place
        return before
