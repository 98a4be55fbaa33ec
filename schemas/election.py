"""Election → round → contest: what is voted on, when, and how it is counted."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.columns import document, key, mission_key, moment, refers


class Denominator(StrEnum):
    """What a share of votes is out of, as the law of the contest says."""

    VALID = "valid"
    VALID_WITHOUT_BLANK = "valid_without_blank"
    CAST = "cast"
    REGISTERED = "registered"


class Acceptance(StrEnum):
    """Whether a contestant accepts that the mission observes (dop:13)."""

    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Election(SQLModel, table=True):
    """One election, whatever its rounds. ``names`` is its name in other languages, by code."""

    __tablename__ = "election"
    __table_args__ = (UniqueConstraint("mission_id", "code"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    code: str
    name: str
    names: dict[str, str] = document(empty=dict)


class Round(SQLModel, table=True):
    """One round of voting: its polling days and hours.

    ``polling_days`` are ISO dates. Opening and closing are wall-clock hours in ``zone``;
    an area that votes by other hours says so on itself.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("mission_id", "code"),
        refers("election_id", "election"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    election_id: UUID
    code: str
    name: str
    polling_days: list[str] = document()
    opens: time
    closes: time
    zone: str = "UTC"


class Contest(SQLModel, table=True):
    """What is decided in a round: by whom, out of what, with which thresholds.

    ``names`` is its name in other languages, by code. ``thresholds`` is a list of ``{"name",
    "share"}``, share between 0 and 1, with ``"names"`` in other languages. ``position`` is its
    place in the round's own order; contests that an earlier version wrote have none, and come
    first. Its constituencies are in :class:`ContestArea`; ``area_id`` is that of an earlier
    version, and nothing reads it.
    """

    __tablename__ = "contest"
    __table_args__ = (
        UniqueConstraint("mission_id", "round_id", "code"),
        refers("round_id", "round"),
        refers("area_id", "area"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    area_id: UUID | None = None
    code: str
    name: str
    names: dict[str, str] = document(empty=dict)
    denominator: str = Denominator.VALID
    choices_per_ballot: int = 1
    thresholds: list[dict[str, Any]] = document()
    position: int | None = None


class ContestArea(SQLModel, table=True):
    """A constituency of a contest: it is voted on in this area and in all that lies in it.

    A contest without any is voted on everywhere.
    """

    __tablename__ = "contest_area"
    __table_args__ = (refers("contest_id", "contest"), refers("area_id", "area"))

    mission_id: UUID = mission_key()
    contest_id: UUID = Field(primary_key=True)
    area_id: UUID = Field(primary_key=True)


class Contestant(SQLModel, table=True):
    """A candidate, list or answer on the ballot. ``names`` is its name in other languages."""

    __tablename__ = "contestant"
    __table_args__ = (
        UniqueConstraint("mission_id", "contest_id", "code"),
        refers("contest_id", "contest"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    contest_id: UUID
    code: str
    name: str
    names: dict[str, str] = document(empty=dict)
    position: int
    acceptance: str = Acceptance.UNKNOWN
    acceptance_on: date | None = None


class Hours(SQLModel, table=True):
    """The hours of an area or a place in a round; what is left out is inherited from above.

    Without ``authority`` they are the scheduled ones; with it a change made on the day, by whose
    order and when. The newest row that speaks of the nearest of place, area, parent area counts.
    """

    __tablename__ = "hours"
    __table_args__ = (
        refers("round_id", "round"),
        refers("area_id", "area"),
        refers("place_id", "place"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    area_id: UUID | None = None
    place_id: UUID | None = None
    zone: str | None = None
    opens: time | None = None
    closes: time | None = None
    authority: str = ""
    decided_at: datetime | None = moment(nullable=True)
    recorded_by: UUID | None = None
    recorded_at: datetime = moment()
