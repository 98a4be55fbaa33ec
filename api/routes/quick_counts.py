"""``quick-counts``: what the sample says, what officials say, and what the mission released."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from analytics.results.forensics import Source
from api.auth.principal import Principal, principal
from api.auth.visible import refuse_quick_count
from api.database.sessions import mission_session
from api.figures.ask import Figures, question
from api.problems import INVALID, NOT_FOUND, Problem
from api.results import by_station as looking
from api.results.by_station import copies_compared, looked_out
from api.results.official_totals import official_out, official_totals
from api.results.quick_counts import count_page
from api.results.releases import find_contest, propose_release, release, releases_of
from api.routes.asking import (
    After,
    Limit,
    OfRound,
    answer,
    asked,
    asked_together,
    digest,
    facts_of,
    unchanged,
)
from api.server.cursors import cursor, read_cursor
from schemas.results import QuickCountRelease
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["figures"])
Who = Annotated[Principal, Depends(principal)]
MAX_LISTED = 2000
Listed = Annotated[int, Query(ge=1, le=MAX_LISTED, description="How many reports at most.")]


@router.get("/quick-counts/{contest}")
async def quick_count(
    request: Request,
    who: Who,
    contest: str,
    of_round: OfRound = None,
    after: After = None,
    limit: Listed = MAX_LISTED,
) -> Response:
    """A contest's quick count as of now, the core team's alone, with official results beside it,
    and which report entered, which not, and why."""
    refuse_quick_count(who)
    facts = await facts_of(request, who, of_round)
    known = unchanged(request, f"quick-count-{facts.tag}")
    if known is not None:
        return known
    behind = read_cursor(after, UUID, int)
    seen = await asked_together(
        request, who, of_round, question(count_page, contest, behind, limit)
    )
    (found,) = seen.values
    if found is None:
        raise Problem(NOT_FOUND)
    if not found.known:
        raise Problem(INVALID, "This is no cursor that was given out.", "after")
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        row = await find_contest(session, who, facts.polling.round_id, contest)
        totals = await official_totals(session, facts, row.id)
    content = dict(found.content)
    content["next"] = None if found.after is None else cursor(*found.after)
    content["official"] = official_out(found, totals)
    return answer(request, content, f"quick-count-{facts.as_in(seen).tag}")


@router.get("/quick-counts/{contest}/copies")
async def copies(
    request: Request,
    who: Who,
    contest: str,
    of_round: OfRound = None,
    after: After = None,
    limit: Limit = 500,
) -> Response:
    """Each observed station's copies compared with one another: the observer's, the posted one,
    the one entered at tabulation, the published one. ``limit`` counts stations."""
    refuse_quick_count(who)
    (behind,) = read_cursor(after, str) or ("",)
    found = await asked_together(
        request, who, of_round, question(copies_compared, contest, limit, behind)
    )
    (content,) = found.values
    if content is None:
        raise Problem(NOT_FOUND)
    facts = await facts_of(request, who, of_round)
    more = content.pop("more")
    content["next"] = None if more is None else cursor(more)
    return answer(request, content, f"copies-{facts.as_in(found).tag}")


@router.get("/quick-counts/{contest}/releases")
async def releases(request: Request, who: Who, contest: str) -> Response:
    """What was frozen and released; to everybody but the core team, only what is released."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await releases_of(session, who, contest)
    items = [_out(row) | {"round": code} for row, code in rows]
    return answer(request, {"items": items, "next": None}, f"releases-{digest(items)}")


@router.post("/quick-counts/{contest}/releases", status_code=201)
async def propose(
    request: Request, who: Who, contest: str, of_round: OfRound = None
) -> dict[str, Any]:
    """Freeze the quick count as of now, for another person to release."""
    refuse_quick_count(who)
    facts = await facts_of(request, who, of_round)
    figures: Figures = request.app.state.figures
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        row = await find_contest(session, who, facts.polling.round_id, contest)
        made = await propose_release(session, figures, who, row, of_round)
    return _out(made)


@router.post("/quick-counts/{contest}/releases/{release_id}/release")
async def release_count(
    request: Request, who: Who, contest: str, release_id: UUID, of_round: OfRound = None
) -> dict[str, Any]:
    """Release what another person froze."""
    facts = await facts_of(request, who, of_round)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        row = await find_contest(session, who, facts.polling.round_id, contest)
        made = await release(session, who, row, release_id)
    return _out(made)


def _out(row: QuickCountRelease) -> dict[str, Any]:
    return {
        "id": row.id,
        "sequence": row.sequence,
        "sha256": row.sha256,
        "numbers": row.numbers,
        "proposed_at": row.proposed_at,
        "released_at": row.released_at,
    }


@router.get("/forensics/{contest}")
async def forensics(
    request: Request,
    who: Who,
    contest: str,
    source: Source | None = None,
    of_round: OfRound = None,
) -> dict[str, Any]:
    """Where to look: turnout against share, whole percentages, high turnout. Never a finding."""
    who.must(Right.WRITE_STATEMENTS)
    found = await asked(request, who, of_round, looking.forensics, contest, source)
    if found is None:
        raise Problem(NOT_FOUND)
    return {
        "contest": contest,
        "sources": found.sources,
        "finding": False,
        "looked": None if found.looked is None else looked_out(found.looked),
    }
