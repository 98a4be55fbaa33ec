"""Tallies: how often each status was said of each indicator, and at how many stations."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.codes import STATUS_MASK, Status

STATUSES = len(Status)


@dataclass(frozen=True)
class Tallies:
    """Counts by group and indicator.

    ``said`` has the shape (groups, indicators, statuses), ``stations`` (groups, indicators):
    distinct places at which the indicator was answered fine or irregular.
    """

    said: NDArray[np.int64]
    stations: NDArray[np.int64]


def tally(
    codes: NDArray[np.uint8], group: NDArray[np.int64], place: NDArray[np.int64], groups: int
) -> Tallies:
    """Count statuses of ``codes`` (reports × indicators) by ``group`` (0 to groups − 1).

    Reports whose group is negative are left out. Reports at no known place (−1) each stand
    for a station of their own, since nothing says they share one.
    """
    inside = group >= 0
    codes, group, place = codes[inside], group[inside], place[inside]
    status = codes & np.uint8(STATUS_MASK)
    return Tallies(
        said=_said(status, group, groups),
        stations=_stations(answered(status), group, _apart(place), groups),
    )


def answered(status: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where an indicator was observed and answered: what a rate is out of."""
    return np.asarray((status == Status.FINE) | (status == Status.IRREGULAR))


def _apart(place: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(place < 0, -1 - np.arange(len(place)), place)


def _said(status: NDArray[np.uint8], group: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    """One bincount per indicator, so that a million reports need no matrix of indexes."""
    width = status.shape[1]
    said = np.zeros((groups, width, STATUSES), dtype=np.int64)
    for column in range(width):
        cells = np.bincount(group * STATUSES + status[:, column], minlength=groups * STATUSES)
        said[:, column, :] = cells.reshape(groups, STATUSES)
    return said


def _stations(
    seen: NDArray[np.bool_], group: NDArray[np.int64], place: NDArray[np.int64], groups: int
) -> NDArray[np.int64]:
    stations = np.zeros((groups, seen.shape[1]), dtype=np.int64)
    if not len(seen):
        return stations
    order = np.lexsort((place, group))
    group, place, seen = group[order], place[order], seen[order]
    first = np.flatnonzero(np.r_[True, (np.diff(group) != 0) | (np.diff(place) != 0)])
    at_station = np.logical_or.reduceat(seen, first, axis=0).astype(np.int64)
    starts = np.flatnonzero(np.r_[True, np.diff(group[first]) != 0])
    stations[group[first][starts]] = np.add.reduceat(at_station, starts, axis=0)
    return stations
