"""``statement lint|approve|release``: what keeps a statement, and its last two steps."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from api.audit.sealed_work import CommandContext, office
from api.audit.unit_of_work import AsyncWork, unit_of_work
from api.auth.principal import Authenticator, Principal
from api.commands.output import AsJson, MissionName, answer
from api.database.sessions import make_pool, mission_session, open_engine
from api.intake.from_files import principal_of
from api.problems import Problem
from api.settings import Settings
from api.statements import release as steps
from api.statements.issue import CopyLogged
from api.statements.linting import lint_of, problem_out
from api.statements.listing import statement_of_mission
from schemas.credential import Purpose
from schemas.problems import Refusal

TOKEN = "INDELIBLE_TOKEN"
StatementId = Annotated[str, typer.Argument(metavar="ID", help="The statement's id.")]


def lint(mission: MissionName, statement: StatementId, as_json: AsJson = False) -> None:
    """Hold a statement against the rules of release; exit code 1 while an error stands."""
    identity = _id(statement)
    with office(Settings.from_environment()) as at:
        items = asyncio.run(_linted(at, principal_of(at, mission), identity))
    lines = [
        f"{each['severity']}: {each['rule']} {each['block'] or ''}: {each['text']}"
        for each in items
    ]
    answer({"items": items}, as_json=as_json, line="\n".join(lines) or "Nothing is found.")
    if any(each["severity"] == "error" for each in items):
        raise typer.Exit(1)


def approve(
    mission: MissionName,
    statement: StatementId,
    read: Annotated[
        list[str] | None,
        typer.Option(help="A language that you have read; may be repeated. Else the reference."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Approve a statement in review, as the member whose token is in INDELIBLE_TOKEN."""
    given = steps.Approval(read=read or None)

    async def do(work: AsyncWork, who: Principal, identity: UUID) -> dict[str, Any]:
        return await steps.approve(work, who, identity, given)

    _step(mission, statement, do, as_json=as_json)


def release(
    mission: MissionName,
    statement: StatementId,
    authority: Annotated[str, typer.Option(help="Who gets the authority's copy.")] = "",
    as_json: AsJson = False,
) -> None:
    """Publish an approved statement, as the member whose token is in INDELIBLE_TOKEN."""
    settings = Settings.from_environment()
    given = CopyLogged(authority=authority)

    async def do(work: AsyncWork, who: Principal, identity: UUID) -> dict[str, Any]:
        return await steps.release(work, who, identity, given, settings.public_url or "")

    _step(mission, statement, do, as_json=as_json)


def _step(
    mission: str,
    statement: str,
    do: Callable[[AsyncWork, Principal, UUID], Awaitable[dict[str, Any]]],
    *,
    as_json: bool,
) -> None:
    identity, token = _id(statement), os.environ.get(TOKEN, "")
    if not token:
        raise Refusal("set it to the token of the member who does this.", TOKEN)
    with office(Settings.from_environment()) as at:
        at.mission(mission)
        done = asyncio.run(
            _as_member(at, mission, token, lambda work, who: do(work, who, identity))
        )
    values = {"mission": mission, "id": statement, "state": done["state"]}
    values |= {"approvals": len(done["approvals"]), "sha256": done["sha256"]}
    answer(values, as_json=as_json, line=f"{statement}: {done['state']}")


async def _as_member(
    at: CommandContext,
    mission: str,
    token: str,
    do: Callable[[AsyncWork, Principal], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    engine = open_engine(at.database.app_url, size=2)
    try:
        who = await _member(at, mission, token)
        async with unit_of_work(engine, who) as work:
            return await do(work, who)
    except Problem as problem:
        raise Refusal(problem.detail or f"{problem.kind.title}.") from None
    finally:
        await engine.dispose()


async def _member(at: CommandContext, mission: str, token: str) -> Principal:
    """The member of a mission who has a token. Raises :class:`Refusal`."""
    async with make_pool(at.database.app_url, size=1) as pool:
        who = await Authenticator(pool).of_token(token, Purpose.BEARER)
    if who is None or who.slug != mission:
        raise Refusal(f"the token opens nothing in the mission {mission}.", TOKEN)
    return who


async def _linted(at: CommandContext, who: Principal, identity: UUID) -> list[dict[str, Any]]:
    engine: AsyncEngine = open_engine(at.database.app_url, size=2)
    try:
        async with mission_session(engine, who.mission_id) as session:
            statement = await statement_of_mission(session, who.mission_id, identity)
            if statement is None:
                raise Refusal(f"the mission has no statement {identity}.", "ID")
            return [problem_out(each) for each in await lint_of(session, who, statement)]
    finally:
        await engine.dispose()


def _id(statement: str) -> UUID:
    try:
        return UUID(statement)
    except ValueError:
        raise Refusal(f"{statement!r} is no statement's id.", "ID") from None
