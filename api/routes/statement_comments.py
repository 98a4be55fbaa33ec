"""``statements/{id}/comments``: what is said about blocks, and who answers for sections."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.audit.unit_of_work import act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.routes.asking import answer, digest
from api.statements.comments import (
    CommentIn,
    SettledIn,
    comment_on,
    comments_of,
    settle_comment,
)
from api.statements.owners import OwnerIn, set_owner

router = APIRouter(prefix="/api/v1/missions/{slug}/statements/{statement_id}", tags=["statements"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/comments")
async def comments(request: Request, who: Who, statement_id: UUID) -> Response:
    """What was said about blocks, oldest first, with who said it and who resolved it."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        items = await comments_of(session, who, statement_id)
    return answer(request, {"items": items, "next": None}, f"comments-{digest(items)}")


@router.post("/blocks/{block}/comments", status_code=201)
async def comment(
    request: Request, who: Who, statement_id: UUID, block: str, given: CommentIn
) -> dict[str, Any]:
    """Say something about a block."""
    return await act_on(
        request, who, lambda work: comment_on(work, who, statement_id, block, given)
    )


@router.post("/comments/{comment}/resolution")
async def resolve(
    request: Request, who: Who, statement_id: UUID, comment: UUID, given: SettledIn
) -> dict[str, Any]:
    """Resolve a comment."""
    return await act_on(
        request, who, lambda work: settle_comment(work, who, statement_id, comment, given)
    )


@router.put("/sections/{section}/owner")
async def owner(
    request: Request, who: Who, statement_id: UUID, section: str, given: OwnerIn
) -> dict[str, Any]:
    """Say which member answers for a section, or that nobody does (null)."""
    return await act_on(
        request, who, lambda work: set_owner(work, who, statement_id, section, given)
    )
