"""The outcome of each station drawn, for one checklist: one each, so that those of a class add up
to what was drawn from it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from analytics.observation.dispositions import ExpectedReportState
from analytics.survey.design import Ints, Truths


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
