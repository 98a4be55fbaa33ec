"""Signing in with name, password and TOTP code; every failure looks and lasts the same."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from psycopg import AsyncConnection

from api.auth import login_throttle, passwords
from api.auth import totp as codes
from api.auth.known_devices import Device
from api.auth.principal import issue_credential, session_expiry
from api.database.clock import ENTER
from api.database.sessions import Pool, mission_connection
from api.problems import UNAUTHENTICATED, Problem
from schemas.credential import Purpose, Role

FAILED = "Name or password not recognised."
FIND_MISSION = "SELECT find_mission(%s)"
ACCOUNT = """
SELECT m.id, m.role, a.password_hash, a.totp_secret, a.changed_at, m.handle FROM member m
JOIN account a ON a.mission_id = m.mission_id AND a.member_id = m.id
WHERE m.mission_id = %s AND lower(m.handle) = lower(%s) AND m.ended_at IS NULL"""
USE_STEP = """
UPDATE account SET totp_step = %s WHERE mission_id = %s AND member_id = %s AND totp_step < %s"""


@dataclass(frozen=True)
class LoginAttempt:
    """What somebody typed to sign in, from which address, what their browser calls itself, and
    the earlier sign-ins that it proves."""

    mission: str
    name: str
    password: str
    code: str
    label: str = ""
    address: str = ""
    devices: tuple[Device, ...] = ()


@dataclass(frozen=True)
class _Account:
    mission_id: UUID
    member_id: UUID
    role: Role
    password_hash: str
    totp_secret: bytes
    changed_at: datetime


async def sign_in(pool: Pool, secret: str, given: LoginAttempt) -> str:
    """The token of a new session. Problems: 401 not recognised, 429 too many attempts."""
    async with pool.connection() as connection, connection.transaction():
        account = await _account(connection, given)
    guess = _guess(secret, given, account)
    await login_throttle.count(pool, guess)
    stored = account.password_hash if account else None
    right = await asyncio.to_thread(passwords.matches, stored, given.password)
    if account is None or not right:
        raise Problem(UNAUTHENTICATED, FAILED)
    step = _step(secret, account, given.code)
    if step is None:
        raise Problem(UNAUTHENTICATED, FAILED)
    token = await _begin(pool, account, step, given.label)
    await login_throttle.forget(pool, guess)
    return token


def _guess(secret: str, given: LoginAttempt, account: _Account | None) -> login_throttle.Attempt:
    """What the attempt is counted under: a device that the account knows has its own count."""
    for device in given.devices:
        if account is not None and device.knows(account.member_id, account.changed_at):
            return login_throttle.from_known_device(secret, device.id)
    return login_throttle.at_account(secret, given.address, given.mission, given.name)


async def _account(connection: AsyncConnection[Any], given: LoginAttempt) -> _Account | None:
    if "\0" in given.mission or "\0" in given.name:
        return None
    row = await (await connection.execute(FIND_MISSION, (given.mission.strip(),))).fetchone()
    mission = row[0] if row else None
    if mission is None:
        return None
    await connection.execute(ENTER, (str(mission),))
    found = await (await connection.execute(ACCOUNT, (mission, given.name.strip()))).fetchone()
    if found is None:
        return None
    member, role, password_hash, totp, changed_at, handle = found
    if handle.casefold() != given.name.strip().casefold():
        return None  # Attempts are counted by the name as typed: it must be of one spelling.
    return _Account(mission, member, Role(role), password_hash, bytes(totp), changed_at)


def _step(secret: str, account: _Account, code: str) -> int | None:
    try:
        totp = codes.unsealed(secret, account.totp_secret, account.member_id)
    except InvalidTag:
        return None
    return codes.step_of(totp, code)


async def _begin(pool: Pool, account: _Account, step: int, label: str) -> str:
    """Use the code's time step up and open a session: no code serves twice."""
    async with mission_connection(pool, account.mission_id) as connection:
        used = (step, account.mission_id, account.member_id, step)
        if (await connection.execute(USE_STEP, used)).rowcount != 1:
            raise Problem(UNAUTHENTICATED, FAILED)
        return await issue_credential(
            connection,
            account.mission_id,
            account.role,
            Purpose.SESSION,
            account.member_id,
            session_expiry(),
            label,
        )
