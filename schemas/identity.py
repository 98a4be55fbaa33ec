"""Observers' identities and safety data: tables that few roles may open.

The application's everyday role has no right to them; it takes on another for a moment
(:data:`api.database.policies.RESTRICTED`).
"""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from schemas.columns import key, mission_key, moment, refers


class Identity(SQLModel, table=True):
    """The person behind an observer's or a member's pseudonym, until ``delete_on``."""

    __tablename__ = "identity"

    mission_id: UUID = mission_key()
    holder_id: UUID = Field(primary_key=True)
    name: str
    telephone: str = ""
    email: str = ""
    document: str = ""
    emergency_contact: str = ""
    delete_on: date | None = None
    recorded_at: datetime = moment()


class ConductCase(SQLModel, table=True):
    """A possible breach of the code by one of the mission's own (coc:11)."""

    __tablename__ = "conduct_case"
    __table_args__ = (refers("observer_id", "observer"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    observer_id: UUID
    standard: str
    account: str
    outcome: str = ""
    opened_by: UUID
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)


class Reprisal(SQLModel, table=True):
    """Pressure on observers, citizen groups or people who spoke with them (dop:12i)."""

    __tablename__ = "reprisal"
    __table_args__ = (refers("area_id", "area"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    area_id: UUID | None = None
    affected: str
    account: str
    source: str = "observed"
    verified: bool = False
    happened_at: datetime | None = moment(nullable=True)
    recorded_by: UUID
    recorded_at: datetime = moment()
