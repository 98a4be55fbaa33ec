"""A unit of work: one transaction that writes in one mission, with its entries in the audit log.

The mission's clock is taken first, and all that is written stands under its reading. Whatever
listens is told at the commit. What fails on the way leaves nothing behind.
"""

import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from fastapi import Request
from psycopg import AsyncConnection
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlmodel import Session

from api.database.blocking import reading_in
from api.database.clock import CHANNEL, NOTIFY, STATE, TICK
from api.database.sessions import WRITES, mission_session
from api.problems import INVALID, MISSION_CLOSED, NOT_FOUND, Problem
from schemas.audit import AuditEntry
from schemas.columns import new_id, now
from schemas.mission import MissionState
from schemas.problems import Refusal

LOG = """
INSERT INTO audit_entry (mission_id, id, sequence, at, actor_id, act, subject, salt, digest, note)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
"""The entry of :func:`log_values`, where no session is at hand."""


def audit_entry(
    mission_id: UUID,
    sequence: int,
    act: str,
    subject: str,
    content: bytes,
    *,
    actor: UUID | None = None,
    note: str = "",
) -> AuditEntry:
    """An entry to be added in the same transaction as the act it speaks of.

    ``content`` is what the digest covers, together with a salt of 16 bytes.
    """
    salt = secrets.token_bytes(16)
    return AuditEntry(
        mission_id=mission_id,
        sequence=sequence,
        at=now(),
        actor_id=actor,
        act=act,
        subject=subject,
        salt=salt,
        digest=hashlib.sha256(salt + content).digest(),
        note=note,
    )


def log_values(
    mission_id: UUID,
    sequence: int,
    act: str,
    subject: str,
    content: bytes = b"",
    *,
    actor: UUID | None = None,
    note: str = "",
) -> tuple[Any, ...]:
    """The same entry as the values of :data:`LOG`."""
    entry = audit_entry(mission_id, sequence, act, subject, content, actor=actor, note=note)
    return (
        entry.mission_id,
        new_id(),
        entry.sequence,
        entry.at,
        entry.actor_id,
        entry.act,
        entry.subject,
        entry.salt,
        entry.digest,
        entry.note,
    )


S = TypeVar("S", Session, AsyncSession)
Done = TypeVar("Done")


class Writer(Protocol):
    """Who writes, and in which mission; a principal is one."""

    @property
    def mission_id(self) -> UUID: ...
    @property
    def holder_id(self) -> UUID: ...


@dataclass(frozen=True)
class UnitOfWork(Generic[S]):
    """``clock`` is the mission's clock as read for all that is written, ``actor`` the member who
    does it, where one does."""

    session: S
    mission_id: UUID
    clock: int
    actor: UUID | None = None

    def log(self, act: str, subject: object, content: bytes | str = b"", note: str = "") -> None:
        """Add an entry to the audit log: what was done, to what. Of ``content`` a digest is kept,
        of ``note`` the words."""
        said = content.encode() if isinstance(content, str) else content
        entry = audit_entry(
            self.mission_id, self.clock, act, str(subject), said, actor=self.actor, note=note
        )
        self.session.add(entry)


Work = UnitOfWork[Session]
"""What most of the code that writes is given; :func:`act_on` and commands alike."""
AsyncWork = UnitOfWork[AsyncSession]


@asynccontextmanager
async def unit_of_work(
    engine: AsyncEngine, who: Writer, *, steps: int = 1, though_closed: bool = False
) -> AsyncIterator[AsyncWork]:
    """A unit of work in a session of its own; see :func:`writing`."""
    async with (
        mission_session(engine, who.mission_id) as session,
        writing(session, who, steps=steps, though_closed=though_closed) as work,
    ):
        yield work


@asynccontextmanager
async def writing(
    session: AsyncSession, who: Writer, *, steps: int = 1, though_closed: bool = False
) -> AsyncIterator[AsyncWork]:
    """A unit of work in a session of the mission, committed at the end. The clock moves on by
    ``steps``; its last reading is the work's.

    Problem: 409 ``mission_closed`` where nothing is written any more: that is asked once the
    clock is held, so that nobody slips in behind the closing. ``though_closed`` is for the
    closing, for who may come in, and for the log of who looked. LookupError where the mission has
    no clock.
    """
    clock = await session.run_sync(
        lambda plain: _take_clock(plain, who.mission_id, steps, though_closed)
    )
    yield UnitOfWork(session, who.mission_id, clock, who.holder_id)
    await session.run_sync(lambda plain: _tell(plain, who.mission_id))
    await session.commit()


@asynccontextmanager
async def dry_run(
    engine: AsyncEngine, who: Writer, *, steps: int = 1, though_closed: bool = False
) -> AsyncIterator[AsyncWork]:
    """A unit of work that leaves nothing behind and tells nobody: what it would change is read in
    its own session before it ends. Problems: as :func:`writing`."""
    async with mission_session(engine, who.mission_id) as session:
        clock = await session.run_sync(
            lambda plain: _take_clock(plain, who.mission_id, steps, though_closed)
        )
        try:
            yield UnitOfWork(session, who.mission_id, clock, who.holder_id)
        finally:
            await session.rollback()


@contextmanager
def blocking_unit_of_work(
    engine: Engine, mission_id: UUID, *, actor: UUID | None = None, though_closed: bool = False
) -> Iterator[Work]:
    """The same for commands and imports. Raises :class:`Refusal` in a closed mission."""
    with reading_in(engine, mission_id) as session:
        try:
            clock = _take_clock(session, mission_id, 1, though_closed)
        except Problem:
            said = "The mission is closed; nothing is written in it any more."
            raise Refusal(said) from None
        yield UnitOfWork(session, mission_id, clock, actor)
        _tell(session, mission_id)
        session.commit()


async def act_on(
    request: Request,
    who: Writer,
    write: Callable[[Work], Done],
    *,
    though_closed: bool = False,
) -> Done:
    """Do ``write`` as one unit of work. Problems: 422 what is refused, naming its field; 404 what
    is not there."""
    try:
        return await carry_out(request, who, write, though_closed=though_closed)
    except Refusal as refusal:
        raise Problem(INVALID, refusal.text, refusal.field) from None
    except LookupError:
        raise Problem(NOT_FOUND) from None


async def act_async(
    request: Request, who: Writer, write: Callable[[AsyncWork], Awaitable[Done]]
) -> Done:
    """As :func:`act_on`, for what waits on the way."""
    try:
        async with unit_of_work(request.app.state.engine, who) as work:
            return await write(work)
    except Refusal as refusal:
        raise Problem(INVALID, refusal.text, refusal.field) from None
    except LookupError:
        raise Problem(NOT_FOUND) from None


async def carry_out(
    request: Request,
    who: Writer,
    write: Callable[[Work], Done],
    *,
    though_closed: bool = False,
) -> Done:
    """The same, for a page that says by itself what was refused."""
    engine: AsyncEngine = request.app.state.engine
    async with unit_of_work(engine, who, though_closed=though_closed) as work:
        return await in_work(work, write)


async def in_work(work: AsyncWork, write: Callable[[Work], Done]) -> Done:
    """Do ``write`` in a unit of work by the session that blocks, which is SQLModel's own."""
    return await work.session.run_sync(lambda plain: write(_beneath(work, plain)))


