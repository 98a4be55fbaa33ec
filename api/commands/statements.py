"""``statement draft``."""

import asyncio
from typing import Annotated

import typer

from api.audit.sealed_work import CommandContext, office
from api.commands.output import AsJson, MissionName, answer
from api.database.sessions import mission_session, open_engine
from api.figures.ask import LocalFigures
from api.figures.follower import Follower, NoSuchRound
from api.intake.from_files import principal_of
from api.settings import Settings
from api.statements.draft import draft_statement
from schemas.problems import Refusal
from schemas.statement import Statement, StatementKind
from schemas.words import LANGUAGES


def draft(
    mission: MissionName,
    language: Annotated[str, typer.Option(help="The statement's language.")] = "en",
    of_round: Annotated[
        str | None, typer.Option("--round", help="A round's code; else the nearest to now.")
    ] = None,
    kind: Annotated[
        StatementKind,
        typer.Option(help="The kind; a correction is drafted by the API."),
    ] = StatementKind.PRELIMINARY,
    as_json: AsJson = False,
) -> None:
    """Draft a statement from what is counted now, its numbers frozen."""
    if kind is StatementKind.CORRECTION:
        raise Refusal("a correction is drafted from the statement that it corrects.", "--kind")
    if language not in LANGUAGES:
        raise Refusal(f"--language {language}: there are {', '.join(LANGUAGES)}.")
    with office(Settings.from_environment()) as at:
        made = asyncio.run(draft_now(at, mission, language, of_round, kind))
    values = {
        "mission": mission,
        "id": str(made.id),
        "title": made.title,
        "kind": made.kind,
        "language": made.language,
        "languages": made.written_in,
        "state": made.state,
    }
    other = "" if made.language == language else f" (in {made.language}: not translated yet)"
    answer(values, as_json=as_json, line=f"{made.title}{other}\n{made.id}")


async def draft_now(
    at: CommandContext,
    mission: str,
    language: str,
    of_round: str | None = None,
    kind: StatementKind = StatementKind.PRELIMINARY,
) -> Statement:
    """Draft in a process of its own."""
    who = principal_of(at, mission)
    engine = open_engine(at.database.app_url, size=2)
    follower = Follower(at.database.app_url)
    try:
        async with mission_session(engine, who.mission_id) as session:
            figures = LocalFigures(follower)
            return await draft_statement(session, figures, who, language, of_round, kind=kind)
    except NoSuchRound:
        raise Refusal(f"the mission has no round {of_round!r}.", "--round") from None
    finally:
        await follower.stop()
        await engine.dispose()
