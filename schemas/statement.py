"""What a mission concludes: findings, the numbers frozen beneath them, statements."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.columns import clock_reading, document, key, mission_key, moment, refers


class StatementKind(StrEnum):
    """The kinds of statement a mission makes (dop:7)."""

    PRESENCE = "presence"
    INTERIM = "interim"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    AD_HOC = "ad_hoc"
    CORRECTION = "correction"


class StatementState(StrEnum):
    """A statement is written, approved by one person and released by another."""

    DRAFT = "draft"
    APPROVED = "approved"
    RELEASED = "released"


class Snapshot(SQLModel, table=True):
    """Every number of a statement as it stood when frozen, and its hash.

    ``sequence`` is the clock that its own writing took, ``as_of`` the one that was read when its
    numbers were counted (None where an earlier version wrote it: they were the same).
    """

    __tablename__ = "snapshot"
    __table_args__ = (refers("round_id", "round"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    sequence: int = clock_reading()
    as_of: int | None = Field(default=None, sa_type=BigInteger)
    frozen_at: datetime = moment()
    sha256: str
    numbers: dict[str, Any] = document()

    @property
    def counted_at(self) -> int:
        """The reading of the clock up to which reports are counted in its numbers."""
        return self.sequence if self.as_of is None else self.as_of


class Finding(SQLModel, table=True):
    """One conclusion: a sentence, its number, the standards it is measured by."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("mission_id", "snapshot_id", "code"),
        refers("round_id", "round"),
        refers("snapshot_id", "snapshot"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    snapshot_id: UUID
    code: str
    stage: str
    body: dict[str, Any] = document()


class Statement(SQLModel, table=True):
    """A statement: its blocks, bound to one snapshot."""

    __tablename__ = "statement"
    __table_args__ = (
        refers("round_id", "round"),
        refers("snapshot_id", "snapshot"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    snapshot_id: UUID
    kind: str
    language: str
    title: str
    state: str = StatementState.DRAFT
    blocks: list[dict[str, Any]] = document()
    drafted_at: datetime = moment()
    drafted_by: UUID
    approved_by: UUID | None = None
    released_by: UUID | None = None
    released_at: datetime | None = moment(nullable=True)
    embargo_until: datetime | None = moment(nullable=True)
