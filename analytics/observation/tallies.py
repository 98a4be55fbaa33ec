"""Tallies: how often each status was given for each indicator, and at how many stations."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.observation.drawn_sample import AreaGroups
from analytics.survey.design import Ints
from schemas.codes import STATUS_MASK, Status

STATUSES = len(Status)
CHUNK = 50_000
"""So many reports are looked at together, which keeps what is made of them small."""
SEEN = 1 << Status.IRREGULAR
ANSWERED = SEEN | 1 << Status.FINE
Counts = NDArray[np.int32] | Ints
"""Counts in many small groups are narrow: there may be ten thousand of these."""


@dataclass(frozen=True, eq=False)
class Tallies:
    """Counts by group and indicator.

    ``said`` has the shape (groups, indicators, statuses); ``stations`` (groups, indicators) are
    distinct places at which the indicator was answered fine or irregular, ``seen_stations`` those
    at which it was irregular; ``reports`` (groups,).
    """

    said: Counts
    stations: Counts
    seen_stations: Counts
    reports: Counts

    def of(self, columns: list[int]) -> "Tallies":
        """Of some indicators."""
        return Tallies(
            self.said[:, columns],
            self.stations[:, columns],
            self.seen_stations[:, columns],
            self.reports,
        )

    def rolled(self, groups: AreaGroups | None) -> "Tallies":
        """Groups summed to larger ones, which no station may straddle; None: all to one."""
        counts = (self.said, self.stations, self.seen_stations, self.reports)
        if groups is None:
            return Tallies(*(each.sum(axis=0, keepdims=True) for each in counts))
        return Tallies(*(_rolled(each, groups) for each in counts))


def _rolled(counts: Counts, groups: AreaGroups) -> Ints:
    found = np.zeros((groups.count, *counts.shape[1:]), dtype=np.int64)
    group = groups.group(np.arange(len(counts)))
    order = np.argsort(group, kind="stable")[np.count_nonzero(group < 0) :]
    into, first = np.unique(group[order], return_index=True)
    if len(into):
        found[into] = np.add.reduceat(counts[order], first, axis=0, dtype=np.int64)
    return found


def tally(codes: NDArray[np.uint8], group: Ints, place: Ints, groups: int) -> Tallies:
    """Count statuses of ``codes`` (reports × indicators) by ``group`` (0 to groups − 1).

    Reports whose group is negative are left out. Reports at no known place (−1) each stand
    for a station of their own, since nothing says they share one.
    """
    width = codes.shape[1]
    said = np.zeros((groups, width, STATUSES), dtype=np.int32)
    stations, seen = (np.zeros((groups, width), dtype=np.int32) for _ in range(2))
    inside = np.flatnonzero(group >= 0)
    for some, first in by_station(group[inside], place[inside]):
        rows = inside[some]
        status, of = codes[rows] & np.uint8(STATUS_MASK), group[rows]
        here = slice(int(of[0]), int(of[-1]) + 1)
        said[here] += _said(status, of - of[0])
        bits = said_at(status, first)
        own, starts = np.unique(of[first], return_index=True)
        for counts, which in ((stations, ANSWERED), (seen, SEEN)):
            truths = (bits & np.uint8(which)) > 0
            counts[own] += np.add.reduceat(truths, starts, axis=0, dtype=np.int32)
    return Tallies(said, stations, seen, np.bincount(group[inside], minlength=groups))


def by_station(group: Ints, place: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Reports group by group and station by station, some at a time: their rows, and where among
    these each station begins. None is in two parts."""
    unknown = np.flatnonzero(place < 0)
    most = int(place.max(initial=-1)) + 1
    station = place.astype(np.int64)
    station[unknown] = most + np.arange(len(unknown))
    key = group * (most + len(unknown)) + station
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.r_[np.ones(min(len(key), 1), dtype=np.bool_), np.diff(key) != 0])
    start = 0
    while start < len(first):
        end = int(np.searchsorted(first, first[start] + CHUNK))
        until = int(first[end]) if end < len(first) else len(order)
        yield order[first[start] : until], first[start:end] - first[start]
        start = end


def said_at(status: NDArray[np.uint8], first: Ints) -> NDArray[np.uint8]:
    """The statuses said at each station, a bit for each: shape (stations, indicators)."""
    bits = np.left_shift(np.uint8(1), status)
    return np.asarray(np.bitwise_or.reduceat(bits, first, axis=0), dtype=np.uint8)


def answered(status: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where an indicator was observed and answered: what a rate is out of."""
    return np.asarray((status == Status.FINE) | (status == Status.IRREGULAR))


def _said(status: NDArray[np.uint8], group: Ints) -> Ints:
    """Statuses counted by group. One bincount per indicator needs no matrix of indexes."""
    many, first = int(group[-1]) + 1, group * STATUSES
    counts = [
        np.bincount(first + column, minlength=many * STATUSES).reshape(many, STATUSES)
        for column in np.ascontiguousarray(status.T)
    ]
    return np.stack(counts, axis=1) if counts else np.zeros((many, 0, STATUSES), dtype=np.int64)
