"""What a mission learns beside its checklists, and hands to the next one."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from schemas.columns import document, key, mission_key, moment, refers


class Priority(StrEnum):
    """How pressing a recommendation is."""

    PRIORITY = "priority"
    OTHER = "other"


class Implementation(StrEnum):
    """How far an earlier recommendation was followed."""

    NOT_ASSESSED = "not_assessed"
    FULLY = "fully"
    MOSTLY = "mostly"
    PARTIALLY = "partially"
    NOT_IMPLEMENTED = "not_implemented"


class Note(SQLModel, table=True):
    """A note of the core team on one section of the process; no one else reads it."""

    __tablename__ = "note"
    __table_args__ = (refers("area_id", "area"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    section: str
    subject: str
    words: str
    area_id: UUID | None = None
    recorded_by: UUID
    recorded_at: datetime = moment()


class Source(SQLModel, table=True):
    """Where a figure comes from that no checklist holds: whose, of when, how made."""

    __tablename__ = "source"

    mission_id: UUID = mission_key()
    id: UUID = key()
    title: str
    owner: str
    dated: date | None = None
    method: str = ""
    sha256: str = ""
    recorded_by: UUID
    recorded_at: datetime = moment()


class Recommendation(SQLModel, table=True):
    """What the mission recommends, to whom; or what an earlier one did, and what became of it.

    ``part`` and ``obligations`` are those of the catalogue; ``earlier`` is the number it repeats.
    """

    __tablename__ = "recommendation"
    __table_args__ = (UniqueConstraint("mission_id", "number"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    number: str
    words: str
    addressee: str
    priority: str = Priority.OTHER
    law: str = ""
    part: str = ""
    obligations: list[str] = document(empty=list)
    findings: list[str] = document(empty=list)
    earlier: str = ""
    of_mission: str = ""
    implementation: str = Implementation.NOT_ASSESSED
    recorded_by: UUID
    recorded_at: datetime = moment()
