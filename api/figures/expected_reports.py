"""The plan as reports that are expected: of every team, on every checklist, each with its hour."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.observation.coverage import Ended, Expected
from api.figures.reference_data import Polling, PublishedRules
from api.figures.stations import StationFacts
from api.places.hours import Differing, hours_elsewhere
from api.places.hours import Polling as Hours
from schemas.checklist import Definition
from schemas.deployment import DeploymentState
from schemas.mission import Kind

T = TypeVar("T")
ENDED: dict[str, Ended] = {
    DeploymentState.CANCELLED: "cancelled",
    DeploymentState.WITHDRAWN_SECURITY: "withdrawn",
}
PLANS = text("""
SELECT d.id::text, d.organisation_id::text, d.kind, d.place_id::text, d.area_id::text,
  d.expected::text, d.state, t.team
FROM deployment d
LEFT JOIN (SELECT deployment_id, array_agg(observer_id::text ORDER BY observer_id) AS team
  FROM deployed_observer WHERE mission_id = :m GROUP BY deployment_id) t ON t.deployment_id = d.id
WHERE d.mission_id = :m AND d.round_id = :round""")
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


async def load_plan(
    session: AsyncSession,
    mission_id: UUID,
    polling: Polling,
    organisations: dict[UUID, tuple[str, Kind]],
    facts: tuple[StationFacts, ...],
    areas: Mapping[UUID, int],
    checklists: dict[str, Definition],
) -> tuple[tuple[Expected, ...], dict[tuple[str, int], str]]:
    """The reports expected, and who was sent where, by the observer's id as text and the place. A
    team is named by its first observer, and counts in the area that it was sent to. ``session``
    is in the mission."""
    elsewhere = _as_text(await hours_elsewhere(session, mission_id, polling.round_id))
    places = {str(each.id): at for at, each in enumerate(facts)}
    kinds, area_of = _as_text(organisations), _as_text(areas)
    expected: list[Expected] = []
    posted: dict[tuple[str, int], str] = {}
    alike: dict[object, Sequence[Due]] = {}
    plans = await session.execute(PLANS, {"m": mission_id, "round": polling.round_id})
    for id_, organisation, sort, place_id, area_id, asked, state, team in plans:
        place = places.get(place_id)
        name = team[0] if team else id_
        for observer in team or ():
            posted[observer, -1 if place is None else place] = name
        said = sort, elsewhere.get(place_id), asked
        reports = alike.get(said)
        if reports is None:
            plan = Planned(sort, json.loads(asked))
            reports = alike[said] = tuple(reports_of(plan, polling, said[1], checklists))
        area = area_of.get(area_id, -1) if place is None else facts[place].area
        kind, ended = kinds[organisation][1], ENDED.get(state, "")
        expected += [
            Expected(place, area, checklist, due_at, kind, name, stage, id_, ended)
            for checklist, stage, due_at in reports
        ]
    return tuple(expected), posted


def _as_text(by_id: Mapping[UUID, T]) -> dict[str, T]:
    return {str(each): value for each, value in by_id.items()}


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
