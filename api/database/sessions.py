"""Database sessions: every transaction sets the mission of row-level security."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction
from sqlmodel import Session as PlainSession

from api.database.clock import ENTER, TICK
from api.database.roles import RESTRICTED_ROLE

Pool = AsyncConnectionPool[AsyncConnection[Any]]
LOCK_SECONDS = 10.0
"""So long a page waits for a lock of the database, such as a mission's clock; then it is told 503,
and its connection is free."""
CLOCK_SECONDS = 4.0
"""So long a report, an edit or a photo waits for a mission's clock that somebody else holds: then
the answer is 503, nothing is acknowledged, and the phone sends it again."""
WRITES = "writes"
"""Marks a session whose transaction writes, so that nobody ends it early."""


def open_engine(app_url: str, size: int = 8) -> AsyncEngine:
    """An engine signed in as the application."""
    return create_async_engine(
        app_url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args={"connect_timeout": 5, "options": lock_timeout(LOCK_SECONDS)},
    )


def lock_timeout(seconds: float) -> str:
    """The option by which no statement of a connection waits longer for a lock."""
    return f"-c lock_timeout={round(seconds * 1000)}"


def make_pool(
    app_url: str, size: int = 4, *, at_least: int = 1, lock_seconds: float = LOCK_SECONDS
) -> Pool:
    """A pool of plain connections, of which ``at_least`` so many are kept open. It is not opened
    yet."""
    options = f"-c plan_cache_mode=force_custom_plan {lock_timeout(lock_seconds)}"
    return AsyncConnectionPool(
        app_url,
        min_size=at_least,
        max_size=size,
        open=False,
        timeout=2,
        reconnect_timeout=1,
        check=AsyncConnectionPool.check_connection,
        kwargs={"options": options, "connect_timeout": 5},
    )


@dataclass(frozen=True)
class Pools:
    """The pools of one worker: however long the pages wait, reports have connections of their
    own."""

    intake: Pool
    """Who sends, and what a mission knows of itself: short reads, which wait for no clock."""
    clocked: Pool
    """What intake writes beside the group commit, by :mod:`api.database.write_queue` alone: photos
    that arrived, edits."""
    pages: Pool
    """Everything else."""

    @classmethod
    def of(cls, app_url: str) -> "Pools":
        """The pools of a login. They are not opened yet."""
        return cls(
            intake=make_pool(app_url, at_least=4, lock_seconds=0.5),
            clocked=make_pool(app_url, lock_seconds=CLOCK_SECONDS),
            pages=make_pool(app_url),
        )

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """The pools, open; the database need not be reachable yet."""
        async with AsyncExitStack() as opened:
            for pool in (self.intake, self.clocked, self.pages):
                await opened.enter_async_context(pool)
            yield


@asynccontextmanager
async def mission_connection(pool: Pool, mission_id: UUID) -> AsyncIterator[AsyncConnection[Any]]:
    """A plain connection in one transaction, which belongs to one mission."""
    async with pool.connection() as connection, connection.transaction():
        await connection.execute(ENTER, (str(mission_id),))
        yield connection


@asynccontextmanager
async def clocked_connection(
    pool: Pool, mission_id: UUID, steps: int = 1
) -> AsyncIterator[tuple[AsyncConnection[Any], int]]:
    """The same for who writes without the ORM: its clock is taken and moved on by so many steps.
    Gives the last reading. Raises LookupError where the mission has no clock."""
    async with mission_connection(pool, mission_id) as connection:
        clock = await connection.execute(TICK, (steps, mission_id))
        (reading,) = await clock.fetchone() or (None,)
        if reading is None:
            raise LookupError("the mission has no clock")
        yield connection, int(reading)


@asynccontextmanager
async def mission_session(engine: AsyncEngine, mission_id: UUID) -> AsyncIterator[AsyncSession]:
    """A session in which every transaction belongs to one mission. The caller commits."""
    async with AsyncSession(
        engine, sync_session_class=PlainSession, expire_on_commit=False
    ) as session:

        def enter(_: Session, __: SessionTransaction, connection: Connection) -> None:
            connection.exec_driver_sql(ENTER, (str(mission_id),))

        event.listen(session.sync_session, "after_begin", enter)
        yield session


async def driver_connection(session: AsyncSession) -> AsyncConnection[Any]:
    """The driver's own connection of a session, in the session's transaction."""
    await session.flush()
    found = await (await session.connection()).get_raw_connection()
    driver: Any = found.driver_connection
    assert isinstance(driver, AsyncConnection)
    return driver


async def release_connection(session: AsyncSession) -> None:
    """Give the connection of a session that only reads back to its pool, before something is
    waited for; what was read stays. One that writes keeps it."""
    if not session.info.get(WRITES):
        await session.commit()


@asynccontextmanager
async def unsealed(session: AsyncSession) -> AsyncIterator[None]:
    """For a moment, the right to the tables that few may open, and to no other.

    Whoever calls this has asked :mod:`schemas.rights` first. After an error the transaction is
    rolled back, and the role with it.
    """
    await session.flush()
    await session.execute(text(f"SET LOCAL ROLE {RESTRICTED_ROLE}"))
    yield
    await session.flush()
    await session.execute(text("RESET ROLE"))
