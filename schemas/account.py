"""How a person of the mission signs in: a password, and a code that changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from schemas.columns import content, key, mission_key, moment, refers


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
    """An attempt to guess a secret, shared by all workers until its time is over.

    ``target`` is a keyed hash of what was guessed at: the table holds no names.
    """

    __tablename__ = "attempt"
    __table_args__ = (Index("attempt_by_time", "at"),)

    id: UUID = key()
    target: bytes = content()
    at: datetime = moment()
