"""However long pages wait, and however long a mission's clock is held: reports are kept."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import psycopg
import pytest

from api.app import create_app
from api.database import write_queue
from api.intake import group_commit
from api.settings import Settings
from tests.api.conftest import awake, listening
from tests.api.small import SmallMission, sow
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
PAGES = (
    "deployments",
    "deployments/new",
    "deployments?q=a",
    "deployments?show=uncovered",
    "people",
    "deployments?q=b",
    "compliance",
    "deployments?show=closed",
    "setup",
    "deployments?q=c",
)
TICK = "UPDATE mission_clock SET seq = seq + 1 WHERE mission_id = %s"


@contextmanager
def held_clock(database: Database, mission: SmallMission) -> Iterator[None]:
    """Somebody writes in the mission for as long as this is open, as a long import does."""
    with psycopg.connect(database.admin_url) as connection:
        connection.execute(TICK, (mission.mission_id,))
        yield
        connection.rollback()


@contextmanager
def locked_table(database: Database, table: str) -> Iterator[None]:
    """Nobody can read the table for as long as this is open."""
    with psycopg.connect(database.admin_url) as connection:
        connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


async def post(
    client: httpx.AsyncClient, base: str, mission: SmallMission, *, persona: str = "observer"
) -> tuple[int, float]:
    """Post a new report; the status and the seconds that it took."""
    began = time.monotonic()
    answer = await client.post(
        base + mission.reports, json=mission.report(), headers=mission.bearer(persona)
    )
    return answer.status_code, time.monotonic() - began


@pytest.mark.parametrize(
    ("table", "read_before"),
    [("call", False), ("sampled_station", True)],
    ids=["while the mission is read", "while one of them reads"],
)
async def test_reports_are_kept_while_50_pages_hang(
    serving: Settings, mission: SmallMission, database: Database, table: str, read_before: bool
) -> None:
    pages = [f"/missions/{mission.slug}/{PAGES[at % len(PAGES)]}" for at in range(50)]
    lead = mission.bearer("lead")
    limits = httpx.Limits(max_connections=100)
    with listening(serving) as (address,):
        async with httpx.AsyncClient(timeout=60, limits=limits) as client:
            if read_before:
                first = await client.get(f"{address}/missions/{mission.slug}/", headers=lead)
                assert first.status_code == 200
            with locked_table(database, table):
                hanging = [
                    asyncio.create_task(client.get(address + page, headers=lead)) for page in pages
                ]
                await asyncio.sleep(0.5)
                found = []
                for _ in range(12):  # longer than any credential or register is remembered
                    found.append(await post(client, address, mission))
                    await asyncio.sleep(0.1)
                photo = await client.head(
                    f"{address}/api/v1/missions/{mission.slug}/media/{'a' * 64}",
                    headers=mission.bearer("observer2"),
                )
                hung = sum(not each.done() for each in hanging)
            statuses = {each.status_code for each in await asyncio.gather(*hanging)}
    assert {status for status, _ in found} == {201}
    assert max(seconds for _, seconds in found) < 2
    assert photo.status_code == 204
    assert hung >= 25
    assert 500 not in statuses


async def test_a_mission_whose_clock_is_held_does_not_stall_the_reports_of_another(
    serving: Settings, mission: SmallMission, database: Database, rows: Rows
) -> None:
    other = sow(database.admin_url, "ruritania-2026")
    with listening(serving) as (address,):
        async with httpx.AsyncClient(timeout=60) as client:
            assert (await post(client, address, mission))[0] == 201
            with held_clock(database, mission):
                waiting = [asyncio.create_task(post(client, address, mission)) for _ in range(8)]
                found = []
                for _ in range(3):
                    found += await asyncio.gather(*(post(client, address, other) for _ in range(8)))
                assert not any(each.done() for each in waiting)
            assert {(await each)[0] for each in waiting} == {201}
    assert [status for status, _ in found] == [201] * 24
    assert max(seconds for _, seconds in found) < 2
    assert rows("SELECT count(*) FROM report") == [(1 + 8 + 24,)]


async def test_a_clock_held_for_long_is_a_503_and_the_same_bytes_are_kept_later(
    serving: Settings,
    mission: SmallMission,
    database: Database,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(group_commit, "CLOCK_SECONDS", 0.5)
    bodies = [json.dumps(mission.report()).encode() for _ in range(12)]
    async with served(serving) as client:
        client.headers.update(mission.bearer("observer"))
        with held_clock(database, mission):
            refused = await asyncio.gather(
                *(client.post(mission.reports, content=body) for body in bodies)
            )
        assert {each.status_code for each in refused} == {503}
        assert all(each.headers["retry-after"] for each in refused)
        assert rows("SELECT count(*) FROM report") == [(0,)]
        again = [await client.post(mission.reports, content=body) for body in bodies]
        assert {each.status_code for each in again} == {201}
    assert rows("SELECT count(*) FROM submission") == [(12,)]


async def test_more_missions_held_at_once_than_there_are_lanes_are_told_at_once(
    serving: Settings, mission: SmallMission, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "LANES", 1)
    second, free = (sow(database.admin_url, slug) for slug in ("second-2026", "free-2026"))
    async with served(serving) as client:
        with held_clock(database, mission), held_clock(database, second):
            waiting = asyncio.create_task(post(client, "", mission))
            await asyncio.sleep(0.5)
            status, seconds = await post(client, "", second)
            assert (status, seconds < 2) == (503, True)
            assert (await post(client, "", free))[0] == 201
            assert not waiting.done()
        assert (await waiting)[0] == 201


async def test_photos_of_a_mission_whose_clock_is_held_leave_the_others_a_connection(
    serving: Settings, mission: SmallMission, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_queue, "CLOCK_SECONDS", 1.5)
    other = sow(database.admin_url, "ruritania-2026")
    writes = None

    async def note(mission: SmallMission) -> None:
        async with writes.under_clock(mission.mission_id):
            pass

    app: Any = create_app(serving)
    async with awake(app):
        writes = app.state.writes if hasattr(app, "state") else _state(app).writes
        with held_clock(database, mission):
            stuck = [asyncio.create_task(note(mission)) for _ in range(8)]
            await asyncio.sleep(0.3)
            await asyncio.wait_for(note(other), 1.0)
            assert not any(each.done() for each in stuck[:1])
        await asyncio.gather(*stuck, return_exceptions=True)


def _state(app: Any) -> Any:
    """What the requests of an application share."""
    return app._app.framework.state


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application of its own."""
    app: Any = create_app(settings)
    async with awake(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://indelible", timeout=60
        ) as client:
            yield client
