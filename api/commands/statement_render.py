"""``statement render``."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.documents import Document
from api.audit.sealed_work import CommandContext, office
from api.auth.principal import Principal
from api.commands.output import AsJson, MissionName, answer
from api.database.sessions import mission_session, open_engine
from api.intake.from_files import principal_of
from api.settings import Settings
from api.statements.documents import DocumentFormat, RenderedDocument, document_of
from api.statements.documents import render as rendered
from schemas.credential import Role
from schemas.problems import Refusal


def render(
    mission: MissionName,
    statement: Annotated[str, typer.Argument(metavar="ID", help="The statement's id.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where it is written.")],
    to: Annotated[DocumentFormat, typer.Option("--to", help="The format.")] = DocumentFormat.PDF,
    language: Annotated[
        str | None, typer.Option("--lang", help="One of its languages; else the reference.")
    ] = None,
    with_annexes: Annotated[
        bool, typer.Option("--with-annexes/--without-annexes", help="Or its text alone.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Write a statement as HTML, PDF, DOCX or JSON in one of its languages."""
    try:
        identity = UUID(statement)
    except ValueError:
        raise Refusal("This is no statement's id.", "ID") from None
    settings = Settings.from_environment()
    with office(settings) as at:
        public = settings.public_url or ""
        asked = partial(document_of, language=language, public=public, with_annexes=with_annexes)
        made = asyncio.run(_made(at, mission, identity, to, asked))
    try:
        out.write_bytes(made.content)
    except OSError as error:
        raise Refusal(f"{out}: {error.strerror}.", "--out") from None
    values = {"mission": mission, "id": str(identity), "file": str(out), "to": str(to)}
    values |= {"bytes": str(len(made.content))}
    answer(values, as_json=as_json, line=f"{out}: {len(made.content):,} bytes")


async def _made(
    at: CommandContext,
    mission: str,
    identity: UUID,
    to: DocumentFormat,
    asked: Callable[[AsyncSession, Principal, UUID], Awaitable[Document | None]],
) -> RenderedDocument:
    """The document, read as whoever runs the server may read it."""
    who = replace(principal_of(at, mission), role=Role.LEAD)
    engine = open_engine(at.database.app_url, size=1)
    try:
        async with mission_session(engine, who.mission_id) as session:
            found = await asked(session, who, identity)
    finally:
        await engine.dispose()
    if found is None:
        raise Refusal(f"The mission has no statement {identity}.", "ID")
    return await rendered(found, to, mission)
