"""``forensics``: pictures of results by station, for analysts alone."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from analytics.results.forensics import Source
from api.auth.principal import Principal, principal
from api.problems import NOT_FOUND, Problem
from api.results import by_station as looking
from api.results.by_station import looked_out
from api.routes.asking import OfRound, asked
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}/forensics", tags=["figures"])
Who = Annotated[Principal, Depends(principal)]


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
    found = await asked(request, who, of_round, looking.forensics, contest, source)
    if found is None:
        raise Problem(NOT_FOUND)
    return {
        "contest": contest,
        "sources": found.sources,
        "finding": False,
        "looked": None if found.looked is None else looked_out(found.looked),
    }
