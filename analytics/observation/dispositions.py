"""What became of each plan: complete, partial, missing, in conflict, unreachable, withdrawn.

A plan is one team's reports on one checklist at one place (or anywhere in its area). Every report
that was expected is in exactly one state, so those of a group add up to what was planned.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

import numpy as np

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
    REFUSED = "refused"
    CLOSED = "closed"
    UNSAFE = "unsafe"


class ExpectedReportState(StrEnum):
    """What became of one expected report."""

    RECEIVED = "received"
    AWAITED = "awaited"
    MISSING = "missing"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    """The station let no observers in."""
    CLOSED = "closed"
    """The station did not open, or moved away."""
    UNSAFE = "unsafe"
    """It was not safe to be at the station."""


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


class StationOutcome(StrEnum):
    """Why a station drawn counts, or does not. Where several hold, the first of them is given."""

    RECEIVED = "received"
    SET_ASIDE = "set_aside"
    """Held, or in quarantine."""
    CLOSED = "closed"
    """It did not open, or moved away: out of the frame, and expected no more."""
    REFUSED = "refused"
    """The observers were not let in."""
    UNSAFE = "unsafe"
    """It was not safe to be there; expected no more."""
    WITHDRAWN = "withdrawn"
    """The team was withdrawn for security; expected no more."""
    NOBODY_SENT = "nobody_sent"
    UNREACHED = "unreached"
    """Overdue, and the last call found nobody."""
    MISSING = "missing"
    """Overdue, and nobody has said why."""
    AWAITED = "awaited"


FATES = tuple(StationOutcome)
NOT_EXPECTED = frozenset({StationOutcome.CLOSED, StationOutcome.UNSAFE, StationOutcome.WITHDRAWN})
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
    one is held or quarantined, whether it closed, refused or was unsafe, and each state of what
    was planned there."""

    received: Truths
    set_aside: Truths
    closed: Truths
    refused: Truths
    unsafe: Truths
    planned: Mapping[ExpectedReportState, Truths]

    @property
    def fates(self) -> Ints:
        """The one outcome of each station, as its number among :class:`StationOutcome`."""
        told = [
            (self.received, StationOutcome.RECEIVED),
            (self.set_aside, StationOutcome.SET_ASIDE),
            (self.closed, StationOutcome.CLOSED),
            (self.refused, StationOutcome.REFUSED),
            (self.unsafe, StationOutcome.UNSAFE),
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
        """Those from which a report could come: not closed, unsafe or withdrawn from."""
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
