"""Credentials: who may act, known only by the hash of a secret."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.columns import content, key, mission_key, moment, refers


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


class Account(SQLModel, table=True):
    """A member's way in. ``password_hash`` is argon2's; ``totp_secret`` is sealed with the
    installation's secret; ``totp_step`` is the last time step used, so that no code serves twice.
    """

    __tablename__ = "account"
    __table_args__ = (refers("member_id", "member"),)

    mission_id: UUID = mission_key()
    member_id: UUID = Field(primary_key=True)
    password_hash: str
    totp_secret: bytes = content()
    totp_step: int = 0
    changed_at: datetime = moment()


class Attempt(SQLModel, table=True):
    """How often secrets were guessed at since ``at``, shared by all workers until it is over.

    ``target`` is a keyed hash of what is limited (an account, an address, both together, a known
    device): the table holds neither names nor addresses.
    """

    __tablename__ = "attempt"
    __table_args__ = (Index("attempt_by_time", "at"), UniqueConstraint("target"))

    id: UUID = key()
    target: bytes = content()
    at: datetime = moment()
    number: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class Passkey(SQLModel, table=True):
    """A key that a member's device or security key holds, of which we know the public half.

    It opens only the site ``rp_id`` (a host name); ``sign_count`` may only grow.
    """

    __tablename__ = "passkey"
    __table_args__ = (
        refers("member_id", "member"),
        UniqueConstraint("mission_id", "credential_id"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    member_id: UUID
    credential_id: bytes = content()
    public_key: bytes = content()
    sign_count: int = Field(default=0, sa_type=BigInteger)
    rp_id: str
    label: str = ""
    added_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class LinkedAccount(SQLModel, table=True):
    """An account elsewhere, at an OpenID provider, that a member signs in with."""

    __tablename__ = "linked_account"
    __table_args__ = (
        refers("member_id", "member"),
        UniqueConstraint("mission_id", "issuer", "subject"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    member_id: UUID
    issuer: str
    subject: str
    added_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class SpentChallenge(SQLModel, table=True):
    """The hash of a challenge that was answered, until it would have run out: none serves twice."""

    __tablename__ = "spent_challenge"

    digest: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    until: datetime = moment()
