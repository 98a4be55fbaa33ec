"""Facts of a draft: the stations that observers were at, and what open registers hold."""

from collections import defaultdict
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from analytics.observation.dispositions import Disposition
from analytics.statements import MissionRegisters, NotedCondition, StatedDeparture
from api.figures.coverage import access_denied, dispositions
from api.figures.edition import Edition
from api.figures.mission_facts import MissionFacts
from api.figures.reports import is_due
from api.figures.unobserved import stations_unobserved
from schemas.checklist import CASES
from schemas.condition import Condition, Contact, Party
from schemas.mission import Departure, Funding, Kind, Mission
from schemas.observer import WOMEN, Accreditation, Observer, ObserverState
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
            is_due(),
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


async def standing_of(session: AsyncSession, mission: Mission) -> MissionRegisters:
    """The mission's standing as its registers have it; :func:`with_plans_and_denials` adds what was
    reported."""
    of = mission.mission_id
    departed = (
        await session.execute(
            select(Departure).where(Departure.mission_id == of).order_by(col(Departure.recorded_at))
        )
    ).scalars()
    people = (
        await session.execute(
            select(Observer.gender, Observer.citizenships).where(
                Observer.mission_id == of, Observer.state != ObserverState.LEFT
            )
        )
    ).all()
    states = select(Accreditation.state, func.count()).where(Accreditation.mission_id == of)
    accredited = (await session.execute(states.group_by(col(Accreditation.state)))).all()
    said = [gender.casefold() for gender, _ in people if gender]
    return MissionRegisters(
        state=mission.state,
        withdrawal_reason=mission.withdrawal_reason,
        departures=tuple(StatedDeparture(each.standard, each.explanation) for each in departed),
        conditions=await _conditions(session, of),
        consulted=await _named(
            session,
            select(Contact.body).where(
                Contact.mission_id == of, Contact.party == Party.CITIZEN_GROUP
            ),
        ),
        funders=await _named(session, select(Funding.funder).where(Funding.mission_id == of)),
        citizenships=len({one for _, held in people for one in held}),
        women=sum(each in WOMEN for each in said),
        gender_said=len(said),
        accreditations={row[0]: row[1] for row in accredited},
    )


def with_plans_and_denials(edition: Edition, standing: MissionRegisters) -> MissionRegisters:
    """The same with the plans that were withdrawn and the reports of denied access."""
    plans = dispositions(edition)
    counts = plans[0].plans if plans else {}
    return replace(
        standing,
        withdrawn=counts.get(Disposition.WITHDRAWN, 0),
        plans=sum(counts.values()),
        denied=int(access_denied(edition)["reports"]),
        unobserved=stations_unobserved(edition),
    )


async def _conditions(session: AsyncSession, mission_id: UUID) -> tuple[NotedCondition, ...]:
    """The newest note of each condition, in the order of the letters."""
    rows = (
        await session.execute(
            select(Condition)
            .where(Condition.mission_id == mission_id)
            .order_by(col(Condition.stood_on), col(Condition.recorded_at))
        )
    ).scalars()
    newest = {each.letter: each for each in rows}
    return tuple(
        NotedCondition(letter, each.state, each.stood_on.isoformat(), each.evidence)
        for letter, each in sorted(newest.items())
    )


async def _named(session: AsyncSession, query: SelectOfScalar[str]) -> tuple[str, ...]:
    """Names, each once, in alphabetical order."""
    return tuple(sorted(set((await session.execute(query)).scalars())))
