"""A command line, and files for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.settings import Settings
from tests.command_line import CommandLine

VASTRIA = Path(__file__).parents[3] / "docs" / "missions" / "vastria.toml"


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
