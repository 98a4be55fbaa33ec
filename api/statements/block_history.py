"""The history of a block: its versions, with who wrote each, when and why."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from api.auth.principal import Principal
from api.problems import NOT_FOUND, Problem
from api.statements.blocks import BlockNow, block_now, block_out
from schemas.mission import Member
from schemas.rights import Right
from schemas.statement import Statement
from schemas.statement_block import StatementBlock, StatementBlockVersion

Versioned = StatementBlock | StatementBlockVersion


async def versions_out(
    session: AsyncSession, who: Principal, statement_id: UUID, block_id: str
) -> list[dict[str, Any]]:
    """Every version of a block as answers give it, newest first. Problem: 404."""
    who.must(Right.SEE_DRAFTS)
    mission = who.mission_id
    row = await session.get(StatementBlock, (mission, statement_id, block_id))
    if row is None:
        raise Problem(NOT_FOUND)
    languages = select(Statement.language).where(
        Statement.mission_id == mission, Statement.id == statement_id
    )
    language = (await session.execute(languages)).scalar_one()
    earlier = (
        select(StatementBlockVersion)
        .where(
            StatementBlockVersion.mission_id == mission,
            StatementBlockVersion.statement_id == statement_id,
            StatementBlockVersion.block_id == block_id,
        )
        .order_by(col(StatementBlockVersion.version).desc())
    )
    found: list[Versioned] = [row, *(await session.execute(earlier)).scalars()]
    names = await member_names(session, mission)
    return [_out(each, language, names) for each in found]


async def member_names(session: AsyncSession, mission_id: UUID) -> dict[UUID, str]:
    """The names of the mission's members by their ids."""
    query = select(Member.id, Member.handle).where(Member.mission_id == mission_id)
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


def _out(row: Versioned, language: str, names: Mapping[UUID, str]) -> dict[str, Any]:
    now = block_now(row) if isinstance(row, StatementBlock) else _earlier(row)
    by = None if row.changed_by is None else names.get(row.changed_by)
    return {**block_out(now, language), "reason": row.reason, "by": by}


def _earlier(row: StatementBlockVersion) -> BlockNow:
    return BlockNow(
        row.block_id,
        row.position,
        row.section,
        row.version,
        row.contents,
        row.hidden,
        row.changed_by,
        row.changed_at,
    )


async def reasons_given(session: AsyncSession, statement: Statement) -> list[str]:
    """The reasons that stand at blocks of a statement, each once, the most frequent first."""
    query = (
        select(StatementBlock.reason)
        .where(
            StatementBlock.mission_id == statement.mission_id,
            StatementBlock.statement_id == statement.id,
            StatementBlock.reason != "",
        )
        .group_by(col(StatementBlock.reason))
        .order_by(func.count().desc(), col(StatementBlock.reason))
        .limit(20)
    )
    return list((await session.execute(query)).scalars())
