"""``incidents``: cases that reached the mission, how well they are evidenced, and what is done."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.audit.unit_of_work import act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.figures.ask import question
from api.figures.coverage import access_denied
from api.figures.incidents import IncidentPage, incident_page
from api.review.effect import preview as effect_of
from api.review.incident_card import incident_card
from api.review.incident_events import IncidentEventIn, incident_act
from api.routes.asking import (
    After,
    Limit,
    OfRound,
    Preview,
    answer,
    asked_together,
    digest,
    effect_answer,
)
from api.server.cursors import cursor, read_cursor
from schemas.desk import IncidentState
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["incidents"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/incidents")
async def listed(
    request: Request,
    who: Who,
    of_round: OfRound = None,
    state: IncidentState | None = None,
    after: After = None,
    limit: Limit = 200,
) -> Response:
    """Incidents with their evidence and what is done about them: danger first, then open ones, most
    severe and oldest first; and counts of all of them."""
    who.must(Right.SEE_INCIDENTS)
    behind = read_cursor(after, int, int, int, int, UUID)
    own = question(incident_page, who, limit, behind, state)
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


@router.get("/incidents/{report_id}")
async def card(request: Request, who: Who, report_id: UUID) -> Response:
    """One incident, by the id of a report of it: what was reported, from whom it is known, which
    reports are linked and which may be of the same event, and every event of it."""
    content = await _card(request, who, report_id)
    return answer(request, content, digest(content))


async def _card(request: Request, who: Principal, report_id: UUID) -> dict[str, Any]:
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return await incident_card(session, who, request.app.state.intake.signer, report_id)


@router.post("/incidents/{report_id}/events")
async def event(
    request: Request,
    who: Who,
    report_id: UUID,
    given: IncidentEventIn,
    preview: Preview = False,
) -> Response:
    """Do something about an incident: decide on it, own it, note, escalate, link, lower its
    evidence, say that the danger is over, say who may see it. The incident as it is then, and the
    act."""
    write = incident_act(who, report_id, given)
    if preview:
        return effect_answer(request, await effect_of(request, who, write))
    done = await act_on(request, who, write)
    content = {**await _card(request, who, report_id), "act": done.act}
    return answer(request, content, digest(content))
