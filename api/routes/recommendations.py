"""``recommendations``: the mission's own, and those of missions before it, with their status."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.audit.unit_of_work import Work, act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.registers.reading import known_standards
from api.routes.asking import OfRound, answer, asked, digest
from api.statements.finding_list import list_findings, round_findings
from api.statements.recommendations import (
    AssessmentIn,
    RecommendationIn,
    add_recommendation,
    assess,
    list_recommendations,
    recommendation_out,
    recommendations_as_csv,
)
from schemas.memory import Implementation
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["registers"])
Who = Annotated[Principal, Depends(principal)]
OfMission = Annotated[
    str | None,
    Query(alias="mission", max_length=200, description="Of this mission alone, or an earlier one."),
]
Status = Annotated[Implementation | None, Query(description="As it was assessed.")]


@router.get("/recommendations")
async def recommendations(
    request: Request, who: Who, of_mission: OfMission = None, status: Status = None
) -> Response:
    """Recommendations by number, this mission's first, then those taken over from earlier ones."""
    who.must(Right.SEE_REGISTERS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        items = await list_recommendations(session, who, mission=of_mission, status=status)
    return answer(request, {"items": items, "next": None}, f"recommendations-{digest(items)}")


@router.get("/recommendations.csv")
async def recommendations_file(request: Request, who: Who) -> Response:
    """All of them as a file for spreadsheets."""
    who.must(Right.SEE_REGISTERS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await list_recommendations(session, who)
    headers = {
        "Content-Disposition": 'attachment; filename="recommendations.csv"',
        "Cache-Control": "private, no-store",
    }
    body = recommendations_as_csv(rows)
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/recommendations", status_code=201)
async def add(
    request: Request, who: Who, given: RecommendationIn, of_round: OfRound = None
) -> dict[str, Any]:
    """Add a recommendation: its text by language, to whom, of which priority, the article of law
    that it asks to change, the findings that it follows from, the earlier one that it repeats."""
    who.must(Right.KEEP_REGISTERS)
    found = await asked(request, who, of_round, round_findings)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        standards = await known_standards(session, who.mission_id)
        findings = (await list_findings(session, who, found)).candidates

    def write(work: Work) -> dict[str, Any]:
        made = add_recommendation(work, given, standards=standards, findings=findings)
        return recommendation_out(made, who.slug)

    return await act_on(request, who, write)


@router.patch("/recommendations/{recommendation:path}")
async def follow_up(
    request: Request, who: Who, recommendation: str, given: AssessmentIn
) -> dict[str, Any]:
    """Say how far a recommendation was followed."""
    who.must(Right.KEEP_REGISTERS)

    def write(work: Work) -> dict[str, Any]:
        return recommendation_out(assess(work, recommendation, given), who.slug)

    return await act_on(request, who, write)
