"""What became of each plan: complete, partial, missing, in conflict, unreachable, withdrawn.

A plan is one team's reports on one checklist at one place (or anywhere in its area). Every report
that was expected has exactly one fate, so the fates of a group add up to what was planned.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from analytics.coverage import GRACE, Expected, Match, Received

By = Literal["nation", "area", "stage", "checklist", "kind", "observer"]


class Disposition(StrEnum):
    """How one plan stands."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    AWAITED = "awaited"
    MISSING = "missing"
    CONFLICT = "conflict"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"


class Fate(StrEnum):
    """What became of one expected report."""

    RECEIVED = "received"
    AWAITED = "awaited"
    MISSING = "missing"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Plan:
    """One team's reports on one checklist: expected, met, and how it stands.

    ``overdue`` is since when the first that is missing is overdue; None where none is.
    """

    deployment: str
    observer: str
    checklist: str
    stage: str
    kind: str
    place: int | None
    area: int
    fates: Counter[Fate] = field(hash=False)
    overdue: datetime | None
    disposition: Disposition

    @property
    def expected(self) -> int:
        """Reports that the plan asks for, or asked for before it ended."""
        return sum(self.fates.values())


@dataclass(frozen=True)
class Tally:
    """The plans and the reports of one group, by how they stand."""

    group: Hashable
    plans: Counter[Disposition] = field(hash=False)
    reports: Counter[Fate] = field(hash=False)


Conflict = tuple[int, str]
"""A place and a checklist on which teams say different things."""


def dispose(
    matched: Match, *, as_of: datetime, unreachable: Collection[str] = (),
    conflicts: Collection[Conflict] = (), grace: timedelta = GRACE,
) -> tuple[Plan, ...]:  # fmt: skip
    """How every plan stands, in order of team, checklist and place.

    ``unreachable`` are the deployments whose last call found nobody and of which nothing came
    since; what a cancelled plan still asked for is nobody's any more.
    """
    parts: defaultdict[Hashable, list[tuple[Expected, Received | None]]] = defaultdict(list)
    for due, came in matched.met:
        parts[_key(due)].append((due, came))
    for due in matched.missing:
        if due.ended != "cancelled":
            parts[_key(due)].append((due, None))
    plans = [_plan(each, as_of - grace, unreachable, conflicts) for each in parts.values()]
    return tuple(sorted(plans, key=lambda each: (each.observer, each.checklist, each.place or -1)))


def _key(due: Expected) -> Hashable:
    return due.deployment, due.observer, due.checklist, due.place


def _plan(
    parts: list[tuple[Expected, Received | None]], since: datetime,
    unreachable: Collection[str], conflicts: Collection[Conflict],
) -> Plan:  # fmt: skip
    first = parts[0][0]
    lost = first.deployment in unreachable
    fates = Counter(_fate(due, came, since, lost=lost) for due, came in parts)
    late = [due.due_at for due, came in parts if came is None and due.due_at < since]
    differs = any(
        came is not None and came.place is not None and (came.place, first.checklist) in conflicts
        for _, came in parts
    )
    return Plan(
        first.deployment, first.observer, first.checklist, first.stage, first.kind, first.place,
        first.area, fates, min(late, default=None), _disposition(fates, differs=differs),
    )  # fmt: skip


def _fate(due: Expected, came: Received | None, since: datetime, *, lost: bool) -> Fate:
    if came is not None:
        return Fate.RECEIVED
    if due.ended == "withdrawn":
        return Fate.WITHDRAWN
    if due.due_at >= since:
        return Fate.AWAITED
    return Fate.UNREACHABLE if lost else Fate.MISSING


def _disposition(fates: Counter[Fate], *, differs: bool) -> Disposition:
    """One word for a plan: what has to be acted on first."""
    if differs:
        return Disposition.CONFLICT
    if fates[Fate.WITHDRAWN]:
        return Disposition.WITHDRAWN
    if fates[Fate.RECEIVED] == sum(fates.values()):
        return Disposition.COMPLETE
    if fates[Fate.UNREACHABLE]:
        return Disposition.UNREACHABLE
    if fates[Fate.RECEIVED]:
        return Disposition.PARTIAL
    return Disposition.MISSING if fates[Fate.MISSING] else Disposition.AWAITED


_GROUPS: dict[By, Callable[[Plan], Hashable]] = {
    "nation": lambda each: "nation",
    "area": lambda each: each.area,
    "stage": lambda each: each.stage,
    "checklist": lambda each: each.checklist,
    "kind": lambda each: each.kind,
    "observer": lambda each: each.observer,
}


def tally(plans: Iterable[Plan], by: By = "nation") -> tuple[Tally, ...]:
    """Plans and reports of each group, in order of the group."""
    of = _GROUPS[by]
    found: dict[Hashable, Tally] = {}
    for each in plans:
        group = of(each)
        held = found.setdefault(group, Tally(group, Counter(), Counter()))
        held.plans[each.disposition] += 1
        held.reports.update(each.fates)
    return tuple(sorted(found.values(), key=lambda each: str(each.group)))


def to_call(plans: Iterable[Plan], sampled: Collection[int] = ()) -> list[Plan]:
    """Whom to call next: teams of sampled stations first, then who is overdue the longest."""
    wanted = [
        each for each in plans
        if each.overdue and each.disposition not in (Disposition.WITHDRAWN, Disposition.COMPLETE)
    ]  # fmt: skip
    return sorted(wanted, key=lambda each: (each.place not in sampled, each.overdue))
