"""Enrolment of a phone: a single-use code is redeemed; a second use raises an alarm."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from api.auth.principal import token_hash
from api.database.clock import CHANNEL, ENTER, NOTIFY, TICK
from api.database.sessions import Pool, mission_connection
from api.people.enrolment import MINUTES
from api.problems import NOT_FOUND, USED, Problem
from schemas.columns import new_id, now

SECOND_USE = "second_use"
FIND_CODE = """
SELECT mission_id, holder_id, used_at, revoked_at FROM find_credential(%s)
WHERE purpose = 'enrolment'"""
REDEEM_CODE = """
SELECT mission_id, slug, holder_id, expires_at, used_at, revoked_at
FROM open_credential(%s, %s)"""
WHO = """
SELECT o.pseudonym, m.title FROM mission m
JOIN observer o ON o.mission_id = m.mission_id AND o.id = %s WHERE m.mission_id = %s"""
ALARM = """
INSERT INTO alarm (mission_id, id, kind, subject, detail, raised_at)
SELECT %(m)s::uuid, %(id)s::uuid, %(kind)s::text, %(subject)s::text, %(detail)s::text, now()
WHERE NOT EXISTS (SELECT FROM alarm WHERE mission_id = %(m)s AND kind = %(kind)s::text
  AND subject = %(subject)s::text AND settled_at IS NULL)"""
PHONE = """
INSERT INTO phone (mission_id, id, observer_id, token_hash, means, enrolled_at)
VALUES (%s, %s, %s, %s, %s, now())"""
REHEARSED = """
UPDATE phone SET rehearsed_at = %(at)s WHERE mission_id = %(m)s AND observer_id = %(o)s
  AND token_hash = %(hash)s"""


@dataclass(frozen=True)
class RedeemedCode:
    """Whose code it is, and until when it may be used."""

    pseudonym: str
    mission: str
    mission_title: str
    expires_at: datetime | None


async def open_code(pool: Pool, code: str) -> RedeemedCode:
    """Look at a code for the first time; from then on it serves for 15 minutes.

    Problems: 404 unknown; 410 used, revoked or expired, and the lead is told.
    """
    digest = token_hash(code)
    async with pool.connection() as connection, connection.transaction():
        row = await (await connection.execute(REDEEM_CODE, (digest, MINUTES))).fetchone()
        if row is None:
            raise Problem(NOT_FOUND, "There is no such code.", "code")
        mission_id, slug, observer, expires_at, used_at, revoked_at = row
        spent = used_at or revoked_at or (expires_at is not None and expires_at <= now())
        await connection.execute(ENTER, (str(mission_id),))
        if not spent:
            who = await (await connection.execute(WHO, (observer, mission_id))).fetchone()
            if who is None:
                raise Problem(NOT_FOUND, "There is no such code.", "code")
            return RedeemedCode(who[0], slug, who[1], expires_at)
    await tell_of_second_use(pool, code)
    raise Problem(USED, field="code")


async def tell_of_second_use(pool: Pool, code: str) -> None:
    """Alarm the lead that a spent code was shown again; once until somebody settles it."""
    async with pool.connection() as connection, connection.transaction():
        row = await (await connection.execute(FIND_CODE, (token_hash(code),))).fetchone()
        if row is None:
            return
        mission_id, observer, used_at, revoked_at = row
        await connection.execute(ENTER, (str(mission_id),))
        who = await (await connection.execute(WHO, (observer, mission_id))).fetchone()
        if who is None:
            return
        await connection.execute(TICK, (1, mission_id))
        detail = "used" if used_at else "revoked" if revoked_at else "expired"
        await connection.execute(
            ALARM,
            {
                "m": mission_id,
                "id": new_id(),
                "kind": SECOND_USE,
                "subject": who[0],
                "detail": detail,
            },
        )
        await connection.execute(NOTIFY, (CHANNEL, str(mission_id)))


async def note_phone(pool: Pool, mission_id: UUID, observer: UUID, token: str, means: str) -> None:
    """Keep which phone was enrolled, by the hash of its token."""
    async with mission_connection(pool, mission_id) as connection:
        await _add(connection, mission_id, observer, token_hash(token), means)


async def rehearse(pool: Pool, mission_id: UUID, observer: UUID, digest: bytes) -> datetime:
    """Keep that this phone reached the server before the day; when it did."""
    at = now()
    of = {"m": mission_id, "o": observer, "hash": digest, "at": at}
    async with mission_connection(pool, mission_id) as connection:
        if (await connection.execute(REHEARSED, of)).rowcount == 0:
            await _add(connection, mission_id, observer, digest, "token")
            await connection.execute(REHEARSED, of)
    return at


async def _add(
    connection: AsyncConnection[Any], mission_id: UUID, observer: UUID, digest: bytes, means: str
) -> None:
    await connection.execute(PHONE, (mission_id, new_id(), observer, digest, means))
