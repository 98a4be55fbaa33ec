"""Server-sent events over a real socket."""

import asyncio
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import httpx
import orjson
import pytest

from api.figures.ask import Figures, Status, ask
from api.figures.events import RESUMED, STOPPED, events
from api.figures.mission_facts import mission_facts
from api.settings import Settings
from tests.api.conftest import listening
from tests.api.small import SmallMission
from tests.serving import wait_until

STREAM = httpx.Timeout(20)


def read_events(lines: Iterator[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The events of a stream: id and data."""
    identity = 0
    for line in lines:
        if line.startswith("id: "):
            identity = int(line[4:])
        if line.startswith("data: "):
            yield identity, orjson.loads(line[6:])


def test_a_commit_is_told_to_every_worker_s_listeners(
    serving: Settings, mission: SmallMission
) -> None:
    with listening(serving, workers=2) as (one, other), httpx.Client(timeout=STREAM) as client:
        address = f"{one}/missions/{mission.slug}/events"
        with client.stream("GET", address, headers=mission.bearer("lead")) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            told = read_events(stream.iter_lines())
            first, _ = next(told)
            posted = httpx.post(
                f"{other}{mission.reports}",
                json=mission.report(),
                headers=mission.bearer("data_manager"),
            )
            identity, data = next(told)
        receipt = posted.json()["items"][0]["receipt"]
        assert identity >= receipt["sequence"] > first
        assert data["reports"] == 1
        assert {"reports", "coverage", "irregularities"} <= set(data["changed"])


@pytest.mark.parametrize("persona", ["observer", "partner"])
async def test_events_are_the_desk_s(
    client: httpx.AsyncClient, mission: SmallMission, persona: str
) -> None:
    answer = await client.get(f"/missions/{mission.slug}/events", headers=mission.bearer(persona))
    assert answer.status_code == 404


async def test_an_event_s_id_is_a_number(client: httpx.AsyncClient, mission: SmallMission) -> None:
    headers = mission.bearer("lead") | {"Last-Event-ID": "x"}
    answer = await client.get(f"/missions/{mission.slug}/events", headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "Last-Event-ID")


@pytest.fixture
async def figures(client: httpx.AsyncClient, serving: Settings) -> Figures:
    """Where the application under test asks for figures."""
    transport: Any = client._transport
    found: Figures = transport.app._app.framework.state.figures
    return found


@pytest.fixture
def closing() -> asyncio.Event:
    """Set when the process is asked to end."""
    return asyncio.Event()


async def following(stream: AsyncIterator[bytes], parts: int) -> list[bytes]:
    """So many parts of a stream."""
    return [await asyncio.wait_for(anext(stream), 10) for _ in range(parts)]


async def test_who_comes_back_with_the_last_id_is_told_only_what_is_new(
    figures: Figures, closing: asyncio.Event, mission: SmallMission
) -> None:
    at = (await ask(figures, mission.mission_id, mission_facts)).clock
    stream = events(figures, mission.mission_id, at, closing, heartbeat=0.01)
    assert (await following(stream, 3))[1:] == [b": still here\n\n"] * 2
    await stream.aclose()
    other = events(figures, mission.mission_id, at + 99, closing, heartbeat=0.01)
    assert (await following(other, 2))[1].startswith(f"id: {at}\nevent: folded\n".encode())
    await other.aclose()


async def test_it_is_told_when_figures_stop_and_when_they_go_on(
    figures: Figures,
    closing: asyncio.Event,
    mission: SmallMission,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [None, None, Status(1, None), Status(1, None)]

    async def status() -> Status | None:
        return found.pop(0)

    monkeypatch.setattr(figures, "status", status)
    stream = events(figures, mission.mission_id, None, closing, heartbeat=0.01)
    told = (await following(stream, 6))[2:]
    assert told == [STOPPED, STOPPED, RESUMED, b": still here\n\n"]
    await stream.aclose()


async def test_a_stream_ends_when_the_process_is_asked_to_end(
    figures: Figures, closing: asyncio.Event, mission: SmallMission
) -> None:
    stream = events(figures, mission.mission_id, None, closing)
    await following(stream, 2)
    threading.Timer(
        0.05,
        lambda loop: loop.call_soon_threadsafe(closing.set),
        [asyncio.get_running_loop()],
    ).start()
    rest = await asyncio.wait_for(_rest(stream), 10)
    assert rest in ([], [b": still here\n\n"])


PROGRAM = """
import os, sys
from pathlib import Path
from api.settings import Settings
from api.supervisor import run_worker
home, url, secret, port = sys.argv[1:]
settings = Settings(home=Path(home), secret=secret, database_url=url)
run_worker(settings, "127.0.0.1", int(port), None, os.getppid())
"""


def test_a_worker_that_is_asked_to_end_ends_its_streams_itself(
    serving: Settings, mission: SmallMission
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        PROGRAM,
        str(serving.home),
        str(serving.database_url),
        serving.secret,
        str(port),
    ]
    worker = subprocess.Popen(command)
    try:
        wait_until(lambda: _answers(port), 30)
        address = f"http://127.0.0.1:{port}/missions/{mission.slug}/events"
        with httpx.stream("GET", address, headers=mission.bearer("lead"), timeout=STREAM) as stream:
            lines = stream.iter_lines()
            next(read_events(lines))
            worker.terminate()
            # A stream that is cut off, not ended, raises here.
            assert not [line for line in lines if line.startswith("data: ")]
        assert worker.wait(30) == -signal.SIGTERM
    finally:
        worker.kill()


def _answers(port: int) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    return False


async def test_a_stream_ends_when_its_credential_does(
    figures: Figures, closing: asyncio.Event, mission: SmallMission
) -> None:
    async def allowed() -> bool:
        return False

    stream = events(figures, mission.mission_id, None, closing, allowed=allowed, heartbeat=0.01)
    assert len(await asyncio.wait_for(_rest(stream), 10)) == 2


async def _rest(stream: AsyncIterator[bytes]) -> list[bytes]:
    return [part async for part in stream]
