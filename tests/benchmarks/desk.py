"""The desk over a large mission, served for real, while reports arrive.

Run: python -m tests.benchmarks.desk --home FOLDER [--copies 25] [--runs 10] [--rate 200]
[--acts 20] [--json OUT]. A home that was filled is used again (25 copies: 100,000 reports).

Measured: every page of the desk and every address of the queues, again and again (``p95_ms``); and
after an act of a data manager how long it took (``act_ms``) and how long until a figure that they
ask for then has it in it (``seen_ms``, from the moment of the act's answer).
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psycopg

from api.demonstration.mission import SLUG
from api.review.queues import BY_NAME
from schemas.credential import Role
from tests.benchmarks.million import FIGURE, PATIENCE, Intake, _p95, served
from tests.benchmarks.multiplied import fill, opened, secret_of

BAR = 200.0
API, PAGES = f"/api/v1/missions/{SLUG}", f"/missions/{SLUG}/desk"
AT_ALL = (f"{API}/queues", f"{PAGES}/sum", f"{PAGES}/counts")
STATIONS = "SELECT code FROM place ORDER BY code LIMIT %s"
CLOCK_OF_ACT = "SELECT sequence FROM desk_act WHERE id = %s"
REASON = {"reason": "The team was called."}


class Desk:
    """A data manager of the mission."""

    def __init__(self, address: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=address, timeout=PATIENCE, headers=headers)

    def open(self, address: str) -> tuple[float, httpx.Response]:
        """An address, and how many milliseconds it took; what is not there yet is asked again."""
        while True:
            began = time.perf_counter()
            found = self._client.get(address)
            took = 1000 * (time.perf_counter() - began)
            if found.status_code != 503:
                return took, found
            time.sleep(0.2)

    def items(self, queue: str, most: int) -> list[dict[str, Any]]:
        """The first items of a queue."""
        found = self.open(f"{API}/queues/{queue}?limit={most}")[1].raise_for_status()
        return list(found.json()["items"])

    def act(self, path: str, given: dict[str, Any]) -> tuple[float, httpx.Response]:
        """An act on a report, and how many milliseconds it took."""
        began = time.perf_counter()
        done = self._client.post(f"{API}/reports/{path}", json=REASON | given)
        return 1000 * (time.perf_counter() - began), done


def addresses(desk: Desk) -> Iterator[str]:
    """Every page of the desk and what the API says of its queues, with one item of each."""
    yield from AT_ALL
    for queue in BY_NAME:
        yield f"{API}/queues/{queue}"
        yield f"{PAGES}/{queue}"
        yield f"{PAGES}/list?queue={queue}"
        for item in desk.items(queue, 1):
            yield f"{PAGES}/{queue}/{quote(item['id'], safe='~')}"


def acts(desk: Desk, connection: psycopg.Connection[Any], many: int) -> dict[str, Any]:
    """So many held reports are placed and as many flagged ones verified."""
    stations = [code for (code,) in connection.execute(STATIONS, [many]).fetchall()]
    held = [
        each["report"]
        for each in desk.items("held", 200)
        if [reason["code"] for reason in each["reasons"]] == ["unknown"]
        and each["reasons"][0]["field"] == "station"
    ]
    wanted = [
        (f"{report}/placement", {"station": code})
        for report, code in zip(held, stations, strict=False)
    ]
    flagged = desk.items("flagged", many)
    wanted += [(f"{each['report']}/decision", {"status": "verified"}) for each in flagged]
    took, seen, refused = [], [], 0
    for path, given in wanted:
        spent, done = desk.act(path, given)
        if done.status_code != 200:
            refused += 1
            continue
        (clock,) = connection.execute(CLOCK_OF_ACT, [done.json()["act"]]).fetchone() or (0,)
        connection.commit()
        began = time.perf_counter()
        while desk.open(FIGURE)[1].json()["sequence"] < clock:
            time.sleep(0.01)
        took.append(spent)
        seen.append(1000 * (time.perf_counter() - began))
    return {"acts": len(took), "refused": refused, "act_ms": _p95(took), "seen_ms": _p95(seen)}


def measure(url: str, environment: dict[str, str], home: Path, given: argparse.Namespace) -> Any:
    """Serve a filled home and measure the desk in it."""
    token = secret_of(home, url, Role.DATA_MANAGER)
    sender = secret_of(home, url, Role.DATA_MANAGER)
    with psycopg.connect(url) as connection, served(url, environment) as (address, _):
        (reports,) = connection.execute("SELECT count(*) FROM report").fetchone() or (0,)
        connection.commit()
        desk, intake = Desk(address, token), Intake(address, sender, url)
        desk.open(FIGURE)
        every = list(addresses(desk))
        times: dict[str, list[float]] = {}
        with intake.arriving(given.rate):
            first = {each: round(_looked(desk, each), 1) for each in every}
            began = time.perf_counter()
            sent = len(intake.receipts)
            for _ in range(given.runs):
                for each in every:
                    times.setdefault(each, []).append(_looked(desk, each))
            arrived = (len(intake.receipts) - sent) / (time.perf_counter() - began)
            done = acts(desk, connection, given.acts)
        return {
            "reports": reports,
            "arrived_per_s": round(arrived),
            "first_ms": first,
            "p95_ms": {name: _p95(each) for name, each in times.items()},
            "receipt_p95_ms": _p95([each for each in intake.receipts if each]),
            "load": round(os.getloadavg()[0], 1),
        } | done


def _looked(desk: Desk, address: str) -> float:
    took, found = desk.open(address)
    assert found.status_code in (200, 303), (address, found.status_code)
    return took


def report_of(found: dict[str, Any]) -> str:
    """What was measured, in a few lines."""
    p95 = found["p95_ms"]
    slowest: Sequence[tuple[str, float]] = sorted(p95.items(), key=lambda each: -each[1])[:12]
    return "\n".join([
        f"{found['reports']:,} reports, {found['arrived_per_s']} reports/s arriving, "
        f"load {found['load']}; receipts {found['receipt_p95_ms']} ms (p95)",
        f"{sum(took <= BAR for took in p95.values())} of {len(p95)} addresses within "
        f"{BAR:.0f} ms (p95)",
        *(f"  {took:8.1f} ms  {name}" for name, took in slowest),
        f"{found['acts']} acts ({found['refused']} refused): {found['act_ms']} ms (p95); in a "
        f"figure after {found['seen_ms']} ms more (p95)",
    ])  # fmt: skip


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
    parser.add_argument("--copies", type=int, default=25)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--acts", type=int, default=20)
    parser.add_argument("--json", type=Path)
    return parser


if __name__ == "__main__":
    main(options().parse_args())
