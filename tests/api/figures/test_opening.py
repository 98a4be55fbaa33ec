"""A mission is read whole beside everything else that a process does."""

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.audit.unit_of_work import unit_of_work
from api.database.sessions import (
    mission_session,
    open_engine,
    release_connection,
)
from api.figures import follower as module
from api.figures import loading
from api.figures.follower import Follower
from api.figures.loading import clock_and_setting, load_frame, load_rows, stream_rows
from api.figures.mission_facts import mission_facts
from api.figures.once import once
from api.figures.watch import Watch
from api.problems import Problem
from tests.api.figures.conftest import SmallCountry


@pytest.fixture
def follower(country: SmallCountry, engine: AsyncEngine) -> Follower:
    """A follower that does not listen: it folds when it is asked."""
    return Follower(engine, country.database.app_url)


@pytest.fixture
def slow_opening(monkeypatch: pytest.MonkeyPatch) -> "asyncio.Event":
    """To read a mission anew takes until it is said to be done; nobody waits for it."""
    done, read = asyncio.Event(), module.open_mission

    async def wait(*given: Any) -> Watch:
        await done.wait()
        return await read(*given)

    monkeypatch.setattr(module, "open_mission", wait)
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    return done


async def test_while_a_changed_setting_is_read_anew_reports_are_still_folded(
    follower: Follower, country: SmallCountry, slow_opening: "asyncio.Event"
) -> None:
    slow_opening.set()
    watch = await follower.of(country.mission_id)
    slow_opening.clear()
    country.act("deployment.assign")
    assert await follower.of(country.mission_id) is watch
    reading = country.tick()
    assert await follower.of(country.mission_id) is watch
    assert watch.sequence == reading
    slow_opening.set()
    for _ in range(200):
        await asyncio.sleep(0.05)
        anew = await follower.of(country.mission_id)
        if anew is not watch:
            break
    assert anew.frame.setting > watch.frame.setting
    assert await follower.of(country.mission_id) is anew


async def test_whoever_asks_first_waits_and_everybody_gets_the_same(
    follower: Follower, country: SmallCountry
) -> None:
    found = await asyncio.gather(*(follower.of(country.mission_id) for _ in range(4)))
    assert all(each is found[0] for each in found)


async def test_while_a_mission_is_read_the_process_does_other_things(
    follower: Follower, country: SmallCountry
) -> None:
    asked = asyncio.create_task(follower.of(country.mission_id))
    turns = 0
    while not asked.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100
    assert len((await asked).received)


async def test_reports_are_read_a_part_at_a_time_and_never_all_at_once(
    engine: AsyncEngine, country: SmallCountry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "AT_ONCE", 100)
    async with mission_session(engine, country.mission_id) as session:
        clock, setting = await clock_and_setting(session, country.mission_id)
        frame = await load_frame(session, country.mission_id, setting)
        parts = [rows async for rows in stream_rows(session, frame, clock)]
        whole = await load_rows(session, frame, 0, clock)
    assert Counter(row.id for part in parts for row in part) == Counter(row.id for row in whole)
    assert len(parts) > 1
    assert max(map(len, parts)) <= 100


async def test_a_process_that_ends_gives_up_reading(
    follower: Follower, country: SmallCountry
) -> None:
    follower.closing.set()
    with pytest.raises(Problem):
        await follower.of(country.mission_id)


async def test_whoever_waits_for_what_another_reads_holds_no_connection(
    follower: Follower, country: SmallCountry
) -> None:
    facts = mission_facts(await follower.of(country.mission_id))
    engine = open_engine(country.database.app_url, size=1)
    reading = asyncio.Event()

    async def ask(name: str) -> str:
        async with mission_session(engine, country.mission_id) as session:
            await clock_and_setting(session, country.mission_id)

            async def read() -> str:
                if name == "one thing":
                    await reading.wait()
                await clock_and_setting(session, country.mission_id)
                return name

            return await once(facts, name, read, session)

    asked = [asyncio.create_task(ask("one thing")) for _ in range(8)]
    await asyncio.sleep(0.5)
    # Two connections are all there are: one is the reader's, and another thing gets the second.
    assert await asyncio.wait_for(ask("another thing"), 5) == "another thing"
    reading.set()
    assert await asyncio.gather(*asked) == ["one thing"] * 8
    await engine.dispose()


async def test_a_session_that_writes_keeps_its_connection_and_what_it_wrote(
    engine: AsyncEngine, country: SmallCountry
) -> None:
    who = SimpleNamespace(mission_id=country.mission_id, holder_id=uuid4())
    async with unit_of_work(engine, who) as work:
        before = work.clock
        await release_connection(work.session)
        await work.session.rollback()
    async with mission_session(engine, country.mission_id) as session:
        assert (await clock_and_setting(session, country.mission_id))[0] == before - 1
