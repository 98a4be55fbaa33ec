"""``statements/{id}/snapshot``: the numbers counted anew, what moved, and taking them over."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from api.audit.unit_of_work import act_async, act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.statements.recounting import (
    SnapshotAccepted,
    accept_snapshot,
    count_anew,
    moves_now,
    refuse_snapshot,
)

router = APIRouter(prefix="/api/v1/missions/{slug}/statements/{statement_id}", tags=["statements"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/moves")
async def moves(request: Request, who: Who, statement_id: UUID) -> dict[str, Any]:
    """The numbers of a draft that are others now than in its snapshot, with the blocks that say
    them; nothing is kept."""
    state = request.app.state
    async with mission_session(state.engine, who.mission_id) as session:
        return await moves_now(session, state.figures, who, statement_id)


@router.post("/snapshot", status_code=201)
async def snapshot(request: Request, who: Who, statement_id: UUID) -> dict[str, Any]:
    """Count the numbers anew, without changing the text: what moved, to be accepted by section or
    all. 409 where no number is another one."""
    figures = request.app.state.figures
    count = partial(count_anew, figures=figures, who=who, statement_id=statement_id)
    return await act_async(request, who, count)


@router.post("/snapshot/acceptance")
async def accept(
    request: Request, who: Who, statement_id: UUID, given: SnapshotAccepted
) -> dict[str, Any]:
    """Take the new numbers over, in some sections or all. In review it puts the statement back to
    draft."""
    return await act_on(request, who, lambda work: accept_snapshot(work, who, statement_id, given))


@router.delete("/snapshot")
async def refuse(request: Request, who: Who, statement_id: UUID) -> dict[str, Any]:
    """Leave the new numbers: the statement keeps its own."""
    return await act_on(request, who, lambda work: refuse_snapshot(work, who, statement_id))
