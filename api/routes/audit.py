"""``audit/heads``: the signed heads of the audit chain, to be kept where nobody here can write."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.audit import recipients as keeping
from api.audit.listing import seals_of
from api.audit.recipients import RecipientIn, keep_recipient, recipients_of, refuse_inward
from api.audit.signing import Head
from api.audit.unit_of_work import act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.routes.asking import After, Limit, answer
from api.server.cursors import cursor, read_cursor
from schemas.audit import HeadRecipient, Seal
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}/audit", tags=["audit"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/heads")
async def heads(request: Request, who: Who, after: After = None, limit: Limit = 200) -> Response:
    """Seals newest first. ``indelible doctor --head`` takes this document as it is."""
    who.must(Right.ADMINISTER)
    (before,) = read_cursor(after, int) or (None,)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        found = await seals_of(session, who.mission_id, limit + 1, before)
    more = cursor(found[limit - 1].number) if len(found) > limit else None
    content: dict[str, Any] = {
        "items": [_head(who.slug, each).as_sent() for each in found[:limit]],
        "next": more,
    }
    newest = found[0].number if found else 0
    return answer(request, content, f"heads-{newest}-{len(found)}")


@router.get("/recipients")
async def recipients(request: Request, who: Who) -> dict[str, Any]:
    """Those who are sent the heads, how far, and what went wrong last."""
    who.must(Right.ADMINISTER)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return {
            "items": [_recipient(each) for each in await recipients_of(session, who.mission_id)],
            "next": None,
        }


@router.post("/recipients", status_code=201)
async def add_recipient(request: Request, who: Who, given: RecipientIn) -> dict[str, Any]:
    """Send heads there from now on, all of them from the first."""
    who.must(Right.ADMINISTER)
    await asyncio.to_thread(refuse_inward, request.app.state.outward, given.url)
    return await act_on(request, who, lambda work: _recipient(keep_recipient(work, given.url)))


@router.delete("/recipients/{recipient}", status_code=204)
async def stop_recipient(request: Request, who: Who, recipient: UUID) -> None:
    """Send nothing there any more."""
    who.must(Right.ADMINISTER)
    await act_on(request, who, lambda work: keeping.stop_recipient(work, recipient))


def _recipient(each: HeadRecipient) -> dict[str, Any]:
    return each.model_dump(mode="json", include={"id", "url", "handed", "problem", "tried_at"})


def _head(slug: str, seal: Seal) -> Head:
    return Head(
        slug,
        seal.number,
        seal.upto,
        seal.rows,
        seal.previous,
        seal.head,
        seal.signature,
        seal.sealed_at,
    )
