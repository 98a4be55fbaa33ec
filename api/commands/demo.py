"""``demo``: the demonstration mission, made or found."""

import asyncio
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

import typer
from psycopg import connect
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel, col, func, select

from api.audit.sealed_work import CommandContext, office
from api.audit.signing import Signer
from api.auth.principal import Principal
from api.commands.output import AsJson, answer
from api.commands.statements import draft_now
from api.database.opening import OpenDatabase
from api.database.sessions import open_engine
from api.demonstration.handling import handle_incidents
from api.demonstration.mission import SLUG
from api.demonstration.rehearsal import play, stage
from api.demonstration.statement import prepare_statement
from api.figures.ask import LocalFigures
from api.figures.follower import Follower
from api.missions.create import issue_secret
from api.settings import Settings
from api.sharing.making import Sharing, make_share
from schemas.credential import Purpose, Role
from schemas.mission import Member
from schemas.observer import Observer
from schemas.problems import Refusal
from schemas.report import Report
from schemas.statement import Share, Shared, Statement

PEOPLE = (Role.LEAD, Role.DEPUTY, Role.DATA_MANAGER, Role.PARTNER)
MAKING = 7305226417
"""The advisory lock under which one process makes the demonstration at a time."""


def demo(
    stations: Annotated[int, typer.Option(min=24, max=20_000)] = 1000,
    reports: Annotated[int, typer.Option(min=0, max=200_000)] = 4000,
    seed: Annotated[int, typer.Option(min=0)] = 7,
    as_json: AsJson = False,
) -> None:
    """Make the demonstration mission, or find it; print tokens for its people."""
    with office(Settings.from_environment()) as at:
        mission_id = make_or_find(at, stations, reports, seed)
        tokens = {role.value: secret for role, secret in _secrets(at, mission_id, Purpose.BEARER)}
    named = ("lead", "deputy", "data_manager", "observer", "partner")
    order = {role: tokens[role] for role in named}
    lines = "".join(f"\n  {role:<13} {token}" for role, token in order.items())
    answer(
        {"mission": SLUG, "tokens": order},
        as_json=as_json,
        line=f"Mission {SLUG}. Bearer tokens:{lines}",
    )


def make_or_find(
    at: CommandContext, stations: int = 1000, reports: int = 4000, seed: int = 7
) -> UUID:
    """The demonstration mission's id. One that was interrupted is completed; with a statement
    and a share it is complete, and left as it is. While another process makes it, this waits."""
    with _alone(at):
        return _made_or_found(at, stations, reports, seed)


@contextmanager
def _alone(at: CommandContext) -> Iterator[None]:
    """Hold the lock; the database takes it back when the process that holds it ends, however."""
    with connect(at.database.app_url, autocommit=True) as connection:
        tried = connection.execute("SELECT pg_try_advisory_lock(%s)", (MAKING,)).fetchone()
        if not (tried and tried[0]):
            _say("Waiting: another process is making the demonstration mission")
            connection.execute("SELECT pg_advisory_lock(%s)", (MAKING,))
        yield


def _made_or_found(at: CommandContext, stations: int, reports: int, seed: int) -> UUID:
    mission_id = stage(at, stations, seed, _say)
    if reports and not _has(at, mission_id, Statement):
        play(at, mission_id, reports, _say)
        handle_incidents(at, mission_id)
        _say("Drafting its first statement")
        try:
            drafted = asyncio.run(draft_now(at, SLUG, "en"))
        except Refusal as problem:
            _say(f"There is no first statement: {problem}")
        else:
            errors = prepare_statement(at, mission_id, drafted.id)
            _say("It is in review" if not errors else f"It breaks {errors} rules of release")
    if not _has(at, mission_id, Share) and _has(at, mission_id, Report):
        _say("Sharing with partners what stands now")
        asyncio.run(_share(at, mission_id))
    return mission_id


async def _share(at: CommandContext, mission_id: UUID) -> None:
    """Share everything once, as the demonstration's lead."""
    with at.reading(mission_id) as session:
        lead = session.exec(select(Member.id).where(Member.role == Role.LEAD)).first()
    if lead is None:
        return
    who = Principal(mission_id, SLUG, Role.LEAD, lead, None, Purpose.BEARER)
    engine = open_engine(at.database.app_url, size=2)
    follower = Follower(at.database.app_url)
    signer = Signer.from_secret(at.settings.secret)
    sharing = Sharing(engine, LocalFigures(follower), signer)
    try:
        await make_share(sharing, who, list(Shared), "What the demonstration shows to partners.")
    finally:
        await follower.stop()
        await engine.dispose()


def _has(at: CommandContext, mission_id: UUID, noun: type[SQLModel]) -> bool:
    with at.reading(mission_id) as session:
        return session.exec(select(func.count()).select_from(noun)).one() > 0


def _secrets(at: CommandContext, mission_id: UUID, purpose: Purpose) -> Iterable[tuple[Role, str]]:
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
            made.append(
                (
                    Role.OBSERVER,
                    issue_secret(work.session, mission_id, Role.OBSERVER, own, observer.id),
                )
            )
    return made


def _quiet_observer() -> Any:
    """A domestic observer with the fewest reports: one who still has something to do."""
    counted = (
        select(func.count())
        .select_from(Report)
        .where(Report.observer_id == Observer.id)
        .scalar_subquery()
    )
    return (
        select(Observer)
        .where(col(Observer.pseudonym).startswith("S-"))
        .order_by(counted, col(Observer.pseudonym))
    )


def announce_demo(settings: Settings, database: OpenDatabase, address: str) -> None:
    """Make or find the demonstration beside the running server; print sign-in links."""
    url = database.app_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, poolclass=NullPool)
    at = CommandContext(settings, database, engine)
    mission_id = make_or_find(at)
    links = dict(_secrets(at, mission_id, Purpose.SIGN_IN))
    partner = dict(_secrets(at, mission_id, Purpose.BEARER))[Role.PARTNER]
    engine.dispose()
    print("\nSign in (each link can be used once):")
    print(f"  lead          {address}/sign-in/{links[Role.LEAD]}")
    print(f"  deputy        {address}/sign-in/{links[Role.DEPUTY]}")
    print(f"  data manager  {address}/sign-in/{links[Role.DATA_MANAGER]}")
    print(f"  observer      {address}/field/#enrol={links[Role.OBSERVER]}")
    print(
        f"  partner       {address}/api/v1/missions/{SLUG}/coverage with the bearer token {partner}"
    )
    print(flush=True)


def _say(words: str) -> None:
    """Progress, on stderr: what is printed on stdout may be read by a script."""
    print(words, file=sys.stderr, flush=True)
