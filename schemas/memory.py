"""Notes, recommendations and lessons of a mission, handed over to the next one."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.columns import content, document, key, mission_key, moment, refers


class Priority(StrEnum):
    """How pressing a recommendation is."""

    PRIORITY = "priority"
    OTHER = "other"


class Implementation(StrEnum):
    """How far an earlier recommendation was followed."""

    NOT_ASSESSED = "not_assessed"
    FULLY = "fully"
    MOSTLY = "mostly"
    PARTIALLY = "partially"
    NOT_IMPLEMENTED = "not_implemented"


class Note(SQLModel, table=True):
    """A note of the core team on one section of the process; no one else reads it."""

    __tablename__ = "note"
    __table_args__ = (refers("area_id", "area"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    section: str
    subject: str
    words: str
    area_id: UUID | None = None
    recorded_by: UUID
    recorded_at: datetime = moment()


class SourceKind(StrEnum):
    """A document is read by a person; from a table a cell is read."""

    DOCUMENT = "document"
    TABLE = "table"


class Source(SQLModel, table=True):
    """Where a figure comes from that no checklist holds: whose, of when, how made.

    ``code`` is the short name by which a wording refers to it, ``sha256`` that of its file.
    """

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("mission_id", "code"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    title: str
    owner: str
    dated: date | None = None
    method: str = ""
    sha256: str = ""
    recorded_by: UUID
    recorded_at: datetime = moment()
    code: str | None = None
    kind: str = ""


class SourceFile(SQLModel, table=True):
    """The file of a source: few and small, so its bytes are here, beside what is read of them."""

    __tablename__ = "source_file"
    __table_args__ = (refers("source_id", "source"),)

    mission_id: UUID = mission_key()
    source_id: UUID = Field(primary_key=True)
    name: str
    type: str
    size: int
    sha256: str
    content: bytes = content()


class SourceFigure(SQLModel, table=True):
    """One figure of a source, by its short ``name``. ``place`` is the cell that it was read from
    (``{"sheet", "cell"}``), or the page (``{"page"}``) from which ``recorded_by`` typed it."""

    __tablename__ = "source_figure"
    __table_args__ = (
        UniqueConstraint("mission_id", "source_id", "name"),
        refers("source_id", "source"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    source_id: UUID
    name: str
    label: str
    value: float
    unit: str
    place: dict[str, Any] = document()
    recorded_by: UUID
    recorded_at: datetime = moment()


class EarlierIndicator(SQLModel, table=True):
    """What an earlier mission had of one irregularity at its end, by one kind of its observers.

    ``number`` is an estimate or a count (:data:`schemas.earlier.Kept`), ``why_count`` why it is a
    count. ``sources`` are the questions that raised it, ``draw`` the sample behind an estimate.
    """

    __tablename__ = "earlier_indicator"
    __table_args__ = (
        UniqueConstraint(
            "mission_id", "of_mission", "round", "checklist", "indicator", "kind", "part"
        ),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    of_mission: str
    title: str
    round: str
    polling_day: str
    checklist: str
    version: str
    indicator: str
    phrase: dict[str, str] = document()
    sources: list[dict[str, Any]] = document()
    kind: str
    part: str
    number: dict[str, Any] = document()
    why_count: str = ""
    response: float | None = None
    draw: dict[str, Any] = document()


class Recommendation(SQLModel, table=True):
    """What the mission recommends, to whom; or what an earlier one did, and what became of it.

    ``part`` and ``obligations`` are those of the catalogue; ``earlier`` is the number it repeats.
    ``words`` is its text in one language, ``texts`` by language where there are several; ``law``
    is the article that it asks to change, ``findings`` the codes of those that it follows from.
    """

    __tablename__ = "recommendation"
    __table_args__ = (UniqueConstraint("mission_id", "number"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    number: str
    words: str
    addressee: str
    priority: str = Priority.OTHER
    law: str = ""
    part: str = ""
    obligations: list[str] = document(empty=list)
    findings: list[str] = document(empty=list)
    earlier: str = ""
    of_mission: str = ""
    implementation: str = Implementation.NOT_ASSESSED
    recorded_by: UUID
    recorded_at: datetime = moment()
    texts: dict[str, Any] = document(empty=dict)
