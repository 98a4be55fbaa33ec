"""Which findings enter a statement: what a person decided of each, with its earlier versions."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from schemas.columns import document, key, mission_key, moment, refers


class Significance(StrEnum):
    """How much a finding says of the process, as a named person judges it."""

    SIGNIFICANT = "significant"
    PATTERN = "pattern"
    LIMITED = "limited"
    ISOLATED = "isolated"


class FindingChoice(SQLModel, table=True):
    """What was decided of one finding of a round, by its ``code``; one row, changed by version.

    ``merged`` are the codes of those said with it, ``words`` its wording by language, ``place``
    where it stands among the chosen ones (None: by the rules), ``number`` the finding's number as
    it was when this was decided.
    """

    __tablename__ = "finding_choice"
    __table_args__ = (
        UniqueConstraint("mission_id", "round_id", "code"),
        refers("round_id", "round"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    code: str
    chosen: bool
    significance: str | None = None
    reason: str = ""
    merged: list[str] = document(empty=list)
    words: dict[str, Any] = document(empty=dict)
    place: int | None = None
    number: dict[str, Any] = document(empty=dict)
    version: int = 1
    changed_by: UUID
    changed_at: datetime = moment()


class FindingChoiceVersion(SQLModel, table=True):
    """An earlier version of a choice, as it was before it was changed."""

    __tablename__ = "finding_choice_version"
    __table_args__ = (
        UniqueConstraint("mission_id", "choice_id", "version"),
        refers("choice_id", "finding_choice"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    choice_id: UUID
    version: int
    contents: dict[str, Any] = document()
    changed_by: UUID
    changed_at: datetime = moment()


class AddedFrom(StrEnum):
    """Where a finding comes from that a person adds."""

    NOTE = "note"
    REGISTER = "register"
    INCIDENT = "incident"
    SOURCE = "source"
    PERSON = "person"


class AddedFinding(SQLModel, table=True):
    """A finding that a person adds to a round. ``words`` is its sentence by language, ``origin``
    where it comes from (:class:`AddedFrom`), ``basis`` what of it: ids of notes, rows, incidents.

    ``stage`` is the section that it is said in; ``severity`` is 0 where nobody says one.
    """

    __tablename__ = "added_finding"
    __table_args__ = (
        UniqueConstraint("mission_id", "round_id", "code"),
        refers("round_id", "round"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    code: str
    stage: str
    severity: int = 0
    standards: list[str] = document(empty=list)
    words: dict[str, Any] = document()
    origin: str
    basis: list[dict[str, Any]] = document(empty=list)
    recorded_by: UUID
    recorded_at: datetime = moment()
