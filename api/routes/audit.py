"""``audit/heads``: the signed heads of the audit chain, to be kept where nobody here can write."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import col, select

from api.database.sessions import mission_session
from api.identity import Principal, principal
from api.routes.paging import After, Limit, answer, cursor, read_cursor
from api.sealing.heads import Head
from schemas.audit import Seal
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}/audit", tags=["audit"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/heads")
async def heads(request: Request, who: Who, after: After = None, limit: Limit = 200) -> Response:
    """Seals newest first. ``indelible doctor --head`` takes this document as it is."""
    who.must(Right.ADMINISTER)
    query = select(Seal).where(Seal.mission_id == who.mission_id)
    behind = read_cursor(after, int)
    if behind is not None:
        query = query.where(col(Seal.number) < behind[0])
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        page = query.order_by(col(Seal.number).desc()).limit(limit + 1)
        found = list((await session.execute(page)).scalars())
    more = cursor(found[limit - 1].number) if len(found) > limit else None
    content: dict[str, Any] = {
        "items": [_head(who.slug, each).as_sent() for each in found[:limit]], "next": more,
    }  # fmt: skip
    newest = found[0].number if found else 0
    return answer(request, content, f"heads-{newest}-{len(found)}")


def _head(slug: str, seal: Seal) -> Head:
    return Head(
        slug, seal.number, seal.upto, seal.rows, seal.previous, seal.head, seal.signature,
        seal.sealed_at,
    )  # fmt: skip
