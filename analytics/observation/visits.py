"""The visits of one checklist, counted once for every rate that is asked of them.

They are counted in groups that are smaller than those of any table, such as places with the same
area, setting and type. A sample's assigned visits are also counted at each of its stations.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KINDS, CodeMatrix
from analytics.observation.drawn_sample import AreaGroups, DrawnSample, drawn_for, sent_by
from analytics.observation.tallies import Tallies, answered, by_station, tally
from analytics.survey.design import Ints
from analytics.survey.proportions import Proportions, estimate_proportions
from schemas.codes import STATUS_MASK, Status
from schemas.mission import Kind

Counts = NDArray[np.uint16] | Ints


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
class Sent:
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
    answered: Counts
    seen: Counts
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
        self, groups: AreaGroups | None, seen: Counts, answered: Counts, level: float
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
    sent: Mapping[Kind, Sent]
    main: Sent | None


def count_visits(
    matrix: CodeMatrix, grouping: Grouping, samples: Sequence[DrawnSample] = ()
) -> Visits:
    """Count the reports of a checklist that speak, in groups. ``samples`` holds at most one of
    each kind of observers, the main one first."""
    others, sent = dict[Kind, Tallies](), dict[Kind, Sent]()
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


def _sent(matrix: CodeMatrix, rows: Ints, sample: DrawnSample, grouping: Grouping) -> Sent:
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
    return Sent(
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


def _with_silent(counts: Counts, silent: int) -> Counts:
    return np.concatenate([counts, np.zeros((silent, counts.shape[1]), dtype=counts.dtype)])
