"""How many distinct polling stations observers were at, by a query of the reports."""

from collections import defaultdict

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.figures.mission_facts import MissionFacts
from schemas.checklist import CASES
from schemas.mission import Kind
from schemas.place import Place, PlaceKind
from schemas.report import COUNTED, Report

ELECTION_DAY = frozenset({"opening", "voting", "closing", "counting"})
"""The stages that are observed at a polling station."""


async def stations_observed(session: AsyncSession, facts: MissionFacts) -> dict[Kind, int]:
    """How many polling stations each kind of observers sent an election-day report of that
    counts, in the round of ``facts``. Centres are none, and neither is where a case was alone."""
    query = (
        select(Report.organisation_id, Report.place_id)
        .join(
            Place,
            (col(Place.mission_id) == col(Report.mission_id))
            & (col(Place.id) == col(Report.place_id)),
        )
        .where(
            Report.mission_id == facts.mission.mission_id,
            Report.round_id == facts.polling.round_id,
            Place.kind == PlaceKind.STATION,
            col(Report.status).in_(COUNTED),
            col(Report.checklist).in_(_on_election_day(facts)),
        )
        .distinct()
    )
    usual, places = Kind(facts.mission.kind), defaultdict(set)
    for organisation, place in (await session.execute(query)).all():
        _, kind = facts.organisations.get(organisation, ("", usual))
        places[kind].add(place)
    return {kind: len(places[kind]) for kind in Kind}


def _on_election_day(facts: MissionFacts) -> list[str]:
    newest = {name: facts.newest(name) for name in facts.checklists}
    return [
        name
        for name, rules in newest.items()
        if rules and rules.definition.stage in ELECTION_DAY and name not in CASES
    ]
