"""The conditions that a mission works under (dop:12), and its dealings with the authority."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import SQLModel

from schemas.columns import key, mission_key, moment


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
