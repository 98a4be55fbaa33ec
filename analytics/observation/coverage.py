"""Coverage: the reports that were planned against those that came, least covered first."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from analytics.observation.code_matrix import NOWHERE
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus

By = Literal["nation", "area", "stage", "checklist", "kind", "observer", "hour"]
Ended = Literal["", "withdrawn", "cancelled"]
"""A plan that was withdrawn for security asks for nothing more, and is counted as such; one that
was cancelled, or replaced by another, asks for nothing more."""
GRACE = timedelta(minutes=60)
"""How long after it was due a report that has not come is called late."""
HALF = 0.5
"""Coverage under which an area is hatched and named."""


@dataclass(slots=True)
class Expected:
    """One report that the plan asks for. ``observer`` is the team it is due from.

    Not frozen, as :class:`Received` is not.

    ``place`` is an index, or None for a team that goes where it likes in ``area``.
    ``deployment`` names the plan that it is of, ``ended`` how that plan ended early.
    """

    place: int | None
    area: int
    checklist: str
    due_at: datetime
    kind: Kind
    observer: str
    stage: str = "voting"
    deployment: str = ""
    ended: Ended = ""


@dataclass(slots=True)
class Received:
    """One report that came, whatever became of it; ``observer`` names the team as above, ``rules``
    the revision that judged it.

    Not frozen, because that makes it three times as dear, and a million are made; nobody
    changes one.
    """

    place: int | None
    area: int
    checklist: str
    received_at: datetime
    kind: Kind
    observer: str
    status: ReportStatus
    stage: str = "voting"
    rules: UUID | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was expected of one group, and what came.

    ``received`` are those expected that came, ``set_aside`` of them held or quarantined, so
    that ``used`` is their difference; ``held`` and ``flagged`` are of all that came.
    ``late`` are missing ones overdue, ``unplanned`` came beyond the plan. ``withdrawn`` were
    expected of teams withdrawn for security: neither missing nor expected any more.
    """

    group: Hashable
    expected: int
    received: int
    missing: int
    held: int
    flagged: int
    late: int
    unplanned: int
    set_aside: int
    withdrawn: int = 0

    @property
    def used(self) -> int:
        """Reports that came and count."""
        return self.received - self.set_aside

    @property
    def share(self) -> float | None:
        """Received of expected, 0 to 1; None where nothing was planned."""
        return self.received / self.expected if self.expected else None

    def onto(self, group: Hashable, other: "Coverage | None") -> "Coverage":
        """Both together as one group; this alone where there is no other."""
        if other is None:
            return replace(self, group=group)
        sums = {each: getattr(self, each) + getattr(other, each) for each in COUNTS}
        return Coverage(group=group, **sums)

    @property
    def under_half(self) -> bool:
        """Whether less than half of what was planned has come."""
        return self.share is not None and self.share < HALF


COUNTS = tuple(each.name for each in fields(Coverage) if each.name != "group")


@dataclass(frozen=True)
class Match:
    """The plan held against what came: each expected report with the one that met it."""

    met: tuple[tuple[Expected, Received], ...]
    missing: tuple[Expected, ...]
    unplanned: tuple[Received, ...]


def match(expected: Iterable[Expected], received: Iterable[Received]) -> Match:
    """Pair every planned report with one that came from the same team with that checklist.

    A report meets the plan of its own place first, then its team's plan for the area. A
    superseded report meets nothing: its newer version does. Counted reports are paired
    before held ones, earlier before later, in whatever order they are given.
    """
    waiting: defaultdict[Hashable, list[Expected]] = defaultdict(list)
    for due in sorted(expected, key=lambda each: each.due_at, reverse=True):
        waiting[due.observer, due.checklist, due.place].append(due)
    met: list[tuple[Expected, Received]] = []
    unplanned: list[Received] = []
    for came in sorted(received, key=_precedence):
        if came.status is ReportStatus.SUPERSEDED:
            continue
        queue = waiting[came.observer, came.checklist, came.place]
        queue = queue or waiting[came.observer, came.checklist, None]
        if queue:
            met.append((queue.pop(), came))
        else:
            unplanned.append(came)
    missing = tuple(due for queue in waiting.values() for due in queue)
    return Match(tuple(met), missing, tuple(unplanned))


def _precedence(came: Received) -> tuple[object, ...]:
    """Of two that came in the same moment not chance decides: what is equal in all of this is
    alike in every figure."""
    place = NOWHERE if came.place is None else came.place
    return (
        came.status not in COUNTED,
        came.received_at,
        place,
        came.area,
        came.kind,
        came.status,
        came.stage,
    )


