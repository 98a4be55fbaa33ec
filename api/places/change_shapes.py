"""What changes on the day, as it is given: hours, and what becomes of a station."""

from datetime import date, time
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from schemas.place import ChangeKind

Code = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(max_length=2000)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HoursGiven(_Shape):
    """Hours of an area or a station; ``authority`` and ``decided_at`` for a change on the day."""

    round: Code
    area: Code | None = None
    station: Code | None = None
    zone: Code | None = None
    opens: time | None = None
    closes: time | None = None
    authority: Words = ""
    decided_at: AwareDatetime | None = None


class StationChange(_Shape):
    """What became of a station, from a day on; ``successors`` are codes."""

    kind: ChangeKind
    on: date
    successors: list[Code] = []
    authority: Words = ""
    address: Words | None = None
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
