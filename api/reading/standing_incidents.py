"""Incidents kept by report, so that asking for them costs what changed since it was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from schemas.report import ReportStatus

Evidence = Literal["several_sources", "documented", "observed", "reported"]
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
"""Strongest first: two teams or more, a photograph that arrived, seen by the observer, told."""
GRAVEST = 3
MOST_SEVERE = 15
"""What half a code can say."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OPEN = frozenset({ReportStatus.HELD, ReportStatus.RECEIVED, ReportStatus.FLAGGED})


@dataclass(frozen=True)
class Incident:
    """One case as it was sent; ``evidence`` is the strongest that stands behind it.

    ``source`` is from whom the observer has it, ``affected`` whom it befell: options of the
    checklist.
    """

    report: UUID
    status: ReportStatus
    at: datetime
    place: UUID | None
    observer: UUID | None
    nature: str
    severity: int
    codes: tuple[str, ...]
    evidence: Evidence
    source: str
    danger: bool
    affected: tuple[str, ...]

    @property
    def urgent(self) -> bool:
        """Whether somebody must look now: nobody has decided, and it is grave or a danger."""
        return self.open and (self.danger or self.severity >= GRAVEST)

    @property
    def open(self) -> bool:
        """Whether nobody has decided on it yet."""
        return self.status in OPEN

    @property
    def order(self) -> tuple[int, int, int, UUID]:
        """Where it stands in a list: open ones first, gravest and then oldest first."""
        microseconds = (self.at - EPOCH) // timedelta(microseconds=1)
        return int(not self.open), MOST_SEVERE - self.severity, microseconds, self.report


class StandingIncidents:
    """The incidents of a round as each was sent, up to the clock ``sequence``; how well each is
    evidenced by itself, without what others sent."""

    def __init__(self) -> None:
        self.sequence = 0
        self._held: dict[UUID, Incident] = {}

    def take(self, now: Mapping[UUID, Incident | None]) -> None:
        """Reports as they stand now; None of one that is no case of this round any more."""
        for report, incident in now.items():
            if incident is None:
                self._held.pop(report, None)
            else:
                self._held[report] = incident

    @property
    def all(self) -> tuple[Incident, ...]:
        return tuple(self._held.values())
