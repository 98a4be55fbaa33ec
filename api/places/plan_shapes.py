"""Elections, rounds and contests as files and forms give them."""

from collections.abc import Iterable
from datetime import date, time
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from schemas.election import Acceptance, Denominator


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone such as Africa/Bamako is needed") from None
    return value


def printable(value: str) -> str:
    """The text. Raises ValueError where the database could not keep it."""
    if "\x00" in value:
        raise ValueError("a NUL cannot be kept")
    return value


Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, strip_whitespace=True),
    AfterValidator(printable),
]


Code = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, strip_whitespace=True),
    AfterValidator(printable),
]


Zone = Annotated[str, AfterValidator(_zone)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ElectionPlan(_Shape):
    """The election."""

    code: Code
    name: Words


class RoundPlan(_Shape):
    """One round: ``opens`` and ``closes`` are wall-clock hours in ``zone``."""

    code: Code
    name: Words
    polling_days: list[date] = Field(min_length=1)
    opens: time = time(8)
    closes: time = time(20)
    zone: Zone | None = None


class ContestantPlan(_Shape):
    """A candidate, list or answer on the ballot, and whether it accepts the observation."""

    code: Code
    name: Words
    acceptance: Acceptance = Acceptance.UNKNOWN


class ThresholdPlan(_Shape):
    """A share, between 0 and 1, that decides something."""

    name: Words
    share: float = Field(gt=0, lt=1)


class ContestPlan(_Shape):
    """What is decided in a round, and out of what a share is, as the law says."""

    round: Code
    code: Code
    name: Words
    denominator: Denominator = Denominator.VALID
    choices_per_ballot: int = Field(default=1, ge=1, le=1000)
    thresholds: list[ThresholdPlan] = []
    contestants: list[ContestantPlan] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        each_once("contestants", (each.code for each in self.contestants))
        return self


def each_once(field: str, codes: Iterable[str]) -> set[str]:
    """The codes. Raises ValueError naming the field where one stands twice."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise ValueError(f"{field}: {code!r} stands twice")
        seen.add(code)
    return seen
