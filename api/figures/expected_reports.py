"""The plan as reports that are expected: of every team, on every checklist, each with its hour."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from api.figures.reference_data import Polling, PublishedRules
from api.places.hours import Differing
from api.places.hours import Polling as Hours
from schemas.checklist import Definition

T = TypeVar("T")
AFTER_CLOSING = timedelta(hours=3)
"""A count is looked for this long after the polls close."""


class Planned(NamedTuple):
    """What a plan says of its reports: of what kind it is, and how many of each checklist."""

    kind: str
    expected: dict[str, Any]


Due = tuple[str, str, datetime]
"""A report that a plan asks for: its checklist, its stage, when it is due."""


def newest_of(rules: Mapping[UUID, PublishedRules]) -> dict[str, Definition]:
    """What the newest rules of each checklist say; ``rules`` stand oldest first."""
    return {each.definition.name: each.definition for each in rules.values()}


def reports_of(
    plan: Planned, polling: Polling, other: Differing | None, checklists: dict[str, Definition]
) -> Iterator[Due]:
    """Each report that a plan asks for."""
    for name, count in (plan.expected or _usual(plan, checklists)).items():
        known = checklists.get(name)
        stage = known.stage if known else "voting"
        daily = known is not None and known.policy.expected_per == "day"
        days = [date.fromisoformat(each) for each in polling.days]
        for day in days if daily else days[:1]:
            opens, closes = _hours(polling, other, day)
            closes = closes if daily else _hours(polling, other, days[-1])[1]
            for number in range(int(count)):
                yield name, stage, _due(opens, closes, stage, number, int(count))


def _usual(plan: Planned, checklists: dict[str, Definition]) -> dict[str, int]:
    """What the checklists themselves expect of a plan that names none: those of tabulation at a
    centre, the others elsewhere."""
    return {
        name: each.policy.expected
        for name, each in checklists.items()
        if each.policy.expected and (each.stage == "tabulation") == (plan.kind == "centre")
    }


def _hours(polling: Polling, other: Differing | None, day: date) -> tuple[datetime, datetime]:
    """When the polls open and close at a place on a day: as in the round, or as it has them."""
    zone = ZoneInfo(polling.zone)
    opens, closes = (each.astimezone(zone).time() for each in (polling.opens, polling.closes))
    usual = Hours(opens, closes, polling.zone)
    own = usual if other is None else other.over(usual)
    return own.at(day, own.opens), own.at(day, own.closes)


def _due(opens: datetime, closes: datetime, stage: str, number: int, count: int) -> datetime:
    """When a report is looked for: spread over the hours of voting, the count after them."""
    if stage in ("counting", "tabulation"):
        return closes + AFTER_CLOSING
    if stage == "opening":
        return opens + timedelta(hours=1)
    return opens + (closes - opens) * ((number + 1) / (count + 1))