def cover(
    expected: Iterable[Expected],
    received: Iterable[Received],
    *,
    by: By = "area",
    as_of: datetime,
    grace: timedelta = GRACE,
) -> tuple[Coverage, ...]:
    """Coverage by group, least covered first, then by how many are missing.

    Groups are area indexes, stages, checklists, kinds, teams, or the hour a report was due
    in; ``nation`` is the one group of everything. What came unplanned in a group stands
    beside it, last where nothing was planned there.
    """
    paired = match(expected, received)
    of = _GROUPS[by]
    counts: defaultdict[Hashable, Counter[str]] = defaultdict(Counter)
    for due, came in paired.met:
        counts[of(due, due.due_at)].update(("expected", "received", *_standing(came, planned=True)))
    for due in paired.missing:
        if due.ended:
            counts[of(due, due.due_at)].update(("withdrawn",) if due.ended == "withdrawn" else ())
            continue
        late = ("late",) if due.due_at + grace < as_of else ()
        counts[of(due, due.due_at)].update(("expected", "missing", *late))
    for came in paired.unplanned:
        counts[of(came, came.received_at)].update(("unplanned", *_standing(came, planned=False)))
    return tuple(sorted((_row(*each) for each in counts.items()), key=by_need))


def national(
    expected: Iterable[Expected],
    received: Iterable[Received],
    *,
    as_of: datetime,
    grace: timedelta = GRACE,
) -> Coverage:
    """Coverage of the whole plan; all zero where there is neither plan nor report."""
    rows = cover(expected, received, by="nation", as_of=as_of, grace=grace)
    return rows[0] if rows else _row("nation", Counter())


_GROUPS: dict[By, Callable[[Expected | Received, datetime], Hashable]] = {
    "nation": lambda each, moment: "nation",
    "area": lambda each, moment: each.area,
    "stage": lambda each, moment: each.stage,
    "checklist": lambda each, moment: each.checklist,
    "kind": lambda each, moment: each.kind,
    "observer": lambda each, moment: each.observer,
    "hour": lambda each, moment: moment.replace(minute=0, second=0, microsecond=0),
}


def _standing(came: Received, *, planned: bool) -> tuple[str, ...]:
    said: list[str] = []
    if came.status is ReportStatus.HELD:
        said.append("held")
    if came.status is ReportStatus.FLAGGED:
        said.append("flagged")
    if planned and came.status not in COUNTED:
        said.append("set_aside")
    return tuple(said)


def _row(group: Hashable, counts: Counter[str]) -> Coverage:
    return Coverage(
        group=group,
        expected=counts["expected"],
        received=counts["received"],
        missing=counts["missing"],
        held=counts["held"],
        flagged=counts["flagged"],
        late=counts["late"],
        unplanned=counts["unplanned"],
        set_aside=counts["set_aside"],
        withdrawn=counts["withdrawn"],
    )


def by_need(row: Coverage) -> tuple[float, int, str]:
    """Sorts the least covered first, then by how many are missing; the unplanned last."""
    return (2.0 if row.share is None else row.share, -row.missing, str(row.group))


@dataclass(frozen=True)
class ArrivalCurve:
    """How many reports had been planned, and had come, by each moment.

    ``planned`` covers every moment, ``received`` only those up to ``as_of``. ``behind`` is
    how long ago the plan stood where the reports stand now; negative when ahead.
    """

    moments: tuple[datetime, ...]
    planned: tuple[int, ...]
    received: tuple[int, ...]
    as_of: datetime
    behind: timedelta | None


def arrivals(
    due: Sequence[datetime],
    came: Sequence[datetime],
    *,
    as_of: datetime,
    step: timedelta = timedelta(minutes=15),
) -> ArrivalCurve:
    """The arrival curve against plan, from the first moment to the last due, in steps.

    Raises ValueError where ``step`` is not positive, or would cut more than 10,000 pieces.
    """
    if step <= timedelta(0):
        raise ValueError("step: must be longer than nothing")
    plan, here = sorted(due), sorted(each for each in came if each <= as_of)
    first = min([*plan[:1], *here[:1], as_of])
    last = max([*plan[-1:], as_of])
    pieces = -((first - last) // step)
    if pieces > 10_000:
        raise ValueError("step: too short for this span")
    moments = tuple(first + step * n for n in range(pieces + 1))
    past = [each for each in moments if each < as_of]
    return ArrivalCurve(
        moments=moments,
        planned=tuple(bisect_right(plan, each) for each in moments),
        received=tuple(bisect_right(here, each) for each in [*past, as_of]),
        as_of=as_of,
        behind=_behind(plan, len(here), as_of),
    )


def _behind(plan: list[datetime], came: int, as_of: datetime) -> timedelta | None:
    """None where the plan is empty, or has not begun and nothing came, or all has come."""
    if not plan or came >= len(plan):
        return None
    next_due = plan[came]
    if not came and next_due > as_of:
        return None
    return as_of - next_due
