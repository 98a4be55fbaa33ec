"""``reports import`` and ``reports export``: outboxes and tables as files."""

import asyncio
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import typer
from sqlmodel import Session, col, select

from api.audit.sealed_work import CommandContext, office
from api.checklists.publishing import newest_definition
from api.commands.imports import bring_in
from api.commands.output import (
    AsJson,
    DryRun,
    MissionName,
    about,
    answer,
    read_bytes,
    with_reading,
)
from api.database.private_files import open_private
from api.figures.report_export import Export, Format
from api.imports.options import ReadOptions
from api.imports.preview import look
from api.imports.reports import ENVELOPE, SHAPE, ReportTable
from api.imports.results import SHAPE as RESULTS
from api.imports.results import import_results as bring_results
from api.imports.run import Importer
from api.imports.table import UnreadRow, read_table
from api.intake.accept import Answer, Arrival
from api.intake.from_files import arrivals_of, importing, principal_of
from api.intake.parse import REPORT_BYTES
from api.intake.sealed_outbox import is_sealed, open_outbox
from api.problems import TOO_LARGE, Problem
from api.settings import Settings
from schemas.mission import Mission
from schemas.problems import Refusal
from schemas.report import Report, Submission
from schemas.results import ResultSource

REPORTS_PER_BATCH = 200
PROBLEMS_PRINTED = 20

Line = tuple[int, bytes]
Answered = tuple[int, Answer]
"""A line's number in the file, with what stands there or was said of it."""