def run_on_connection(work: Work, do: Callable[[AsyncConnection[Any]], Awaitable[Done]]) -> Done:
    """Do what is written for intake's connections on this unit of work's own one. Only in a unit
    of work of a request (:func:`carry_out`): a command's connection blocks."""
    work.session.flush()
    adapted: Any = work.session.connection().connection.dbapi_connection
    done: Done = adapted.run_async(do)
    return done


def _beneath(work: AsyncWork, plain: Any) -> Work:
    assert isinstance(plain, Session)
    return UnitOfWork(plain, work.mission_id, work.clock, work.actor)


def _take_clock(session: Any, mission_id: UUID, steps: int, though_closed: bool) -> int:
    """Take the mission's clock and move it on; the new reading."""
    session.info[WRITES] = True
    connection = session.connection()
    reading = connection.exec_driver_sql(TICK, (steps, mission_id)).scalar_one_or_none()
    if reading is None:
        raise LookupError("the mission has no clock")
    closed = connection.exec_driver_sql(STATE).scalar() == MissionState.CLOSED
    if closed and not though_closed:
        raise Problem(MISSION_CLOSED)
    return int(reading)


def _tell(session: Any, mission_id: UUID) -> None:
    """Tell every process, at the commit, that the mission changed."""
    session.connection().exec_driver_sql(NOTIFY, (CHANNEL, str(mission_id)))
