"""The plan as it stands: each report held against it when it comes, so that coverage costs what
changed.

A report can meet only the plan of its own team and checklist, so that one change asks only those
to be matched again. What comes of it is what :func:`analytics.observation.coverage.cover` gives of
everything (tests/analytics/observation/test_plan.py).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import repeat
from operator import add

import numpy as np

from analytics.observation.coverage import (
    GRACE,
    ArrivalCurve,
    By,
    Coverage,
    Expected,
    Match,
    Received,
    by_need,
    match,
)
from analytics.survey.design import Ints
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus

Key = tuple[str, str]
"""A team and a checklist."""
Cell = tuple[int, str, str, Kind, datetime]
"""Area, stage, checklist, kind, and when it was due; of the unplanned the hour it came in."""
NAMES = (
    "received",
    "missing",
    "unplanned",
    "held",
    "flagged",
    "set_aside",
    "withdrawn",
    "cancelled",
)
RECEIVED, MISSING, UNPLANNED, HELD, FLAGGED, SET_ASIDE, WITHDRAWN, CANCELLED = range(8)
ENDED = {"withdrawn": WITHDRAWN, "cancelled": CANCELLED}
NOTHING = Match((), (), ())
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_PIECES = 480
"""Five days in quarters of an hour: more steps than a picture has room for."""
GROUPS: dict[By, Callable[[Cell], Hashable]] = {
    "nation": lambda cell: "nation",
    "area": lambda cell: cell[0],
    "stage": lambda cell: cell[1],
    "checklist": lambda cell: cell[2],
    "kind": lambda cell: cell[3],
    "hour": lambda cell: _hour(cell[4]),
}
"""What coverage can be grouped by here; by team it is asked of the whole plan."""


@dataclass(slots=True)
class _Desk:
    """What is due from a team on a checklist, what came, and how they match."""

    due: list[Expected] = field(default_factory=list)
    came: list[Received] = field(default_factory=list)
    matched: Match = NOTHING


class StandingPlan:
    """The reports expected, and those that came, matched as they change."""

    def __init__(self, expected: Iterable[Expected]) -> None:
        self._desks: defaultdict[Key, _Desk] = defaultdict(_Desk)
        for each in expected:
            self._desks[each.observer, each.checklist].due.append(each)
        self._cells: defaultdict[Cell, list[int]] = defaultdict(lambda: [0] * len(NAMES))
        self._taken: list[tuple[Received, Received | None]] = []
        """What was taken and is not yet on a desk: whoever folds does not wait for that."""
        self._stale = set(self._desks)
        self._moved: set[Key] = set()
        self._planned = _in_order(each.due_at for each in self.expected)
        self._arrived = np.zeros(0, dtype=np.int64)
        self._new: list[datetime] = []
        self._gone: list[datetime] = []

    def take(self, came: Received, before: Received | None = None) -> None:
        """A report as it stands now, in place of the very ``before`` that was taken of it."""
        self._taken.append((came, before))

    def _sort_all_in(self) -> None:
        for came, before in self._taken:
            self._sort_in(came, before)
        self._taken.clear()

    def _sort_in(self, came: Received, before: Received | None) -> None:
        key = came.observer, came.checklist
        here, moment = self._desks[key].came, came.received_at
        self._stale.add(key)
        if before is None:
            here.append(came)
            self._new.append(moment)
            return
        was = before.observer, before.checklist
        _replace(self._desks[was].came, before, came if was == key else None)
        if was != key:
            here.append(came)
            self._stale.add(was)
        if moment != before.received_at:
            self._new.append(moment)
            self._gone.append(before.received_at)

    def _update(self) -> None:
        self._sort_all_in()
        for key in self._stale:
            desk = self._desks[key]
            self._count(desk.matched, -1)
            desk.matched = match(desk.due, desk.came)
            self._count(desk.matched, 1)
        self._moved |= self._stale
        self._stale.clear()

    def moved(self) -> set[Key]:
        """Which teams and checklists were matched again since this was last asked."""
        self._update()
        moved, self._moved = self._moved, set()
        return moved

    def matched_of(self, key: Key) -> Match:
        """What a team's plan on a checklist comes to."""
        self._update()
        desk = self._desks.get(key)
        return NOTHING if desk is None else desk.matched

    @property
    def expected(self) -> Iterator[Expected]:
        """Everything that is due."""
        return (each for desk in self._desks.values() for each in desk.due)

    def _count(self, matched: Match, sign: int) -> None:
        cells = self._cells
        for due, came in matched.met:
            counts = cells[due.area, due.stage, due.checklist, due.kind, due.due_at]
            counts[RECEIVED] += sign
            if came.status is not ReportStatus.RECEIVED:
                _count_status(counts, came, sign, planned=True)
        for due in matched.missing:
            counts = cells[due.area, due.stage, due.checklist, due.kind, due.due_at]
            counts[ENDED.get(due.ended, MISSING)] += sign
        for came in matched.unplanned:
            hour = _hour(came.received_at)
            counts = cells[came.area, came.stage, came.checklist, came.kind, hour]
            counts[UNPLANNED] += sign
            _count_status(counts, came, sign, planned=False)

    def cover(
        self,
        by: By,
        *,
        as_of: datetime,
        grace: timedelta = GRACE,
        areas: Collection[int] | None = None,
    ) -> tuple[Coverage, ...]:
        """Coverage by group as :func:`analytics.observation.coverage.cover`, in these areas; not
        by team (KeyError)."""
        self._update()
        of = GROUPS[by]
        sums: dict[Hashable, list[int]] = {}
        late: Counter[Hashable] = Counter()
        since = as_of - grace
        for cell, counts in self._cells.items():
            if not any(counts) or (areas is not None and cell[0] not in areas):
                continue
            group = of(cell)
            sums[group] = [*map(add, sums.get(group, repeat(0)), counts)]
            if counts[MISSING] and cell[4] < since:
                late[group] += counts[MISSING]
        rows = (_coverage(group, summed, late[group]) for group, summed in sums.items())
        return tuple(sorted(rows, key=by_need))

    def matched(self) -> Match:
        """The whole plan held against everything that came, team by team."""
        self._update()
        parts = [desk.matched for desk in self._desks.values()]
        return Match(
            tuple(pair for each in parts for pair in each.met),
            tuple(due for each in parts for due in each.missing),
            tuple(came for each in parts for came in each.unplanned),
        )

    def arrivals(self, *, as_of: datetime, step: timedelta = timedelta(minutes=15)) -> ArrivalCurve:
        """The arrival curve against plan, up to ``as_of`` or the last moment known, as
        :func:`analytics.observation.coverage.arrivals`; over more than five days in longer
        steps."""
        came, plan = self._sorted(), self._planned
        ends = [int(each[-1]) for each in (came, plan) if len(each)]
        until = min([micro(as_of), *([max(ends)] if ends else [])])
        here = came[: np.searchsorted(came, until, side="right")]
        first = min([until, *(int(each[0]) for each in (plan, here) if len(each))])
        last = max([until, *(int(each[-1]) for each in (plan,) if len(each))])
        wide = step // MICROSECOND
        while last - first > MOST_PIECES * wide:
            wide *= 2
        pieces = -((first - last) // wide)
        moments = first + np.arange(pieces + 1, dtype=np.int64) * wide
        past = np.append(moments[moments < until], until)
        return ArrivalCurve(
            moments=tuple(moment_of(each) for each in moments.tolist()),
            planned=tuple(np.searchsorted(plan, moments, side="right").tolist()),
            received=tuple(np.searchsorted(here, past, side="right").tolist()),
            as_of=moment_of(until),
            behind=_behind(plan, len(here), until),
        )

    def _sorted(self) -> Ints:
        """When every report came, in order."""
        self._sort_all_in()
        if self._gone:
            gone = _in_order(self._gone)
            everything = np.sort(np.append(self._arrived, _in_order(self._new)))
            start = np.searchsorted(everything, gone) + _repeats(gone)
            self._arrived = np.delete(everything, start)
        elif self._new:
            new = _in_order(self._new)
            self._arrived = np.insert(self._arrived, np.searchsorted(self._arrived, new), new)
        self._new, self._gone = [], []
        return self._arrived


def _coverage(group: Hashable, counts: Sequence[int], late: int) -> Coverage:
    """A group's counts, in the order of their names, as coverage."""
    named = dict(zip(NAMES, counts, strict=True))
    del named["cancelled"]
    expected = named["received"] + named["missing"]
    return Coverage(group=group, expected=expected, late=late, **named)


def _replace(held: list[Received], one: Received, other: Received | None) -> None:
    """Another in the place of this very one: others may be equal to it."""
    at = next(at for at, each in enumerate(held) if each is one)
    held[at : at + 1] = [] if other is None else [other]


def _count_status(counts: list[int], came: Received, sign: int, *, planned: bool) -> None:
    if came.status is ReportStatus.HELD:
        counts[HELD] += sign
    elif came.status is ReportStatus.FLAGGED:
        counts[FLAGGED] += sign
    if planned and came.status not in COUNTED:
        counts[SET_ASIDE] += sign


def _repeats(ordered: Ints) -> Ints:
    """How many equal values stand before each in an ordered list."""
    return np.arange(len(ordered)) - np.searchsorted(ordered, ordered)


def _behind(plan: Ints, came: int, until: int) -> timedelta | None:
    """None where the plan is empty, or has not begun and nothing came, or all has come."""
    if came >= len(plan) or (not came and plan[came] > until):
        return None
    return (until - int(plan[came])) * MICROSECOND


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def micro(moment: datetime) -> int:
    """A moment in microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def _in_order(moments: Iterable[datetime]) -> Ints:
    """Moments in microseconds, sorted."""
    return np.sort(np.array([micro(each) for each in moments], dtype=np.int64))


def moment_of(micro: int) -> datetime:
    """The moment so many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=micro)
