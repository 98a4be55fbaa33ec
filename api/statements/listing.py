"""Statements and findings that somebody may see, and the numbers they were frozen with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import visible_findings, visible_statements
from api.figures.mission_facts import MissionFacts, once
from schemas.statement import Finding, Snapshot, Statement


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
) -> tuple[Statement, Snapshot] | None:
    """A statement with its blocks that ``who`` may see, and its snapshot; None where there is
    none."""
    query = visible_statements(who, whole=True).where(col(Statement.id) == identity)
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None:
        return None
    kept = select(Snapshot).where(
        Snapshot.mission_id == who.mission_id, Snapshot.id == row.snapshot_id
    )
    return row, (await session.execute(kept)).scalar_one()


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
