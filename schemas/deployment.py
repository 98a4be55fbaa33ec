"""Deployments: who is sent where, what is expected of them, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from schemas.columns import document, key, mission_key, moment, refers


class DeploymentState(StrEnum):
    """A withdrawal for security is a disposition of its own, and no missing report."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    WITHDRAWN_SECURITY = "withdrawn_security"


class CallOutcome(StrEnum):
    """How a telephone call to a team ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"


class Whom(StrEnum):
    """Who is called about a team."""

    OBSERVER = "observer"
    COORDINATOR = "coordinator"
    DEPUTY = "deputy"


class Deployment(SQLModel, table=True):
    """A team sent to a station, a centre, or an area, and the reports expected of it.

    ``kind`` is static, mobile or centre; ``expected`` maps a checklist's name to a count, and is
    the quota of a mobile team. A re-deployment is a new one that names what it ``replaces_id``.
    """

    __tablename__ = "deployment"
    __table_args__ = (
        refers("round_id", "round"),
        refers("organisation_id", "organisation"),
        refers("place_id", "place"),
        refers("area_id", "area"),
        refers("replaces_id", "deployment"),
        Index("deployment_by_place", "mission_id", "round_id", "place_id"),
        Index(
            "deployment_by_replaced",
            "mission_id",
            "replaces_id",
            postgresql_where=text("replaces_id IS NOT NULL"),
        ),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    organisation_id: UUID
    kind: str
    place_id: UUID | None = None
    area_id: UUID | None = None
    expected: dict[str, Any] = document()
    state: str = DeploymentState.PLANNED
    state_reason: str = ""
    state_since: datetime | None = moment(nullable=True)
    replaces_id: UUID | None = None
    planned_by: UUID | None = None


class DeployedObserver(SQLModel, table=True):
    """One observer of a deployment's team; a team may swap members."""

    __tablename__ = "deployed_observer"
    __table_args__ = (
        refers("deployment_id", "deployment"),
        refers("observer_id", "observer"),
        Index("deployed_observer_by_observer", "mission_id", "observer_id"),
    )

    mission_id: UUID = mission_key()
    deployment_id: UUID = key()
    observer_id: UUID = key()
    joined_at: datetime | None = moment(nullable=True)
    left_at: datetime | None = moment(nullable=True)


class Call(SQLModel, table=True):
    """A telephone call to a team, and how it ended."""

    __tablename__ = "call"
    __table_args__ = (
        refers("deployment_id", "deployment"),
        Index("call_by_deployment", "mission_id", "deployment_id"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    deployment_id: UUID
    outcome: str
    note: str = ""
    called_by: UUID
    called_at: datetime = moment()
    whom: str = Whom.OBSERVER
    next_at: datetime | None = moment(nullable=True)
    """When to call again; till then the team is not on the call list."""


class Visit(SQLModel, table=True):
    """The unit of observation: one team, one place, from arrival to departure."""

    __tablename__ = "visit"
    __table_args__ = (
        refers("round_id", "round"),
        refers("organisation_id", "organisation"),
        refers("place_id", "place"),
        refers("deployment_id", "deployment"),
        Index(
            "visit_by_deployment",
            "mission_id",
            "deployment_id",
            postgresql_where=text("deployment_id IS NOT NULL"),
        ),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    organisation_id: UUID
    place_id: UUID
    deployment_id: UUID | None = None
    arrived_at: datetime | None = moment(nullable=True)
    departed_at: datetime | None = moment(nullable=True)
