"""``shares``: what partners read, and as of when."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.routes.asking import answer, digest
from api.sharing.making import MAX_REASON, Sharing, make_share, names_of, shares_of
from schemas.credential import Role
from schemas.rights import Right
from schemas.statement import Share, Shared

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["shares"])
Who = Annotated[Principal, Depends(principal)]


class ShareIn(BaseModel):
    """What to share with partners as it is now, and why."""

    model_config = ConfigDict(extra="forbid")

    what: list[Shared] = Field(max_length=len(Shared))
    reason: str = Field(max_length=MAX_REASON)


@router.get("/shares")
async def shares(request: Request, who: Who) -> Response:
    """What was shared and when, newest first; who did it and why is not for partners."""
    outside = who.role == Role.PARTNER
    if not outside:
        who.must(Right.SEE_AGGREGATES)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        found = await shares_of(session, who)
        names = {} if outside else await names_of(session, who, found)
    items = [_told(each) if outside else share_out(each, names) for each in found]
    return answer(request, {"items": items, "next": None}, f"shares-{digest(items)}")


@router.post("/shares", status_code=201)
async def share(request: Request, who: Who, given: ShareIn) -> dict[str, Any]:
    """Share figures as they are now: partners read exactly that until the next share."""
    made = await make_share(Sharing.of(request), who, given.what, given.reason)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return share_out(made, await names_of(session, who, [made]))


def _told(row: Share) -> dict[str, Any]:
    return {"number": row.number, "what": row.what, "as_of": row.as_of}


def share_out(row: Share, names: dict[UUID, str]) -> dict[str, Any]:
    """A share as the mission itself sees it; ``reports`` are those that it brought or changed."""
    return _told(row) | {
        "by": names.get(row.shared_by),
        "reason": row.reason,
        "reports": row.reports,
        "sequence": row.upto,
    }
