"""``mission close`` asks for the name, ``mission reopen`` takes it back within a day."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.columns import now
from tests.api.commands.worked import KEY, Save, report
from tests.command_line import CommandLine


def test_without_the_name_nothing_is_closed_and_what_is_open_is_said(
    indelible: CommandLine,
    worked: str,
    saved: Save,
    tmp_path: Path,
    rows: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = saved("held.ndjson", report(station="nowhere"))
    indelible.done("reports", "import", worked, held)
    close = ("mission", "close", worked, "--to", tmp_path / "out", "--key", KEY)
    for typed, says in ((None, "Nothing was typed"), (f"{worked} ", "is not its name")):
        monkeypatch.setattr("sys.stdin", io.StringIO("" if typed is None else f"{typed}\n"))
        said = indelible(*close)
        assert said.code == 1
        assert says in said.err
        assert f"1  Reports held for review: /missions/{worked}/reports?status=held" in said.err
        assert f"--confirm {worked}" in said.err
    assert indelible(*close, "--confirm", worked.upper()).code == 1
    assert rows("SELECT state FROM mission") == [("active",)]
    assert not (tmp_path / "out").exists()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{worked}\n"))
    assert indelible(*close).code == 0
    assert rows("SELECT state FROM mission") == [("closed",)]


def test_a_closing_can_be_undone_and_what_came_meanwhile_counts(
    indelible: CommandLine, worked: str, saved: Save, tmp_path: Path, rows: Callable[..., list[Any]]
) -> None:
    rows(
        "UPDATE credential SET revoked_at = '2027-01-01' WHERE token_hash = "
        "(SELECT token_hash FROM credential LIMIT 1) RETURNING 1"
    )
    alive = "SELECT token_hash FROM credential WHERE revoked_at IS NULL ORDER BY 1"
    before = rows(alive)
    rows("UPDATE mission SET state = 'exploratory' RETURNING 1")
    assert indelible("mission", "reopen", worked).code == 1
    indelible.done(
        "mission", "close", worked, "--confirm", worked, "--to", tmp_path / "out", "--key", KEY
    )
    assert rows(alive) == []
    outbox = saved("late.ndjson", report() + "\n" + report(station="nowhere"))
    indelible.done("reports", "import", worked, outbox)
    said = indelible.done("mission", "reopen", worked)
    assert (said["state"], said["credentials_restored"]) == ("exploratory", len(before))
    assert (said["reports_released"], said["reports_held"]) == (1, 1)
    assert rows(alive) == before
    late = rows(
        "SELECT status, jsonb_path_query_array(reasons, '$[*].code') FROM report"
        " ORDER BY sequence OFFSET 1"
    )
    assert late == [("flagged", []), ("held", ["unknown"])]
    assert rows(
        "SELECT act FROM audit_entry WHERE starts_with(act, 'mission.')"
        " AND act <> 'mission.found' ORDER BY sequence"
    ) == [("mission.close",), ("mission.hand_over",), ("mission.reopen",)]
    assert indelible.done("stations", "import", worked, saved("more.csv", "code\n009\n"))


def test_a_mission_that_was_closed_and_reopened_is_sound(
    indelible: CommandLine, worked: str, tmp_path: Path, rows: Callable[..., list[Any]]
) -> None:
    indelible.done(
        "mission", "close", worked, "--confirm", worked, "--to", tmp_path / "out", "--key", KEY
    )
    indelible.done("mission", "reopen", worked)
    assert rows("SELECT state, closed_at FROM mission") == [("active", None)]
    said = indelible("doctor")
    assert said.code == 0, said.out


def test_after_a_day_a_mission_stays_closed(
    indelible: CommandLine,
    worked: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: Callable[..., list[Any]],
) -> None:
    indelible.done(
        "mission", "close", worked, "--confirm", worked, "--to", tmp_path / "out", "--key", KEY
    )
    monkeypatch.setattr("api.closing.freezing.now", lambda: now() + timedelta(hours=24))
    said = indelible("mission", "reopen", worked)
    assert said.code == 1
    assert "more than 24 hours ago" in said.err
    assert rows("SELECT state FROM mission") == [("closed",)]
