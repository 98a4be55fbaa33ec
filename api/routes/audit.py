"""``audit/heads``: the signed heads of the audit chain, to be kept where nobody here can write."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.audit.act import Act, log
from api.audit.signed_heads import Head
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.people.acting import act_on
from api.problems import INVALID, Problem
from api.routes.paging import After, Limit, answer
from api.server.cursors import cursor, read_cursor
from api.server.outbound_http import NotOutward, Outward
from schemas.audit import HeadRecipient, Seal
from schemas.columns import now
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
        "items": [_head(who.slug, each).as_sent() for each in found[:limit]],
        "next": more,
    }
    newest = found[0].number if found else 0
    return answer(request, content, f"heads-{newest}-{len(found)}")


class RecipientIn(BaseModel):
    """Where heads are sent to: https, and a public address."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=1, max_length=500)


@router.get("/recipients")
async def recipients(request: Request, who: Who) -> dict[str, Any]:
    """Those who are sent the heads, how far, and what went wrong last."""
    who.must(Right.ADMINISTER)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return {"items": [_recipient(each) for each in await standing(session, who)], "next": None}


@router.post("/recipients", status_code=201)
async def add_recipient(request: Request, who: Who, given: RecipientIn) -> dict[str, Any]:
    """Send heads there from now on, all of them from the first."""
    who.must(Right.ADMINISTER)
    outward: Outward = request.app.state.outward
    try:
        await asyncio.to_thread(outward.check, given.url)
    except NotOutward as problem:
        raise Problem(INVALID, str(problem), "url") from None

    def work(session: Session, act: Act) -> dict[str, Any]:
        made = HeadRecipient(
            mission_id=act.mission_id, url=given.url, added_at=now(), added_by=act.actor
        )
        session.add(made)
        log(session, act, "head_recipient.add", made.id)
        return _recipient(made)

    return await act_on(request, who, work)


@router.delete("/recipients/{recipient}", status_code=204)
async def stop_recipient(request: Request, who: Who, recipient: UUID) -> None:
    """Send nothing there any more."""
    who.must(Right.ADMINISTER)

    def work(session: Session, act: Act) -> None:
        found = session.get(HeadRecipient, (act.mission_id, recipient))
        if found is None or found.stopped_at is not None:
            raise LookupError(str(recipient))
        found.stopped_at = now()
        session.add(found)
        log(session, act, "head_recipient.stop", found.id)

    await act_on(request, who, work)


async def standing(session: AsyncSession, who: Principal) -> list[HeadRecipient]:
    """The recipients that are still sent to, oldest first."""
    query = select(HeadRecipient).where(
        HeadRecipient.mission_id == who.mission_id, col(HeadRecipient.stopped_at).is_(None)
    )
    return list((await session.execute(query.order_by(col(HeadRecipient.added_at)))).scalars())


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
