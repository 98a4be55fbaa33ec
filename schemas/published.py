"""What a mission has published of its checklists: forms for phones, rules for judging."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.columns import content, document, key, mission_key, moment, refers


class RulesState(StrEnum):
    """A draft judges nothing and reaches no phone; a version is a draft while all its rules are."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Checklist(SQLModel, table=True):
    """A checklist by name, whatever its versions."""

    __tablename__ = "checklist"
    __table_args__ = (UniqueConstraint("mission_id", "name"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    name: str


class ChecklistVersion(SQLModel, table=True):
    """One form as phones hold it. Once published it is accepted for the mission's whole life;
    retired, it is offered to no phone any more."""

    __tablename__ = "checklist_version"
    __table_args__ = (
        UniqueConstraint("mission_id", "checklist_id", "version"),
        refers("checklist_id", "checklist"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    checklist_id: UUID
    version: str
    xform: str = Field(sa_column=Column(Text, nullable=False))
    xform_sha256: str
    published_at: datetime = moment()
    retired_at: datetime | None = moment(nullable=True)


class Workbook(SQLModel, table=True):
    """The spreadsheet that a revision of rules was compiled from, as its author wrote it."""

    __tablename__ = "workbook"
    __table_args__ = (refers("rules_id", "rules"),)

    mission_id: UUID = mission_key()
    rules_id: UUID = Field(primary_key=True)
    content: bytes = content()


class FormFile(SQLModel, table=True):
    """A picture or a list that a version's form needs. Once the version is published its files
    stand as they are.

    The bytes stand here and not where photos are: they are few and small, belong to one
    transaction with the draft, and go with the mission's backup.
    """

    __tablename__ = "form_file"
    __table_args__ = (refers("version_id", "checklist_version"),)

    mission_id: UUID = mission_key()
    version_id: UUID = Field(primary_key=True)
    name: str = Field(primary_key=True)
    type: str
    size: int
    sha256: str
    md5: str
    content: bytes = content()


class Rules(SQLModel, table=True):
    """A revision of the rules beneath one version: indicators, checks, phrases.

    ``definition`` is a :class:`schemas.checklist.Definition`.
    """

    __tablename__ = "rules"
    __table_args__ = (
        UniqueConstraint("mission_id", "version_id", "revision"),
        refers("version_id", "checklist_version"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    version_id: UUID
    revision: int
    definition: dict[str, Any] = document()
    published_at: datetime = moment()
    state: str = RulesState.PUBLISHED
