"""Coverage and dispositions in the plainest way: one report, one plan at a time. Slow.

What the product computes of columns is held against these in tests.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from analytics.observation.code_matrix import NOWHERE
from analytics.observation.coverage import GRACE, ArrivalCurve, By, Coverage, by_need
from analytics.observation.dispositions import By as DisposedBy
from analytics.observation.dispositions import (
    Conflict,
    Disposition,
    ExpectedReportState,
    Plan,
    Tally,
)
from analytics.observation.expected_reports import Ended
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus


@dataclass(frozen=True)
class Expected:
    """One report that the plan asks for. ``observer`` is the team it is due from.

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


@dataclass(frozen=True)
class Received:
    """One report that came, whatever became of it; ``observer`` names the team, ``rules`` the
    revision that judged it."""

    place: int | None
    area: int
    checklist: str
    received_at: datetime
    kind: Kind
    observer: str
    status: ReportStatus
    stage: str = "voting"
    rules: UUID | None = None


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


class PlanState(NamedTuple):
    """The state of a plan whatever the hour: reports received, withdrawn, and when those open are
    due, in order. ``lost`` is a team that cannot be reached, ``differs`` one that is in conflict.
    """

    area: int
    stage: str
    checklist: str
    kind: str
    received: int
    withdrawn: int
    open: tuple[datetime, ...]
    lost: bool
    differs: bool

    def overdue(self, since: datetime) -> datetime | None:
        """Since when the first that is missing is overdue."""
        return self.open[0] if self.open and self.open[0] < since else None

    def fates(self, since: datetime) -> Counter[ExpectedReportState]:
        """What became of its reports; those due before ``since`` are awaited no more."""
        late = sum(due < since for due in self.open)
        return +Counter(
            {
                ExpectedReportState.RECEIVED: self.received,
                ExpectedReportState.WITHDRAWN: self.withdrawn,
                ExpectedReportState.AWAITED: len(self.open) - late,
                ExpectedReportState.UNREACHABLE if self.lost else ExpectedReportState.MISSING: late,
            }
        )

    def disposition(self, since: datetime) -> Disposition:
        """One word for a plan: what has to be acted on first."""
        late = self.overdue(since) is not None
        if self.differs:
            return Disposition.CONFLICT
        if self.withdrawn:
            return Disposition.WITHDRAWN
        if not self.open:
            return Disposition.COMPLETE
        if self.lost and late:
            return Disposition.UNREACHABLE
        if self.received:
            return Disposition.PARTIAL
        return Disposition.MISSING if late else Disposition.AWAITED


Name = tuple[str, str, int, str]
"""What names a plan, in the order of plans: team, checklist, place (−1 none), deployment."""


Part = tuple[Expected, Received | None]
"""A report of a plan, and the one that met it."""


def dispose(
    matched: Match,
    *,
    as_of: datetime,
    unreachable: Collection[str] = (),
    conflicts: Collection[Conflict] = (),
    grace: timedelta = GRACE,
) -> tuple[Plan, ...]:
    """How every plan stands, in order of team, checklist, place and deployment.

    ``unreachable`` are the deployments whose last call found nobody and of which nothing came
    since; what a cancelled plan still asked for is nobody's any more.
    """
    parts = parts_of(matched)
    return tuple(
        plan_of(name, parts[name], as_of - grace, lost=name[-1] in unreachable, conflicts=conflicts)
        for name in sorted(parts)
    )


def name_of(due: Expected) -> Name:
    """The plan that an expected report is of."""
    return due.observer, due.checklist, -1 if due.place is None else due.place, due.deployment


def parts_of(matched: Match) -> dict[Name, list[Part]]:
    """The reports of each plan, as they were met or not."""
    parts: defaultdict[Name, list[Part]] = defaultdict(list)
    for due, came in matched.met:
        parts[name_of(due)].append((due, came))
    for due in matched.missing:
        if due.ended != "cancelled":
            parts[name_of(due)].append((due, None))
    return parts


def stand_of(parts: Sequence[Part], *, lost: bool, conflicts: Collection[Conflict]) -> PlanState:
    """The state of one plan whatever the hour."""
    first = parts[0][0]
    missed = [due for due, came in parts if came is None]
    differs = bool(conflicts) and any(
        came is not None and came.place is not None and (came.place, first.checklist) in conflicts
        for _, came in parts
    )
    due = sorted(each.due_at for each in missed if each.ended != "withdrawn")
    return PlanState(
        first.area,
        first.stage,
        first.checklist,
        first.kind,
        len(parts) - len(missed),
        len(missed) - len(due),
        tuple(due),
        lost,
        differs,
    )


def plan_of(
    name: Name,
    parts: Sequence[Part],
    since: datetime,
    *,
    lost: bool,
    conflicts: Collection[Conflict],
) -> Plan:
    """One plan, with what became of its reports due before ``since``."""
    observer, checklist, place, deployment = name
    stand = stand_of(parts, lost=lost, conflicts=conflicts)
    return Plan(
        deployment,
        observer,
        checklist,
        stand.stage,
        stand.kind,
        None if place < 0 else place,
        stand.area,
        stand.fates(since),
        stand.overdue(since),
        stand.disposition(since),
    )


PLAN_GROUPS: dict[DisposedBy, Callable[[Any], Hashable]] = {
    "nation": lambda each: "nation",
    "area": lambda each: each.area,
    "stage": lambda each: each.stage,
    "checklist": lambda each: each.checklist,
    "kind": lambda each: each.kind,
    "observer": lambda each: each.observer,
}
"""What plans are grouped by; a :class:`PlanState` has no observer."""


def tally(plans: Iterable[Plan], by: DisposedBy = "nation") -> tuple[Tally, ...]:
    """Plans and reports of each group, in order of the group."""
    of = PLAN_GROUPS[by]
    found: dict[Hashable, Tally] = {}
    for each in plans:
        group = of(each)
        held = found.setdefault(group, Tally(group, Counter(), Counter()))
        held.plans[each.disposition] += 1
        held.reports.update(each.fates)
    return tuple(sorted(found.values(), key=lambda each: str(each.group)))


def to_call(plans: Iterable[Plan], sampled: Collection[int] = ()) -> list[Plan]:
    """Call list: teams of sampled stations first, then who is overdue the longest."""
    wanted = [
        each
        for each in plans
        if each.overdue and each.disposition not in (Disposition.WITHDRAWN, Disposition.COMPLETE)
    ]
    return sorted(wanted, key=lambda each: (each.place not in sampled, each.overdue))
