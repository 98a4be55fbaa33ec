"""Who is sent the heads of the audit chain: added, stopped, listed."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.audit.unit_of_work import Work
from api.problems import INVALID, Problem
from api.server.outbound_http import AddressNotPublic, OutboundHttp
from schemas.audit import HeadRecipient
from schemas.columns import now


class RecipientIn(BaseModel):
    """Where heads are sent to: https, and a public address."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=1, max_length=500)


def refuse_inward(outward: OutboundHttp, url: str) -> None:
    """Look an address up. Problem: 422 naming ``url`` where nothing may be sent there."""
    try:
        outward.check(url)
    except AddressNotPublic as problem:
        raise Problem(INVALID, str(problem), "url") from None


def keep_recipient(work: Work, url: str) -> HeadRecipient:
    """Send heads there from now on, all of them from the first."""
    made = HeadRecipient(mission_id=work.mission_id, url=url, added_at=now(), added_by=work.actor)
    work.session.add(made)
    work.log("head_recipient.add", made.id)
    return made


def stop_recipient(work: Work, recipient: UUID) -> None:
    """Send nothing there any more. Raises LookupError."""
    found = work.session.get(HeadRecipient, (work.mission_id, recipient))
    if found is None or found.stopped_at is not None:
        raise LookupError(str(recipient))
    found.stopped_at = now()
    work.session.add(found)
    work.log("head_recipient.stop", found.id)


async def recipients_of(session: AsyncSession, mission_id: UUID) -> list[HeadRecipient]:
    """The recipients that are still sent to, oldest first."""
    query = select(HeadRecipient).where(
        HeadRecipient.mission_id == mission_id, col(HeadRecipient.stopped_at).is_(None)
    )
    return list((await session.execute(query.order_by(col(HeadRecipient.added_at)))).scalars())