@with_reading
def import_reports(
    mission: MissionName,
    file: Annotated[Path, typer.Argument(metavar="FILE.ndjson|FILE.csv")],
    options: ReadOptions,
    checklist: Annotated[
        str, typer.Option(help="The file is a table, a row a report on this checklist.")
    ] = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take in an outbox saved to a file, sealed or one report a line, or a table with --checklist:
    the road of every other report. The same file twice changes nothing."""
    with about(file), office(Settings.from_environment()) as at:
        lines, unread, left_out = _lines(at, mission, file, checklist, options)
        answered = asyncio.run(_take_in(at, mission, lines, dry_run=dry_run))
    items = [{"line": number, **said.as_sent()} for number, said in answered]
    would = "Dry run, nothing is written. " if dry_run else ""
    left = f"\n  not read: {', '.join(unread)}" if unread else ""
    left += "".join(f"\n  left out: {each}" for each in left_out)
    said = [{"row": each.line, "why": each.why, "text": each.text} for each in left_out]
    answer(
        {"items": items, "unread": unread, "left_out": said},
        as_json=as_json,
        line=f"{would}{_summary(answered)}{left}",
    )
    lost = [each for each in answered if each[1].status >= 400]
    if lost:
        raise Refusal(f"{file}: {len(lost)} of {len(lines)} are not kept. First {_said(lost[0])}")


def _lines(
    at: CommandContext, mission: str, file: Path, checklist: str, options: ReadOptions
) -> tuple[list[Line], list[str], list[UnreadRow]]:
    """What the file holds, line by line; of a table, the columns that are not read and the rows
    that are no data."""
    if checklist:
        with at.reading(at.mission(mission)) as session:
            definition = newest_definition(session, checklist)
            zone = ZoneInfo(session.exec(select(Mission.zone)).one())
            known = {each.name for each in definition.questions} | set(ENVELOPE)
            headers = read_table(file, options=replace(options, mapping={})).headers
            fields, columns = _mapping(options.mapping, headers, known)
            table = read_table(file, options=replace(options, mapping=fields))
            looked = look(session, table, SHAPE, options)
        reports = ReportTable.of(looked.table, definition, columns, zone)
        return list(reports.reports()), list(reports.unread), list(looked.left_out)
    if options.mapping:
        raise Refusal("say with --checklist what the table's rows are.", "--map")
    raw = read_bytes(file)
    if is_sealed(raw):
        return _sealed_lines(at, mission, raw)
    written = raw.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [(number, line) for number, line in enumerate(written, 1) if line.strip()], [], []


def _sealed_lines(
    at: CommandContext, mission: str, raw: bytes
) -> tuple[list[Line], list[str], list[UnreadRow]]:
    """The reports of a sealed outbox. Its photos are named as not read: the desk's page takes
    them."""
    try:
        sealed = open_outbox(raw, at.settings.secret, at.mission(mission), mission)
    except Problem as problem:
        raise Refusal(problem.detail or problem.kind.title) from None
    return list(enumerate(sealed.reports, 1)), [name for name, _ in sealed.photos], []


def _mapping(
    said: Mapping[str, tuple[str, ...]], headers: Collection[str], known: Collection[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """What is mapped as FIELD=COLUMN, and as COLUMN=QUESTION, which was the way round before."""
    fields = {
        name: columns
        for name, columns in said.items()
        if name in known and all(each in headers for each in columns)
    }
    columns = {name: "+".join(parts) for name, parts in said.items() if name not in fields}
    return fields, columns


async def _take_in(
    at: CommandContext, mission: str, lines: list[Line], *, dry_run: bool
) -> list[Answered]:
    who = principal_of(at, mission)
    answered: list[Answered] = []
    async with importing(at) as intake:
        for start in range(0, len(lines), REPORTS_PER_BATCH):
            batch = lines[start : start + REPORTS_PER_BATCH]
            arrivals = [arrival for _, line in batch for arrival in _arrivals(line)]
            if dry_run:
                answers = [await intake.check(who, each) for each in arrivals]
            else:
                answers = await intake.accept_reports(who, arrivals)
            answered += [(number, said) for (number, _), said in zip(batch, answers, strict=True)]
    return answered


def _arrivals(line: bytes) -> list[Arrival | Problem]:
    """The report that a line holds, or its problem: always one."""
    if len(line) > REPORT_BYTES:
        return [Problem(TOO_LARGE, f"A report has at most {REPORT_BYTES} bytes.", "body")]
    return arrivals_of([line.rstrip(b"\r")])


def _summary(answered: list[Answered]) -> str:
    counts = Counter(said.status for _, said in answered)
    words = {201: "kept", 200: "kept before", 202: "held", 409: "contested"}
    lines = [
        "Reports: "
        + (
            ", ".join(
                f"{count} {words.get(status, f'refused ({status})')}"
                for status, count in sorted(counts.items())
            )
            or "none"
        )
    ]
    noted = [each for each in answered if each[1].status not in (200, 201)]
    lines += [f"  {_said(each)}" for each in noted[:PROBLEMS_PRINTED]]
    if len(noted) > PROBLEMS_PRINTED:
        lines.append(f"  and {len(noted) - PROBLEMS_PRINTED} more")
    return "\n".join(lines)


def _said(answered: Answered) -> str:
    """What was said of one line: which field is to blame, and why."""
    number, said = answered
    if said.problem is not None:
        blamed = f", field {said.problem.field}" if said.problem.field else ""
        return f"line {number}{blamed}: {said.problem.detail or said.problem.kind.title}"
    reasons = "; ".join(f"field {each['field']}: {each['message']}" for each in said.reasons)
    return f"line {number}, held, {reasons}"


def export(
    mission: MissionName,
    out: Annotated[Path | None, typer.Argument(metavar="[OUT]")] = None,
    checklist: Annotated[
        str, typer.Option(help="Its reports as a table: OUT is FILE.csv or FILE.xlsx.")
    ] = "",
    labels: Annotated[bool, typer.Option("--labels", help="Options by their labels.")] = False,
    language: Annotated[str, typer.Option(help="The language of the labels.")] = "en",
) -> None:
    """Write every report's bytes as they came, one a line, in the order they came; with
    --checklist the reports of one checklist as a table, a row a report.

    What came as XML is written as one JSON string.
    """
    with office(Settings.from_environment()) as at:
        mission_id = at.mission(mission)
        if not checklist:
            with at.reading(mission_id) as session, _target(out) as target:
                _write_lines(session, target)
            return
        form = _form_of(out)
        with at.work(mission_id, though_closed=True) as work:
            work.log("reports.export", checklist, note=form)
        with at.reading(mission_id) as session:
            table = _prepared(session, mission_id, checklist, language if labels else None)
            with _target(out) as target:
                table.write(session, form, target)


def _write_lines(session: Session, target: BinaryIO) -> None:
    rows = session.exec(
        select(Submission.raw, Submission.media_type)
        .where(~col(Submission.contested))
        .order_by(col(Submission.sequence))
        .execution_options(yield_per=500)
    )
    for raw, media_type in rows:
        target.write(_one_line(raw, media_type) + b"\n")


def _form_of(out: Path | None) -> Format:
    """The form of a table by its file's name; what is printed is CSV."""
    forms: dict[str, Format] = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
    suffix = ".csv" if out is None else out.suffix.lower()
    if suffix not in forms:
        raise Refusal(f"{out}: a table is written to FILE.csv, FILE.xlsx or FILE.parquet.")
    return forms[suffix]


def _prepared(session: Session, mission_id: UUID, checklist: str, language: str | None) -> Export:
    every = select(Report).where(Report.mission_id == mission_id)
    try:
        return Export.prepare(session, every, checklist, language)
    except Problem as problem:
        raise Refusal(problem.detail, "--checklist") from None


def _one_line(raw: bytes, media_type: str) -> bytes:
    """Line ends in JSON stand between its tokens only, so a space says the same."""
    if "json" not in media_type:
        return orjson.dumps(raw.decode("utf-8", "replace"))
    return raw.replace(b"\r", b" ").replace(b"\n", b" ")


@contextmanager
def _target(out: Path | None) -> Iterator[BinaryIO]:
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        file = open_private(out, "wb")
    except OSError as error:
        raise Refusal(f"{out}: {error.strerror}.") from error
    with file:
        yield file


File = Annotated[Path, typer.Argument(metavar="FILE")]


@with_reading
def import_results(
    mission: MissionName,
    file: File,
    options: ReadOptions,
    contest: Annotated[str, typer.Option("--contest", help="The contest's code.")],
    source: Annotated[
        ResultSource, typer.Option("--source", help="Which copy of the results it is.")
    ] = ResultSource.PUBLISHED,
    round_code: Annotated[
        str | None, typer.Option("--round", help="Where several rounds have such a contest.")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import official results, a row a station, to be held against what observers saw."""
    write = partial(bring_results, contest=contest, source=source, round_code=round_code)
    bring_in(
        mission,
        file,
        Importer(write, RESULTS),
        "Results",
        options,
        dry_run=dry_run,
        as_json=as_json,
    )
