"""Credentials: who may act, known only by the hash of a secret."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from schemas.columns import moment


class Role(StrEnum):
    """What a person or a machine may do in a mission."""

    LEAD = "lead"
    DEPUTY = "deputy"
    DATA_MANAGER = "data_manager"
    ANALYST = "analyst"
    CORE_ANALYST = "core_analyst"
    COORDINATOR = "coordinator"
    SECURITY_OFFICER = "security_officer"
    PRESS = "press"
    OBSERVER = "observer"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"
    IMPORT = "import"


class Purpose(StrEnum):
    """What a secret opens. Links and enrolment codes serve once."""

    BEARER = "bearer"
    SESSION = "session"
    SIGN_IN = "sign_in"
    ENROLMENT = "enrolment"
    INVITATION = "invitation"


class Credential(SQLModel, table=True):
    """One secret, by its SHA-256. Global, so it holds neither answers nor names.

    ``holder_id`` is an observer's or a member's id in the mission. ``opened_at`` is when an
    enrolment code was first looked at, ``label`` what a session calls itself.
    """

    __tablename__ = "credential"

    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    mission_id: UUID
    role: str
    purpose: str
    holder_id: UUID
    created_at: datetime = moment()
    expires_at: datetime | None = moment(nullable=True)
    used_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
    opened_at: datetime | None = moment(nullable=True)
    seen_at: datetime | None = moment(nullable=True)
    label: str = ""
