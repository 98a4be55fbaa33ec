"""``conflicts``: what two teams at one station answered differently, side by side."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from api.audit.unit_of_work import act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.problems import NOT_FOUND, Problem
from api.review.conflict_detail import conflict_out
from api.review.conflicts import conflict_named
from api.review.effect import preview as effect_of
from api.review.resolve import ResolutionIn, resolution
from api.routes.asking import Preview, answer, digest, effect_answer
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


@router.post("/conflicts/{conflict:path}/resolution")
async def resolve(
    request: Request,
    who: Who,
    conflict: Identity,
    given: ResolutionIn,
    of_round: OfRound = None,
    preview: Preview = False,
) -> Response:
    """Say whose answer stays, question by question, and why: each report whose answer does not gets
    a new version that names the other. Both stay where the answer is `both`. The answer is the
    conflict as it stands then, with the act and what changed."""
    identity, code = plain(conflict, "conflict") or "", plain(of_round, "round")
    write = await resolution(request, who, identity, given, code)
    if preview:
        return effect_answer(request, await effect_of(request, who, write))
    done = await act_on(request, who, write)
    content = await _content(request, who, identity, code)
    content |= done.as_sent()
    return answer(request, content, f"conflict-{digest(content)}")


@router.get("/conflicts/{conflict:path}")
async def conflict(
    request: Request, who: Who, conflict: Identity, of_round: OfRound = None
) -> Response:
    """What the teams answered, question by question, and what was decided before. It is also
    answered once nothing is in conflict any more."""
    content = await _content(
        request, who, plain(conflict, "conflict") or "", plain(of_round, "round")
    )
    return answer(request, content, f"conflict-{digest(content)}")


async def _content(
    request: Request, who: Principal, identity: str, of_round: str | None
) -> dict[str, Any]:
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        try:
            found = await conflict_named(session, who, identity, of_round)
        except LookupError:
            raise Problem(NOT_FOUND) from None
        return await conflict_out(session, who, found)
