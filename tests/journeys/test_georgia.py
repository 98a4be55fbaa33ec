"""A real frame and real results: the example of docs/missions/georgia.md, walked as it is written.

The frame of 2020 is imported, a thousand stations drawn, their official protocols sent as
reports over a socket; the quick count must then hold the official share.
"""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from api.settings import Settings
from tests.api.conftest import listening
from tests.command_line import CommandLine
from tests.conftest import Database

DOCS = Path(__file__).parents[2] / "docs" / "missions"
OFFICIAL = 0.482232
OTHERS = {"unm": 0.271840, "european_georgia": 0.037927, "lelo": 0.031549}
OUTBOX = 250
PATH = "/api/v1/missions/georgia-2020"


@pytest.fixture
def indelible(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command ``indelible`` in this test's installation."""
    return CommandLine(settings, monkeypatch, capsys)


@pytest.fixture
def files(field_data: Path, tmp_path: Path) -> Path:
    """The folder that a reader of the example works in."""
    folder = tmp_path / "georgia"
    folder.mkdir()
    for name in ("polling_stations.csv", "official_results.csv"):
        shutil.copyfile(field_data / "georgia-2020" / name, folder / name)
    return folder


def protocols() -> str:
    """The script in the document."""
    text = (DOCS / "georgia.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return str(script)


def prepare(indelible: CommandLine, files: Path) -> dict[str, str]:
    """Follow the document up to the reports; the mission's tokens."""
    tokens: dict[str, str] = indelible.done("mission", "create", DOCS / "georgia-2020.toml")[
        "tokens"
    ]
    stations = indelible.done("stations", "import", "georgia-2020", files / "polling_stations.csv")
    assert (stations["added"], stations["refused"]) == (3847, [])
    drawn = indelible(
        "sample",
        "draw",
        "georgia-2020",
        "--size",
        1000,
        "--stratify-by",
        "district_code",
        "--seed",
        42,
        "--json",
    )
    (files / "sample.json").write_text(drawn.out, encoding="utf-8")
    assert (drawn.json["size"], drawn.json["strata"]) == (1000, 74)
    subprocess.run([sys.executable, "-c", protocols()], cwd=files, check=True, timeout=60)
    for noun in ("observers", "deployments"):
        made = indelible.done(noun, "import", "georgia-2020", files / f"{noun}.csv")
        assert (made["added"], made["refused"]) == (1000, [])
    return tokens


def post(client: httpx.Client, lines: list[bytes]) -> list[dict[str, Any]]:
    """Send one outbox."""
    headers = {"Content-Type": "application/x-ndjson"}
    answer = client.post(f"{PATH}/reports", content=b"\n".join(lines), headers=headers)
    assert answer.status_code in (200, 201, 207), answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_thousand_official_protocols_give_the_official_share_within_half_a_point(
    indelible: CommandLine, files: Path, settings: Settings, database: Database
) -> None:
    tokens = prepare(indelible, files)
    outbox = (files / "outbox.ndjson").read_bytes().splitlines()
    worker = replace(settings, database_url=database.app_url)
    with listening(worker) as (address,), httpx.Client(base_url=address, timeout=60) as client:
        client.headers["Authorization"] = f"Bearer {tokens['import']}"
        sent = [
            item
            for start in range(0, len(outbox), OUTBOX)
            for item in post(client, outbox[start : start + OUTBOX])
        ]
        assert {item["status"] for item in sent} == {201}
        again = post(client, outbox[:OUTBOX])
        assert [item["status"] for item in again] == [200] * OUTBOX
        assert [item["receipt"] for item in again] == [item["receipt"] for item in sent[:OUTBOX]]
        client.headers["Authorization"] = f"Bearer {tokens['lead']}"
        count = client.get(f"{PATH}/quick-counts/proportional").json()
    check(count)
    assert_no_protocol_that_does_not_add_up_is_lost(database, outbox)


def check(count: dict[str, Any]) -> None:
    """The margin is that of stations drawn within districts, and the official share inside."""
    assert (count["denominator"], count["planned"], count["may_speak"]) == ("valid", 1000, True)
    assert count["received"] + count["set_aside"] == 1000
    leading = count["shares"][0]
    number = leading["number"]
    assert (leading["contestant"], number["type"]) == ("georgian_dream", "estimate")
    assert 0.0040 < (number["high"] - number["low"]) / 2 < 0.0052
    assert number["low"] < OFFICIAL < number["high"]
    inside = [
        each["number"]["low"] < OTHERS[each["contestant"]] < each["number"]["high"]
        for each in count["shares"]
        if each["contestant"] in OTHERS
    ]
    assert sum(inside) >= 2


def assert_no_protocol_that_does_not_add_up_is_lost(
    database: Database, outbox: list[bytes]
) -> None:
    """More signatures than voters (C6), more or fewer ballots than signatures (C3)."""
    figures = [json.loads(line)["answers"] for line in outbox]
    wrong = [
        f for f in figures if f["signatures"] > f["registered"] or f["in_box"] != f["signatures"]
    ]
    with psycopg.connect(database.admin_url) as connection:
        kept = dict(connection.execute("SELECT status, count(*) FROM report GROUP BY 1").fetchall())
    assert kept == {"flagged": len(wrong), "received": 1000 - len(wrong)}
    assert wrong
