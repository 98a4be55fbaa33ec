"""``quick-counts``: what the sample says, what officials say, and what the mission released."""

import asyncio
from itertools import islice
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from analytics.observation.code_matrix import NOWHERE
from api.auth.principal import Principal, principal
from api.auth.visible import refuse_quick_count
from api.database.sessions import mission_session
from api.figures.figures import ContestCounted, quick_counts
from api.figures.watch import Watch
from api.problems import INVALID, NOT_FOUND, Problem
from api.results.copies_compared import compare_copies, comparison_out
from api.results.json import contest_out, entries_out
from api.results.official_totals import official_out, official_totals
from api.results.releases import find_contest, propose_release, release, releases_of
from api.routes.figures import OfRound, watched
from api.routes.paging import After, Limit, answer, cursor, digest, read_cursor, unchanged
from schemas.results import QuickCountRelease

router = APIRouter(prefix="/api/v1/missions/{slug}/quick-counts", tags=["figures"])
Who = Annotated[Principal, Depends(principal)]
MOST_LISTED = 2000
Listed = Annotated[int, Query(ge=1, le=MOST_LISTED, description="How many reports at most.")]
MOST_TOLD = 1_000_000
ELSEWHERE = UUID(int=0)
"""Stands in a cursor for reports of no station."""


def count_of(watch: Watch, code: str) -> ContestCounted:
    """A contest of the round under watch, counted. Problem: 404."""
    with watch.lock:
        for each in quick_counts(watch):
            if each.contest.code == code:
                return each
    raise Problem(NOT_FOUND)


def counted_of(watch: Watch, code: str) -> dict[str, Any]:
    """The same as it is shown, with every report. Problem: 404."""
    with watch.lock:
        counted = count_of(watch, code)
        reports = entries_out(watch, counted.included.entries)
        return {"sequence": watch.sequence, **contest_out(watch, counted), "reports": reports}


def page_of(
    watch: Watch, code: str, after: str | None, limit: int
) -> tuple[ContestCounted, dict[str, Any]]:
    """The same with so many of its reports, station by station, behind a cursor: a station's id,
    and how many of its reports were told. Problems: 404; 422 naming ``after``."""
    behind = read_cursor(after, UUID, int)
    with watch.lock:
        counted = count_of(watch, code)
        first, skip = (NOWHERE, 0) if behind is None else _start(watch, *behind)
        found = list(islice(counted.included.since(first), skip, skip + limit + 1))
        shown, following = found[:limit], None
        if len(found) > limit:
            last = shown[-1].place
            told = sum(each.place == last for each in shown) + (skip if last == first else 0)
            following = cursor(_station(watch, last), told)
        return counted, {
            "sequence": watch.sequence,
            **contest_out(watch, counted),
            "reports": entries_out(watch, shown),
            "next": following,
        }


def _station(watch: Watch, place: int) -> UUID:
    return watch.frame.places[place].id if place >= 0 else ELSEWHERE


def _start(watch: Watch, station: UUID, told: int) -> tuple[int, int]:
    if station == ELSEWHERE:
        return NOWHERE, min(told, MOST_TOLD)
    place = watch.frame.place_index.get(station)
    if place is None:
        raise Problem(INVALID, "This is no cursor that was given out.", "after")
    return place, min(told, MOST_TOLD)


@router.get("/{contest}")
async def quick_count(
    request: Request,
    who: Who,
    contest: str,
    of_round: OfRound = None,
    after: After = None,
    limit: Listed = MOST_LISTED,
) -> Response:
    """A contest's quick count as it stands, the desk's alone, with official results beside it,
    and which report entered, which not, and why."""
    refuse_quick_count(who)
    watch = await watched(request, who, of_round)
    tag = f"quick-count-{watch.reading}"
    known = unchanged(request, tag)
    if known is not None:
        return known
    counted, content = await asyncio.to_thread(page_of, watch, contest, after, limit)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        row = await find_contest(session, who, watch.frame.polling.round_id, contest)
        totals = await official_totals(session, watch, row.id)
    return answer(request, content | {"official": official_out(counted, totals)}, tag)


@router.get("/{contest}/copies")
async def copies(
    request: Request,
    who: Who,
    contest: str,
    of_round: OfRound = None,
    after: After = None,
    limit: Limit = 500,
) -> Response:
    """Each observed station's copies held against one another: the observer's, the posted one,
    the one entered at tabulation, the published one. ``limit`` counts stations."""
    refuse_quick_count(who)
    (behind,) = read_cursor(after, str) or ("",)
    watch = await watched(request, who, of_round)
    counted = await asyncio.to_thread(count_of, watch, contest)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        row = await find_contest(session, who, watch.frame.polling.round_id, contest)
        found = await compare_copies(session, watch, row.id, counted.contest)
    content = comparison_out(found, limit, behind)
    more = content.pop("more")
    content["next"] = None if more is None else cursor(more)
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
    content = await asyncio.to_thread(counted_of, watch, contest)
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
        "id": row.id,
        "sequence": row.sequence,
        "sha256": row.sha256,
        "numbers": row.numbers,
        "proposed_at": row.proposed_at,
        "released_at": row.released_at,
    }
