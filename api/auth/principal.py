"""The principal of a request: opaque bearer tokens and sessions, looked up by their hash.

A credential is looked up at most once per ``CACHE_SECONDS``, so a revoked one stops working
within a second in every process.
"""

import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from psycopg import AsyncConnection
from psycopg.errors import LockNotAvailable

from api.database.clock import ENTER
from api.database.sessions import Pool
from api.problems import CROSS_ORIGIN, NOT_FOUND, UNAUTHENTICATED, USED, Problem
from api.server.request_headers import Headers
from schemas.columns import now
from schemas.credential import Purpose, Role
from schemas.rights import Right, may

CACHE_SECONDS = 0.8
CACHED = 50_000
SESSION_HOURS = 12
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_TOKEN = 200

FIND_CREDENTIAL = """
SELECT mission_id, role, purpose, holder_id, expires_at, used_at, revoked_at, slug
FROM find_credential(%s)"""
HOLDER = """
SELECT m.slug, o.pseudonym, h.area_id, h.sections FROM mission m
LEFT JOIN observer o ON o.mission_id = m.mission_id AND o.id = %(holder)s
LEFT JOIN member h ON h.mission_id = m.mission_id AND h.id = %(holder)s
WHERE m.mission_id = %(mission)s AND h.ended_at IS NULL"""

ISSUE = """
INSERT INTO credential (token_hash, mission_id, role, purpose, holder_id, created_at, expires_at,
  label)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""
REVOKE = "SELECT revoke_credential(%s)"
SEE = "SELECT see_credential(%s)"
SEEN_SECONDS = 60.0
"""How exactly it is kept when a member's credential was last used."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, in which mission, as what. ``holder_id`` is an observer's or a member's.

    ``area_id`` and ``sections`` bound what a coordinator and a core-team analyst see; whoever
    has none is not bounded.
    """

    mission_id: UUID
    slug: str
    role: Role
    holder_id: UUID
    pseudonym: str | None
    purpose: Purpose
    area_id: UUID | None = None
    sections: tuple[str, ...] = ()

    def may(self, right: Right) -> bool:
        """Whether this role has a right."""
        return may(self.role, right)

    def must(self, right: Right) -> None:
        """What a role has no right to is not there for it: a 404 :class:`Problem`."""
        if not self.may(right):
            raise Problem(NOT_FOUND)


def new_token() -> str:
    """A secret of 256 bits, as text that goes into an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


class Authenticator:
    """Finds out who is asking."""

    def __init__(
        self, pool: Pool, wrong_key: Callable[[str], Awaitable[None]] | None = None
    ) -> None:
        self._pool, self._wrong_key = pool, wrong_key
        self._known: dict[bytes, tuple[float, Principal]] = {}
        self._seen: dict[bytes, float] = {}

    def over(self, pool: Pool) -> "Authenticator":
        """The same one, who asks through another pool: what one knows or forgets, both do."""
        other = Authenticator(pool, self._wrong_key)
        other._known, other._seen = self._known, self._seen
        return other

    async def principal(
        self, headers: Headers, slug: str | None = None, *, writes: bool = False
    ) -> Principal:
        """Who sends these headers. Problems: 401 unknown, 403 cross-origin, 404 not of ``slug``."""
        found = await self._of_headers(headers, writes)
        if found is None:
            raise Problem(UNAUTHENTICATED)
        if slug is not None and found.slug != slug:
            raise Problem(NOT_FOUND)
        return found

    async def _of_headers(self, headers: Headers, writes: bool) -> Principal | None:
        bearer = headers.bearer
        if bearer is not None:
            found = await self.of_token(bearer, Purpose.BEARER)
            if found is None:
                await self.wrong(headers.address)
            return found
        session = headers.session
        if session is None:
            return None
        found = await self.of_token(session, Purpose.SESSION)
        if found is not None and writes and not headers.same_origin:
            raise Problem(CROSS_ORIGIN)
        return found

    async def wrong(self, address: str) -> None:
        """A key or link opened nothing: count it. Problem (429) after too many of an address."""
        if self._wrong_key is not None:
            await self._wrong_key(address)

    async def of_token(self, token: str, purpose: Purpose) -> Principal | None:
        """The holder of a token that is valid now for this purpose, else None."""
        if not 0 < len(token) <= _LONGEST_TOKEN:
            return None
        return await self.of_hash(token_hash(token), purpose)

    async def of_hash(self, digest: bytes, purpose: Purpose) -> Principal | None:
        """The holder of a credential that is known by its hash, else None."""
        at, known = self._known.get(digest, (0.0, None))
        if known is None or time.monotonic() - at >= CACHE_SECONDS:
            asked = time.monotonic()
            known = await self._look_up(digest)
            self._remember(digest, asked, known)
        return known if known is not None and known.purpose == purpose else None

    def _remember(self, digest: bytes, asked: float, known: Principal | None) -> None:
        if known is None:
            self._known.pop(digest, None)
            return
        if len(self._known) >= CACHED:
            self._known.clear()
        self._known[digest] = (asked, known)

    async def _look_up(self, digest: bytes) -> Principal | None:
        async with self._pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(FIND_CREDENTIAL, (digest,))).fetchone()
            if row is None or not _is_valid(row[2], *row[4:7]):
                return None
            found = await _principal(connection, row)
            if found is not None and found.role != Role.OBSERVER:
                await self._see(connection, digest)
            return found

    async def _see(self, connection: AsyncConnection[Any], digest: bytes) -> None:
        """Keep, once a minute, that a member's credential is in use."""
        if time.monotonic() - self._seen.get(digest, -SEEN_SECONDS) < SEEN_SECONDS:
            return
        if len(self._seen) >= CACHED:
            self._seen.clear()
        self._seen[digest] = time.monotonic()
        # Whoever is just revoking it holds its row: nobody waits for that to be let in.
        with suppress(LockNotAvailable):
            async with connection.transaction():
                await connection.execute(SEE, (digest,))

    async def revoke_hash(self, digest: bytes) -> None:
        """End a credential that is known by its hash."""
        self._known.pop(digest, None)
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(REVOKE, (digest,))

    async def look_at(
        self, code: str, purpose: Purpose, *, demonstration: bool = False
    ) -> Principal:
        """Whose single-use code this is; it is not used up. Problems: as of :meth:`exchange`."""
        digest = token_hash(code[: _LONGEST_TOKEN + 1])
        async with self._pool.connection() as connection, connection.transaction():
            row, holder = await _code(connection, digest, purpose, demonstration)
            if not _is_valid(row[2], *row[4:7]):
                raise Problem(USED, field="code")
        return holder

    async def exchange(
        self,
        code: str,
        purpose: Purpose,
        into: Purpose,
        *,
        expires_at: datetime | None = None,
        demonstration: bool = False,
        label: str = "",
    ) -> tuple[Principal, str]:
        """Use a single-use code up and give its holder a token in its place.

        Problems: 404 unknown (or, with ``demonstration``, not of a demonstration mission),
        410 used or expired.
        """
        digest = token_hash(code[: _LONGEST_TOKEN + 1])
        async with self._pool.connection() as connection, connection.transaction():
            _, holder = await _code(connection, digest, purpose, demonstration)
            if not await _redeemed(connection, digest):
                raise Problem(USED, field="code")
            token = await issue_credential(
                connection,
                holder.mission_id,
                holder.role,
                into,
                holder.holder_id,
                expires_at,
                label,
            )
        return holder, token

    async def revoke(self, token: str) -> None:
        """End a credential: within a second it opens nothing in any process."""
        await self.revoke_hash(token_hash(token))


