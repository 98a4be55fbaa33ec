"""The visits of one checklist: tallies of each status, counted once for every rate."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KINDS, CodeMatrix
from analytics.observation.drawn_sample import AreaGroups, DrawnSample, drawn_for, sent_by
from analytics.survey.design import Ints
from analytics.survey.proportions import Proportions, estimate_proportions
from schemas.codes import STATUS_MASK, Status
from schemas.mission import Kind

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


Narrow = NDArray[np.uint16] | Ints


@dataclass(frozen=True)
class Grouping:
    """Groups of reports from 0 (−1 none): areas, hours, settings.

    ``of_rows`` gives each report's, ``of_drawn`` that of each station of a sample, in its order;
    None where the group is the visit's own, such as its hour.
    """

    of_rows: Ints
    of_drawn: Callable[[DrawnSample], Ints] | None
    count: int


@dataclass(frozen=True, eq=False)
class AssignedVisits:
    """The assigned visits to the stations of a sample.

    A row is a station in a group (where the group is the visit's own, a station may have several):
    ``station`` is its position in the sample, ``reports`` its visits; ``answered`` and ``seen``,
    shape (rows, indicators), how many of them answered, and saw it. ``of_drawn`` is the group of
    each station drawn (None as of :class:`Grouping`).
    """

    sample: DrawnSample
    counted: Tallies
    station: Ints
    group: Ints
    reports: Ints
    answered: Narrow
    seen: Narrow
    of_drawn: Ints | None

    @cached_property
    def came(self) -> Ints:
        """The stations that sent anything."""
        return np.unique(self.station)

    @cached_property
    def silent(self) -> Ints:
        """Those that sent nothing."""
        return np.setdiff1d(np.arange(len(self.sample)), self.came)

    @cached_property
    def design(self) -> str:
        """The design in words: visits cluster in their station."""
        return self.sample.whole.describe(int(self.reports.sum()) + len(self.silent))

    def drawn_by(self, groups: AreaGroups | None) -> tuple[Ints, Ints]:
        """Stations drawn, and those that sent anything, by larger groups (None: in all); of the
        whole sample in each group that has visits, where groups are the visits' own."""
        if self.of_drawn is None:
            present = self.counted.rolled(groups).reports > 0
            return present * len(self.sample), present * len(self.came)
        group, count = _into(groups, self.of_drawn)
        return by_group(group, count), by_group(group[self.came], count)

    def shares(self, groups: AreaGroups | None, columns: list[int], level: float) -> Proportions:
        """The share of each indicator in larger groups (None: in all)."""
        return self.estimate(groups, self.seen[:, columns], self.answered[:, columns], level)

    def estimate(
        self, groups: AreaGroups | None, seen: Narrow, answered: Narrow, level: float
    ) -> Proportions:
        """Shares of what was counted in each row. Groups are domains of the full design: silent
        stations stay in it, unanswered."""
        silent = self.silent
        of_silent = np.full(len(silent), -1) if self.of_drawn is None else self.of_drawn[silent]
        group, count = _into(groups, np.concatenate([self.group, of_silent]))
        return estimate_proportions(
            _with_silent(seen, len(silent)),
            _with_silent(answered, len(silent)),
            self.sample.design(np.concatenate([self.station, silent])),
            group,
            count,
            level,
        )


@dataclass(frozen=True, eq=False)
class Visits:
    """``others`` are the visits of each kind of observers that are not its sample's; ``sent`` are
    those, of each kind that has a sample, and ``main`` those of the sample named first."""

    indicators: tuple[str, ...]
    others: Mapping[Kind, Tallies]
    sent: Mapping[Kind, AssignedVisits]
    main: AssignedVisits | None


def count_visits(
    matrix: CodeMatrix, grouping: Grouping, samples: Sequence[DrawnSample] = ()
) -> Visits:
    """Count the reports of a checklist that speak, in groups. ``samples`` holds at most one of
    each kind of observers, the main one first."""
    others, sent = dict[Kind, Tallies](), dict[Kind, AssignedVisits]()
    place, kinds = matrix["place"], matrix["kind"]
    for index, kind in enumerate(KINDS):
        sample = drawn_for(samples, kind)
        own, drawn = matrix.counted & (kinds == index), sent_by(sample, matrix)
        group = np.where(own & ~drawn, grouping.of_rows, -1)
        others[kind] = tally(matrix.codes, group, place, grouping.count)
        if sample is not None:
            sent[kind] = _sent(matrix, np.flatnonzero(own & drawn), sample, grouping)
    main = sent.get(samples[0].kind) if samples else None
    return Visits(matrix.indicators, others, sent, main)


def _sent(
    matrix: CodeMatrix, rows: Ints, sample: DrawnSample, grouping: Grouping
) -> AssignedVisits:
    place, codes = matrix.take("place", rows), matrix.codes[rows]
    station = sample.position(place)
    of_drawn = grouping.of_drawn(sample) if grouping.of_drawn else None
    group = grouping.of_rows[rows] if of_drawn is None else of_drawn[station]
    status, width = codes & np.uint8(STATUS_MASK), codes.shape[1]
    at, reports = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    given, seen = ([np.zeros((0, width), dtype=np.uint16)] for _ in range(2))
    for some, first in by_station(group, station):
        at.append(some[first])
        reports.append(np.diff(np.append(first, len(some))))
        for counts, truths in ((given, answered(status)), (seen, status == Status.IRREGULAR)):
            counts.append(np.add.reduceat(truths[some], first, axis=0, dtype=np.uint16))
    own = np.concatenate(at)
    return AssignedVisits(
        sample,
        tally(codes, group, place, grouping.count),
        station[own],
        group[own],
        np.concatenate(reports),
        np.concatenate(given),
        np.concatenate(seen),
        of_drawn,
    )


def by_group(group: Ints, groups: int) -> Ints:
    """How many there are of each group; −1 is none."""
    return np.bincount(group[group >= 0], minlength=groups)


def _into(groups: AreaGroups | None, own: Ints) -> tuple[Ints, int]:
    """The larger group of each, and how many there are; what has no group has no larger one."""
    if groups is None:
        return np.where(own >= 0, 0, -1), 1
    return groups.group(own), groups.count


def _with_silent(counts: Narrow, silent: int) -> Narrow:
    return np.concatenate([counts, np.zeros((silent, counts.shape[1]), dtype=counts.dtype)])
