"""The audit log: that something was done, by whom and when; never what it said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Column, Index, Text
from sqlmodel import Field, SQLModel

from schemas.columns import clock_reading, content, key, mission_key, moment, refers


class AuditEntry(SQLModel, table=True):
    """One act of consequence. ``digest`` is SHA-256 of salt and content; both can be erased
    with the content and the entry still stands."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("audit_entry_by_sequence", "mission_id", "sequence"),
        Index("audit_entry_by_subject", "mission_id", "subject", "sequence"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    sequence: int = clock_reading()
    at: datetime = moment()
    actor_id: UUID | None = None
    act: str
    subject: str
    salt: bytes = content()
    digest: bytes = content()
    note: str = Field(default="")


class Seal(SQLModel, table=True):
    """A batch of writes closed for good: ``head`` is SHA-256 over ``previous`` and the digests
    of its rows in order; the signed head is handed out, so that nobody can close it anew.

    ``upto`` is the mission's clock at the last row that the batch holds.
    """

    __tablename__ = "seal"

    mission_id: UUID = mission_key()
    number: int = Field(primary_key=True)
    upto: int = clock_reading()
    rows: int
    previous: bytes = content()
    head: bytes = content()
    signature: str
    sealed_at: datetime = moment()


class SealedRow(SQLModel, table=True):
    """The digest of one row of consequence, SHA-256 over ``salt`` and the row's canonical form.

    Erasing the row erases ``salt`` with it; the digest stays and the chain still verifies.
    ``gone`` is the sealed word that the application itself took the row away.
    """

    __tablename__ = "sealed_row"
    __table_args__ = (
        refers("seal_number", "seal", "number"),
        Index("sealed_row_by_row", "mission_id", "source", "row_key"),
    )

    mission_id: UUID = mission_key()
    seal_number: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    source: str
    row_key: str
    salt: bytes | None = content(nullable=True)
    digest: bytes = content()
    gone: bool = False
    erased_at: datetime | None = moment(nullable=True)


class UnsealedWrite(SQLModel, table=True):
    """Rows whose write waits to be sealed, noted by a trigger in the transaction that made it.

    ``login`` is who wrote: only what the application wrote is sealed.
    """

    __tablename__ = "unsealed_write"

    mission_id: UUID = mission_key()
    id: UUID = key()
    source: str
    row_keys: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    login: str


class Alarm(SQLModel, table=True):
    """Something that a lead must see at once, such as the second use of an enrolment code."""

    __tablename__ = "alarm"

    mission_id: UUID = mission_key()
    id: UUID = key()
    kind: str
    subject: str
    detail: str = ""
    raised_at: datetime = moment()
    settled_at: datetime | None = moment(nullable=True)
    settled_by: UUID | None = None


class HeadRecipient(SQLModel, table=True):
    """Somebody elsewhere who keeps the signed heads, sent to an address of theirs.

    ``handed`` is the number of the last seal they took; ``problem`` why the last try failed.
    """

    __tablename__ = "head_recipient"

    mission_id: UUID = mission_key()
    id: UUID = key()
    url: str
    handed: int = 0
    problem: str = ""
    tried_at: datetime | None = moment(nullable=True)
    added_at: datetime = moment()
    added_by: UUID | None = None
    stopped_at: datetime | None = moment(nullable=True)
