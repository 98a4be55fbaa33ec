"""A mission of a million reports, served for real, while leads look and reports arrive.

Run: python -m tests.benchmarks.million [--copies 250] [--home FOLDER] [--runs 5] [--rate 200]
[--only PATTERN] [--json OUT]. A home that was filled is used again (25 copies: 100,000 reports).

Measured, in this order: the first look after a start; each address once, by a lead who walks all of
them (``first_ms``); each again ``runs`` times (``p95_ms``), while three leads renew a page each ten
seconds and reports arrive; how long after its receipt a report stands in a figure (``fresh_s``,
p95); and what our processes hold (``pss_mb``, the database beside it).
"""

import argparse
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import psutil
import psycopg

from api.demonstration.mission import ROUND, SLUG
from api.server.request_headers import COOKIE
from schemas.credential import Role
from tests.benchmarks.addresses import addresses
from tests.benchmarks.intake import a_port, ready
from tests.benchmarks.multiplied import fill, opened, secret_of

BAR = 100.0
PATIENCE = 900.0
RENEWED_SECONDS = 10.0
"""How often a watching lead's page is renewed."""
CONTROL_ROOM = f"/missions/{SLUG}/"
WATCHED = (CONTROL_ROOM, f"/missions/{SLUG}/coverage", f"/missions/{SLUG}/irregularities")
FIGURE = f"/api/v1/missions/{SLUG}/irregularities"
REPORTS = f"/api/v1/missions/{SLUG}/reports"
SENDERS = 8
"""Connections that reports arrive over."""
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


@contextmanager
def served(url: str, environment: dict[str, str]) -> Iterator[tuple[str, psutil.Process]]:
    """One worker, as ``serve`` runs it: its address, and the process above all."""
    with a_port() as port:
        pass
    command = [str(Path(sys.executable).with_name("indelible")), "serve", "--workers", "1"]
    process = subprocess.Popen(
        [*command, "--port", str(port)], env=environment | {"DATABASE_URL": url}
    )
    try:
        ready(port)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


class Lead:
    """Somebody who looks at pages."""

    def __init__(self, address: str, session: str) -> None:
        self._client = httpx.Client(
            base_url=address, timeout=PATIENCE, cookies={COOKIE: session}, follow_redirects=False
        )

    def open(self, address: str) -> tuple[float, httpx.Response]:
        """A page, and how many milliseconds it took; one that is not there yet is asked again."""
        began = time.perf_counter()
        found = self._client.get(address)
        while found.status_code == 503 and time.perf_counter() - began < PATIENCE:
            time.sleep(0.1)
            found = self._client.get(address)
        return 1000 * (time.perf_counter() - began), found

    def draft(self) -> float:
        """A new draft of a statement; the milliseconds that it took."""
        began = time.perf_counter()
        own = {"Sec-Fetch-Site": "same-origin"}
        said = self._client.post(f"{CONTROL_ROOM}statements", headers=own, data={"language": "en"})
        assert said.status_code == 303, said.text
        return 1000 * (time.perf_counter() - began)


class Intake:
    """Reports that arrive, so many a second, from one station after another."""

    def __init__(self, address: str, sender: str, url: str) -> None:
        self._client = httpx.Client(
            base_url=address, timeout=PATIENCE, headers={"Authorization": f"Bearer {sender}"}
        )
        with psycopg.connect(url) as connection:
            self._answers: Mapping[str, Any] = dict(connection.execute(ANSWERS).fetchall())
            self._stations = itertools.cycle(connection.execute(SENT).fetchall())
        self._turn = threading.Lock()
        self.receipts: list[float] = []

    def post(self) -> int:
        """One report; the mission's clock at its receipt."""
        with self._turn:
            station, observer = next(self._stations)
            checklist = ("voting", "counting")[len(self.receipts) % 2]
            self.receipts.append(0.0)
        report = {
            "id": str(uuid4()),
            "checklist": checklist,
            "round": ROUND,
            "station": station,
            "observer": observer,
            "answers": self._answers[checklist],
        }
        began = time.perf_counter()
        said = self._client.post(REPORTS, json=report).raise_for_status()
        self.receipts.append(1000 * (time.perf_counter() - began))
        return int(said.json()["items"][0]["receipt"]["sequence"])

    @contextmanager
    def arriving(self, rate: float) -> Iterator[None]:
        """Reports arrive meanwhile, at most ``rate`` a second."""
        ended = threading.Event()

        def send() -> None:
            while not ended.wait(SENDERS / rate):
                self.post()

        with _beside([send] * (SENDERS if rate else 0), ended):
            yield


@contextmanager
def watching(leads: Sequence[Lead], into: dict[str, list[float]]) -> Iterator[None]:
    """Leads renew a page each meanwhile; how long each took goes into ``into``."""
    ended = threading.Event()

    def look(lead: Lead, page: str) -> None:
        while not ended.wait(RENEWED_SECONDS):
            into.setdefault(page, []).append(lead.open(page)[0])

    works = [
        lambda lead=lead, page=page: look(lead, page)
        for lead, page in zip(leads, WATCHED, strict=True)
    ]
    with _beside(works, ended):
        yield


