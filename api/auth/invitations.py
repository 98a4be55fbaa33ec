"""Taking an invitation up: the person chooses a password and sets TOTP up."""

import asyncio
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection

from api.audit.unit_of_work import LOG, log_values
from api.auth import login_throttle, passwords
from api.auth import totp as codes
from api.auth.principal import (
    Authenticator,
    Principal,
    issue_credential,
    session_expiry,
    token_hash,
)
from api.database.sessions import Pool, clocked_connection, mission_connection
from api.problems import INVALID, NOT_FOUND, USED, Problem
from schemas.columns import now
from schemas.credential import Purpose

HANDLE = "SELECT handle FROM member WHERE mission_id = %s AND id = %s"
KEEP = """
INSERT INTO account (mission_id, member_id, password_hash, totp_secret, totp_step, changed_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (mission_id, member_id) DO UPDATE SET password_hash = excluded.password_hash,
  totp_secret = excluded.totp_secret, totp_step = excluded.totp_step,
  changed_at = excluded.changed_at"""


@dataclass(frozen=True)
class Invited:
    """Who is invited, and the secret of the code that their app is to make."""

    principal: Principal
    handle: str
    totp: bytes


@dataclass(frozen=True)
class NewPassword:
    """What an invited person typed."""

    password: str
    again: str
    code: str
    label: str = ""
    address: str = ""


async def invited(pool: Pool, authenticator: Authenticator, secret: str, token: str) -> Invited:
    """Whose invitation this is; it is not used up. Problem (410) where it is not valid."""
    found = await authenticator.of_token(token, Purpose.INVITATION)
    if found is None:
        raise Problem(USED, field="code")
    async with mission_connection(pool, found.mission_id) as connection:
        wanted = (found.mission_id, found.holder_id)
        row = await (await connection.execute(HANDLE, wanted)).fetchone()
    if row is None:
        raise Problem(NOT_FOUND)
    return Invited(found, row[0], codes.secret_of_invitation(secret, token_hash(token)))


async def take_up(pool: Pool, secret: str, token: str, who: Invited, chosen: NewPassword) -> str:
    """Use the invitation up and open a first session; its token.

    Problems: 422 naming the field, 410 used, 429 too many codes tried.
    """
    passwords.check_new(chosen.password, chosen.again, who.handle)
    guess = login_throttle.at_invitation(secret, chosen.address, token_hash(token))
    await login_throttle.count(pool, guess)
    step = codes.step_of(who.totp, chosen.code)
    if step is None:
        raise Problem(INVALID, "This code is not the one that the app shows now.", "code")
    password = await asyncio.to_thread(passwords.hashed, chosen.password)
    principal = who.principal
    totp = codes.sealed(secret, who.totp, principal.holder_id)
    async with clocked_connection(pool, principal.mission_id) as (connection, sequence):
        await _redeem(connection, token)
        kept = (principal.mission_id, principal.holder_id, password, totp, step, now())
        await connection.execute(KEEP, kept)
        await connection.execute(
            LOG,
            log_values(
                principal.mission_id,
                sequence,
                "account.set",
                str(principal.holder_id),
                actor=principal.holder_id,
            ),
        )
        session = await issue_credential(
            connection,
            principal.mission_id,
            principal.role,
            Purpose.SESSION,
            principal.holder_id,
            session_expiry(),
            chosen.label,
        )
    await login_throttle.forget(pool, guess)
    return session


async def _redeem(connection: AsyncConnection[Any], token: str) -> None:
    redeem = "SELECT redeem_credential(%s)"
    row = await (await connection.execute(redeem, (token_hash(token),))).fetchone()
    if not (row and row[0]):
        raise Problem(USED, field="code")
