"""``incidents``: cases that reached the mission, by evidence; and doors that stayed shut."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.figures.incidents import incident_out, incidents, summary_out
from api.figures.role_tables import access_denied
from api.routes.figures import OfRound, watched
from api.routes.paging import After, Limit, answer, cursor, digest, read_cursor
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["reports"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/incidents")
async def listed(
    request: Request, who: Who, of_round: OfRound = None, after: After = None, limit: Limit = 200
) -> Response:
    """Incidents with their evidence, open ones first, gravest and oldest first; and counts of all
    of them."""
    who.must(Right.SEE_REPORTS)
    watch = await watched(request, who, of_round)
    found = await asyncio.to_thread(incidents, watch, who)
    behind = read_cursor(after, int, int, int, UUID)
    rest = found.listed(limit + 1, behind)
    content: dict[str, Any] = {
        "items": [incident_out(watch, each) for each in rest[:limit]],
        "next": cursor(*rest[limit - 1].order) if len(rest) > limit else None,
        "summary": summary_out(found),
    }
    if who.may(Right.SEE_AGGREGATES):
        content["access_denied"] = access_denied(watch)
    return answer(request, content, digest(content))
