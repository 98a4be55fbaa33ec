"""Where things happen: areas of any depth, polling stations, centres and other places."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import SQLModel

from schemas.columns import document, key, mission_key, moment, refers


class PlaceKind(StrEnum):
    """What sort of place an observer can be at."""

    STATION = "station"
    COUNTING_CENTRE = "counting_centre"
    TABULATION_CENTRE = "tabulation_centre"
    COMMISSION = "commission"
    AREA = "area"
    OTHER = "other"


class Setting(StrEnum):
    """Where a station stands; empty where nobody said."""

    URBAN = "urban"
    RURAL = "rural"


class Sort(StrEnum):
    """What sort of station it is. Mobile and homebound voting is a section of its parent
    station, never a station."""

    ORDINARY = "ordinary"
    PRISON = "prison"
    HOSPITAL = "hospital"
    ABROAD = "abroad"


class ChangeKind(StrEnum):
    """What can become of a station."""

    CLOSED = "closed"
    MERGED = "merged"
    MOVED = "moved"
    SPLIT = "split"


class Area(SQLModel, table=True):
    """A region, a district: any level of a country. ``shape`` is a GeoJSON geometry."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("mission_id", "code"), refers("parent_id", "area"))

    mission_id: UUID = mission_key()
    id: UUID = key()
    parent_id: UUID | None = None
    code: str
    name: str
    level: str
    zone: str | None = None
    opens: time | None = None
    closes: time | None = None
    shape: dict[str, Any] | None = document(nullable=True)


class NoGoArea(SQLModel, table=True):
    """An area that nobody is sent to, nor to what lies in it, and why (bamako:48). Without
    ``ends_on`` until somebody writes one."""

    __tablename__ = "no_go_area"
    __table_args__ = (refers("area_id", "area"),)

    mission_id: UUID = mission_key()
    id: UUID = key()
    area_id: UUID
    reason: str
    begins_on: date
    ends_on: date | None = None
    recorded_by: UUID
    recorded_at: datetime = moment()


class Place(SQLModel, table=True):
    """A polling station or another place. Codes are text: their leading zeros are theirs.

    ``centre_id`` is the counting or tabulation centre that receives a station.
    ``attributes`` keeps every column of the import that has no place of its own.
    """

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("mission_id", "kind", "code"),
        refers("area_id", "area"),
        refers("centre_id", "place"),
        Index("place_by_area", "mission_id", "area_id"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    kind: str = PlaceKind.STATION
    code: str
    name: str
    address: str = ""
    area_id: UUID | None = None
    centre_id: UUID | None = None
    registered_voters: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    attributes: dict[str, str] = document()
    setting: str = ""
    sort: str = Sort.ORDINARY
    closed_on: date | None = None


class PlaceChange(SQLModel, table=True):
    """A station closed, merged into another, moved or split; one row for each successor.

    ``was`` keeps what a move changed: address, latitude, longitude, area.
    """

    __tablename__ = "place_change"
    __table_args__ = (refers("place_id", "place"), refers("successor_id", "place"))

    mission_id: UUID = mission_key()
    id: UUID = key()
    place_id: UUID
    successor_id: UUID | None = None
    kind: str
    happened_on: date
    authority: str = ""
    was: dict[str, Any] = document(empty=dict)
    recorded_by: UUID | None = None
    recorded_at: datetime = moment()


class RoundPlace(SQLModel, table=True):
    """A place that is open in a round, with the voters registered there then.

    ``contests`` are the codes of those that are voted on there, where somebody named them; else
    the constituencies of the contests say it.
    """

    __tablename__ = "round_place"
    __table_args__ = (
        refers("round_id", "round"),
        refers("place_id", "place"),
        Index(
            "round_place_with_contests",
            "mission_id",
            "round_id",
            postgresql_where=text("contests IS NOT NULL"),
        ),
    )

    mission_id: UUID = mission_key()
    round_id: UUID = key()
    place_id: UUID = key()
    registered_voters: int | None = None
    contests: list[str] | None = document(nullable=True)


class StationOut(BaseModel):
    """A polling station as the API shows it."""

    code: str
    name: str
    address: str
    area: str | None
    registered_voters: int | None
    lat: float | None
    lon: float | None
