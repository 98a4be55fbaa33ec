"""``quick-counts``: what the sample says, what officials say, and what the mission released."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.database.sessions import mission_session
from api.identity import Principal, principal
from api.problems import NOT_FOUND, Problem
from api.reading.figures import ContestCounted, quick_counts
from api.reading.official import official_out, official_totals
from api.reading.official_copies import compare_copies, comparison_out
from api.reading.shapes import contest_out
from api.reading.visible import refuse_quick_count
from api.reading.watch import Watch
from api.releases import find_contest, propose_release, release, releases_of
from api.routes.figures import OfRound, watched
from api.routes.paging import answer, digest, unchanged
from schemas.results import QuickCountRelease

router = APIRouter(prefix="/api/v1/missions/{slug}/quick-counts", tags=["figures"])
Who = Annotated[Principal, Depends(principal)]


def count_of(watch: Watch, code: str) -> ContestCounted:
    """A contest of the round under watch, counted. Problem: 404."""
    with watch.lock:
        for each in quick_counts(watch):
            if each.contest.code == code:
                return each
    raise Problem(NOT_FOUND)


def counted_of(watch: Watch, code: str) -> tuple[ContestCounted, dict[str, Any]]:
    """The same, and as it is shown with every report. Problem: 404."""
    with watch.lock:
        counted = count_of(watch, code)
        return counted, {"sequence": watch.sequence, **contest_out(watch, counted)}


@router.get("/{contest}")
async def quick_count(
    request: Request, who: Who, contest: str, of_round: OfRound = None
) -> Response:
    """A contest's quick count as it stands, the desk's alone, with official results beside it."""
    refuse_quick_count(who)
    watch = await watched(request, who, of_round)
    tag = f"quick-count-{watch.reading}"
    known = unchanged(request, tag)
    if known is not None:
        return known
    counted, content = await asyncio.to_thread(counted_of, watch, contest)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        row = await find_contest(session, who, watch.frame.polling.round_id, contest)
        totals = await official_totals(session, watch, row.id)
    return answer(request, content | {"official": official_out(counted, totals)}, tag)


@router.get("/{contest}/copies")
async def copies(request: Request, who: Who, contest: str, of_round: OfRound = None) -> Response:
    """Each observed station's copies held against one another: the observer's, the posted one,
    the one entered at tabulation, the published one."""
    refuse_quick_count(who)
    watch = await watched(request, who, of_round)
    counted = await asyncio.to_thread(count_of, watch, contest)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        row = await find_contest(session, who, watch.frame.polling.round_id, contest)
        found = await compare_copies(session, watch, row.id, counted.contest)
    content = await asyncio.to_thread(comparison_out, found)
    return answer(request, content, f"copies-{watch.reading}")


@router.get("/{contest}/releases")
async def releases(request: Request, who: Who, contest: str) -> Response:
    """What was frozen and released; to everybody but the core team, only what is released."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await releases_of(session, who, contest)
    items = [_out(row) | {"round": code} for row, code in rows]
    return answer(request, {"items": items, "next": None}, f"releases-{digest(items)}")


@router.post("/{contest}/releases", status_code=201)
async def propose(
    request: Request, who: Who, contest: str, of_round: OfRound = None
) -> dict[str, Any]:
    """Freeze the quick count as it stands, for another person to release."""
    refuse_quick_count(who)
    watch = await watched(request, who, of_round)
    _, content = await asyncio.to_thread(counted_of, watch, contest)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        row = await find_contest(session, who, watch.frame.polling.round_id, contest)
        made = await propose_release(session, who, row, content)
        await session.commit()
    return _out(made)


@router.post("/{contest}/releases/{release_id}/release")
async def release_count(
    request: Request, who: Who, contest: str, release_id: UUID, of_round: OfRound = None
) -> dict[str, Any]:
    """Release what another person froze."""
    watch = await watched(request, who, of_round)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        row = await find_contest(session, who, watch.frame.polling.round_id, contest)
        made = await release(session, who, row, release_id)
        await session.commit()
    return _out(made)


def _out(row: QuickCountRelease) -> dict[str, Any]:
    return {
        "id": row.id, "sequence": row.sequence, "sha256": row.sha256, "numbers": row.numbers,
        "proposed_at": row.proposed_at, "released_at": row.released_at,
    }  # fmt: skip
