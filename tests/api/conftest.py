"""A served small mission, and clients that act as its people."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn

from api.app import create_app
from api.server.connections import ConnectionLimits
from api.settings import Settings
from api.supervisor import worker_config
from tests.api.small import SmallMission, sow
from tests.conftest import Database


@pytest.fixture
def mission(database: Database) -> SmallMission:
    """A small mission in this test's database."""
    return sow(database.admin_url)


@pytest.fixture
def serving(database: Database, settings: Settings) -> Settings:
    """The settings of a worker: signed in as the application."""
    return replace(settings, database_url=database.app_url)


@asynccontextmanager
async def awake(app: Any) -> AsyncIterator[None]:
    """Run an application's lifespan around a test."""
    told: asyncio.Queue[Any] = asyncio.Queue()
    said: asyncio.Queue[Any] = asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan"}, told.get, said.put))
    await told.put({"type": "lifespan.startup"})
    began = await said.get()
    assert began["type"] == "lifespan.startup.complete", began
    yield
    await told.put({"type": "lifespan.shutdown"})
    await task


@pytest.fixture
async def client(serving: Settings, mission: SmallMission) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application in this process, signed in as nobody."""
    app: Any = create_app(serving)
    async with awake(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://indelible") as client:
            yield client


def _as(persona: str) -> Callable[..., httpx.AsyncClient]:
    def fixture(client: httpx.AsyncClient, mission: SmallMission) -> httpx.AsyncClient:
        client.headers.update(mission.bearer(persona))
        return client

    fixture.__doc__ = f"The client, signed in as the mission's {persona}."
    return pytest.fixture(fixture, name=f"as_{persona}")


as_observer = _as("observer")
as_data_manager = _as("data_manager")
as_lead = _as("lead")
as_partner = _as("partner")


@contextmanager
def listening(
    settings: Settings, workers: int = 1, limits: ConnectionLimits | None = None
) -> Iterator[list[str]]:
    """Serve over real sockets, each worker in a thread of its own; their addresses."""
    servers, addresses, threads = [], [], []
    for _ in range(workers):
        sock = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(worker_config(settings, limits or ConnectionLimits()))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        servers.append(server)
        threads.append(thread)
        addresses.append(f"http://127.0.0.1:{sock.getsockname()[1]}")
    for server in servers:
        _until(lambda server=server: server.started)
    try:
        yield addresses
    finally:
        for server in servers:
            server.should_exit = True
        for thread in threads:
            thread.join(10)


def _until(condition: Callable[[], bool], seconds: float = 20) -> None:
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        time.sleep(0.02)
    raise TimeoutError("the server did not start")


@pytest.fixture
def rows(database: Database) -> Callable[..., list[tuple[Any, ...]]]:
    """Reads the database as its superuser: what is really there."""

    def read(query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(database.admin_url) as connection:
            return connection.execute(query, values).fetchall()

    return read
