"""The demonstration country with a second sample: international teams sent to stations by lot."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import Session, col, select

from api.audit.sealed_work import CommandContext
from api.audit.unit_of_work import Work
from api.checklists.publishing import library_workbook
from api.demonstration.country import make_country, make_truth
from api.demonstration.day import ElectionDay
from api.demonstration.mission import Team
from api.demonstration.rehearsal import CHECKLISTS, SLUG
from api.intake.from_files import arrivals_of, importing, principal_of
from api.samples.draw import draw_sample
from mobile_forms.workbook import compile_workbook
from schemas.deployment import DeployedObserver, Deployment
from schemas.election import Round
from schemas.mission import Kind, Organisation
from schemas.observer import Observer
from schemas.place import Place


def send_abroad(at: CommandContext, mission_id: UUID, stations: int, size: int, seed: int) -> None:
    """Draw for the international observers, send their teams there, and let them report."""
    with at.work(mission_id) as work:
        drawn = draw_sample(
            work, size=size, seed=seed + 1, code="abroad", kind=Kind.INTERNATIONAL
        ).drawn.codes
        teams = _sent(work, drawn)
    country = make_country(stations, seed)
    with at.reading(mission_id) as session:
        polled = session.exec(select(Round)).one().polling_days[0]
    checklists = {name: compile_workbook(library_workbook(name)).definition for name in CHECKLISTS}
    day = ElectionDay(
        country, make_truth(country, seed), checklists, date.fromisoformat(polled), seed + 1
    )
    index = {each.code: at for at, each in enumerate(country.stations)}
    made = day.reports(
        [Team(pair, False, tuple(index[code] for code in codes)) for pair, codes in teams], 10_000
    )
    asyncio.run(_send(at, [orjson.dumps(each) for each in made]))


def _sent(work: Work, drawn: tuple[str, ...]) -> list[tuple[tuple[str, ...], list[str]]]:
    """The pairs of international observers, and the stations drawn that each is sent to."""
    abroad = work.session.exec(select(Organisation).where(Organisation.code == "abroad")).one()
    people = list(
        work.session.exec(
            select(Observer)
            .where(Observer.organisation_id == abroad.id)
            .order_by(col(Observer.pseudonym))
        )
    )
    pairs = [people[at : at + 2] for at in range(0, len(people), 2)]
    places = {each.code: each.id for each in work.session.exec(select(Place))}
    teams: list[tuple[tuple[str, ...], list[str]]] = []
    for number, pair in enumerate(pairs):
        codes = list(drawn[number :: len(pairs)])
        teams.append((tuple(each.pseudonym for each in pair), codes))
        for code in codes:
            _deploy(work.session, {"mission_id": work.mission_id}, pair, places[code], abroad.id)
    return teams


def _deploy(
    session: Session, of: dict[str, Any], pair: list[Observer], place: UUID, organisation: UUID
) -> None:
    round_id = session.exec(select(Round.id)).one()
    sent = Deployment(
        **of,
        round_id=round_id,
        organisation_id=organisation,
        kind="mobile",
        place_id=place,
        expected={"voting": 1},
    )
    session.add(sent)
    session.flush()
    session.add_all(
        DeployedObserver(**of, deployment_id=sent.id, observer_id=each.id) for each in pair
    )


async def _send(at: CommandContext, outbox: list[bytes]) -> None:
    who = principal_of(at, SLUG)
    async with importing(at) as intake:
        for start in range(0, len(outbox), 200):
            await intake.accept_reports(who, arrivals_of(outbox[start : start + 200]))
