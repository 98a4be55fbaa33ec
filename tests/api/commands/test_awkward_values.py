"""What an earlier version kept stops no command: export, drafting, the handover, taking it over."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.awkward import NUMBERS, TEXTS
from tests.api.commands.worked import KEY, Save, report
from tests.command_line import CommandLine

Rows = Callable[..., list[Any]]
DEEP = "[" * 28 + "]" * 28


@pytest.fixture
def planted(indelible: CommandLine, worked: str, saved: Save, rows: Rows) -> str:
    """A mission whose reports hold every awkward number and text, and count."""
    outbox = "\n".join(report() for _ in range(4))
    indelible.done("reports", "import", worked, saved("more.ndjson", outbox))
    numbers = ",".join(f'"n{at}":{each}' for at, each in enumerate(NUMBERS))
    texts = ",".join(f'"t{at}":{json.dumps(each)}' for at, each in enumerate(TEXTS))
    whole = f'{{{numbers},{texts},"deep":{DEEP},"observed":{DEEP},"position":[1e400]}}'
    rows(
        "UPDATE report_version SET answers = answers || %s::jsonb, envelope = %s::jsonb",
        whole,
        whole,
    )
    rows(
        "UPDATE judgement SET flags = %s::jsonb", f'[{{"name":"x","inputs":{whole},"formula":""}}]'
    )
    return worked


def test_reports_are_exported_whatever_they_hold(
    indelible: CommandLine, planted: str, saved: Save, tmp_path: Path
) -> None:
    awkward = json.loads(report()) | {"answers": {"comment": "\x0b\ufffe\u202e"}}
    body = json.dumps(awkward)[:-1] + ', "more": [1e999, 1e300, ' + "9" * 5000 + "]}\r\n"
    (item,) = indelible.done("reports", "import", planted, saved("one.ndjson", body))["items"]
    assert item["status"] == 202
    out = tmp_path / "out.ndjson"
    assert indelible("reports", "export", planted, out).code == 0
    lines = out.read_bytes().splitlines()
    assert lines[-1] == body.strip().encode()
    assert len(lines) == 6


def test_a_statement_is_drafted_whatever_reports_hold(indelible: CommandLine, planted: str) -> None:
    said = indelible("statement", "draft", planted, "--json")
    assert said.code == 0, said.err


def test_a_mission_is_handed_over_whatever_its_reports_hold(
    indelible: CommandLine, planted: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    indelible.done("mission", "close", planted, "--to", out, "--key", KEY, "--confirm", planted)
    versions = (out / "report_versions.ndjson").read_bytes().splitlines()
    kept = [json.loads(each)["answers"] for each in versions]
    assert len(kept) == 5
    assert {each["n9"] for each in kept} == {1e300}
    assert {each["n18"] for each in kept} == {"1" + "0" * 400}
