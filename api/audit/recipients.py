"""Recipients of the heads of the audit chain: added, stopped, listed, and sent to."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import orjson
import psycopg
from psycopg import Connection
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.audit.signing import Head
from api.audit.unit_of_work import Work
from api.database.clock import ENTER
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


LOCK = 7305226398
"""The advisory lock of the one who hands heads out."""
HEADS_PER_REQUEST = 200
RETRY_AFTER = timedelta(minutes=1)
"""After a failure nobody is asked again for so long."""
DUE = """
SELECT id, url, handed FROM head_recipient r
WHERE mission_id = %s AND stopped_at IS NULL
  AND (problem = '' OR tried_at IS NULL OR tried_at < %s)
  AND EXISTS (SELECT FROM seal s WHERE s.mission_id = r.mission_id AND s.number > r.handed)"""
UNSENT_HEADS = """
SELECT number, upto, rows, previous, head, signature, sealed_at FROM seal
WHERE mission_id = %s AND number > %s ORDER BY number LIMIT %s"""
DONE = """
UPDATE head_recipient SET handed = greatest(handed, %s), tried_at = %s, problem = %s
WHERE mission_id = %s AND id = %s"""


def hand_heads_out(conninfo: str, outward: OutboundHttp) -> int:
    """Send every recipient the heads that it has not; how many deliveries went well.

    ``conninfo`` is the application's login. No transaction is open while somebody is asked.
    """
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=5) as connection:
        (held,) = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone() or (0,)
        if not held:
            return 0
        missions = connection.execute("SELECT mission_id, slug FROM every_mission()").fetchall()
        return sum(
            _hand(connection, mission, slug, each, outward)
            for mission, slug in missions
            for each in _due(connection, mission)
        )


def _due(connection: Connection[Any], mission: UUID) -> Iterator[tuple[UUID, str, int]]:
    with connection.transaction():
        connection.execute(ENTER, (str(mission),))
        rows = connection.execute(DUE, (mission, now() - RETRY_AFTER)).fetchall()
    yield from rows


def _hand(
    connection: Connection[Any],
    mission: UUID,
    slug: str,
    due: tuple[UUID, str, int],
    outward: OutboundHttp,
) -> bool:
    identity, url, handed = due
    with connection.transaction():
        connection.execute(ENTER, (str(mission),))
        rows = connection.execute(UNSENT_HEADS, (mission, handed, HEADS_PER_REQUEST)).fetchall()
    heads = [Head(slug, *row) for row in rows]
    problem = _send(outward, url, heads)
    upto = heads[-1].number if heads and not problem else handed
    with connection.transaction():
        connection.execute(ENTER, (str(mission),))
        connection.execute(DONE, (upto, now(), problem, mission, identity))
    return not problem


def _send(outward: OutboundHttp, url: str, heads: list[Head]) -> str:
    """Empty where it was taken, else why not."""
    body = orjson.dumps({"items": [each.as_sent() for each in heads]})
    try:
        status = outward.post(url, body)
    except AddressNotPublic as problem:
        return str(problem)
    except httpx.HTTPError as error:
        return f"No answer ({type(error).__name__})."
    return "" if 200 <= status < 300 else f"Answered {status}."
