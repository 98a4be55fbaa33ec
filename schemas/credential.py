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
    DATA_MANAGER = "data_manager"
    OBSERVER = "observer"
    PARTNER = "partner"
    IMPORT = "import"


class Purpose(StrEnum):
    """What a secret opens. Links and enrolment codes serve once."""

    BEARER = "bearer"
    SESSION = "session"
    SIGN_IN = "sign_in"
    ENROLMENT = "enrolment"


class Credential(SQLModel, table=True):
    """One secret, by its SHA-256. Global, so it holds neither answers nor names.

    ``holder_id`` is an observer's or a member's id in the mission.
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
