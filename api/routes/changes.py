"""``changes``: everything that changed, for whoever keeps a copy."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.auth.visible import scope
from api.database.sessions import mission_session
from api.figures.changes import Change, Position, changes_after
from api.routes.asking import After, Limit, answer
from api.server.cursors import cursor, read_cursor
from api.sharing.reading import shared_changes
from schemas.credential import Role

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["changes"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/changes")
async def changes(request: Request, who: Who, after: After = None, limit: Limit = 200) -> Response:
    """Reports and statements in the order in which they last changed.

    Each item carries the cursor of the place behind it: keep the last one and ask again with
    it, also when ``next`` is null because there is nothing more for now. A partner's feed moves
    when something is shared.
    """
    behind = read_cursor(after, int, str, UUID)
    position = Position(*behind) if behind is not None else None
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        read = shared_changes if who.role == Role.PARTNER else changes_after
        found = await read(session, who, position, limit + 1)
    items = [_shown(each) for each in found[:limit]]
    more = items[-1]["cursor"] if len(found) > limit else None
    last = items[-1]["cursor"] if items else "none"
    return answer(
        request, {"items": items, "next": more}, f"changes-{last}-{len(found)}-{scope(who)}"
    )


def _shown(change: Change) -> dict[str, Any]:
    at = change.position
    act = {} if change.act is None else {"act": change.act}
    return {
        "what": at.what,
        "id": at.id,
        "sequence": at.sequence,
        "status": change.status,
        **act,
        "cursor": cursor(at.sequence, at.what, at.id),
    }
