"""How commands answer: a line for people, JSON for scripts, one line where they refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from api.database.binaries import DatabaseProblem
from api.database.locks import LockHeld
from api.database.roles import PowerfulLogin
from api.database.work import UnknownMission
from api.imports.written import TableProblem
from api.mission_file import MissionFileProblem
from api.publishing import PublishProblem
from api.settings import SettingsProblem
from api.supervisor import ServeProblem
from mobile_forms.sheets import WorkbookProblems
from schemas.problems import Refusal

REFUSALS: tuple[type[Exception], ...] = (
    DatabaseProblem, LockHeld, MissionFileProblem, PowerfulLogin, PublishProblem, Refusal,
    ServeProblem, SettingsProblem, TableProblem, UnknownMission, WorkbookProblems,
)  # fmt: skip
MissionName = Annotated[str, typer.Argument(metavar="MISSION", help="The mission's name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]


def answer(values: dict[str, Any], *, as_json: bool, line: str) -> None:
    """Print an answer."""
    print(orjson.dumps(values).decode() if as_json else line)


@contextmanager
def about(file: Path) -> Iterator[None]:
    """What is refused inside is said of this file."""
    try:
        yield
    except (MissionFileProblem, PublishProblem, TableProblem, WorkbookProblems) as problem:
        raise Refusal(f"{file}: {problem}") from problem


def read_bytes(file: Path) -> bytes:
    """A file's bytes. Raises :class:`Refusal` where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror}.") from error
