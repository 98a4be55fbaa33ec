"""``checklist lint``, ``adopt``, ``publish`` and ``export``."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from api.audit.sealed_work import office
from api.checklists.form_files import Files, files_of
from api.checklists.publishing import NONE, find_version, publish_checklist, workbook_of
from api.commands.output import AsJson, MissionName, about, answer, meter, read_bytes
from api.intake.rejudging import rejudge_checklist
from api.settings import Settings
from mobile_forms.adoption import adopt as adopt_workbook
from mobile_forms.media import FileProblem, missing, read_file, unnamed
from mobile_forms.sheets import Problem, WorkbookProblems, read_sheets
from mobile_forms.workbook import compile_workbook
from schemas.problems import Refusal

File = Annotated[Path, typer.Argument(metavar="FILE.xlsx")]


Out = Annotated[Path, typer.Argument(metavar="OUT.xlsx")]
Media = Annotated[
    Path | None,
    typer.Option(
        "--media", metavar="DIR", help="A folder with the pictures and lists that the form names."
    ),
]


def lint(file: File, media: Media = None, as_json: AsJson = False) -> None:
    """Read a checklist as the server does and say what must be mended."""
    _judged(read_bytes(file), file, {}, [], as_json=as_json, files=_files(media))


def adopt(
    file: File,
    out: Out,
    language: Annotated[str, typer.Option(help="Of texts whose column names none.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Write an XLSForm of others in our way, and say what was changed and what is to mend."""
    try:
        adopted = adopt_workbook(read_bytes(file), file.stem, language)
    except WorkbookProblems as found:
        raise Refusal(f"{file}: {found}") from None
    _write(out, adopted.workbook)
    changes = {"changes": [asdict(each) for each in adopted.changes]}
    lines = [f"changed: {each}" for each in adopted.changes]
    _judged(adopted.workbook, out, changes, lines, as_json=as_json)


def _judged(
    workbook: bytes,
    file: Path,
    values: dict[str, Any],
    lines: list[str],
    *,
    as_json: bool,
    files: Files = NONE,
) -> None:
    problems: list[Problem] = []
    doubts: list[Problem] = []
    try:
        compiled = compile_workbook(workbook)
        doubts = [*compiled.doubts, *unnamed(compiled.named, files)]
        problems = missing(compiled.named, files)
    except WorkbookProblems as found:
        problems = found.problems
    values = values | {
        "problems": [asdict(each) for each in problems],
        "doubts": [asdict(each) for each in doubts],
    }
    told = [*map(str, problems), *(f"look at {each}" for each in doubts)]
    line = "\n".join([*lines, *(told or ["No problem found."])])
    answer(values, as_json=as_json, line=line)
    if problems:
        raise Refusal(f"{len(problems)} to mend in {file}.")


def _write(out: Path, workbook: bytes) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(workbook)
    except OSError as error:
        raise Refusal(f"{out}: {error.strerror}.") from error


def _files(media: Path | None) -> Files:
    """The files of a folder, looked at. Raises :class:`Refusal` at the first that is none."""
    if media is None:
        return NONE
    if not media.is_dir():
        raise Refusal(f"{media}: it is no folder.")
    found = [each for each in sorted(media.iterdir()) if each.is_file()]
    try:
        return {each.name: read_file(each.name, read_bytes(each)) for each in found}
    except FileProblem as problem:
        raise Refusal(f"{media}: {problem}") from None


def publish(mission: MissionName, file: File, media: Media = None, as_json: AsJson = False) -> None:
    """Publish a checklist in a mission: a new version, or new rules beneath one. New rules judge
    the reports that came before; how far that is stands on standard error."""
    workbook, files = read_bytes(file), _files(media)
    with about(file), office(Settings.from_environment()) as at:
        mission_id = at.mission(mission)
        with at.work(mission_id) as work:
            made = publish_checklist(work, workbook, files=files)
        with meter(f"{made.name}, rules {made.revision}") as tell:
            again = rejudge_checklist(
                at.database.app_url, mission_id, made.name, made.version, tell.judged
            )
    values = {
        "checklist": made.name,
        "version": made.version,
        "revision": made.revision,
        "new": made.is_new,
        "judged_again": again,
    }
    word = "published" if made.is_new else "stands already"
    line = f"{made.name}, version {made.version}, rules {made.revision}: {word}."
    answer(
        values, as_json=as_json, line=f"{line} {again:,} reports judged again." if again else line
    )


def export(
    mission: MissionName,
    name: Annotated[str, typer.Argument(metavar="CHECKLIST")],
    out: Out,
    version: Annotated[str | None, typer.Option(help="Another version than the newest.")] = None,
    media: Annotated[
        Path | None,
        typer.Option(
            "--media", metavar="DIR", help="Where to write the form's pictures and lists."
        ),
    ] = None,
) -> None:
    """Write a checklist's spreadsheet as its author wrote it, and the files that it names."""
    with office(Settings.from_environment()) as at, at.reading(at.mission(mission)) as session:
        workbook = workbook_of(session, name, version)
        files = _files_beside(session, name, workbook) if media else {}
    _write(out, workbook)
    print(f"{out}: {len(workbook)} bytes.")
    for file, content in files.items():
        _write(Path(media or ".") / file, content)


def _files_beside(session: Session, name: str, workbook: bytes) -> dict[str, bytes]:
    """What is kept with the version that a workbook says it is."""
    (settings, *_) = read_sheets(workbook)["settings"].rows
    standing, _ = find_version(session, name, settings["version"])
    return {file: each.content for file, each in files_of(session, standing.id).items()}
