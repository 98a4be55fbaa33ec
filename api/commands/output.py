"""Output of commands: a line for people, JSON for scripts, one line for a refusal."""

import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import orjson
import typer

from api.audit.sealed_work import UnknownMission
from api.checklists.publishing import PublishProblem
from api.database.binaries import DatabaseProblem
from api.database.locks import LockHeld
from api.database.roles import LoginTooPowerful
from api.imports.options import ImportQuestion, ReadOptions, TableProblem, accepted, mapping_of
from api.missions.mission_file import MissionFileProblem
from api.settings import SettingsProblem
from api.supervisor import ServeProblem
from mobile_forms.sheets import WorkbookProblems
from schemas.problems import Refusal

REFUSALS: tuple[type[Exception], ...] = (
    DatabaseProblem,
    LockHeld,
    MissionFileProblem,
    LoginTooPowerful,
    PublishProblem,
    Refusal,
    ServeProblem,
    SettingsProblem,
    TableProblem,
    UnknownMission,
    WorkbookProblems,
)
MissionName = Annotated[str, typer.Argument(metavar="MISSION", help="The mission's name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
Mapped = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="FIELD=COLUMN[+COLUMN…]", help="Which column a field is; repeat it."
    ),
]
Encoding = Annotated[
    str, typer.Option("--encoding", help="How the letters are encoded, such as cp1250.")
]
Sheet = Annotated[str, typer.Option("--sheet", help="The sheet, by its name or number.")]
HeaderRow = Annotated[
    int,
    typer.Option(
        "--header-row", min=0, metavar="N", help="The row of the headers, counted from 1."
    ),
]
IncludeRow = Annotated[
    list[int] | None,
    typer.Option(
        "--include-row", metavar="N", help="A row that looks like a total is data; repeat it."
    ),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="|".join(ImportQuestion),
        help="Go on although this was found; repeat it.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]


def with_reading(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose ``options`` are the options of every import, each a word of its own."""
    own, more = inspect.signature(command), inspect.signature(reading)

    @functools.wraps(command)
    def run(**given: Any) -> None:
        options = reading(**{name: given.pop(name) for name in more.parameters})
        command(**given, options=options)

    kept = [each for each in own.parameters.values() if each.name != "options"]
    keyword = [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for each in (*kept, *more.parameters.values())
    ]
    run.__annotations__ = {each.name: each.annotation for each in keyword}
    run.__dict__["__signature__"] = inspect.Signature(keyword)
    return run


def reading(
    mapped: Mapped = None,
    encoding: Encoding = "",
    sheet: Sheet = "",
    header_row: HeaderRow = 0,
    include_row: IncludeRow = None,
    accept: Accept = None,
) -> ReadOptions:
    """How a file is to be read. Somebody at a terminal can be asked, a script cannot.

    Raises TableProblem for what is no mapping, or nothing that can be accepted.
    """
    return ReadOptions(
        encoding,
        sheet,
        header_row,
        mapping_of(mapped or ()),
        accepted(accept or ()),
        frozenset(include_row or ()),
        attended=is_attended(),
    )


def is_attended() -> bool:
    """Whether somebody sits at a terminal, who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


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


ON_TERMINAL, IN_LOG = 0.2, 5.0
"""Seconds between two words."""


class Meter:
    """Says how far one piece of work is. What is quick says nothing."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._terminal = sys.stderr.isatty()
        self._every = ON_TERMINAL if self._terminal else IN_LOG
        self._last, self._spoke = monotonic(), False

    def __call__(self, done: int, whole: int) -> None:
        """So much of so much is read; at the end what was read is being written."""
        if done >= whole:
            self._say(f"{self._noun}: read; comparing and writing")
        elif monotonic() - self._last >= self._every:
            self._say(f"{self._noun}: {100 * done // whole}% of {whole / 1e6:.1f} MB read")

    def judged(self, done: int, whole: int) -> None:
        """So many of so many reports are judged again."""
        if monotonic() - self._last >= self._every:
            self._say(f"{self._noun}: {done:,} of {whole:,} reports judged again")

    def _say(self, words: str) -> None:
        if not self._spoke and monotonic() - self._last < self._every:
            return
        self._last, self._spoke = monotonic(), True
        print(
            f"\r\x1b[K{words}" if self._terminal else words,
            end="" if self._terminal else "\n",
            file=sys.stderr,
            flush=True,
        )

    def close(self) -> None:
        """Leave the line to whoever speaks next."""
        if self._spoke and self._terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


@contextmanager
def meter(noun: str) -> Iterator[Meter]:
    """A meter for one piece of work."""
    made = Meter(noun)
    try:
        yield made
    finally:
        made.close()
