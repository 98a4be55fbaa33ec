"""``reports import`` and ``reports export``: outboxes as files."""

import asyncio
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import orjson
import typer
from sqlmodel import col, select

from api.commands.answering import AsJson, MissionName, answer, read_bytes
from api.database.work import Office, office
from api.intake.hand import arrivals_of, importing, principal_of
from api.settings import Settings
from schemas.report import Submission

AT_ONCE = 200


def import_reports(
    mission: MissionName,
    file: Annotated[Path, typer.Argument(metavar="FILE.ndjson")],
    as_json: AsJson = False,
) -> None:
    """Take in an outbox saved to a file, one report a line; the road of every other report."""
    lines = read_bytes(file).splitlines()
    with office(Settings.from_environment()) as at:
        answers = asyncio.run(_take_in(at, mission, lines))
    counts = Counter(each["status"] for each in answers)
    line = ", ".join(f"{count} × {status}" for status, count in sorted(counts.items()))
    answer({"items": answers}, as_json=as_json, line=f"Reports: {line or 'none'}")


async def _take_in(at: Office, mission: str, lines: list[bytes]) -> list[dict[str, object]]:
    who = principal_of(at, mission)
    answers: list[dict[str, object]] = []
    async with importing(at) as intake:
        for start in range(0, len(lines), AT_ONCE):
            arrivals = arrivals_of(lines[start : start + AT_ONCE])
            answers += [each.as_sent() for each in await intake.accept_reports(who, arrivals)]
    return answers


def export(
    mission: MissionName, out: Annotated[Path | None, typer.Argument(metavar="[OUT]")] = None
) -> None:
    """Write every report's bytes as they came, one a line, in the order they came."""
    with office(Settings.from_environment()) as at, at.reading(at.mission(mission)) as session:
        rows = session.exec(
            select(Submission.raw, Submission.media_type)
            .where(~col(Submission.contested))
            .order_by(col(Submission.sequence))
            .execution_options(yield_per=500)
        )
        target = sys.stdout.buffer if out is None else out.open("wb")
        try:
            for raw, media_type in rows:
                target.write((raw if "json" in media_type else orjson.dumps(raw.decode())) + b"\n")
        finally:
            target.flush()
            if out is not None:
                target.close()
