"""Statements that somebody may see: listed, and one with the numbers it was frozen with."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import visible_statements
from api.figures.mission_facts import MissionFacts
from api.figures.once import once
from schemas.statement import Snapshot, Statement


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
