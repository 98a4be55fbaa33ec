"""A probability sample of polling stations, drawn so that anyone can draw it again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from schemas.columns import key, mission_key, moment, refers


class Sample(SQLModel, table=True):
    """One draw: its size, seed and rule, and the hash of the frame it was drawn from.

    ``kind`` is whom it was drawn for: domestic or international observers, whose assigned visits
    alone speak for it. Empty where that was not yet asked: then of whoever is sent to it.
    """

    __tablename__ = "sample"
    __table_args__ = (
        UniqueConstraint("mission_id", "round_id", "code"),
        refers("round_id", "round"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    round_id: UUID
    code: str
    kind: str = ""
    seed: int
    size: int
    frame_size: int
    frame_sha256: str
    stratify_by: str | None = None
    method: str
    drawn_at: datetime = moment()


class Stratum(SQLModel, table=True):
    """One class of stations in a sample: how many there are, how many were drawn."""

    __tablename__ = "stratum"
    __table_args__ = (
        UniqueConstraint("mission_id", "sample_id", "code"),
        refers("sample_id", "sample"),
    )

    mission_id: UUID = mission_key()
    id: UUID = key()
    sample_id: UUID
    code: str
    population: int
    drawn: int


class SampledStation(SQLModel, table=True):
    """A station of the frozen frame. Those with ``drawn`` false were not selected."""

    __tablename__ = "sampled_station"
    __table_args__ = (
        refers("sample_id", "sample"),
        refers("stratum_id", "stratum"),
        refers("place_id", "place"),
    )

    mission_id: UUID = mission_key()
    sample_id: UUID = Field(primary_key=True)
    place_id: UUID = Field(primary_key=True)
    stratum_id: UUID
    drawn: bool
