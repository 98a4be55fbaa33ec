"""A stored statement with its pictures and marks, rendered once and cached: nothing changes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.statements import Block, draw
from analytics.statements.blocks import Figure
from api.figures.mission_facts import MissionFacts, once
from schemas.statement import Snapshot, Statement

BLOCKS: TypeAdapter[list[Block]] = TypeAdapter(list[Block])


@dataclass(frozen=True)
class RenderedStatement:
    """The blocks of a statement, the pictures of its figures by their place among them, and the
    mark printed beside each number, by its id."""

    blocks: list[Block]
    pictures: Mapping[int, tuple[tuple[str, str], ...]]
    marks: Mapping[str, str]


async def written(
    session: AsyncSession, facts: MissionFacts, statement: Statement, snapshot: Snapshot
) -> RenderedStatement:
    """The text of a statement that the reader may see, rendered."""

    async def read() -> RenderedStatement:
        query = select(Statement.blocks).where(
            Statement.mission_id == statement.mission_id, col(Statement.id) == statement.id
        )
        found = (await session.execute(query)).scalar_one()
        blocks = BLOCKS.validate_python(found)
        return RenderedStatement(
            blocks, _pictures(blocks, snapshot, statement.language), dict(_marks(found))
        )

    return await once(facts, f"statement {statement.id}", read, session)


def _pictures(
    blocks: list[Block], snapshot: Snapshot, language: str
) -> dict[int, tuple[tuple[str, str], ...]]:
    return {
        place: draw(block, snapshot.numbers, language=language, key=f"figure-{place}")
        for place, block in enumerate(blocks)
        if isinstance(block, Figure)
    }


def _marks(written: Any) -> Iterator[tuple[str, str]]:
    """Each number's id with its mark, wherever it is in the blocks."""
    if isinstance(written, dict):
        if "number_id" in written and written.get("mark"):
            yield written["number_id"], written["mark"]
        written = list(written.values())
    if isinstance(written, list):
        for each in written:
            yield from _marks(each)
