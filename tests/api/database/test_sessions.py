"""Sessions: every transaction is in one mission, and its clock orders the commits."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from api.database.sessions import (
    make_pool,
    mission_session,
    open_engine,
)
from schemas.columns import now
from schemas.mission import Mission, MissionClock, Organisation
from tests.conftest import Database


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(database.app_url)
    yield engine
    await engine.dispose()


async def found(engine: AsyncEngine, slug: str) -> UUID:
    """A mission with its clock, made through a session."""
    mission_id = uuid4()
    async with mission_session(engine, mission_id) as session:
        session.add(
            Mission(
                mission_id=mission_id,
                slug=slug,
                title=slug,
                country="C",
                kind="domestic",
                languages=["en"],
                created_at=now(),
            )
        )
        await session.flush()
        session.add(MissionClock(mission_id=mission_id))
        await session.commit()
    return mission_id


async def test_each_transaction_of_a_session_is_in_its_mission(engine: AsyncEngine) -> None:
    a, b = await found(engine, "a"), await found(engine, "b")
    async with mission_session(engine, a) as session:
        for _ in range(2):
            seen = (await session.execute(select(Mission.mission_id))).scalars().all()
            assert seen == [a]
            await session.commit()
    async with mission_session(engine, b) as session:
        session.add(Organisation(mission_id=b, code="o", name="O", kind="domestic"))
        await session.commit()
    async with mission_session(engine, a) as session:
        assert (await session.execute(select(Organisation))).all() == []


async def test_a_connection_given_back_names_no_mission(engine: AsyncEngine) -> None:
    mission = await found(engine, "a")
    async with mission_session(engine, mission) as session:
        await session.execute(select(Mission))
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM mission"))).scalar() == 0


async def test_what_was_read_stays_readable_after_the_commit(engine: AsyncEngine) -> None:
    mission = await found(engine, "a")
    async with mission_session(engine, mission) as session:
        row = (await session.execute(select(Mission))).scalar_one()
        await session.commit()
    assert row.slug == "a"


async def test_the_pool_of_intake_plans_each_statement_for_its_values(database: Database) -> None:
    async with make_pool(database.app_url) as pool, pool.connection() as connection:
        row = await (await connection.execute("SHOW plan_cache_mode")).fetchone()
        who = await (await connection.execute("SELECT current_user")).fetchone()
    assert (row, who) == (("force_custom_plan",), ("indelible_app",))
