"""A judged report on its way into the database, and what became of it there."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from schemas.report import ReportStatus


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a report is held. The wire shape is :class:`schemas.report.Reason`."""

    field: str
    code: str
    message: str

    def as_sent(self) -> dict[str, str]:
        """The reason as an answer carries it."""
        return {"field": self.field, "code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One report, judged, with every reference resolved to an id of its mission.

    References are all set, or the report is held with the reason. ``codes`` is absent where
    no rules could judge it; ``photos`` are the file names it carries.
    """

    mission_id: UUID
    id: UUID
    sha256: bytes
    raw: bytes
    channel: str
    media_type: str
    holder_id: UUID
    status: ReportStatus
    reasons: tuple[Reason, ...]
    checklist: str
    envelope: dict[str, Any]
    answers: dict[str, Any]
    rules_id: UUID | None = None
    round_id: UUID | None = None
    place_id: UUID | None = None
    visit_id: UUID | None = None
    observer_id: UUID | None = None
    organisation_id: UUID | None = None
    arrived_at: datetime | None = None
    departed_at: datetime | None = None
    finalised_at: datetime | None = None
    device_id: str | None = None
    device_sequence: int | None = None
    codes: bytes | None = None
    flags: tuple[dict[str, Any], ...] = ()
    photos: tuple[str, ...] = ()
    sha256_as_came: bytes | None = None
    """The hash with the whitespace around the JSON: earlier versions kept a report under it."""

    def held(self, reason: Reason) -> "Candidate":
        """The same report held, for one reason more and outside any visit."""
        reasons = (*self.reasons, reason)
        return replace(self, status=ReportStatus.HELD, reasons=reasons, visit_id=None)

    def bare(self) -> "Candidate":
        """Only the bytes and their id, held: what is kept when the rest cannot be stored."""
        reason = Reason("body", "unstorable", "The content could not be stored as fields.")
        return Candidate(
            self.mission_id,
            self.id,
            self.sha256,
            self.raw,
            self.channel,
            self.media_type,
            self.holder_id,
            ReportStatus.HELD,
            (reason,),
            "",
            {},
            {},
        )


class Outcome(Enum):
    """What the database did with a candidate."""

    KEPT = "kept"
    REPLAYED = "replayed"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True)
class Stored:
    """A report as it is durably held. For a replay these are the first one's values."""

    outcome: Outcome
    sha256: bytes
    received_at: datetime
    sequence: int
    status: str
    reasons: tuple[dict[str, str], ...]
