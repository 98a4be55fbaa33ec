"""A mission that was just filled over HTTP, then looked at: nothing in the database has statistics.

Run: python -m tests.benchmarks.outboxes [--stations 2000] [--reports 20000] [--outboxes 500].
The reports of a day arrive as outboxes of phones; then a lead opens every address.
"""

import argparse
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson

from api.audit.sealed_work import CommandContext
from api.commands.demo import make_or_find
from api.database.blocking import work_engine
from api.database.embedded import Embedded
from api.database.opening import OpenDatabase, migrate
from api.database.roles import app_url
from api.demonstration.rehearsal import the_day
from api.settings import Settings
from schemas.credential import Role
from tests.benchmarks.addresses import addresses
from tests.benchmarks.million import CONTROL_ROOM, REPORTS, Lead, served
from tests.benchmarks.multiplied import SECRET, secret_of

CLIENTS = 8
LONGEST_PAGE = 10.0
"""Seconds that the first page may take."""


def day_of(home: Path, url: str, stations: int, reports: int) -> list[bytes]:
    """The mission is made; its day's reports and those of further visits, as lines of JSON."""
    login = app_url(url, SECRET)
    with work_engine(login) as engine:
        office = CommandContext(
            Settings(home=home, secret=SECRET), OpenDatabase(url, login), engine
        )
        mission_id = make_or_find(office, stations, 0)
        with office.reading(mission_id) as session:
            made: list[dict[str, Any]] = []
            while len(made) < reports:
                made += the_day(session, reports - len(made), again=len(made))
            return [orjson.dumps(each) for each in made]


def send(address: str, sender: str, lines: list[bytes], outboxes: int) -> float:
    """The lines as so many outboxes; the seconds that it took."""
    headers = {"Authorization": f"Bearer {sender}", "Content-Type": "application/x-ndjson"}
    parts = [b"\n".join(lines[at::outboxes]) for at in range(outboxes)]
    with httpx.Client(base_url=address, headers=headers, timeout=120) as client:
        began = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as phones:
            for said in phones.map(lambda part: client.post(REPORTS, content=part), parts):
                said.raise_for_status()
        return time.perf_counter() - began


def main(given: argparse.Namespace) -> None:
    """Fill and look."""
    with tempfile.TemporaryDirectory(prefix="indelible-bench-") as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o711)
        with Embedded(home).running() as url:
            migrate(url, SECRET)
            lines = day_of(home, url, given.stations, given.reports)
            environment = os.environ | {"INDELIBLE_SECRET": SECRET, "INDELIBLE_HOME": str(home)}
            lead, sender = (secret_of(home, url, each) for each in (Role.LEAD, Role.DATA_MANAGER))
            with served(url, environment) as (address, _):
                took = send(address, sender, lines, given.outboxes)
                print(f"{len(lines):,} reports in {given.outboxes} outboxes: {took:.1f} s")
                look(address, lead, url)


def look(address: str, session: str, url: str) -> None:
    """Open the control room, draft a statement, then open everything."""
    lead = Lead(address, session)
    first, page = lead.open(CONTROL_ROOM)
    print(f"first page: {first / 1000:.2f} s (status {page.status_code})")
    assert first / 1000 <= LONGEST_PAGE
    took = lead.draft()
    print(f"a statement drafted: {took / 1000:.2f} s")
    times = {each: lead.open(each)[0] for each in addresses(url)}
    slowest = max(times, key=lambda each: times[each])
    print(f"slowest of {len(times)} addresses: {times[slowest] / 1000:.2f} s, {slowest}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--stations", type=int, default=2000)
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--outboxes", type=int, default=500)
    print(datetime.now(UTC).isoformat(timespec="seconds"))
    main(parser.parse_args())
