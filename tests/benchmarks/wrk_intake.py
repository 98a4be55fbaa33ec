"""Intake under ``wrk`` (Debian's package): one report a request, 64 clients, leads watching.

    python -m tests.benchmarks.wrk_intake --home HOME --seconds 30

``HOME`` is one that :mod:`tests.benchmarks.multiplied` filled; reports go to its stations in turn.
Each is sent once; when all are used up the same ones come again, which ``repeated`` tells.
"""

import argparse
import json
import re
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from api.demonstration.mission import ROUND
from schemas.credential import Role
from tests.benchmarks.million import ANSWERS, REPORTS, SENT, WATCHED, Lead, served, watching
from tests.benchmarks.multiplied import opened, secret_of

CLIENTS = 64
REQUESTS = """
local bodies, thread_number = {}, 0
function setup(thread) thread:set("number", thread_number); thread_number = thread_number + 1 end
function init(arguments)
  for line in io.lines("%s") do bodies[#bodies + 1] = line end
  at = number * math.floor(#bodies / 2)
end
function request()
  at = at %% #bodies + 1
  return wrk.format("POST", "%s", {["Authorization"] = "Bearer %s",
    ["Content-Type"] = "application/json"}, bodies[at])
end
function done(summary, latency, requests)
  print("RESULT " .. summary.requests .. " " .. summary.duration .. " " .. summary.errors.status
    .. " " .. summary.errors.timeout .. " " .. latency:percentile(50) .. " "
    .. latency:percentile(99))
end
"""
RESULT = re.compile(r"RESULT (\d+) (\d+) (\d+) (\d+) (\S+) (\S+)")


def bodies(url: str, many: int) -> list[str]:
    """So many reports as JSON, each under an id of its own, to one station after another."""
    with psycopg.connect(url) as connection:
        answers = dict(connection.execute(ANSWERS).fetchall())
        stations = connection.execute(SENT).fetchall()
    made = []
    for number in range(many):
        station, observer = stations[number % len(stations)]
        checklist = ("voting", "counting")[number // len(stations) % 2]
        report = {
            "id": str(uuid4()),
            "checklist": checklist,
            "round": ROUND,
            "station": station,
            "observer": observer,
            "answers": answers[checklist],
        }
        made.append(json.dumps(report))
    return made


def run(address: str, token: str, lines: list[str], seconds: int) -> dict[str, Any]:
    """Fire for so many seconds; rate a second, latencies in milliseconds."""
    with tempfile.TemporaryDirectory() as passing:
        listed, script = Path(passing) / "bodies", Path(passing) / "requests.lua"
        listed.write_text("\n".join(lines), encoding="utf-8")
        script.write_text(REQUESTS % (listed, REPORTS, token), encoding="utf-8")
        command = ["wrk", "-t2", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "30s"]
        said = subprocess.run(
            [*command, "-s", str(script), address], capture_output=True, text=True, check=True
        ).stdout
    found = RESULT.search(said)
    if found is None:
        raise RuntimeError(said)
    requests, took, refused, late, half, most = (float(each) for each in found.groups())
    return {
        "rate": round(requests / took * 1e6, 1),
        "p50_ms": round(half / 1000, 1),
        "p99_ms": round(most / 1000, 1),
        "not_2xx": int(refused),
        "timeouts": int(late),
        "repeated": max(0, int(requests) - len(lines)),
    }


def main(given: argparse.Namespace) -> None:
    """Measure, and print it as JSON."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: apt-get install wrk")
    with ExitStack() as stack:
        url, environment = stack.enter_context(opened(given.home))
        session = secret_of(given.home, url, Role.LEAD)
        token = secret_of(given.home, url, Role.DATA_MANAGER)
        lines = bodies(url, given.reports)
        address, _ = stack.enter_context(served(url, environment))
        Lead(address, session).open(WATCHED[0])
        looked: dict[str, list[float]] = {}
        with watching([Lead(address, session) for _ in WATCHED], looked):
            found = run(address, token, lines, given.seconds)
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT count(*) FROM report").fetchone()
        found["reports"] = row[0] if row else 0
    print(json.dumps(found))


def options() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--reports", type=int, default=40_000)
    parser.add_argument("--seconds", type=int, default=30)
    return parser


if __name__ == "__main__":
    main(options().parse_args())
