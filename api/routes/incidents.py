"""``incidents``: cases that reached the mission, by evidence; and where access was denied."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.figures.ask import question
from api.figures.coverage import access_denied
from api.figures.incidents import IncidentPage, incident_page
from api.routes.asking import OfRound, asked_together
from api.routes.paging import After, Limit, answer, digest
from api.server.cursors import cursor, read_cursor
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["reports"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/incidents")
async def listed(
    request: Request, who: Who, of_round: OfRound = None, after: After = None, limit: Limit = 200
) -> Response:
    """Incidents with their evidence, open ones first, most severe and oldest first; and counts of
    all of them."""
    who.must(Right.SEE_REPORTS)
    behind = read_cursor(after, int, int, int, UUID)
    own = question(incident_page, who, limit, behind)
    found = (await asked_together(request, who, of_round, own, question(access_denied))).values
    page: IncidentPage = found[0]
    content: dict[str, Any] = {
        "items": page.rows,
        "next": cursor(*page.last) if page.last else None,
        "summary": page.summary,
    }
    if who.may(Right.SEE_AGGREGATES):
        content["access_denied"] = found[1]
    return answer(request, content, digest(content))
