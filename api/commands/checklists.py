"""``checklist lint`` and ``checklist publish``."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.answering import AsJson, MissionName, about, answer, read_bytes
from api.database.work import office
from api.publishing import publish_checklist
from api.settings import Settings
from mobile_forms.workbook import read_problems
from schemas.problems import Refusal

File = Annotated[Path, typer.Argument(metavar="FILE.xlsx")]


def lint(file: File, as_json: AsJson = False) -> None:
    """Read a checklist as the server does and say what must be mended."""
    problems = read_problems(read_bytes(file))
    values = {"problems": [
        {"sheet": each.sheet, "row": each.row, "column": each.column, "message": each.message,
         "remedy": each.remedy} for each in problems
    ]}  # fmt: skip
    answer(values, as_json=as_json, line="\n".join(map(str, problems)) or "No problem found.")
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
