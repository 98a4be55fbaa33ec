"""``reports import`` and ``reports export``: outboxes and tables as files."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer
from sqlmodel import col, select

from api.commands.answering import AsJson, DryRun, MissionName, about, answer, read_bytes
from api.database.work import Office, office
from api.imports.reports import ReportTable
from api.imports.table import read_table
from api.intake.accept import Answer, Arrival
from api.intake.hand import arrivals_of, importing, principal_of
from api.intake.parse import REPORT_BYTES
from api.private_files import open_private
from api.problems import TOO_LARGE, Problem
from api.publishing import newest_definition
from api.settings import Settings
from schemas.problems import Refusal
from schemas.report import Submission

AT_ONCE = 200
SHOWN = 20

Line = tuple[int, bytes]
Answered = tuple[int, Answer]
"""A line's number in the file, with what stands there or was said of it."""


def import_reports(
    mission: MissionName,
    file: Annotated[Path, typer.Argument(metavar="FILE.ndjson|FILE.csv")],
    checklist: Annotated[str, typer.Option(
        help="The file is a table, a row a report on this checklist.")] = "",
    mapped: Annotated[list[str] | None, typer.Option(
        "--map", metavar="COLUMN=QUESTION", help="What a column is; repeat it.")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Take in an outbox saved to a file, one report a line, or a table with --checklist: the road
    of every other report. The same file twice changes nothing."""
    with about(file), office(Settings.from_environment()) as at:
        lines, unread = _lines(at, mission, file, checklist, _mapping(mapped or []))
        answered = asyncio.run(_take_in(at, mission, lines, dry_run=dry_run))
    items = [{"line": number, **said.as_sent()} for number, said in answered]
    would = "Dry run, nothing is written. " if dry_run else ""
    left = f"\n  not read: {', '.join(unread)}" if unread else ""
    answer({"items": items, "unread": unread}, as_json=as_json,
           line=f"{would}{_summary(answered)}{left}")  # fmt: skip
    lost = [each for each in answered if each[1].status >= 400]
    if lost:
        raise Refusal(f"{file}: {len(lost)} of {len(lines)} are not kept. First {_said(lost[0])}")


def _mapping(mapped: list[str]) -> dict[str, str]:
    pairs = [each.rpartition("=") for each in mapped]
    wrong = next((each for each, pair in zip(mapped, pairs, strict=True) if not all(pair)), None)
    if wrong is not None:
        raise Refusal(f"--map {wrong}: COLUMN=QUESTION is needed.")
    return {column.strip(): name.strip() for column, _, name in pairs}


def _lines(
    at: Office, mission: str, file: Path, checklist: str, mapping: dict[str, str]
) -> tuple[list[Line], list[str]]:
    """What the file holds, line by line, and the columns of a table that are not read."""
    if checklist:
        with at.reading(at.mission(mission)) as session:
            definition = newest_definition(session, checklist)
        table = ReportTable.of(read_table(file), definition, mapping)
        return list(table.reports()), list(table.unread)
    if mapping:
        raise Refusal("--map: say with --checklist what the table's rows are.")
    written = read_bytes(file).removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [(number, line) for number, line in enumerate(written, 1) if line.strip()], []


async def _take_in(at: Office, mission: str, lines: list[Line], *, dry_run: bool) -> list[Answered]:
    who = principal_of(at, mission)
    answered: list[Answered] = []
    async with importing(at) as intake:
        for start in range(0, len(lines), AT_ONCE):
            batch = lines[start : start + AT_ONCE]
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
    lines = ["Reports: " + (", ".join(
        f"{count} {words.get(status, f'refused ({status})')}"
        for status, count in sorted(counts.items())
    ) or "none")]  # fmt: skip
    noted = [each for each in answered if each[1].status not in (200, 201)]
    lines += [f"  {_said(each)}" for each in noted[:SHOWN]]
    if len(noted) > SHOWN:
        lines.append(f"  and {len(noted) - SHOWN} more")
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
    mission: MissionName, out: Annotated[Path | None, typer.Argument(metavar="[OUT]")] = None
) -> None:
    """Write every report's bytes as they came, one a line, in the order they came.

    What came as XML is written as one JSON string.
    """
    with (
        office(Settings.from_environment()) as at,
        at.reading(at.mission(mission)) as session,
        _target(out) as target,
    ):
        rows = session.exec(
            select(Submission.raw, Submission.media_type)
            .where(~col(Submission.contested))
            .order_by(col(Submission.sequence))
            .execution_options(yield_per=500)
        )
        for raw, media_type in rows:
            target.write(_one_line(raw, media_type) + b"\n")


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
