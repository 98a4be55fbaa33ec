"""The command line in this process: what a person types, and what comes back."""

import sys
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from api.commands import main
from api.settings import Settings


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its answer, where it was asked for as JSON."""
        return orjson.loads(self.out)


class CommandLine:
    """Types commands in one installation."""

    def __init__(
        self, settings: Settings, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]
    ) -> None:
        self._patch, self._capture = patch, capture
        patch.setenv("INDELIBLE_HOME", str(settings.home))
        patch.setenv("INDELIBLE_SECRET", settings.secret)
        patch.setenv("DATABASE_URL", str(settings.database_url))

    def __call__(self, *words: object) -> Said:
        """Run one command to its end."""
        self._patch.setattr(sys, "argv", ["indelible", *map(str, words)])
        self._capture.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        printed = self._capture.readouterr()
        return Said(code, printed.out, printed.err)

    def done(self, *words: object) -> Any:
        """Run a command that must succeed; its JSON."""
        said = self(*words, "--json")
        assert said.code == 0, said.err
        return said.json
