"""Complaints and appeals in the election: filed, due, decided (bamako:20)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from schemas.columns import document, key, mission_key, moment, refers


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
