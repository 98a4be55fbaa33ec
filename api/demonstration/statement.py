"""What the demonstration's data manager has done with its first statement: a headline in its three
languages, the judgements of the composed text accepted, and the review asked for."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import Session, col, select

from analytics.statements import Problem
from api.audit.sealed_work import CommandContext
from api.audit.unit_of_work import blocking_unit_of_work, writing
from api.auth.principal import Principal
from api.database.sessions import mission_session, open_engine
from api.demonstration.mission import SLUG
from api.statements.arranging import BlockReason, accept_block
from api.statements.blocks import rows_of_blocks
from api.statements.editing import BlockText, write_block
from api.statements.issue import CopyLogged, PlaceSet, log_copy, set_place
from api.statements.linting import lint_of
from api.statements.listing import whole_statement
from api.statements.reading_marks import TextRead, mark_read
from api.statements.release import ReviewAsked, ask_review
from schemas.credential import Purpose, Role
from schemas.mission import Member
from schemas.statement import Statement

HEADLINE = {
    "en": "Results were not posted everywhere after the count, "
    "and observers were not let in everywhere",
    "fr": "Les résultats n’ont pas été affichés partout après le dépouillement, "
    "et les observateurs n’ont pas été admis partout",
    "ar": "لم تُعلَّق النتائج في كل مكان بعد الفرز، ولم يُسمح للمراقبين بالدخول في كل مكان",
}
PLACE, AUTHORITY = "Ilmar City", "An invented commission"
READ_BY_LEAD = ("fr", "ar")
"""The languages that whoever approves needs not read: the lead did."""
READ = "Read against the tables of the annex, and against the reports beneath the number."
"""Why a composed block is accepted."""


def prepare_statement(at: CommandContext, mission_id: UUID, statement_id: UUID) -> int:
    """Word the statement and ask for its review. Returns how many errors of the lint stand: with
    any it stays a draft."""
    who = _member(at, mission_id, Role.DATA_MANAGER)
    lead = _member(at, mission_id, Role.LEAD)
    _act(at, who, statement_id, "headline", text=HEADLINE)
    return asyncio.run(_reviewed(at, who, lead, statement_id))


def _member(at: CommandContext, mission_id: UUID, role: Role) -> Principal:
    with at.reading(mission_id) as session:
        member = session.exec(select(Member.id).where(Member.role == role)).one()
    return Principal(mission_id, SLUG, role, member, None, Purpose.BEARER)


async def _reviewed(at: CommandContext, who: Principal, lead: Principal, statement_id: UUID) -> int:
    engine = open_engine(at.database.app_url, size=2)
    try:
        async with (
            mission_session(engine, who.mission_id) as session,
            writing(session, who) as work,
        ):
            await set_place(work, who, statement_id, PlaceSet(place=PLACE))
        judged = [each for each in await _errors(engine, who, statement_id) if each.block]
        for block in sorted({each.block for each in judged if each.rule == "verdict.machine"}):
            _act(at, who, statement_id, block)
        errors = await _errors(engine, who, statement_id)
        if not errors:
            async with (
                mission_session(engine, who.mission_id) as session,
                writing(session, who) as work,
            ):
                await ask_review(work, who, statement_id, ReviewAsked())
            async with (
                mission_session(engine, who.mission_id) as session,
                writing(session, lead) as work,
            ):
                await log_copy(work, lead, statement_id, CopyLogged(authority=AUTHORITY))
                for language in READ_BY_LEAD:
                    await mark_read(work, lead, statement_id, TextRead(language=language))
        return len(errors)
    finally:
        await engine.dispose()


async def _errors(engine: AsyncEngine, who: Principal, statement_id: UUID) -> list[Problem]:
    async with mission_session(engine, who.mission_id) as session:
        found = await whole_statement(session, who, statement_id)
        if found is None:
            raise LookupError(statement_id)
        problems = await lint_of(session, who, found[0])
    return [each for each in problems if each.level == "error"]


def _act(
    at: CommandContext,
    who: Principal,
    statement_id: UUID,
    block: str,
    text: dict[str, Any] | None = None,
) -> None:
    """Write a block, or accept it where there is no text."""
    with blocking_unit_of_work(at.engine, who.mission_id, actor=who.holder_id) as work:
        version = _version(work.session, who.mission_id, statement_id, block)
        if text is None:
            accept_block(work, who, statement_id, block, BlockReason(reason=READ, version=version))
        else:
            write_block(work, who, statement_id, block, BlockText(text=text, version=version))


def _version(session: Session, mission_id: UUID, statement_id: UUID, block: str) -> int:
    query = select(Statement).where(
        col(Statement.mission_id) == mission_id, col(Statement.id) == statement_id
    )
    rows = rows_of_blocks(session, session.exec(query).one())
    return next(each.version for each in rows if each.id == block)
