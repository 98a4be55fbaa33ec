"""Every page and figure that a lead can open, of a mission of a million reports, served for real.

Run: python -m tests.benchmarks.million [--copies 250] [--home FOLDER] [--runs 30] [--only PATTERN].
A home that was filled is used again. Before each request two reports are posted, one of voting
and one of counting, as on the day, so that no figure is answered from what was kept. The first
look at each, after a start, stands apart: while the very first one runs it is measured how long
others wait. The bar is 100 ms (p95).
"""

import argparse
import itertools
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import psutil
import psycopg

from api.database.roles import APP
from api.demonstration.mission import ROUND, SLUG
from api.server.request_headers import COOKIE
from schemas.credential import Role
from tests.benchmarks.addresses import addresses
from tests.benchmarks.intake import a_port, ready
from tests.benchmarks.multiplied import fill, opened, secret_of

BAR = 100.0
PROBE_SECONDS = 0.05
PATIENCE = 900.0
DESK = f"/missions/{SLUG}/"
SENT = """
SELECT p.code, min(o.pseudonym) FROM deployment d JOIN place p ON p.id = d.place_id
JOIN deployed_observer w ON w.deployment_id = d.id JOIN observer o ON o.id = w.observer_id
GROUP BY p.code ORDER BY p.code LIMIT 5000"""
"""Stations, each with one of the team that was sent there."""
ANSWERS = """
SELECT DISTINCT ON (r.checklist) r.checklist, v.answers FROM report r
JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
  AND v.number = r.version
WHERE r.checklist IN ('voting', 'counting') AND r.status = 'received'
ORDER BY r.checklist, r.sequence"""
POSTED = f"/api/v1/missions/{SLUG}/reports"


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[str, psutil.Process]]:
    """One worker, as ``serve`` runs it: its address and its process."""
    with a_port() as port:
        command = [sys.executable, "-m", "tests.benchmarks.server", "--port", str(port)]
        process = subprocess.Popen(command, env=environment)
        try:
            ready(port)
            yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


class Lead:
    """A lead at work, while reports keep coming: of each checklist in ``answers`` one."""

    def __init__(
        self,
        address: str,
        session: str,
        sender: str,
        answers: Mapping[str, dict[str, Any]],
        sent: Sequence[tuple[str, str]],
    ) -> None:
        self._pages = httpx.Client(
            base_url=address, timeout=PATIENCE, cookies={COOKIE: session}, follow_redirects=False
        )
        self._intake = httpx.Client(
            base_url=address, timeout=PATIENCE, headers={"Authorization": f"Bearer {sender}"}
        )
        self._answers = answers
        self._sent = itertools.cycle(sent)

    def post(self) -> float:
        """Reports come in from the next station; how many milliseconds until the last receipt."""
        station, observer = next(self._sent)
        for checklist, answers in self._answers.items():
            report = {
                "id": str(uuid4()),
                "checklist": checklist,
                "round": ROUND,
                "station": station,
                "observer": observer,
                "answers": answers,
            }
            began = time.perf_counter()
            said = self._intake.post(POSTED, json=report)
            assert said.is_success, said.text
        return 1000 * (time.perf_counter() - began)

    def breathe(self) -> float:
        """How many milliseconds the server takes to say that it lives."""
        began = time.perf_counter()
        self._intake.get("/healthz").raise_for_status()
        return 1000 * (time.perf_counter() - began)

    def open(self, address: str) -> tuple[float, int, int]:
        """A page: milliseconds, status, and bytes."""
        began = time.perf_counter()
        found = self._pages.get(address)
        return 1000 * (time.perf_counter() - began), found.status_code, len(found.content)


def sent_in(url: str) -> tuple[dict[str, dict[str, Any]], list[tuple[str, str]]]:
    """Answers as somebody gave them, to each checklist that figures are made of; and stations,
    each with somebody who was sent there."""
    with psycopg.connect(url) as connection:
        answers: dict[str, dict[str, Any]] = dict(connection.execute(ANSWERS).fetchall())
        return answers, connection.execute(SENT).fetchall()


