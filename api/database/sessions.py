"""Sessions of the application: every transaction names the mission it is in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction
from sqlmodel import Session as PlainSession

from api.database.roles import RESTRICTED_ROLE
from api.problems import MISSION_CLOSED, Problem
from schemas.mission import MissionState

CHANNEL = "indelible_reports"
"""Notified with a mission's id after each commit that changed its reports."""

STATE = "SELECT state FROM mission"
ENTER = "SELECT set_config('app.mission_id', :mission, true)"
Pool = AsyncConnectionPool[AsyncConnection[Any]]


def open_engine(app_url: str, size: int = 8) -> AsyncEngine:
    """An engine signed in as the application."""
    return create_async_engine(
        app_url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args={"connect_timeout": 5},
    )


def make_pool(app_url: str, size: int = 4) -> Pool:
    """A pool of plain connections for intake. It is not opened yet."""
    options = "-c plan_cache_mode=force_custom_plan"
    return AsyncConnectionPool(
        app_url, min_size=1, max_size=size, open=False, timeout=2,
        reconnect_timeout=1,
        check=AsyncConnectionPool.check_connection,
        kwargs={"options": options, "connect_timeout": 5},
    )  # fmt: skip


@asynccontextmanager
async def mission_session(engine: AsyncEngine, mission_id: UUID) -> AsyncIterator[AsyncSession]:
    """A session in which every transaction belongs to one mission. The caller commits."""
    async with AsyncSession(
        engine, sync_session_class=PlainSession, expire_on_commit=False
    ) as session:

        def enter(_: Session, __: SessionTransaction, connection: Connection) -> None:
            connection.execute(text(ENTER), {"mission": str(mission_id)})

        event.listen(session.sync_session, "after_begin", enter)
        yield session


async def advance_clock(
    session: AsyncSession, mission_id: UUID, steps: int = 1, *, though_closed: bool = False
) -> int:
    """Take the mission's clock and move it on; every writing transaction does so first.

    Gives the new reading. The row stays locked until the commit, so the order of readings is
    the order of commits. Raises LookupError where the mission has no clock, and the problem 409
    ``mission_closed`` where nothing is written any more: that is asked once the clock is held,
    so that nobody slips in behind the closing. ``though_closed`` is for who may come in, and
    for the log of who looked.
    """
    statement = text(
        "UPDATE mission_clock SET seq = seq + :steps WHERE mission_id = :mission RETURNING seq"
    )
    reading = (
        await session.execute(statement, {"steps": steps, "mission": mission_id})
    ).scalar_one_or_none()
    if reading is None:
        raise LookupError("the mission has no clock")
    if not though_closed and (await session.execute(text(STATE))).scalar() == MissionState.CLOSED:
        raise Problem(MISSION_CLOSED)
    return int(reading)


@asynccontextmanager
async def unsealed(session: AsyncSession) -> AsyncIterator[None]:
    """For a moment, the right to the tables that few may open, and to no other.

    Whoever calls this has asked :mod:`api.rights` first. After an error the transaction is
    rolled back, and the role with it.
    """
    await session.execute(text(f"SET LOCAL ROLE {RESTRICTED_ROLE}"))
    yield
    await session.flush()
    await session.execute(text("RESET ROLE"))


async def notify(session: AsyncSession, mission_id: UUID) -> None:
    """Tell every process, at the commit, that the mission's reports changed."""
    statement = text("SELECT pg_notify(:channel, :mission)")
    await session.execute(statement, {"channel": CHANNEL, "mission": str(mission_id)})
