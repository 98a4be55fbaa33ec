"""The visits of one checklist, counted once for every rate: in reports, and in stations."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KINDS, CodeMatrix
from analytics.observation.drawn_sample import AreaGroups, DrawnSample, drawn_for, sent_by
from analytics.observation.unobserved import Refusals
from analytics.observation.voices import VOICES, Silence, Voices, answered, voices, voices_of_drawn
from analytics.survey.design import Floats, Ints, Truths
from analytics.survey.proportions import Many, Proportions, estimate_proportions
from schemas.codes import STATUS_MASK, Status
from schemas.mission import Kind

STATUSES = len(Status)
CHUNK = 50_000
"""So many reports are looked at together, which keeps what is made of them small."""
Counts = NDArray[np.int32] | Ints
"""Counts in many small groups are narrow: there may be ten thousand of these."""


@dataclass(frozen=True, eq=False)
class Tallies:
    """Counts by group, indicator and status, shape (groups, indicators, statuses): ``said`` in
    reports, ``voiced`` in stations, each with its one voice. ``reports`` (groups,)."""

    said: Counts
    voiced: Counts
    reports: Counts

    def of(self, columns: list[int]) -> "Tallies":
        """Of some indicators."""
        return Tallies(self.said[:, columns], self.voiced[:, columns], self.reports)

    def answer(self, group: Ints, columns: list[int]) -> None:
        """Add stations of these groups (−1 none) whose voice is irregular in these columns."""
        many = by_group(group, len(self.voiced))
        for column in columns:
            self.voiced[:, column, Status.IRREGULAR] += many

    def rolled(self, groups: AreaGroups | None) -> "Tallies":
        """Groups summed to larger ones, which no station may straddle; None: all to one."""
        counts = (self.said, self.voiced, self.reports)
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


def tally(codes: NDArray[np.uint8], group: Ints, station: Ints, groups: int) -> Tallies:
    """Count statuses of ``codes`` (reports × indicators) by ``group`` (0 to groups − 1).

    Reports whose group is negative are left out. ``station`` numbers the polling station of each;
    reports at none (−1) have no part in the voice of any.
    """
    width = codes.shape[1]
    said, voiced = (np.zeros((groups, width, STATUSES), dtype=np.int32) for _ in range(2))
    inside = np.flatnonzero(group >= 0)
    for some, first in by_station(group[inside], station[inside]):
        rows = inside[some]
        status, of = codes[rows] & np.uint8(STATUS_MASK), group[rows]
        here = slice(int(of[0]), int(of[-1]) + 1)
        said[here] += _said(status, of - of[0])
        placed = station[rows[first]] >= 0
        if placed.any():
            voice = voices(status, first)[placed]
            voiced[here] += _said(voice, of[first][placed] - of[0], len(voiced[here]))
    return Tallies(said, voiced, np.bincount(group[inside], minlength=groups))


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


def _said(status: NDArray[np.uint8], group: Ints, groups: int = 0) -> Ints:
    """Statuses counted by group, in ascending order. One bincount per indicator needs no matrix of
    indexes."""
    many, first = groups or int(group[-1]) + 1, group * STATUSES
    counts = [
        np.bincount(first + column, minlength=many * STATUSES).reshape(many, STATUSES)
        for column in np.ascontiguousarray(status.T)
    ]
    return np.stack(counts, axis=1) if counts else np.zeros((many, 0, STATUSES), dtype=np.int64)


@dataclass(frozen=True)
class Grouping:
    """Groups of reports from 0 (−1 none): areas, hours, settings.

    ``of_rows`` gives each report's, ``of_drawn`` that of each station of a sample, in its order;
    None where the group is the visit's own, such as its hour. ``of_places`` gives those of any
    places, where that is asked for.
    """

    of_rows: Ints
    of_drawn: Callable[[DrawnSample], Ints] | None
    count: int
    of_places: Callable[[Ints], Ints] | None = None


@dataclass(frozen=True, eq=False)
class AssignedVisits:
    """The assigned visits to the stations of a sample, each station with one voice.

    ``voice``, shape (stations drawn, indicators), is what each says; ``came`` whether any report
    of it counts, ``gone`` whether none is expected. ``of_drawn`` is the group of each; None as of
    :class:`Grouping`: then there are counts of reports alone.
    """

    sample: DrawnSample
    counted: Tallies
    voice: Voices
    came: Truths
    gone: Truths
    of_drawn: Ints | None

    @property
    def design(self) -> str:
        """The design in words."""
        return self.sample.whole.describes

    @cached_property
    def answered(self) -> Truths:
        """Which stations answered, shape (stations drawn, indicators)."""
        return answered(self.voice)

    @cached_property
    def seen(self) -> Truths:
        """At which stations it was seen."""
        return np.asarray(self.voice == Status.IRREGULAR)

    def drawn_by(self, groups: AreaGroups | None) -> tuple[Ints, Ints]:
        """Stations drawn, and those that sent anything, by larger groups (None: in all)."""
        group, count = self.grouped(groups)
        return by_group(group, count), by_group(group[self.came], count)

    def response_by(self, groups: AreaGroups | None) -> Floats:
        """The share of the stations that are expected to send something and did, by larger groups;
        0 where none is expected."""
        group, count = self.grouped(groups)
        expected, came = by_group(group[~self.gone], count), by_group(group[self.came], count)
        return np.divide(came, expected, out=np.zeros(count), where=expected > 0)

    def responds(self, threshold: float) -> bool:
        """Whether the response reaches the threshold in all, and in every class of stratum."""
        return self.sample.responds(self.came, self.gone, threshold)

    def voiced_by(self, groups: AreaGroups | None, columns: list[int]) -> Ints:
        """Stations drawn by larger group, indicator and voice, from which none came included:
        shape (groups, indicators, voices)."""
        group, count = self.grouped(groups)
        inside, kinds = group >= 0, VOICES
        first = group[inside] * kinds
        counts = [
            np.bincount(first + self.voice[inside, at], minlength=count * kinds) for at in columns
        ]
        return np.array(counts, dtype=np.int64).reshape(len(columns), count, kinds).swapaxes(0, 1)

    def shares(self, groups: AreaGroups | None, columns: list[int], level: float) -> Proportions:
        """The share of each indicator in larger groups (None: in all)."""
        return self.estimate(groups, self.seen[:, columns], self.answered[:, columns], level)

    def estimate(
        self, groups: AreaGroups | None, seen: Many, answered: Many, level: float
    ) -> Proportions:
        """Shares of what each station drawn says. Groups are domains of the full design: stations
        that say nothing stay in it, unanswered."""
        group, count = self.grouped(groups)
        return estimate_proportions(seen, answered, self.sample.whole, group, count, level)

    def grouped(self, groups: AreaGroups | None) -> tuple[Ints, int]:
        """The larger group of each station drawn (−1 none), and how many groups there are."""
        own = np.full(len(self.sample), -1) if self.of_drawn is None else self.of_drawn
        return _into(groups, own)


@dataclass(frozen=True, eq=False)
class Visits:
    """``others`` are the visits of each kind of observers that are not its sample's; ``sent`` are
    those, of each kind that has a sample, and ``main`` those of the sample named first."""

    indicators: tuple[str, ...]
    others: Mapping[Kind, Tallies]
    sent: Mapping[Kind, AssignedVisits]
    main: AssignedVisits | None


def count_visits(
    matrix: CodeMatrix,
    grouping: Grouping,
    samples: Sequence[DrawnSample] = (),
    stations: Truths | None = None,
    silent: Callable[[DrawnSample], Silence] | None = None,
    refusals: Refusals | None = None,
) -> Visits:
    """Count the reports of a checklist that speak, in groups. ``samples`` holds at most one of
    each kind of observers, the main one first. ``stations`` says of each place whether it is a
    polling station, which alone has a voice; None: all are. ``silent`` is what is known of the
    stations of a sample from which no report came, ``refusals`` are those of any stations: outside
    a sample each is the voice of a station, where the groups are of places."""
    others, sent = dict[Kind, Tallies](), dict[Kind, AssignedVisits]()
    station, kinds = matrix["place"], matrix["kind"]
    if stations is not None:
        station = np.where(np.append(stations, np.False_)[station], station, -1)
    for index, kind in enumerate(KINDS):
        sample = drawn_for(samples, kind)
        own, drawn = matrix.counted & (kinds == index), sent_by(sample, matrix)
        group = np.where(own & ~drawn, grouping.of_rows, -1)
        others[kind] = tally(matrix.codes, group, station, grouping.count)
        if refusals is not None and grouping.of_places is not None:
            places = refusals.place[refusals.kind == index]
            places = places if sample is None else places[~np.isin(places, sample.place)]
            places = places if stations is None else places[stations[places]]
            columns = [matrix.indicators.index(each) for each in refusals.indicators]
            others[kind].answer(grouping.of_places(places), columns)
        if sample is not None:
            sent[kind] = _sent(
                matrix,
                np.flatnonzero(own & drawn),
                sample,
                grouping,
                silent(sample) if silent else Silence.of(len(sample), len(matrix.indicators)),
            )
    main = sent.get(samples[0].kind) if samples else None
    return Visits(matrix.indicators, others, sent, main)


def _sent(
    matrix: CodeMatrix,
    rows: Ints,
    sample: DrawnSample,
    grouping: Grouping,
    silent: Silence,
) -> AssignedVisits:
    place, codes = matrix.take("place", rows), matrix.codes[rows]
    station = sample.position(place)
    of_drawn = grouping.of_drawn(sample) if grouping.of_drawn else None
    group = grouping.of_rows[rows] if of_drawn is None else of_drawn[station]
    at, spoken = [np.zeros(0, dtype=np.int64)], [np.zeros((0, codes.shape[1]), dtype=np.uint8)]
    for some, first in by_station(np.zeros_like(station), station):
        at.append(station[some[first]])
        spoken.append(voices(codes[some] & np.uint8(STATUS_MASK), first))
    came = np.zeros(len(sample), dtype=np.bool_)
    came[station] = True
    return AssignedVisits(
        sample,
        tally(codes, group, place, grouping.count),
        voices_of_drawn(np.concatenate(spoken), np.concatenate(at), silent.voices),
        came,
        silent.gone & ~came,
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
