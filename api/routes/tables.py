"""``tables``: places, people and plans brought in as files, looked at first if asked."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from api.identity import Principal, principal
from api.problems import NOT_FOUND, Problem
from api.tables import arriving, bring, sorts_for

router = APIRouter(prefix="/api/v1/missions/{slug}/tables", tags=["mission"])
Who = Annotated[Principal, Depends(principal)]
DryRun = Annotated[bool, Query(description="Say what would be done; change nothing.")]


@router.get("")
async def tables(who: Who) -> dict[str, Any]:
    """The tables that the asker may bring in, with their columns."""
    found = [{"name": each.noun, "columns": each.columns} for each in sorts_for(who)]
    if not found:
        raise Problem(NOT_FOUND)
    return {"items": found, "next": None}


@router.post("/{noun}")
async def bring_in(request: Request, who: Who, noun: str, dry_run: DryRun = False) -> Any:
    """Bring a table in: CSV or the first sheet of an XLSX file, as the body. The same file twice
    changes nothing; what a row refuses does not hold the others back."""
    sort = next((each for each in sorts_for(who) if each.noun == noun), None)
    if sort is None:
        raise Problem(NOT_FOUND)
    url = request.app.state.settings.database_url
    async with arriving(request.stream()) as file:
        outcome = await bring(url, who, sort, file.path, dry_run=dry_run)
    return outcome.as_sent() | {"written": not dry_run and bool(outcome.changes)}
