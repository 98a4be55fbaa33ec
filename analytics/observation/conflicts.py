"""Places at which two teams contradict each other on one checklist.

For checklists on which two teams must agree, such as the counting of votes.
"""

import numpy as np

from analytics.observation.code_matrix import CodeMatrix
from analytics.observation.tallies import ANSWERED, by_station, said_at
from analytics.survey.design import Ints, Truths
from schemas.codes import STATUS_MASK


def places_in_conflict(matrix: CodeMatrix, team: Ints) -> frozenset[int]:
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
