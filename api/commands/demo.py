"""``demo``: the demonstration mission, made or found."""

import asyncio
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import orjson
import typer
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import col, func, select

from api.commands.answering import AsJson, answer
from api.commands.statements import draft_now
from api.database.opening import OpenDatabase
from api.database.work import Office, UnknownMission, office
from api.demonstration.country import make_country
from api.demonstration.day import ElectionDay
from api.demonstration.mission import SLUG, Team, found
from api.demonstration.truth import make_truth
from api.founding import issue_secret
from api.intake.hand import arrivals_of, importing, principal_of
from api.publishing import library_workbook
from api.settings import Settings
from mobile_forms.workbook import compile_workbook
from schemas.credential import Purpose, Role
from schemas.mission import Member
from schemas.observer import Observer
from schemas.report import Report
from schemas.statement import Statement

AT_ONCE = 200
PEOPLE = (Role.LEAD, Role.DATA_MANAGER, Role.PARTNER)


def demo(
    stations: Annotated[int, typer.Option(min=12, max=20_000)] = 1000,
    reports: Annotated[int, typer.Option(min=0, max=200_000)] = 4000,
    seed: Annotated[int, typer.Option(min=0)] = 7,
    as_json: AsJson = False,
) -> None:
    """Make the demonstration mission, or find it; print tokens for its people."""
    with office(Settings.from_environment()) as at:
        mission_id = make_or_find(at, stations, reports, seed)
        tokens = {role.value: secret for role, secret in _secrets(at, mission_id, Purpose.BEARER)}
    order = {role: tokens[role] for role in ("lead", "data_manager", "observer", "partner")}
    lines = "".join(f"\n  {role:<13} {token}" for role, token in order.items())
    answer(
        {"mission": SLUG, "tokens": order}, as_json=as_json,
        line=f"Mission {SLUG}. Bearer tokens:{lines}",
    )  # fmt: skip


def make_or_find(at: Office, stations: int = 1000, reports: int = 4000, seed: int = 7) -> UUID:
    """The demonstration mission's id. One that was interrupted is completed."""
    country = make_country(stations, seed)
    try:
        mission_id = at.mission(SLUG)
    except UnknownMission:
        _say("Making the demonstration mission: a fictional country")
        day = datetime.now(UTC).date() - timedelta(days=1)
        founded, teams = found(at, country, day, seed)
        outbox = _outbox(stations, seed, teams, reports, day)
        asyncio.run(_send(at, outbox))
        mission_id = founded.mission_id
    if not _has_statement(at, mission_id):
        _say("Drafting its first statement")
        if reports:
            asyncio.run(draft_now(at, SLUG, "en"))
    return mission_id


def _outbox(stations: int, seed: int, teams: list[Team], most: int, day: Any) -> list[bytes]:
    country = make_country(stations, seed)
    checklists = {
        name: compile_workbook(library_workbook(name)).definition for name in ("voting", "counting")
    }
    election = ElectionDay(country, make_truth(country, seed), checklists, day, seed)
    return [orjson.dumps(report) for report in election.reports(teams, most)]


async def _send(at: Office, outbox: list[bytes]) -> None:
    who = principal_of(at, SLUG)
    async with importing(at) as intake:
        for start in range(0, len(outbox), AT_ONCE):
            await intake.accept_reports(who, arrivals_of(outbox[start : start + AT_ONCE]))
            _say(f"Reports {min(start + AT_ONCE, len(outbox))} of {len(outbox)}", again=True)
    _say("")


def _has_statement(at: Office, mission_id: UUID) -> bool:
    with at.reading(mission_id) as session:
        return session.exec(select(func.count()).select_from(Statement)).one() > 0


def _secrets(at: Office, mission_id: UUID, purpose: Purpose) -> Iterable[tuple[Role, str]]:
    """A secret for each of the demonstration's people; an observer enrols, others sign in."""
    with at.work(mission_id) as work:
        members = {each.role: each for each in work.session.exec(select(Member))}
        made = []
        for role in PEOPLE:
            member = members.get(role.value)
            if member is None:
                handle = f"{role.value} of the demonstration"
                member = Member(mission_id=mission_id, handle=handle, role=role)
                work.session.add(member)
                work.session.flush()
            made.append((role, issue_secret(work.session, mission_id, role, purpose, member.id)))
        observer = work.session.exec(_quiet_observer()).first()
        if observer is not None:
            own = Purpose.ENROLMENT if purpose == Purpose.SIGN_IN else purpose
            made.append((Role.OBSERVER, issue_secret(
                work.session, mission_id, Role.OBSERVER, own, observer.id)))  # fmt: skip
    return made


def _quiet_observer() -> Any:
    """A domestic observer with the fewest reports: one who still has something to do."""
    counted = (
        select(func.count()).select_from(Report)
        .where(Report.observer_id == Observer.id).scalar_subquery()
    )  # fmt: skip
    return (
        select(Observer)
        .where(col(Observer.pseudonym).startswith("S-"))
        .order_by(counted, col(Observer.pseudonym))
    )


def announce_demo(settings: Settings, database: OpenDatabase, address: str) -> None:
    """Make or find the demonstration beside the running server; print sign-in links."""
    url = database.app_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, poolclass=NullPool)
    at = Office(settings, database, engine)
    mission_id = make_or_find(at)
    links = dict(_secrets(at, mission_id, Purpose.SIGN_IN))
    partner = dict(_secrets(at, mission_id, Purpose.BEARER))[Role.PARTNER]
    engine.dispose()
    print("\nSign in (each link serves once):")
    print(f"  lead          {address}/sign-in/{links[Role.LEAD]}")
    print(f"  data manager  {address}/sign-in/{links[Role.DATA_MANAGER]}")
    print(f"  observer      {address}/field/#enrol={links[Role.OBSERVER]}")
    print(
        f"  partner       {address}/api/v1/missions/{SLUG}/coverage with the bearer token {partner}"
    )
    print(flush=True)


def _say(words: str, *, again: bool = False) -> None:
    """Progress, on stderr; overwritten in place where a person watches."""
    if again and not sys.stderr.isatty():
        return
    print(words, end="\r" if again else "\n", file=sys.stderr, flush=True)
