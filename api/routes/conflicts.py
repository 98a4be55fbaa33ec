"""``conflicts``: what two teams at one station answered differently, side by side."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.problems import NOT_FOUND, Problem
from api.review.conflict_detail import conflict_out
from api.review.conflicts import conflict_named
from api.routes.asking import answer, digest
from api.server.cursors import plain

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["desk"])
Who = Annotated[Principal, Depends(principal)]
Identity = Annotated[
    str, Path(max_length=400, description="checklist~contest~station; the contest may be empty.")
]
OfRound = Annotated[
    str | None,
    Query(
        alias="round",
        max_length=200,
        description="A round's code; without it the last one in which two teams met there.",
    ),
]


@router.get("/conflicts/{conflict:path}")
async def conflict(
    request: Request, who: Who, conflict: Identity, of_round: OfRound = None
) -> Response:
    """What the teams answered, question by question, and what was decided before. It is also
    answered once nothing is in conflict any more."""
    return await _shown(request, who, conflict, plain(of_round, "round"))


async def _shown(request: Request, who: Principal, identity: str, of_round: str | None) -> Response:
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        try:
            found = await conflict_named(session, who, plain(identity, "conflict") or "", of_round)
        except LookupError:
            raise Problem(NOT_FOUND) from None
        content: dict[str, Any] = await conflict_out(session, who, found)
    return answer(request, content, f"conflict-{digest(content)}")
