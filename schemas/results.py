"""Results that others publish, station by station, and the mission's own release of a count."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from schemas.columns import clock_reading, document, key, mission_key, moment, refers


class ResultSource(StrEnum):
    """Which of the copies of a result it is; the observer's own is in the report."""

    POSTED = "posted"
    ENTERED = "entered"
    PUBLISHED = "published"


class OfficialResult(SQLModel, table=True):
    """One station's result in one contest as one source gives it.

    ``figures`` maps registered, cast, valid, invalid to a count, ``votes`` a contestant's code;
    what a source does not say is missing, not 0.
    """

    __tablename__ = "official_result"
    __table_args__ = (refers("contest_id", "contest"), refers("place_id", "place"))

    mission_id: UUID = mission_key()
    contest_id: UUID = Field(primary_key=True)
    place_id: UUID = Field(primary_key=True)
    source: str = Field(primary_key=True)
    figures: dict[str, int] = document()
    votes: dict[str, int] = document()
    imported_at: datetime = moment()


class QuickCountRelease(SQLModel, table=True):
    """A quick count frozen by one person and released by another; ``numbers`` never change.

    ``sequence`` is the mission's clock at which it was frozen, ``sha256`` that of the numbers.
    """

    __tablename__ = "quick_count_release"
    __table_args__ = (refers("contest_id", "contest"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    contest_id: UUID
    sequence: int = clock_reading()
    numbers: dict[str, Any] = document()
    sha256: str
    proposed_by: UUID
    proposed_at: datetime = moment()
    released_by: UUID | None = None
    released_at: datetime | None = moment(nullable=True)
