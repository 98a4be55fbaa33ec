"""What a snapshot that was counted anew would change, until it is taken over or left."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from api.statements.blocks import BLOCK, BlockNow
from api.statements.moves import Move, as_now, moves_between
from schemas.statement import Snapshot, Statement


async def proposed_moves(
    session: AsyncSession, statement: Statement, snapshot: Snapshot, blocks: Sequence[BlockNow]
) -> list[Move]:
    """The numbers of a text that are others in the snapshot that waits; nothing without one."""
    if statement.proposed_id is None:
        return []
    new = await session.get_one(Snapshot, (statement.mission_id, statement.proposed_id))
    texts = {
        language: [BLOCK.validate_python(each) for each in composed]
        for language, composed in (statement.proposed or {}).items()
    }
    fresh = as_now(texts, statement.language) if texts else []
    return moves_between(snapshot.numbers, new.numbers, [*blocks, *fresh])
