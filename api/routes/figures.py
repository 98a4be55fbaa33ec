"""``coverage``, ``irregularities`` and ``quick-counts``: what the reports come to, now."""

import asyncio
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.auth.visible import refuse_before_publication, scope
from api.database.sessions import mission_session
from api.figures.export import rates_as_csv
from api.figures.follower import Follower, NoSuchRound
from api.figures.kept import this_minute
from api.figures.role_tables import Asked, By, coverage_table, irregularity_rows
from api.figures.watch import Watch
from api.problems import INVALID, NOT_FOUND, Problem
from api.routes.paging import answer, digest, unchanged
from api.sharing.reading import Frozen, shared_figure, shared_rates, told
from api.sharing.reading import of_round as shared_round
from schemas.credential import Role
from schemas.mission import Kind
from schemas.share import Shared

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["figures"])
Who = Annotated[Principal, Depends(principal)]
Text = Annotated[str | None, Query(max_length=200)]


OfRound = Annotated[
    str | None,
    Query(
        alias="round",
        max_length=200,
        description="A round's code; without it the round whose polling is nearest to now.",
    ),
]


async def watched(request: Request, who: Principal, of_round: str | None = None) -> Watch:
    """The mission as of its last commit, in a round. Problems: 422 for a round that it has not;
    404 for a partner, who reads what was shared."""
    if who.role == Role.PARTNER:
        raise Problem(NOT_FOUND)
    follower: Follower = request.app.state.follower
    try:
        return await follower.of(who.mission_id, of_round)
    except NoSuchRound:
        raise Problem(INVALID, "The mission has no such round.", "round") from None


@router.get("/coverage")
async def coverage(request: Request, who: Who, of_round: OfRound = None) -> Response:
    """Reports planned against reports that came, least covered first; to a partner as shared."""
    if who.role == Role.PARTNER:
        frozen = await _shared(request, who, Shared.COVERAGE)
        content = {**shared_round(frozen, of_round), "as_of": frozen.as_of}
        return answer(request, content, f"coverage-{frozen.tag}-{digest(content)}")
    refuse_before_publication(who)
    watch = await watched(request, who, of_round)
    tag = f"coverage-{watch.reading}-{this_minute()}-{scope(who)}"
    known = unchanged(request, tag)
    if known is not None:
        return known
    table = await asyncio.to_thread(coverage_table, watch, everything=True)
    return answer(request, table, tag)


async def _shared(request: Request, who: Principal, kind: Shared) -> Frozen:
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return await shared_figure(session, who, kind)


def _refuse_unknown(watch: Watch, wanted: Asked) -> None:
    """A checklist or an area that the mission has not is no empty answer. Problem: 422."""
    if wanted.checklist is not None and wanted.checklist not in watch.frame.checklists:
        raise Problem(INVALID, "The mission has no such checklist.", "checklist")
    if wanted.area is not None and wanted.area not in {each.code for each in watch.frame.areas}:
        raise Problem(INVALID, "The mission has no such area.", "area")


def _rows(watch: Watch, who: Principal, wanted: Asked) -> list[dict[str, Any]]:
    own = replace(wanted, stages=who.sections)
    return irregularity_rows(watch, own, everything=True)


def asked(
    by: By | None = None,
    checklist: Text = None,
    kind: Kind | None = None,
    area: Annotated[str | None, Query(max_length=200, description="An area's code.")] = None,
) -> Asked:
    """Dependency: which irregularities are asked for."""
    return Asked("area" if area is not None else by, checklist, kind, area)


@router.get("/irregularities")
async def irregularities(
    request: Request, who: Who, wanted: Annotated[Asked, Depends(asked)], of_round: OfRound = None
) -> Response:
    """How often each irregularity was seen: estimates where a sample speaks, else counts. To a
    partner as shared: an area, a checklist or a round of which nothing was shared is a 404."""
    if who.role == Role.PARTNER:
        frozen = await _shared(request, who, Shared.IRREGULARITIES)
        items = told(shared_rates(frozen, who, wanted, of_round))
        content = {"items": items, "next": None, "as_of": frozen.as_of}
        return answer(request, content, f"irregularities-{frozen.tag}-{digest(content)}")
    refuse_before_publication(who)
    watch = await watched(request, who, of_round)
    _refuse_unknown(watch, wanted)
    tag = f"irregularities-{watch.reading}-{scope(who)}"
    known = unchanged(request, tag)
    if known is not None:
        return known
    rows = await asyncio.to_thread(_rows, watch, who, wanted)
    return answer(request, {"items": rows, "next": None, "sequence": watch.sequence}, tag)


@router.get("/irregularities.csv")
async def irregularities_as_csv(
    request: Request,
    who: Who,
    wanted: Annotated[Asked, Depends(asked)],
    language: Annotated[str, Query(max_length=10)] = "en",
    of_round: OfRound = None,
) -> Response:
    """The same rows as a file for spreadsheets."""
    if who.role == Role.PARTNER:
        frozen = await _shared(request, who, Shared.IRREGULARITIES)
        rows = shared_rates(frozen, who, wanted, of_round)
    else:
        refuse_before_publication(who)
        watch = await watched(request, who, of_round)
        _refuse_unknown(watch, wanted)
        rows = await asyncio.to_thread(_rows, watch, who, wanted)
    headers = {
        "Content-Disposition": 'attachment; filename="irregularities.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(
        rates_as_csv(rows, language), media_type="text/csv; charset=utf-8", headers=headers
    )
