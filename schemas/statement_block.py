"""The text of a statement while it is written: blocks, their earlier versions, comments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.columns import document, key, mission_key, moment, refers


class StatementBlock(SQLModel, table=True):
    """One block of a statement as it is now.

    ``id`` is a short text, the same in every language and snapshot. ``contents`` maps a language to
    one block of the block model. ``hidden`` is why the block is left out of what is published;
    empty where it is not.
    """

    __tablename__ = "statement_block"
    __table_args__ = (refers("statement_id", "statement"),)

    mission_id: UUID = mission_key()
    statement_id: UUID = Field(primary_key=True)
    id: str = Field(primary_key=True)
    position: int
    section: str = ""
    version: int = 1
    contents: dict[str, Any] = document()
    hidden: str = ""
    reason: str = ""
    """Why this version was made, where somebody said so."""
    changed_by: UUID | None = None
    changed_at: datetime = moment()


class StatementBlockVersion(SQLModel, table=True):
    """An earlier version of a block, as it was until it was changed."""

    __tablename__ = "statement_block_version"
    __table_args__ = (
        UniqueConstraint("mission_id", "statement_id", "block_id", "version"),
        refers(("statement_id", "block_id"), "statement_block", "statement_id", "id"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    statement_id: UUID
    block_id: str
    version: int
    position: int
    section: str = ""
    contents: dict[str, Any] = document()
    hidden: str = ""
    reason: str = ""
    changed_by: UUID | None = None
    changed_at: datetime = moment()


class StatementComment(SQLModel, table=True):
    """What a member said about a block, until somebody resolves it."""

    __tablename__ = "statement_comment"
    __table_args__ = (
        refers(("statement_id", "block_id"), "statement_block", "statement_id", "id"),
        Index("statement_comment_by_statement", "mission_id", "statement_id"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    statement_id: UUID
    block_id: str
    version: int
    """The version of the block that it speaks of."""
    text: str
    made_by: UUID
    made_at: datetime = moment()
    resolved_by: UUID | None = None
    resolved_at: datetime | None = moment(nullable=True)
    resolution: str = ""
