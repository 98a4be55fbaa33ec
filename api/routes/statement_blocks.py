"""``statements/{id}/blocks``: the text of a statement while it is written, a block at a time."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.audit.unit_of_work import AsyncWork, act_async, act_on, in_work
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.routes.asking import answer, digest
from api.statements.arranging import (
    BlockMove,
    BlockReason,
    BlockRestored,
    accept_block,
    hide_block,
    move_block,
    restore_block,
    show_block,
)
from api.statements.block_history import versions_out
from api.statements.editing import BlockText, NewBlock, add_block, write_block
from api.statements.source_references import take_sources

router = APIRouter(
    prefix="/api/v1/missions/{slug}/statements/{statement_id}/blocks", tags=["statements"]
)
Who = Annotated[Principal, Depends(principal)]


@router.get("/{block}/versions")
async def versions(request: Request, who: Who, statement_id: UUID, block: str) -> Response:
    """Every version of a block, newest first: its text, who wrote it, when, and why."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        items = await versions_out(session, who, statement_id, block)
    return answer(request, {"items": items, "next": None}, f"versions-{digest(items)}")


@router.post("", status_code=201)
async def add(request: Request, who: Who, statement_id: UUID, given: NewBlock) -> dict[str, Any]:
    """Add a paragraph or a heading that a person writes, behind a block or at the beginning."""

    async def added(work: AsyncWork) -> dict[str, Any]:
        await take_sources(work, who, statement_id, given.text)
        return await in_work(work, lambda plain: add_block(plain, who, statement_id, given))

    return await act_async(request, who, added)


@router.put("/{block}")
async def write(
    request: Request, who: Who, statement_id: UUID, block: str, given: BlockText
) -> dict[str, Any]:
    """Write a block anew: Markdown with references, parts, or either by language. In review it puts
    the statement back to draft. 409 ``outdated`` gives both texts."""

    async def written(work: AsyncWork) -> dict[str, Any]:
        await take_sources(work, who, statement_id, given.text)
        return await in_work(
            work, lambda plain: write_block(plain, who, statement_id, block, given)
        )

    return await act_async(request, who, written)


@router.post("/{block}/acceptance")
async def accept(
    request: Request, who: Who, statement_id: UUID, block: str, given: BlockReason
) -> dict[str, Any]:
    """Stand by the words that a rule composed."""
    return await act_on(
        request, who, lambda work: accept_block(work, who, statement_id, block, given)
    )


@router.post("/{block}/hiding")
async def hide(
    request: Request, who: Who, statement_id: UUID, block: str, given: BlockReason
) -> dict[str, Any]:
    """Leave a block out of what is published, with a reason."""
    return await act_on(
        request, who, lambda work: hide_block(work, who, statement_id, block, given)
    )


@router.post("/{block}/showing")
async def show(
    request: Request, who: Who, statement_id: UUID, block: str, given: BlockReason
) -> dict[str, Any]:
    """Let a hidden block stand in the statement again."""
    return await act_on(
        request, who, lambda work: show_block(work, who, statement_id, block, given)
    )


@router.post("/{block}/move")
async def move(
    request: Request, who: Who, statement_id: UUID, block: str, given: BlockMove
) -> dict[str, Any]:
    """Put a block behind another one, into its section; `after` null is the beginning."""
    return await act_on(
        request, who, lambda work: move_block(work, who, statement_id, block, given)
    )


@router.post("/{block}/restoration")
async def restore(
    request: Request, who: Who, statement_id: UUID, block: str, given: BlockRestored
) -> dict[str, Any]:
    """Make an earlier version of a block the newest again."""
    return await act_on(
        request, who, lambda work: restore_block(work, who, statement_id, block, given)
    )