class Work:
    """What the server and the database's processes that serve it have worked so far: on a machine
    with nothing else to do about what a request takes, on a busy one much less."""

    def __init__(self, url: str, server: psutil.Process) -> None:
        self._database = psycopg.connect(url, autocommit=True)
        self._server = server.pid

    def done(self) -> float:
        """Milliseconds."""
        backends = self._database.execute(
            "SELECT pid FROM pg_stat_activity WHERE usename = %s", (APP,)
        ).fetchall()
        pids = [self._server, *(pid for (pid,) in backends)]
        files = [each for pid in pids for each in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(map(_worked, files)) / 1e6


def _worked(file: Path) -> int:
    """Nanoseconds that a thread has run; none of one that has ended meanwhile."""
    try:
        return int(file.read_text().split()[0])
    except OSError:
        return 0


def first_look(lead: Lead) -> None:
    """The first page after a start, and how long others wait meanwhile."""
    with ThreadPoolExecutor(1) as beside:
        looking = beside.submit(lead.open, DESK)
        lives, receipts = [lead.breathe()], [lead.post()]
        while not looking.done():
            lives.append(lead.breathe())
            receipts.append(lead.post())
            time.sleep(PROBE_SECONDS)
    took, status, _ = looking.result()
    print(f"the first look: {took / 1000:.1f} s (status {status}); meanwhile {len(lives)} times:")
    print(f"  /healthz {_said(lives)}, receipt of a report {_said(receipts)}", flush=True)


def _said(times: Sequence[float]) -> str:
    middle, late = np.quantile(times, [0.5, 0.95])
    return f"p50 {middle:.0f} p95 {late:.0f} most {max(times):.0f} ms"


def measure(lead: Lead, work: Work, address: str, runs: int) -> bool:
    """Print how long an address takes; whether it stays under the bar."""
    first, status, size = lead.open(address)
    times, worked = [], []
    for _ in range(runs):
        lead.post()
        before = work.done()
        times.append(lead.open(address)[0])
        worked.append(work.done() - before)
        if sum(times) > 1000 * runs:
            break
    middle, late = np.quantile(times, [0.5, 0.95])
    told = "" if status == 200 else f"  STATUS {status}"
    told += "  OVER" if late > BAR else ""
    shown = (middle, late, float(np.median(worked)), first)
    numbers = " ".join(f"{each:9.1f}" for each in shown)
    print(f"{address:<80} {numbers} {size / 1024:8.0f} kB{told}", flush=True)
    return bool(late <= BAR)


def run(home: Path, runs: int, chosen: Callable[[str], bool]) -> None:
    """Serve a filled home and measure everything in it."""
    with opened(home) as (url, environment):
        session, sender = secret_of(home, url, Role.LEAD), secret_of(home, url, Role.DATA_MANAGER)
        every = addresses(url)
        with served(environment) as (address, process):
            lead = Lead(address, session, sender, *sent_in(url))
            first_look(lead)
            print(f"{'p50, p95, work, first look: ms':<80}", flush=True)
            work = Work(url, process)
            passed = [measure(lead, work, each, runs) for each in every if chosen(each)]
            peak = process.memory_info().rss >> 20
    print(
        f"{sum(passed)} of {len(passed)} under {BAR:.0f} ms; the server holds {peak} MB; "
        f"load {os.getloadavg()[0]:.1f}"
    )


def main(copies: int = 250, home: Path | None = None, runs: int = 30, only: str = "") -> None:
    """Fill a home where that is not done yet, and measure."""
    with tempfile.TemporaryDirectory(prefix="indelible-bench-") as passing:
        place = home or Path(passing) / "home"
        if not (place / "filled").exists():
            fill(place, copies)
        run(place, runs, lambda address: re.search(only, address) is not None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--copies", type=int, default=250)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--only", default="")
    main(**vars(parser.parse_args()))
