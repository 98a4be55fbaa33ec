"""Statements that somebody may see: listed, drawn, and the rules changed since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer
from sqlmodel import col, select

from analytics.statements import Block, draw
from analytics.statements.blocks import Figure
from api.auth.principal import Principal
from api.auth.visible import visible_findings, visible_statements
from api.figures.mission_facts import MissionFacts, once
from api.statements.blocks import BlockNow, blocks_now, by_language, marks_of
from api.statements.source_annex import with_sources
from schemas.rights import Right
from schemas.statement import Finding, Snapshot, Statement, StatementState


@dataclass(frozen=True)
class ListedStatement:
    """A statement, and the hash of its snapshot."""

    statement: Statement
    sha256: str


async def list_statements(session: AsyncSession, who: Principal) -> list[ListedStatement]:
    """Every statement that ``who`` may see, newest first."""
    query = visible_statements(who).order_by(col(Statement.drafted_at).desc())
    rows = list((await session.execute(query)).scalars())
    hashes = select(Snapshot.id, Snapshot.sha256).where(
        Snapshot.mission_id == who.mission_id,
        col(Snapshot.id).in_([each.snapshot_id for each in rows]),
    )
    known = {row[0]: row[1] for row in (await session.execute(hashes)).all()}
    return [ListedStatement(each, known[each.snapshot_id]) for each in rows]


async def read_statement(
    session: AsyncSession, facts: MissionFacts, who: Principal, identity: UUID
) -> tuple[Statement, Snapshot] | None:
    """A statement that ``who`` may see, with its snapshot; None where there is none."""
    query = visible_statements(who).where(col(Statement.id) == identity)
    row = (await session.execute(query)).scalars().first()
    if row is None:
        return None
    frozen = who.mission_id, row.snapshot_id
    name = f"snapshot {row.snapshot_id}"
    return row, await once(facts, name, lambda: session.get_one(Snapshot, frozen), session)


async def page_of_statements(
    session: AsyncSession, who: Principal, behind: UUID | None, most: int
) -> list[Statement]:
    """At most so many statements that ``who`` may see, oldest first, behind one."""
    query = visible_statements(who).order_by(col(Statement.id)).limit(most)
    if behind is not None:
        query = query.where(col(Statement.id) > behind)
    return list((await session.execute(query)).scalars())


async def whole_statement(
    session: AsyncSession, who: Principal, identity: UUID
) -> tuple[Statement, Snapshot, list[BlockNow]] | None:
    """A statement that ``who`` may see, its snapshot and its blocks; None where there is none.
    Hidden blocks are for those alone who may see drafts."""
    query = visible_statements(who, whole=True).where(col(Statement.id) == identity)
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None:
        return None
    kept = select(Snapshot).where(
        Snapshot.mission_id == who.mission_id, Snapshot.id == row.snapshot_id
    )
    snapshot = (await session.execute(kept)).scalar_one()
    found = await _blocks(session, who.mission_id, identity)
    shown = [each for each in found if who.may(Right.SEE_DRAFTS) or not each.hidden]
    return row, snapshot, shown


async def statement_with_text(
    session: AsyncSession, who: Principal, identity: UUID
) -> Statement | None:
    """A statement that ``who`` may see, with what it holds of its text; None where there is
    none."""
    query = visible_statements(who, whole=True).where(col(Statement.id) == identity)
    found: Statement | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def statement_of_mission(
    session: AsyncSession, mission_id: UUID, identity: UUID
) -> Statement | None:
    """A statement with its text, for a command that runs beside the database."""
    return await session.get(Statement, (mission_id, identity))


async def page_of_findings(
    session: AsyncSession, who: Principal, behind: UUID | None = None, most: int | None = None
) -> list[Finding]:
    """Findings that ``who`` may see, oldest first: behind one, and so many, where that is said."""
    query = visible_findings(who).order_by(col(Finding.id)).limit(most)
    if behind is not None:
        query = query.where(col(Finding.id) > behind)
    return list((await session.execute(query)).scalars())


async def finding_of(
    session: AsyncSession, who: Principal, snapshot: UUID, code: str
) -> Finding | None:
    """The finding of a snapshot that ``who`` may see; None where there is none of this code."""
    query = visible_findings(who).where(
        col(Finding.snapshot_id) == snapshot, col(Finding.code) == code
    )
    found: Finding | None = (await session.execute(query)).scalars().first()
    return found


async def numbers_of(
    session: AsyncSession, who: Principal, findings: Iterable[Finding]
) -> dict[UUID, Mapping[str, Any]]:
    """The numbers that findings were frozen with, by their snapshots."""
    snapshots = {each.snapshot_id for each in findings}
    query = select(Snapshot.id, Snapshot.numbers).where(
        Snapshot.mission_id == who.mission_id, col(Snapshot.id).in_(snapshots)
    )
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def newest_statement(session: AsyncSession, who: Principal) -> Any:
    """Id, title, state and language of the newest statement that ``who`` may see, without its
    text, which may be long; None where there is none."""
    named: Any = (Statement.id, Statement.title, Statement.state, Statement.language)
    newest = visible_statements(who).order_by(col(Statement.drafted_at).desc())
    return (await session.execute(newest.with_only_columns(*named).limit(1))).first()


async def statements_newest_first(session: AsyncSession, who: Principal) -> list[Statement]:
    """Every statement that ``who`` may see."""
    query = visible_statements(who).order_by(col(Statement.drafted_at).desc())
    return list((await session.execute(query)).scalars())


@dataclass(frozen=True)
class RenderedStatement:
    """The blocks of a statement, the pictures of its figures by their place among them, and the
    mark printed beside each number, by its id."""

    blocks: list[Block]
    pictures: Mapping[int, tuple[tuple[str, str], ...]]
    marks: Mapping[str, str]


async def written(
    session: AsyncSession,
    facts: MissionFacts,
    statement: Statement,
    snapshot: Snapshot,
    language: str | None = None,
) -> RenderedStatement:
    """The text of a statement that the reader may see, rendered in ``language`` (None: the
    reference language); a draft as it is now, what is out is kept."""
    language = language or statement.language

    async def read() -> RenderedStatement:
        found = await _blocks(session, statement.mission_id, statement.id)
        blocks = by_language(found, [language])[language]
        blocks = with_sources(blocks, snapshot.numbers, language)
        marks = dict(marks_of([each.contents for each in found]))
        return RenderedStatement(blocks, _pictures(blocks, snapshot, language), marks)

    if statement.state != StatementState.RELEASED:
        return await read()
    return await once(facts, f"statement {statement.id} {language}", read, session)


async def _blocks(session: AsyncSession, mission_id: UUID, statement_id: UUID) -> list[BlockNow]:
    """The blocks of a statement, from its row or from theirs."""
    query = (
        select(Statement)
        .where(Statement.mission_id == mission_id, col(Statement.id) == statement_id)
        .options(undefer(Statement.blocks), undefer(Statement.published))  # type: ignore[arg-type]
        .execution_options(populate_existing=True)
    )
    whole = (await session.execute(query)).scalar_one()
    return await session.run_sync(lambda plain: blocks_now(plain, whole))  # type: ignore[arg-type]


def _pictures(
    blocks: list[Block], snapshot: Snapshot, language: str
) -> dict[int, tuple[tuple[str, str], ...]]:
    return {
        place: draw(block, snapshot.numbers, language=language, key=f"figure-{place}")
        for place, block in enumerate(blocks)
        if isinstance(block, Figure)
    }


LATER = text("""
SELECT c.name, v.version, max(r.revision) AS revision FROM rules r
JOIN checklist_version v ON v.mission_id = r.mission_id AND v.id = r.version_id
JOIN checklist c ON c.mission_id = v.mission_id AND c.id = v.checklist_id
WHERE r.mission_id = :mission AND r.state = 'published' AND r.published_at > :since
  AND EXISTS (SELECT FROM rules e WHERE e.mission_id = r.mission_id
    AND e.version_id = r.version_id AND e.state = 'published' AND e.published_at <= :since)
GROUP BY c.name, v.version ORDER BY c.name, v.version""")


@dataclass(frozen=True)
class LaterRules:
    """A version whose reports were judged again since, and by which revision."""

    checklist: str
    version: str
    revision: int


async def rules_since(
    session: AsyncSession, mission_id: UUID, drafted_at: datetime
) -> list[LaterRules]:
    """The rules that were changed since a statement was drafted."""
    found = await session.execute(LATER, {"mission": mission_id, "since": drafted_at})
    return [LaterRules(*row) for row in found.all()]
