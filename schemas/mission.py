"""The mission, who runs it, and the clock by which everything in it is ordered."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.columns import document, key, mission_key, moment, new_id, refers


class Kind(StrEnum):
    """Who observes: citizens of the country, or people from outside it."""

    DOMESTIC = "domestic"
    INTERNATIONAL = "international"


class Scope(StrEnum):
    """How much a mission looks at; anything but full is said in every statement (dop:5)."""

    FULL = "full"
    LIMITED = "limited"
    SPECIALISED = "specialised"
    EXPERT = "expert"


class MissionState(StrEnum):
    """Where a mission stands; exploratory and withdrawn ones conclude nothing (dop:11)."""

    EXPLORATORY = "exploratory"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class MissionSlug(SQLModel, table=True):
    """The name of a mission in addresses. Global: holds no answer and no person."""

    __tablename__ = "mission_slug"

    slug: str = Field(primary_key=True)
    mission_id: UUID = Field(unique=True)


class Mission(SQLModel, table=True):
    """One observation mission."""

    __tablename__ = "mission"

    mission_id: UUID = Field(default_factory=new_id, primary_key=True)
    slug: str
    title: str
    country: str
    kind: str
    scope: str = Scope.FULL
    state: str = MissionState.ACTIVE
    languages: list[str] = document()
    zone: str = "UTC"
    response_threshold: float = 0.8
    demonstration: bool = False
    created_at: datetime = moment()


class MissionClock(SQLModel, table=True):
    """The one row that every writing transaction takes first."""

    __tablename__ = "mission_clock"

    mission_id: UUID = mission_key()
    seq: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


class Organisation(SQLModel, table=True):
    """An organisation that sends observers."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("mission_id", "code"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    code: str
    name: str
    kind: str


class Member(SQLModel, table=True):
    """A person of the mission who is not an observer: a lead, a data manager, a partner.

    Known by a handle such as ``DM-2``; names are kept elsewhere.
    """

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("mission_id", "handle"),
        refers("organisation_id", "organisation"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    handle: str
    role: str
    organisation_id: UUID | None = None
