"""``coverage``, ``irregularities`` and ``quick-counts``: the figures as of now."""

from dataclasses import replace
from typing import Annotated, Any, ParamSpec

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.auth.visible import refuse_before_publication, scope
from api.database.sessions import mission_session
from api.figures.ask import Figure, question
from api.figures.breakdowns import DIMENSIONS, agreement_out, broken_out, ranking_out
from api.figures.coverage import whole_coverage
from api.figures.export import rates_as_csv
from api.figures.irregularities import By, IrregularityFilter, irregularities_now
from api.figures.mission_facts import MissionFacts
from api.figures.plain_answers import answered, answered_out, women_among_staff, women_out
from api.problems import INVALID, Problem
from api.routes.asking import OfRound, answer, asked, asked_together, digest, facts_of, unchanged
from api.sharing.reading import SharedFigure, shared_figure, shared_rates, told
from api.sharing.reading import of_round as shared_round
from api.statements.comparison import kinds_out, missions_out
from schemas.credential import Role
from schemas.mission import Kind
from schemas.rights import Right
from schemas.statement import Shared

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["figures"])
Who = Annotated[Principal, Depends(principal)]
Text = Annotated[str | None, Query(max_length=200)]


@router.get("/coverage")
async def coverage(request: Request, who: Who, of_round: OfRound = None) -> Response:
    """Reports planned against reports that came, least covered first; to a partner as shared."""
    if who.role == Role.PARTNER:
        frozen = await _shared(request, who, Shared.COVERAGE)
        content = {**shared_round(frozen, of_round), "as_of": frozen.as_of}
        return answer(request, content, f"coverage-{frozen.tag}-{digest(content)}")
    refuse_before_publication(who)
    facts = await facts_of(request, who, of_round)
    known = unchanged(request, f"coverage-{facts.timed_tag}-{scope(who)}")
    if known is not None:
        return known
    found = await asked_together(request, who, of_round, question(whole_coverage))
    tag = f"coverage-{facts.as_in(found).timed_tag}-{scope(who)}"
    return answer(request, found.values[0], tag)


async def _shared(request: Request, who: Principal, kind: Shared) -> SharedFigure:
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return await shared_figure(session, who, kind)


def _refuse_unknown(facts: MissionFacts, wanted: IrregularityFilter) -> None:
    """A checklist or an area that the mission has not is no empty answer. Problem: 422."""
    if wanted.checklist is not None and wanted.checklist not in facts.checklists:
        raise Problem(INVALID, "The mission has no such checklist.", "checklist")
    if wanted.area is not None and facts.area(wanted.area) is None:
        raise Problem(INVALID, "The mission has no such area.", "area")


def wanted_of(
    by: By | None = None,
    checklist: Text = None,
    kind: Kind | None = None,
    area: Annotated[str | None, Query(max_length=200, description="An area's code.")] = None,
) -> IrregularityFilter:
    """Dependency: which irregularities are asked for."""
    return IrregularityFilter("area" if area is not None else by, checklist, kind, area)


Wanted = Annotated[IrregularityFilter, Depends(wanted_of)]


@router.get("/irregularities")
async def irregularities(
    request: Request,
    who: Who,
    wanted: Wanted,
    of_round: OfRound = None,
) -> Response:
    """How often each irregularity was seen: estimates where the sample allows, else counts. To a
    partner as shared: an area, a checklist or a round of which nothing was shared is a 404."""
    if who.role == Role.PARTNER:
        frozen = await _shared(request, who, Shared.IRREGULARITIES)
        items = told(shared_rates(frozen, who, wanted, of_round))
        content = {"items": items, "next": None, "as_of": frozen.as_of}
        return answer(request, content, f"irregularities-{frozen.tag}-{digest(content)}")
    refuse_before_publication(who)
    facts = await facts_of(request, who, of_round)
    _refuse_unknown(facts, wanted)
    known = unchanged(request, f"irregularities-{facts.tag}-{scope(who)}")
    if known is not None:
        return known
    own = question(irregularities_now, replace(wanted, stages=who.sections))
    found = await asked_together(request, who, of_round, own)
    now: dict[str, Any] = {"items": found.values[0], "next": None, "sequence": found.clock}
    return answer(request, now, f"irregularities-{facts.as_in(found).tag}-{scope(who)}")


@router.get("/irregularities.csv")
async def irregularities_as_csv(
    request: Request,
    who: Who,
    wanted: Wanted,
    language: Annotated[str, Query(max_length=10)] = "en",
    of_round: OfRound = None,
) -> Response:
    """The same rows as a file for spreadsheets."""
    if who.role == Role.PARTNER:
        frozen = await _shared(request, who, Shared.IRREGULARITIES)
        rows = shared_rates(frozen, who, wanted, of_round)
    else:
        refuse_before_publication(who)
        _refuse_unknown(await facts_of(request, who, of_round), wanted)
        own = replace(wanted, stages=who.sections)
        rows = await asked(request, who, of_round, irregularities_now, own)
    headers = {
        "Content-Disposition": 'attachment; filename="irregularities.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(
        rates_as_csv(rows, language), media_type="text/csv; charset=utf-8", headers=headers
    )


P = ParamSpec("P")
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
    known = unchanged(request, f"{name}-{facts.tag}-{scope(who)}")
    if known is not None:
        return known
    found = await asked_together(request, who, of_round, question(function, *arguments))
    content = {"items": found.values[0], "next": None, "sequence": found.clock}
    return answer(request, content, f"{name}-{facts.as_in(found).tag}-{scope(who)}")


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
