"""``checklist lint``, ``publish`` and ``export``."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.commands.answering import AsJson, MissionName, about, answer, read_bytes
from api.database.work import office
from api.publishing import publish_checklist, workbook_of
from api.settings import Settings
from mobile_forms.sheets import Problem, WorkbookProblems
from mobile_forms.workbook import compile_workbook
from schemas.problems import Refusal

File = Annotated[Path, typer.Argument(metavar="FILE.xlsx")]


def lint(file: File, as_json: AsJson = False) -> None:
    """Read a checklist as the server does and say what must be mended."""
    problems: list[Problem] = []
    doubts: tuple[Problem, ...] = ()
    try:
        doubts = compile_workbook(read_bytes(file)).doubts
    except WorkbookProblems as found:
        problems = found.problems
    values = {"problems": [asdict(each) for each in problems],
              "doubts": [asdict(each) for each in doubts]}  # fmt: skip
    lines = [*map(str, problems), *(f"look at {each}" for each in doubts)]
    answer(values, as_json=as_json, line="\n".join(lines) or "No problem found.")
    if problems:
        raise Refusal(f"{len(problems)} to mend in {file}.")


def publish(mission: MissionName, file: File, as_json: AsJson = False) -> None:
    """Publish a checklist in a mission: a new version, or new rules beneath one."""
    workbook = read_bytes(file)
    with (
        about(file), office(Settings.from_environment()) as at,
        at.work(at.mission(mission)) as work,
    ):  # fmt: skip
        made = publish_checklist(work.session, work.mission_id, workbook, sequence=work.sequence)
    values = {"checklist": made.name, "version": made.version, "revision": made.revision,
              "new": made.is_new}  # fmt: skip
    word = "published" if made.is_new else "stands already"
    line = f"{made.name}, version {made.version}, rules {made.revision}: {word}."
    answer(values, as_json=as_json, line=line)


def export(
    mission: MissionName,
    name: Annotated[str, typer.Argument(metavar="CHECKLIST")],
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx")],
    version: Annotated[str | None, typer.Option(help="Another version than the newest.")] = None,
) -> None:
    """Write a checklist's spreadsheet as its author wrote it."""
    with office(Settings.from_environment()) as at, at.reading(at.mission(mission)) as session:
        workbook = workbook_of(session, name, version)
    try:
        out.write_bytes(workbook)
    except OSError as error:
        raise Refusal(f"{out}: {error.strerror}.") from error
    print(f"{out}: {len(workbook)} bytes.")
