"""What became of each plan: complete, partial, missing, in conflict, unreachable, withdrawn.

A plan is one team's reports on one checklist at one place (or anywhere in its area). Every report
that was expected is in exactly one state, so those of a group add up to what was planned.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, NamedTuple

import numpy as np

from analytics.observation.coverage import GRACE, Expected, Match, Received
from analytics.survey.design import Ints, Truths

By = Literal["nation", "area", "stage", "checklist", "kind", "observer"]


class Disposition(StrEnum):
    """The state of one plan."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    AWAITED = "awaited"
    MISSING = "missing"
    CONFLICT = "conflict"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"


class ExpectedReportState(StrEnum):
    """What became of one expected report."""

    RECEIVED = "received"
    AWAITED = "awaited"
    MISSING = "missing"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"


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
    fates: Counter[ExpectedReportState] = field(hash=False)
    overdue: datetime | None
    disposition: Disposition

    @property
    def expected(self) -> int:
        """Reports that the plan asks for, or asked for before it ended."""
        return sum(self.fates.values())


@dataclass(frozen=True)
class Tally:
    """The plans and the reports of one group, by their state."""

    group: Hashable
    plans: Counter[Disposition] = field(hash=False)
    reports: Counter[ExpectedReportState] = field(hash=False)


Conflict = tuple[int, str]
"""A place and a checklist on which teams say different things."""
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


GROUPS: dict[By, Callable[[Any], Hashable]] = {
    "nation": lambda each: "nation",
    "area": lambda each: each.area,
    "stage": lambda each: each.stage,
    "checklist": lambda each: each.checklist,
    "kind": lambda each: each.kind,
    "observer": lambda each: each.observer,
}
"""What plans are grouped by; a :class:`PlanState` has no observer."""


def tally(plans: Iterable[Plan], by: By = "nation") -> tuple[Tally, ...]:
    """Plans and reports of each group, in order of the group."""
    of = GROUPS[by]
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
        each
        for each in plans
        if each.overdue and each.disposition not in (Disposition.WITHDRAWN, Disposition.COMPLETE)
    ]
    return sorted(wanted, key=lambda each: (each.place not in sampled, each.overdue))


class StationOutcome(StrEnum):
    """Why a station drawn counts, or does not. Where several hold, the first of them is given."""

    RECEIVED = "received"
    SET_ASIDE = "set_aside"
    """Held, or in quarantine."""
    CLOSED = "closed"
    """It did not open: out of the frame, and expected no more."""
    REFUSED = "refused"
    """The observers were not let in."""
    WITHDRAWN = "withdrawn"
    """The team was withdrawn for security; expected no more."""
    NOBODY_SENT = "nobody_sent"
    UNREACHED = "unreached"
    """Overdue, and the last call found nobody."""
    MISSING = "missing"
    """Overdue, and nobody has said why."""
    AWAITED = "awaited"


FATES = tuple(StationOutcome)
NOT_EXPECTED = frozenset({StationOutcome.CLOSED, StationOutcome.WITHDRAWN})
SAID_BY_PLAN = (
    (ExpectedReportState.RECEIVED, StationOutcome.RECEIVED),
    (ExpectedReportState.WITHDRAWN, StationOutcome.WITHDRAWN),
    (ExpectedReportState.UNREACHABLE, StationOutcome.UNREACHED),
    (ExpectedReportState.MISSING, StationOutcome.MISSING),
    (ExpectedReportState.AWAITED, StationOutcome.AWAITED),
)
"""What a station's plans say of it where no report does, what must be acted on first."""


@dataclass(frozen=True)
class SampledStations:
    """What is known of the stations drawn, of each in their order: whether a report counts, whether
    one is held or quarantined, whether it closed, or refused, and each state of what was planned
    there."""

    received: Truths
    set_aside: Truths
    closed: Truths
    refused: Truths
    planned: Mapping[ExpectedReportState, Truths]

    @property
    def fates(self) -> Ints:
        """The one outcome of each station, as its number among :class:`StationOutcome`."""
        told = [
            (self.received, StationOutcome.RECEIVED),
            (self.set_aside, StationOutcome.SET_ASIDE),
            (self.closed, StationOutcome.CLOSED),
            (self.refused, StationOutcome.REFUSED),
            *((self.planned[fate], mine) for fate, mine in SAID_BY_PLAN if fate in self.planned),
        ]
        truths, fates = zip(*told, strict=True)
        numbers = [FATES.index(each) for each in fates]
        return np.select(truths, numbers, FATES.index(StationOutcome.NOBODY_SENT)).astype(np.int64)


@dataclass(frozen=True)
class ClassResponse:
    """The stations drawn from one class, by what became of them."""

    name: str
    fates: Counter[StationOutcome] = field(hash=False)

    @property
    def drawn(self) -> int:
        """Stations drawn from the class."""
        return self.fates.total()

    @property
    def expected(self) -> int:
        """Those from which a report could come: neither closed nor withdrawn from."""
        return self.drawn - sum(self.fates[each] for each in NOT_EXPECTED)


def response_by_class(
    group: Ints, names: Sequence[str], known: SampledStations
) -> tuple[ClassResponse, ...]:
    """The stations drawn of each class that has any, in order. ``group`` is the number of each
    station's class."""
    shape = len(names), len(FATES)
    key = group * len(FATES) + known.fates
    counts = np.bincount(key, minlength=len(names) * len(FATES)).reshape(shape)
    return tuple(
        ClassResponse(name, +Counter(dict(zip(FATES, row, strict=True))))
        for name, row in zip(names, counts.tolist(), strict=True)
        if any(row)
    )


def in_all(classes: Iterable[ClassResponse]) -> ClassResponse:
    """The whole sample."""
    return ClassResponse("", sum((each.fates for each in classes), Counter()))
