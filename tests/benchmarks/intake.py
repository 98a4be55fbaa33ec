"""Intake: reports a second that are durable, beside a server that stores nothing.

Both are the same application on the same machine in the same run, fed over loopback sockets
by this process, so their ratio says what storage costs and the machine drops out of it.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx

from api.database.embedded import Embedded
from api.database.opening import migrate
from api.database.roles import app_url
from tests.api.small import SmallMission, sow
from tests.benchmarks.forms import json_report, openrosa_submission, publish
from tests.benchmarks.load import Measured, fire, request

SECRET = "a secret of the benchmark"


@contextmanager
def serving(environment: dict[str, str], workers: int, *options: str) -> Iterator[int]:
    """Worker processes on one shared port; they end with the block."""
    with a_port() as port:
        command = [sys.executable, "-m", "tests.benchmarks.server", "--port", str(port), *options]
        processes = [subprocess.Popen(command, env=environment) for _ in range(workers)]
        try:
            ready(port)
            yield port
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait(20)


@contextmanager
def a_port() -> Iterator[int]:
    """A port that nobody else takes meanwhile; workers share it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


def ready(port: int) -> None:
    """Wait until the workers on a port answer."""
    transport = httpx.HTTPTransport(retries=40)
    with httpx.Client(transport=transport, timeout=10) as client:
        for _ in range(4):
            client.get(f"http://127.0.0.1:{port}/readyz").raise_for_status()


def requests(mission: SmallMission, channel: str, count: int) -> list[bytes]:
    """So many different reports of 40 answers, as requests of one channel."""
    if channel == "json":
        headers = {"Content-Type": "application/json", **mission.bearer("observer")}
        return [
            request(mission.reports, json.dumps(json_report(str(uuid4()))).encode(), headers)
            for _ in range(count)
        ]
    path = f"/openrosa/{mission.tokens['observer']}/submission"
    made = (openrosa_submission(str(uuid4())) for _ in range(count))
    return [request(path, body, {"Content-Type": kind}) for body, kind in made]


def measure(
    environment: dict[str, str],
    mission: SmallMission,
    count: int,
    workers: int,
    options: Sequence[str],
) -> dict[str, Measured]:
    """Both channels against one set of workers, after a short warming."""
    measured = {}
    with serving(environment, workers, *options) as port:
        for channel in ("json", "openrosa"):
            asyncio.run(fire(port, requests(mission, channel, 512)))
            measured[channel] = asyncio.run(fire(port, requests(mission, channel, count)))
    return measured


@contextmanager
def installed() -> Iterator[tuple[dict[str, str], SmallMission]]:
    """A database of its own with a small mission and the checklist of 40 questions, and the
    environment of whoever serves it."""
    with tempfile.TemporaryDirectory(prefix="indelible-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        with Embedded(home).running() as url:
            migrate(url, SECRET)
            mission = sow(url)
            publish(url, mission)
            yield (
                os.environ
                | {
                    "DATABASE_URL": app_url(url, SECRET),
                    "INDELIBLE_SECRET": SECRET,
                    "INDELIBLE_HOME": folder,
                },
                mission,
            )


def main(count: int, workers: Sequence[int], profile: str | None = None) -> None:
    """Measure and print."""
    with installed() as (environment, mission):
        for number in workers:
            _compare(environment, mission, count, number, profile)


def _compare(
    environment: dict[str, str],
    mission: SmallMission,
    count: int,
    workers: int,
    profile: str | None,
) -> None:
    kept = measure(environment, mission, count, workers, ["--profile", profile] if profile else [])
    none = measure(environment, mission, count, workers, ["--storeless"])
    for channel in kept:
        name = f"{channel:9} {workers} worker{'s' if workers > 1 else ' '}"
        print(f"{name}  durable   {kept[channel]}")
        print(f"{name}  no store  {none[channel]}")
        print(f"{name}  durable is {kept[channel].rate / none[channel].rate:.2f} of no store")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--profile")
    given = parser.parse_args()
    main(min(given.count, 100_000), given.workers, given.profile)
