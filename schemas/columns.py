"""Column types that the tables share, and the making of ids and times."""

from datetime import UTC, datetime
from time import time_ns
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field


def mission_key() -> Any:
    """The first column of every primary key: isolation and sharding go by it."""
    return Field(primary_key=True, foreign_key="mission.mission_id", ondelete="RESTRICT")


def key() -> Any:
    """The second column of a primary key: made by whoever creates the thing."""
    return Field(default_factory=new_id, primary_key=True)


def moment(*, nullable: bool = False) -> Any:
    """An instant, stored with its zone."""
    if nullable:
        return Field(default=None, sa_type=DateTime(timezone=True), nullable=True)
    return Field(sa_type=DateTime(timezone=True), nullable=False)


def document(
    *, nullable: bool = False, empty: type[list[Any]] | type[dict[str, Any]] | None = None
) -> Any:
    """A JSON document. Where ``empty`` is given it may be left out, and is that."""
    column = Column(JSONB(none_as_null=True), nullable=nullable)
    if empty is None:
        return Field(sa_column=column)
    # A function of our own: pydantic looks its signature up each time, and a built-in's is slow.
    return Field(default_factory=lambda: empty(), sa_column=column)


def content(*, nullable: bool = False) -> Any:
    """Bytes exactly as they came."""
    return Field(sa_column=Column(LargeBinary, nullable=nullable))


def clock_reading() -> Any:
    """A reading of the mission's clock: the order of these numbers is the order of commits.

    Of a sealed row it is a reading that its own transaction took
    (:mod:`api.database.clock_triggers`).
    """
    return Field(sa_column=Column(BigInteger, nullable=False))


def refers(column: str | tuple[str, ...], table: str, *target: str) -> ForeignKeyConstraint:
    """A reference inside one mission. Deleting what is referred to is refused.

    ``column`` stands beside ``mission_id``; ``target`` defaults to the table's ``id``.
    """
    columns = (column,) if isinstance(column, str) else column
    targets = target or ("id",)
    return ForeignKeyConstraint(
        ["mission_id", *columns],
        [f"{table}.mission_id", *(f"{table}.{name}" for name in targets)],
        ondelete="RESTRICT",
    )


def now() -> datetime:
    """The server's present instant."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """A UUIDv7: time-ordered, so that indexes grow at one end and rows of a file keep its order.

    Layout of RFC 9562, section 5.7: 48 bits of Unix milliseconds, 12 bits of the millisecond's
    fraction (section 6.2, method 3), then random bits.
    """
    milliseconds, rest = divmod(time_ns(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    random = uuid4().int & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (fraction << 64) | (0x2 << 62) | random)


def id_at(moment: datetime) -> UUID:
    """The first UUIDv7 of a moment: ids that are made from then on are not below it."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (0x7 << 76) | (0x2 << 62))