async def _code(
    connection: AsyncConnection[Any], digest: bytes, purpose: Purpose, demonstration: bool
) -> tuple[tuple[Any, ...], Principal]:
    """A single-use code as it is stored, and its holder. Problem: 404 where there is none."""
    row = await (await connection.execute(FIND_CREDENTIAL, (digest,))).fetchone()
    holder = await _principal(connection, row) if row and row[2] == purpose else None
    if row is None or holder is None or (demonstration and not await _is_demonstration(connection)):
        raise Problem(NOT_FOUND, "There is no such code.", "code")
    return row, holder


async def issue_credential(
    connection: AsyncConnection[Any],
    mission_id: UUID,
    role: Role,
    purpose: Purpose,
    holder_id: UUID,
    expires_at: datetime | None = None,
    label: str = "",
) -> str:
    """Make a credential in the running transaction; the token is shown this once."""
    token = new_token()
    values = (token_hash(token), mission_id, role, purpose, holder_id, now(), expires_at, label)
    await connection.execute(ISSUE, values)
    return token


async def _is_demonstration(connection: AsyncConnection[Any]) -> bool:
    row = await (await connection.execute("SELECT demonstration FROM mission")).fetchone()
    return bool(row and row[0])


def _is_valid(
    purpose: str, expires_at: datetime | None, used_at: datetime | None, revoked_at: datetime | None
) -> bool:
    if revoked_at is not None or (expires_at is not None and expires_at <= now()):
        return False
    return used_at is None or purpose in (Purpose.BEARER, Purpose.SESSION)


async def _redeemed(connection: AsyncConnection[Any], digest: bytes) -> bool:
    row = await (await connection.execute("SELECT redeem_credential(%s)", (digest,))).fetchone()
    return bool(row and row[0])


async def _principal(connection: AsyncConnection[Any], row: tuple[Any, ...]) -> Principal | None:
    mission_id, role, purpose, holder_id = row[:4]
    await connection.execute(ENTER, (str(mission_id),))
    holder = await (
        await connection.execute(HOLDER, {"holder": holder_id, "mission": mission_id})
    ).fetchone()
    if holder is None:
        return None
    pseudonym = holder[1] if role == Role.OBSERVER else None
    return Principal(
        mission_id,
        holder[0],
        Role(role),
        holder_id,
        pseudonym,
        Purpose(purpose),
        holder[2],
        tuple(holder[3] or ()),
    )


async def any_principal(request: Request) -> Principal:
    """Dependency: whoever asks, in whatever mission the credential is of."""
    authenticator: Authenticator = request.app.state.authenticator
    writes = request.method not in _SAFE
    return await authenticator.principal(Headers.of(request.scope), writes=writes)


async def principal(request: Request, slug: str) -> Principal:
    """Dependency: whoever asks, who must be of the mission in the address (else 404)."""
    authenticator: Authenticator = request.app.state.authenticator
    writes = request.method not in _SAFE
    return await authenticator.principal(Headers.of(request.scope), slug, writes=writes)


async def sender(request: Request, slug: str) -> Principal:
    """Dependency: the same for what intake takes, which asks through a pool of its own."""
    senders: Authenticator = request.app.state.senders
    writes = request.method not in _SAFE
    return await senders.principal(Headers.of(request.scope), slug, writes=writes)


def session_expiry() -> datetime:
    """When a session that begins now ends."""
    return now() + timedelta(hours=SESSION_HOURS)