@contextmanager
def _beside(works: Sequence[Callable[[], None]], ended: threading.Event) -> Iterator[None]:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def fresh(lead: Lead, intake: Intake, times: int) -> list[float]:
    """Seconds from a report's receipt until a figure has it in it."""
    took = []
    for _ in range(times):
        sequence, began = intake.post(), time.perf_counter()
        while time.perf_counter() - began < PATIENCE:
            if lead.open(FIGURE)[1].json()["sequence"] >= sequence:
                break
            time.sleep(0.05)
        took.append(time.perf_counter() - began)
    return took


def memory(top: psutil.Process) -> dict[str, int]:
    """The megabytes (PSS) of each of our processes, by what it runs."""
    held: dict[str, int] = {}
    for each in (top, *top.children(recursive=True)):
        name = " ".join(each.cmdline()[-3:])
        held[f"{each.pid} {name}"] = each.memory_full_info().pss >> 20
    return held


def measure(url: str, environment: dict[str, str], home: Path, given: argparse.Namespace) -> Any:
    """Serve a filled home and measure everything in it."""
    session = secret_of(home, url, Role.LEAD)
    sender = secret_of(home, url, Role.DATA_MANAGER)
    with psycopg.connect(url) as connection:
        reports, stations = connection.execute(
            "SELECT (SELECT count(*) FROM report), (SELECT count(*) FROM place)"
        ).fetchone() or (0, 0)
    every = [each for each in addresses(url) if re.search(given.only, each)]
    with ExitStack() as stack:
        address, top = stack.enter_context(served(url, environment))
        lead, intake = Lead(address, session), Intake(address, sender, url)
        first_look, page = lead.open(CONTROL_ROOM)
        print(f"first look: {first_look / 1000:.1f} s (status {page.status_code})", flush=True)
        times: dict[str, list[float]] = {}
        stack.enter_context(intake.arriving(given.rate))
        stack.enter_context(watching([Lead(address, session) for _ in WATCHED], times))
        first, again = _walk(lead, every, given.runs)
        took = fresh(lead, intake, given.fresh)
        held = memory(top)
        p95 = {name: _p95(each) for name, each in (again | times).items() if each}
    return {
        "reports": reports,
        "stations": stations,
        "first_look_s": round(first_look / 1000, 2),
        "pss_mb": sum(held.values()),
        "p95_ms": p95,
        "first_ms": first,
        "fresh_s": round(_p95(took), 2),
        "pss_by_process": held,
        "receipt_p95_ms": _p95([each for each in intake.receipts if each]),
        "rate": given.rate,
        "watched_p95_ms": {name: _p95(each) for name, each in times.items()},
        "load": round(os.getloadavg()[0], 1),
    }


def _walk(
    lead: Lead, every: Sequence[str], runs: int
) -> tuple[dict[str, float], dict[str, list[float]]]:
    """The first look at each address, and ``runs`` more."""
    first: dict[str, float] = {}
    again: dict[str, list[float]] = {}
    for each in every:
        took, found = lead.open(each)
        first[each] = round(took, 1)
        told = "" if found.status_code == 200 else f"  STATUS {found.status_code}"
        print(f"{each:<80} first {took:8.1f} ms{told}", flush=True)
    for _ in range(runs):
        for each in every:
            again.setdefault(each, []).append(lead.open(each)[0])
    return first, again


def _p95(times: Sequence[float]) -> float:
    return round(float(np.quantile(times, 0.95)), 2) if times else 0.0


def report_of(found: Mapping[str, Any]) -> str:
    """What was measured, in a few lines."""
    p95, first = found["p95_ms"], found["first_ms"]
    over = {name: took for name, took in p95.items() if took > BAR}
    slowest = sorted(over.items(), key=lambda each: -each[1])[:12]
    lines = [
        f"{found['reports']:,} reports, {found['stations']:,} stations, "
        f"{found['rate']:.0f} reports/s arriving, load {found['load']}",
        f"first look {found['first_look_s']} s; fresh {found['fresh_s']} s (p95); "
        f"{found['pss_mb']} MB (PSS); receipts {found['receipt_p95_ms']} ms (p95)",
        f"{len(p95) - len(over)} of {len(p95)} addresses under {BAR:.0f} ms (p95); first looks: "
        f"{sum(each > 2000 for each in first.values())} over 2 s, slowest "
        f"{max(first.values(), default=0.0):.0f} ms",
        *(f"  {took:8.1f} ms  {name}" for name, took in slowest),
    ]
    return "\n".join(lines)


def main(given: argparse.Namespace) -> None:
    """Fill a home where that is not done yet, and measure."""
    with tempfile.TemporaryDirectory(prefix="indelible-bench-") as passing:
        home = given.home or Path(passing) / "home"
        if not (home / "filled").exists():
            fill(home, given.copies)
        with opened(home) as (url, environment):
            found = measure(url, environment, home, given)
    print(report_of(found))
    if given.json:
        given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


def options() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--copies", type=int, default=250)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--fresh", type=int, default=10)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--json", type=Path)
    return parser


if __name__ == "__main__":
    main(options().parse_args())
