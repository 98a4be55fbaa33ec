"""``breakdowns``, ``agreement``, ``ranking``, ``staff``, ``answers``: rates and answers by
group."""

from typing import Annotated, Any, ParamSpec

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.auth.visible import scope
from api.figures.ask import Figure, question
from api.figures.breakdowns import DIMENSIONS, agreement_out, broken_out, ranking_out
from api.figures.plain_answers import answered, answered_out, women_among_staff, women_out
from api.problems import INVALID, Problem
from api.routes.asking import OfRound, asked, asked_together, facts_of
from api.routes.paging import answer, digest, unchanged
from api.statements.comparison import kinds_out, missions_out
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["figures"])
P = ParamSpec("P")
Who = Annotated[Principal, Depends(principal)]
Checklist = Annotated[str | None, Query(max_length=200)]


async def _rows(
    request: Request,
    who: Principal,
    of_round: str | None,
    name: str,
    function: Figure[P, list[dict[str, Any]]],
    *arguments: object,
) -> Response:
    who.must(Right.SEE_AGGREGATES)
    facts = await facts_of(request, who, of_round)
    tag = f"{name}-{facts.tag}-{scope(who)}"
    known = unchanged(request, tag)
    if known is not None:
        return known
    found = await asked_together(request, who, of_round, question(function, *arguments))
    content = {"items": found.values[0], "next": None, "sequence": found.clock}
    return answer(request, content, tag)


@router.get("/breakdowns/{by}")
async def breakdown(
    request: Request, who: Who, by: str, checklist: Checklist = None, of_round: OfRound = None
) -> Response:
    """Irregularities by hour of arrival, setting or type of station; kinds side by side."""
    who.must(Right.SEE_AGGREGATES)
    wanted = next((each for each in DIMENSIONS if each == by), None)
    if wanted is None:
        raise Problem(INVALID, f"One of {', '.join(DIMENSIONS)} is needed.", "by")
    return await _rows(
        request,
        who,
        of_round,
        f"{by}-{checklist}",
        broken_out,
        wanted,
        checklist,
        who.sections,
    )


@router.get("/agreement")
async def agreement(
    request: Request, who: Who, checklist: Checklist = None, of_round: OfRound = None
) -> Response:
    """Stations where domestic and international observers both answered: do they agree?"""
    return await _rows(
        request,
        who,
        of_round,
        f"agreement-{checklist}",
        agreement_out,
        checklist,
        who.sections,
    )


@router.get("/comparisons/kinds")
async def kinds(
    request: Request, who: Who, checklist: Checklist = None, of_round: OfRound = None
) -> Response:
    """Domestic against international observers: tested between two samples of one frame, and of
    everything else why it is not."""
    return await _rows(
        request,
        who,
        of_round,
        f"kinds-{checklist}",
        kinds_out,
        checklist,
        who.sections,
    )


@router.get("/comparisons/earlier")
async def earlier(
    request: Request, who: Who, checklist: Checklist = None, of_round: OfRound = None
) -> Response:
    """This mission against those before it: tested between two estimates of one question, and of
    everything else why it is not."""
    return await _rows(
        request,
        who,
        of_round,
        f"earlier-{checklist}",
        missions_out,
        checklist,
        who.sections,
    )


@router.get("/ranking")
async def ranking(
    request: Request, who: Who, checklist: Checklist = None, of_round: OfRound = None
) -> Response:
    """Areas by the gravity of what was seen, where a probability sample allows an order."""
    return await _rows(
        request,
        who,
        of_round,
        f"ranking-{checklist}",
        ranking_out,
        checklist,
        who.sections,
    )


@router.get("/staff")
async def staff(request: Request, who: Who, of_round: OfRound = None) -> Response:
    """Women among the staff of stations, by kind of observer."""
    who.must(Right.SEE_AGGREGATES)
    found = await asked(request, who, of_round, women_among_staff)
    rows = [women_out(each) for each in found]
    return answer(request, {"items": rows, "next": None}, digest(rows))


@router.get("/answers")
async def answers(request: Request, who: Who, of_round: OfRound = None) -> Response:
    """Who was present, who refused, how it was rated: counts, by checklist and kind."""
    who.must(Right.SEE_AGGREGATES)
    found = await asked(request, who, of_round, answered, who.sections)
    rows = [answered_out(each) for each in found]
    return answer(request, {"items": rows, "next": None}, digest(rows))
