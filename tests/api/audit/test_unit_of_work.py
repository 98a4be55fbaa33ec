"""A unit of work is committed whole, under one reading of the clock, or leaves nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from api.audit.unit_of_work import blocking_unit_of_work, unit_of_work
from api.database.clock import CHANNEL
from api.database.sessions import open_engine
from api.problems import MISSION_CLOSED, Problem
from schemas.mission import Mission
from schemas.problems import Refusal
from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
LOGGED = "SELECT sequence, subject, actor_id FROM audit_entry WHERE act = 'tried'"


@dataclass(frozen=True)
class Writer:
    """Who writes."""

    mission_id: UUID
    holder_id: UUID = field(default_factory=uuid4)


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(database.app_url)
    yield engine
    await engine.dispose()


async def test_all_is_written_under_one_reading_and_told_at_the_commit(
    engine: AsyncEngine, database: Database, mission: SmallMission, rows: Rows
) -> None:
    who = Writer(mission.mission_id)
    with psycopg.connect(database.app_url, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        async with unit_of_work(engine, who) as work:
            work.log("tried", "one thing")
            await work.session.flush()
            assert list(listener.notifies(timeout=0.1)) == []
        (heard,) = listener.notifies(timeout=5, stop_after=1)
    assert heard.payload == str(mission.mission_id)
    assert rows(LOGGED) == [(work.clock, "one thing", who.holder_id)]
    assert rows("SELECT seq FROM mission_clock") == [(work.clock,)]


async def test_one_that_fails_writes_nothing(
    engine: AsyncEngine, mission: SmallMission, rows: Rows
) -> None:
    before = rows("SELECT seq FROM mission_clock"), rows("SELECT title FROM mission")

    async def fail() -> None:
        async with unit_of_work(engine, Writer(mission.mission_id)) as work:
            found = (await work.session.execute(select(Mission))).scalar_one()
            found.title = "Another"
            work.session.add(found)
            work.log("tried", "one thing")
            await work.session.flush()
            raise Refusal("It cannot be.", "thing")

    with pytest.raises(Refusal):
        await fail()
    assert (rows("SELECT seq FROM mission_clock"), rows("SELECT title FROM mission")) == before
    assert rows(LOGGED) == []


async def test_one_that_blocks_and_fails_writes_nothing(
    database: Database, mission: SmallMission, rows: Rows
) -> None:
    engine = create_engine(database.app_url.replace("postgresql://", "postgresql+psycopg://", 1))

    def fail() -> None:
        with blocking_unit_of_work(engine, mission.mission_id) as work:
            work.log("tried", "one thing")
            work.session.flush()
            raise Refusal("It cannot be.")

    with pytest.raises(Refusal):
        fail()
    assert rows(LOGGED) == []
    with blocking_unit_of_work(engine, mission.mission_id) as work:
        work.log("tried", "another")
    engine.dispose()
    assert rows(LOGGED) == [(work.clock, "another", None)]


async def test_in_a_closed_mission_only_who_may_still_writes(
    engine: AsyncEngine, mission: SmallMission, rows: Rows, database: Database
) -> None:
    who = Writer(mission.mission_id)
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("UPDATE mission SET state = 'closed'")
    with pytest.raises(Problem) as refused:
        async with unit_of_work(engine, who):
            pass
    assert refused.value.kind is MISSION_CLOSED
    async with unit_of_work(engine, who, though_closed=True) as work:
        work.log("tried", "one thing")
    assert len(rows(LOGGED)) == 1


async def test_the_order_of_readings_is_the_order_of_commits(
    engine: AsyncEngine, mission: SmallMission, rows: Rows
) -> None:
    committed: list[int] = []

    async def write(steps: int) -> None:
        async with unit_of_work(engine, Writer(mission.mission_id), steps=steps) as work:
            await asyncio.sleep(0.01 / steps)
            committed.append(work.clock)

    ((before,),) = rows("SELECT seq FROM mission_clock")
    await asyncio.gather(*(write(1 + number % 3) for number in range(12)))
    assert committed == sorted(committed)
    assert committed[-1] - before == sum(1 + number % 3 for number in range(12))


async def test_without_a_clock_nothing_is_written(engine: AsyncEngine) -> None:
    with pytest.raises(LookupError, match="clock"):
        async with unit_of_work(engine, Writer(uuid4())):
            pass
