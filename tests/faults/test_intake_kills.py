"""The server and its database killed under load: what was acknowledged is there afterwards."""

import asyncio
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from api.database.embedded import Embedded
from api.database.opening import migrate
from api.database.roles import app_url
from tests.api.small import SmallMission, sow
from tests.serving import temporary_home

SECRET = "a secret of the faults"


class Worker:
    """One worker process on a port of its own, which can be killed and begun again."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._environment = environment
        self.begin()

    def begin(self) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.server", "--port", str(self.port)]
        self._process = subprocess.Popen(command, env=self._environment)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(20)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the database's own user may enter."""
    with temporary_home() as home:
        yield home


@pytest.fixture
def url(home: Path) -> Iterator[str]:
    """A database that syncs, apart from that of the other tests."""
    with Embedded(home).running() as url:
        migrate(url, SECRET)
        yield url


@pytest.fixture
def mission(url: str) -> SmallMission:
    """The mission that is reported to."""
    return sow(url)


@pytest.fixture
def worker(url: str, home: Path) -> Iterator[Worker]:
    """A worker, ended with the test."""
    settings = {
        "DATABASE_URL": app_url(url, SECRET),
        "INDELIBLE_SECRET": SECRET,
        "INDELIBLE_HOME": str(home),
    }
    worker = Worker(os.environ | settings)
    yield worker
    worker.kill()


class Phone:
    """Sends one report after another, each until it is acknowledged; counts what went wrong."""

    def __init__(self, worker: Worker, mission: SmallMission) -> None:
        self._address = f"http://127.0.0.1:{worker.port}{mission.reports}"
        self._mission = mission
        self.acknowledged: dict[str, bytes] = {}
        self.statuses: set[int] = set()

    async def run(self, done: asyncio.Event) -> None:
        headers = self._mission.bearer("observer")
        async with httpx.AsyncClient(headers=headers, timeout=10) as client:
            while not done.is_set():
                await self._deliver(client, json.dumps(self._mission.report()).encode())

    async def _deliver(self, client: httpx.AsyncClient, body: bytes) -> None:
        for _ in range(600):
            try:
                response = await client.post(self._address, content=body)
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
                continue
            self.statuses.add(response.status_code)
            if response.status_code in (200, 201):
                receipt = response.json()["items"][0]["receipt"]
                assert receipt["sha256"] == hashlib.sha256(body).hexdigest()
                self.acknowledged[receipt["id"]] = body
                return
            await asyncio.sleep(0.05)
        raise TimeoutError("the report never arrived")


async def under_fire(
    worker: Worker, mission: SmallMission, strike: Callable[[], None], count: int
) -> list[Phone]:
    """Eight phones send while ``strike`` falls ``count`` times; then all deliver what they have."""
    phones = [Phone(worker, mission) for _ in range(8)]
    done = asyncio.Event()
    sending = [asyncio.create_task(phone.run(done)) for phone in phones]
    for _ in range(count):
        before = sum(len(phone.acknowledged) for phone in phones)
        for _ in range(400):
            await asyncio.sleep(0.05)
            if sum(len(phone.acknowledged) for phone in phones) >= before + 20:
                break
        await asyncio.to_thread(strike)
    await asyncio.sleep(0.5)
    done.set()
    await asyncio.gather(*sending)
    return phones


def nothing_is_lost(url: str, phones: list[Phone]) -> None:
    """Every acknowledged report is there once, byte for byte, and none without its parts."""
    acknowledged = {key: body for phone in phones for key, body in phone.acknowledged.items()}
    with psycopg.connect(url) as connection:
        kept = connection.execute("SELECT report_id::text, raw FROM submission").fetchall()
        parts = connection.execute(
            "SELECT (SELECT count(*) FROM report), (SELECT count(*) FROM report_version),"
            " (SELECT count(*) FROM judgement), (SELECT count(DISTINCT sequence) FROM report)"
        ).fetchone()
    assert acknowledged
    assert dict(kept) == acknowledged
    assert parts == (len(kept),) * 4
    statuses = set().union(*(phone.statuses for phone in phones))
    assert statuses <= {200, 201, 503}


async def test_reports_outlive_kills_of_the_server(
    url: str, worker: Worker, mission: SmallMission, pytestconfig: pytest.Config
) -> None:
    def strike() -> None:
        worker.kill()
        worker.begin()

    count = 20 if pytestconfig.getoption("--faults") == "full" else 3
    nothing_is_lost(url, await under_fire(worker, mission, strike, count))


async def test_reports_outlive_kills_of_the_database(
    url: str, worker: Worker, mission: SmallMission, pytestconfig: pytest.Config
) -> None:
    def strike() -> None:
        """SIGKILL one backend: PostgreSQL then ends them all and recovers from its log."""
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'indelible_app' LIMIT 1"
            ).fetchone()
        if row is not None:
            os.kill(row[0], signal.SIGKILL)

    count = 5 if pytestconfig.getoption("--faults") == "full" else 2
    nothing_is_lost(url, await under_fire(worker, mission, strike, count))
