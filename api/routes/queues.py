"""``queues``: what waits for a person at the desk, and who has which item open."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.review.queues import Summary, desk_of, items_of, leave_item, open_item, summaries
from api.routes.asking import After, Limit, answer, digest
from api.server.cursors import cursor, read_cursor

router = APIRouter(prefix="/api/v1/missions/{slug}/queues", tags=["desk"])
Who = Annotated[Principal, Depends(principal)]


@router.get("")
async def queues(request: Request, who: Who) -> Response:
    """The queues: how many items wait in each, since when the oldest, and who has which open."""
    async with desk_of(request, who) as desk:
        content = {"items": [_summary(each) for each in await summaries(desk)], "next": None}
    return answer(request, content, digest(content))


def _summary(each: Summary) -> dict[str, Any]:
    return {
        "name": each.name,
        "count": each.count,
        "oldest": each.oldest,
        "held": [hold.as_json() for hold in each.held],
    }


@router.get("/{name}")
async def queue(
    request: Request, who: Who, name: str, after: After = None, limit: Limit = 100
) -> Response:
    """The items of a queue: danger first, then what waits the longest."""
    behind: Any = read_cursor(after, int, int, str)
    async with desk_of(request, who) as desk:
        found = await items_of(desk, name, behind, limit + 1)
    shown = found[:limit]
    content = {
        "items": [each.as_json(hold) for each, hold in shown],
        "next": cursor(*shown[-1][0].order) if len(found) > limit else None,
    }
    return answer(request, content, digest(content))


@router.post("/{name}/items/{item:path}/hold")
async def hold(request: Request, who: Who, name: str, item: str) -> dict[str, str]:
    """Have an item open for ten minutes, or ten minutes more: others see it, and do not act on it.

    409 names who has it open."""
    return (await open_item(request, who, name, item)).as_json()


@router.delete("/{name}/items/{item:path}/hold")
async def release(request: Request, who: Who, name: str, item: str) -> dict[str, str]:
    """Let go of an item."""
    await leave_item(request, who, name, item)
    return {"item": item}
