"""Comments on the blocks of a statement, until somebody settles them."""

from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.problems import CONFLICT, NOT_FOUND, Problem
from api.statements.block_history import member_names
from api.statements.blocks import is_open
from api.statements.versions import Given
from schemas.columns import new_id, now
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.statement import Statement
from schemas.statement_block import StatementBlock, StatementComment


class CommentIn(Given):
    """What somebody says about a block."""

    text: str = Field(max_length=2000)


class SettledIn(Given):
    """What was answered to a comment when it was settled; may be empty."""

    resolution: str = Field(default="", max_length=2000)


def comment_on(
    work: Work, who: Principal, statement_id: UUID, block_id: str, given: CommentIn
) -> dict[str, Any]:
    """Say something about a block of a text that may still change. Problems: 404; 409 once it is
    approved; 422 where nothing is said."""
    statement = _open(work, who, statement_id)
    row = work.session.get(StatementBlock, (statement.mission_id, statement.id, block_id))
    if row is None:
        raise Problem(NOT_FOUND)
    said = given.text.strip()
    if not said or "\0" in said:
        raise Refusal("say something.", "text")
    made = StatementComment(
        mission_id=who.mission_id,
        id=new_id(),
        statement_id=statement.id,
        block_id=row.id,
        version=row.version,
        text=said,
        made_by=who.holder_id,
        made_at=now(),
    )
    work.session.add(made)
    work.session.flush()
    work.log("statement.comment", statement.id, said, note=row.id)
    return {"id": made.id, "block": row.id, "version": row.version, "text": said}


def settle_comment(
    work: Work, who: Principal, statement_id: UUID, comment_id: UUID, given: SettledIn
) -> dict[str, Any]:
    """Settle a comment, with an answer or without. Problems: 404; 409 where it is settled or the
    text is approved."""
    statement = _open(work, who, statement_id)
    row = work.session.get(StatementComment, (who.mission_id, comment_id))
    if row is None or row.statement_id != statement.id:
        raise Problem(NOT_FOUND)
    if row.resolved_at is not None:
        raise Problem(CONFLICT, "Somebody settled this comment already.")
    if "\0" in given.resolution:
        raise Refusal("an answer holds no NUL.", "resolution")
    row.resolved_by, row.resolved_at = who.holder_id, now()
    row.resolution = given.resolution.strip()
    work.session.add(row)
    work.session.flush()
    work.log("statement.settle", statement.id, row.resolution, note=row.block_id)
    return {"id": row.id, "block": row.block_id, "resolution": row.resolution}


async def comments_of(
    session: AsyncSession, who: Principal, statement_id: UUID
) -> list[dict[str, Any]]:
    """The comments on a statement, oldest first, numbered in that order. Problem: 404."""
    who.must(Right.SEE_DRAFTS)
    if await session.get(Statement, (who.mission_id, statement_id)) is None:
        raise Problem(NOT_FOUND)
    query = select(StatementComment).where(
        StatementComment.mission_id == who.mission_id,
        StatementComment.statement_id == statement_id,
    )
    query = query.order_by(col(StatementComment.made_at), col(StatementComment.id))
    names = await member_names(session, who.mission_id)
    return [
        {
            "id": row.id,
            "number": number,
            "block": row.block_id,
            "version": row.version,
            "text": row.text,
            "by": names.get(row.made_by, ""),
            "at": row.made_at,
            "resolved_by": names.get(row.resolved_by, "") if row.resolved_by else None,
            "resolved_at": row.resolved_at,
            "resolution": row.resolution,
        }
        for number, row in enumerate((await session.execute(query)).scalars(), 1)
    ]


def _open(work: Work, who: Principal, statement_id: UUID) -> Statement:
    """A statement whose text may change, for whoever may see drafts."""
    who.must(Right.SEE_DRAFTS)
    found = work.session.get(Statement, (who.mission_id, statement_id))
    if found is None:
        raise Problem(NOT_FOUND)
    if not is_open(found):
        raise Problem(CONFLICT, "The statement is approved or out: nothing is said of it here.")
    return found
