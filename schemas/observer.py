"""Observers: known everywhere by a pseudonym, bound by a pledge, sent by a deployment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from schemas.columns import document, key, mission_key, moment, refers


class Observer(SQLModel, table=True):
    """One observer. Who stands behind the pseudonym is not in this table."""

    __tablename__ = "observer"
    __table_args__ = (
        UniqueConstraint("mission_id", "pseudonym"),
        refers("organisation_id", "organisation"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    organisation_id: UUID
    pseudonym: str
    languages: list[str] = document()


class Pledge(SQLModel, table=True):
    """An observer's pledge to a code of conduct: which text, in which language, when (dop:21)."""

    __tablename__ = "pledge"
    __table_args__ = (refers("observer_id", "observer"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    observer_id: UUID
    instrument: str
    text_sha256: str
    language: str
    means: str
    signed_at: datetime = moment()


class Deployment(SQLModel, table=True):
    """A team sent to a station, a centre, or an area, and the reports expected of it.

    ``kind`` is static, mobile or centre; ``expected`` maps a checklist's name to a count.
    """

    __tablename__ = "deployment"
    __table_args__ = (
        refers("round_id", "round"),
        refers("organisation_id", "organisation"),
        refers("place_id", "place"),
        refers("area_id", "area"),
        Index("deployment_by_place", "mission_id", "round_id", "place_id"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    organisation_id: UUID
    kind: str
    place_id: UUID | None = None
    area_id: UUID | None = None
    expected: dict[str, Any] = document()


class DeployedObserver(SQLModel, table=True):
    """One observer of a deployment's team."""

    __tablename__ = "deployed_observer"
    __table_args__ = (
        refers("deployment_id", "deployment"),
        refers("observer_id", "observer"),
        Index("deployed_observer_by_observer", "mission_id", "observer_id"),
    )

    mission_id: UUID = mission_key()
    deployment_id: UUID = key()
    observer_id: UUID = key()


class Visit(SQLModel, table=True):
    """The unit of observation: one team, one place, from arrival to departure."""

    __tablename__ = "visit"
    __table_args__ = (
        refers("round_id", "round"),
        refers("organisation_id", "organisation"),
        refers("place_id", "place"),
        refers("deployment_id", "deployment"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    organisation_id: UUID
    place_id: UUID
    deployment_id: UUID | None = None
    arrived_at: datetime | None = moment(nullable=True)
    departed_at: datetime | None = moment(nullable=True)
