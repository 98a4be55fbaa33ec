"""What a mission has published, and the copy that the electoral authority was given (dop:7)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from schemas.columns import document, key, mission_key, moment, refers


class Publication(SQLModel, table=True):
    """One thing published: a statement of this system (``statement_id``) or one made elsewhere.

    ``kind`` is one of :class:`schemas.statement.StatementKind`; a correction names what it
    ``corrects``. ``announces`` says that it tells the mission's mandate, composition and duration.
    The authority's copy may come before it is out, under embargo: its moment is ``copied_at``,
    empty until it is given.
    """

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("mission_id", "number"),
        refers("statement_id", "statement"),
        refers("corrects", "publication"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    number: str
    kind: str
    title: str
    languages: list[str] = document()
    published_at: datetime = moment()
    published_in: str
    announces: bool = False
    statement_id: UUID | None = None
    corrects: UUID | None = None
    sha256: str = ""
    authority: str = ""
    copied_at: datetime | None = moment(nullable=True)
    copied_how: str = ""
    recorded_by: UUID
    recorded_at: datetime = moment()
