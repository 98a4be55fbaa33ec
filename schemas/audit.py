"""The audit log: that something was done, by whom and when; never what it said."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from schemas.columns import clock_reading, content, key, mission_key, moment


class AuditEntry(SQLModel, table=True):
    """One act of consequence. ``digest`` is SHA-256 of salt and content; both can be erased
    with the content and the entry still stands."""

    __tablename__ = "audit_entry"

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
