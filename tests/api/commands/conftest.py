"""A command line, and files for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.commands import missions
from api.settings import Settings
from tests.api.commands.worked import NAME, VASTRIA, Save, report
from tests.command_line import CommandLine
from tests.conftest import Database


@pytest.fixture
def indelible(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command ``indelible`` in this test's installation."""
    return CommandLine(settings, monkeypatch, capsys)


@pytest.fixture
def vastria(indelible: CommandLine) -> str:
    """The example mission of the documentation, founded; its name."""
    name: str = indelible.done("mission", "create", VASTRIA)["mission"]
    return name


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Saves a file and gives its path."""

    def save(name: str, content: str | bytes) -> Path:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return save


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other process is running that would have to hear of it."""
    monkeypatch.setattr(missions, "SETTLING_SECONDS", 0)


@pytest.fixture
def rows(database: Database) -> Callable[..., list[Any]]:
    """Reads or writes as superuser."""

    def run(query: str, *values: object) -> list[Any]:
        with psycopg.connect(database.admin_url, autocommit=True) as connection:
            found = connection.execute(query, values)
            return found.fetchall() if found.description else []

    return run


@pytest.fixture
def worked(indelible: CommandLine, vastria: str, saved: Save) -> str:
    """The example mission with a station, a report, a name and a recommendation."""
    stations = "code,name,region,registered_voters\n001,School,North,900\n002,Hall,North,300\n"
    indelible.done("stations", "import", vastria, saved("stations.csv", stations))
    indelible.done("reports", "import", vastria, saved("outbox.ndjson", report()))
    names = f"pseudonym,name\nW-1,{NAME}\n"
    indelible.done("identities", "import", vastria, saved("names.csv", names))
    return vastria
