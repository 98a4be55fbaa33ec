"""``forensics``: pictures of results by station, for analysts alone."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.figures.reference_data import ContestFacts
from api.figures.standing_look import Looked, Source
from api.figures.watch import Watch
from api.problems import NOT_FOUND, Problem
from api.results.forensics import look_at, looked_out, sources_of
from api.results.releases import find_contest
from api.routes.figures import OfRound, watched
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}/forensics", tags=["figures"])
Who = Annotated[Principal, Depends(principal)]


async def looked_at(
    request: Request, who: Principal, watch: Watch, contest: ContestFacts, wanted: Source | None
) -> tuple[tuple[Source, ...], Looked | None]:
    """The sources of a contest, and what the wanted one (else the first) looks like."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        row = await find_contest(session, who, watch.frame.polling.round_id, contest.code)
        sources = await sources_of(session, watch, row.id, contest)
        source = wanted or next(iter(sources), None)
        if source is None or source not in sources:
            return sources, None
        return sources, await look_at(session, watch, row.id, contest, source)


@router.get("/{contest}")
async def forensics(
    request: Request,
    who: Who,
    contest: str,
    source: Source | None = None,
    of_round: OfRound = None,
) -> dict[str, Any]:
    """Where to look: turnout against share, whole percentages, high turnout. Never a finding."""
    who.must(Right.WRITE_STATEMENTS)
    watch = await watched(request, who, of_round)
    facts = next((c for c in watch.frame.polling.contests if c.code == contest), None)
    if facts is None:
        raise Problem(NOT_FOUND)
    sources, found = await looked_at(request, who, watch, facts, source)
    return {
        "contest": contest,
        "sources": sources,
        "finding": False,
        "looked": None if found is None else looked_out(found),
    }
