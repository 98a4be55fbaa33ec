"""Notes, recommendations and lessons of a mission, handed over to the next one."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
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


class EarlierIndicator(SQLModel, table=True):
    """What an earlier mission had of one irregularity at its end, by one kind of its observers.

    ``number`` is an estimate or a count (:data:`schemas.earlier.Kept`), ``why_count`` why it is a
    count. ``sources`` are the questions that raised it, ``draw`` the sample behind an estimate.
    """

    __tablename__ = "earlier_indicator"
    __table_args__ = (
        UniqueConstraint(
            "mission_id", "of_mission", "round", "checklist", "indicator", "kind", "part"
        ),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    of_mission: str
    title: str
    round: str
    polling_day: str
    checklist: str
    version: str
    indicator: str
    phrase: dict[str, str] = document()
    sources: list[dict[str, Any]] = document()
    kind: str
    part: str
    number: dict[str, Any] = document()
    why_count: str = ""
    response: float | None = None
    draw: dict[str, Any] = document()


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
