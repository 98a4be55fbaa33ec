"""The conditions that a mission works under (dop:12), and its dealings with the authority."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from schemas.columns import document, key, mission_key, moment, refers


class ConditionState(StrEnum):
    """How far a condition is met."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


CONDITIONS = tuple("abcdefghi")
"""The letters of dop:12, each a condition of its own."""


class Condition(SQLModel, table=True):
    """How one condition (a to i) stood on a day, on what evidence; the newest counts."""

    __tablename__ = "condition"

    mission_id: UUID = mission_key()
    id: UUID = key()
    letter: str
    state: str
    evidence: str
    stood_on: date
    recorded_by: UUID
    recorded_at: datetime = moment()


class Party(StrEnum):
    """Whom the mission speaks with."""

    AUTHORITY = "authority"
    CITIZEN_GROUP = "citizen_group"
    CONTESTANT = "contestant"
    MEDIA = "media"
    OTHER = "other"


class Contact(SQLModel, table=True):
    """One contact: with the authority (dop:10), with citizen groups before a statement (dop:17)."""

    __tablename__ = "contact"

    mission_id: UUID = mission_key()
    id: UUID = key()
    party: str
    body: str
    subject: str
    outcome: str = ""
    held_at: datetime = moment()
    recorded_by: UUID
    recorded_at: datetime = moment()


class ComplaintOutcome(StrEnum):
    """What became of a complaint."""

    PENDING = "pending"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    DISMISSED = "dismissed"
    INADMISSIBLE = "inadmissible"
    WITHDRAWN = "withdrawn"


class Complaint(SQLModel, table=True):
    """One complaint or appeal. ``standards`` are ids of the catalogue."""

    __tablename__ = "complaint"
    __table_args__ = (
        UniqueConstraint("mission_id", "number"),
        refers("area_id", "area"),
        refers("appeal_of", "complaint"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    number: str
    subject: str
    complainant: str
    body: str
    area_id: UUID | None = None
    standards: list[str] = document(empty=list)
    filed_on: date
    due_on: date | None = None
    decided_on: date | None = None
    outcome: str = ComplaintOutcome.PENDING
    appeal_of: UUID | None = None
    recorded_by: UUID
    recorded_at: datetime = moment()
