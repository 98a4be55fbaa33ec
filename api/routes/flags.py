"""``flags``: reports with quality flags, for whoever decides on reports. Nobody is named."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.problems import NOT_FOUND, Problem
from api.review.quality_flags import flag_out, flags_of, screen_newest
from api.routes.asking import asked
from api.routes.paging import answer, digest
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}/flags", tags=["reports"])
Who = Annotated[Principal, Depends(principal)]


@router.get("")
async def flags(request: Request, who: Who) -> Response:
    """Flags of the newest reports, each with the figures that raised it: for a call-back only."""
    who.must(Right.DECIDE_REPORTS)
    found = await asked(request, who, None, screen_newest)
    rows = [flag_out(each) for each in found.flags]
    content = {"items": rows, "next": None, "reports": found.reports, "as_of": found.at}
    return answer(request, content, digest(content))


@router.get("/{report}")
async def of_report(request: Request, who: Who, report: UUID) -> dict[str, Any]:
    """One report's flags."""
    who.must(Right.DECIDE_REPORTS)
    found = await asked(request, who, None, flags_of, report)
    if found is None:
        raise Problem(NOT_FOUND)
    return {"items": [flag_out(each) for each in found], "next": None}
