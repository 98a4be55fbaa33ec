"""A report: what came in, what was kept of it, and what it was judged to say."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, text
from sqlmodel import Field, SQLModel

from schemas.columns import clock_reading, content, document, key, mission_key, moment, refers


class ReportStatus(StrEnum):
    """Where a report stands. Received, flagged and verified reports are counted."""

    HELD = "held"
    RECEIVED = "received"
    FLAGGED = "flagged"
    VERIFIED = "verified"
    QUARANTINED = "quarantined"
    SUPERSEDED = "superseded"


LARGEST_COUNT = 2**53
"""No answer counts more. What stands stored beyond it is no figure: a double does not hold it
exactly, and sums of it would be longer than any exit can write."""
COUNTED = frozenset({ReportStatus.RECEIVED, ReportStatus.FLAGGED, ReportStatus.VERIFIED})


CLOCK_TOLERANCE = timedelta(hours=1)
"""A report whose times are further ahead of its receipt is dated ahead: it is flagged, and counts
when that time has come, or when a named person has verified it."""


class Report(SQLModel, table=True):
    """A report as it stands now. ``id`` is the instance id that the phone gave it.

    ``sequence`` and ``received_at`` are those of its receipt and never change; ``changed``
    is the mission's clock when this row was last written, for whoever follows.
    """

    __tablename__ = "report"
    __table_args__ = (
        refers("rules_id", "rules"),
        refers("round_id", "round"),
        refers("place_id", "place"),
        refers("visit_id", "visit"),
        refers("observer_id", "observer"),
        refers("organisation_id", "organisation"),
        refers("contest_id", "contest"),
        Index("report_by_change", "mission_id", "changed"),
        Index("report_by_place", "mission_id", "place_id"),
        Index("report_by_visit", "mission_id", "visit_id"),
        Index("report_by_sequence", "mission_id", "sequence"),
        Index("report_by_checklist", "mission_id", "checklist", "sequence"),
        Index("report_by_observer", "mission_id", "observer_id", "sequence"),
        Index(
            "report_beside",
            "mission_id",
            "status",
            "sequence",
            postgresql_where=text("status <> 'received'"),
        ),
        Index("report_by_rules", "mission_id", "rules_id"),
        Index(
            "report_by_contest",
            "mission_id",
            "contest_id",
            "sequence",
            postgresql_where=text("contest_id IS NOT NULL"),
        ),
        Index(
            "report_that_waits",
            "mission_id",
            "replaces_id",
            postgresql_where=text("replaces_id IS NOT NULL"),
        ),
        Index(
            "report_held",
            "mission_id",
            "observer_id",
            postgresql_where=text("status = 'held'"),
        ),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    sha256: bytes = content()
    sequence: int = clock_reading()
    changed: int = clock_reading()
    received_at: datetime = moment()
    status: str
    reasons: list[dict[str, str]] = document()
    version: int = 1
    checklist: str
    rules_id: UUID | None = None
    round_id: UUID | None = None
    place_id: UUID | None = None
    visit_id: UUID | None = None
    observer_id: UUID | None = None
    organisation_id: UUID | None = None
    arrived_at: datetime | None = moment(nullable=True)
    departed_at: datetime | None = moment(nullable=True)
    finalised_at: datetime | None = moment(nullable=True)
    replaces_id: UUID | None = None
    """The report that a correction waits for, or by which the desk decides on it."""
    contest_id: UUID | None = None
    """What was voted on, where the report is a protocol; see :mod:`api.intake.contests`."""

    @property
    def counts_from(self) -> datetime | None:
        """The moment that a report dated ahead names, from which it counts; None of any other, and
        of one that a named person has verified."""
        if self.status == ReportStatus.VERIFIED:
            return None
        named = [each for each in (self.arrived_at, self.finalised_at) if each is not None]
        ahead = [each for each in named if each > self.received_at + CLOCK_TOLERANCE]
        return max(ahead, default=None)


class Submission(SQLModel, table=True):
    """Bytes that came in under a report's id, exactly as they came.

    The first under an id is the report; others under the same id are ``contested`` and
    are held for review. Rows are only ever added.
    """

    __tablename__ = "submission"
    __table_args__ = (
        refers("report_id", "report"),
        Index("submission_by_sequence", "mission_id", "sequence"),
        CheckConstraint("octet_length(sha256) = 32"),
    )

    mission_id: UUID = mission_key()
    report_id: UUID = Field(primary_key=True)
    sha256: bytes = Field(primary_key=True)
    sequence: int = clock_reading()
    received_at: datetime = moment()
    channel: str
    media_type: str
    holder_id: UUID
    contested: bool
    device_id: str | None = None
    device_sequence: int | None = Field(default=None, sa_type=BigInteger)
    raw: bytes = content()


class ReportVersion(SQLModel, table=True):
    """The content of a report at one version. A correction adds a row with its author."""

    __tablename__ = "report_version"
    __table_args__ = (refers("report_id", "report"),)

    mission_id: UUID = mission_key()
    report_id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(Integer, primary_key=True))
    sequence: int = clock_reading()
    envelope: dict[str, Any] = document()
    answers: dict[str, Any] = document()
    author_id: UUID
    reason: str | None = None
    accepted: list[str] | None = document(nullable=True)
    """Codes of the reasons in spite of which a named person lets the report count."""


class Edit(SQLModel, table=True):
    """A version that a phone made: it came under an instance id of its own.

    A phone edits the instance that it holds; where that is no longer the newest one, the edit
    is refused and its bytes are kept.
    """

    __tablename__ = "edit"
    __table_args__ = (
        refers("report_id", "report"),
        Index("edit_by_report", "mission_id", "report_id", "number"),
    )

    mission_id: UUID = mission_key()
    instance_id: UUID = Field(primary_key=True)
    report_id: UUID
    number: int
    sha256: bytes = content()


class Judgement(SQLModel, table=True):
    """What one version of a report says under one revision of the rules.

    ``codes`` holds one byte per indicator (:mod:`schemas.codes`), in the rules' order;
    ``flags`` the checks that did not hold, with inputs, formula and difference.
    """

    __tablename__ = "judgement"
    __table_args__ = (
        refers(("report_id", "number"), "report_version", "report_id", "number"),
        refers("rules_id", "rules"),
    )

    mission_id: UUID = mission_key()
    report_id: UUID = Field(primary_key=True)
    number: int = Field(sa_column=Column(Integer, primary_key=True))
    rules_id: UUID = Field(primary_key=True)
    codes: bytes = content()
    flags: list[dict[str, Any]] = document()


class Attachment(SQLModel, table=True):
    """A photo that a report names. It has arrived when length and hash agree."""

    __tablename__ = "attachment"
    __table_args__ = (
        refers("report_id", "report"),
        Index("attachment_by_content", "mission_id", "sha256"),
    )

    mission_id: UUID = mission_key()
    report_id: UUID = Field(primary_key=True)
    name: str = Field(primary_key=True)
    sha256: bytes | None = content(nullable=True)
    size: int | None = None
    arrived_at: datetime | None = moment(nullable=True)


class Reason(BaseModel):
    """Why a report is held for review, naming the field to blame."""

    model_config = ConfigDict(frozen=True)

    field: str
    code: str
    message: str
