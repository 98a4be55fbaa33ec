"""Taking a correction over that waits for the desk: it becomes the newest version of its report.

The report that it names was verified or excluded, or has another version since. With this act a
named person lets the correction stand instead: the report counts by it, and is verified anew. The
correction's own row says no more than that, as of every correction that joined its report.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request
from psycopg import AsyncConnection

from api.audit.unit_of_work import Work, run_on_connection
from api.auth.principal import Principal
from api.intake.candidate import PhotoSize
from api.problems import CONFLICT, Problem
from api.review.holds import must_not_be_held_by_another
from api.review.judge_version import NewestVersion, judge_version, read_to_act
from api.review.new_version import (
    RESTORED,
    VersionToWrite,
    VersionWritten,
    standing_row,
    undo_version,
    without_answers,
    write_version,
)
from schemas.desk import DeskAct
from schemas.report import ReportStatus
from schemas.words import N_

KIND = "report.takeover"
CORRECTIONS = frozenset({"replaces/decided", "replaces/outdated"})
"""Reasons of corrections that wait for the desk."""
HELD_FOR_MORE = N_("Something else holds this correction. Settle that first.")
NEWER = N_("Another version of this correction has come in. Read it first.")
JOIN = """
WITH own AS (
  UPDATE report SET changed = %(clock)s, status = 'superseded', reasons = '[]', visit_id = NULL
  WHERE mission_id = %(mission)s AND id = %(own)s)
INSERT INTO attachment (mission_id, report_id, name, sha256, size, arrived_at)
SELECT a.mission_id, %(report)s, a.name, a.sha256, a.size, a.arrived_at FROM attachment a
WHERE a.mission_id = %(mission)s AND a.report_id = %(own)s
ON CONFLICT (mission_id, report_id, name) DO NOTHING"""
GIVE_BACK = f"""
UPDATE report SET changed = %(clock)s,
  ({", ".join(RESTORED)}) = (SELECT {", ".join(RESTORED)}
    FROM jsonb_populate_record(NULL::report, %(row)s::jsonb))
WHERE mission_id = %(mission)s AND id = %(own)s"""  # noqa: S608  our own names


async def take_over(
    request: Request,
    who: Principal,
    correction: NewestVersion,
    reason: str,
    *,
    verified: bool = False,
) -> Callable[[Work], VersionWritten]:
    """What is to be written to take a correction over, and to verify the report with it if so
    wanted; judged already. Problem: 409 where something else holds it."""
    named = UUID(str(correction.envelope["replaces"]))
    read = await read_to_act(request, who, named)
    accepted = [*read.accepted, *correction.accepted]
    version = replace(
        correction,
        id=read.id,
        reasons=[each for each in correction.reasons if each["field"] != "replaces"],
        accepted=list(dict.fromkeys(accepted)),
    )
    judged = await judge_version(request.app.state.intake, who.mission_id, version)
    if judged.reasons:
        more = {"reasons": [each.as_sent() for each in judged.reasons]}
        raise Problem(CONFLICT, HELD_FOR_MORE, judged.reasons[0].field, more=more)
    judged = replace(judged, replaces=None, replaces_id=None)
    if verified:
        judged = replace(judged, status=ReportStatus.VERIFIED)
    photo_size: PhotoSize = request.app.state.photos.size

    def write(work: Work) -> VersionWritten:
        must_not_be_held_by_another(work, who, correction.id)
        own = standing_row(work, correction.id)
        if own["version"] != correction.number or own["status"] != correction.status:
            raise Problem(CONFLICT, NEWER, "number")
        kept = {"correction": str(correction.id), "own": without_answers(own)}
        to_write = VersionToWrite(read, judged, reason, KIND, more=kept)
        written = write_version(work, to_write, photo_size)
        values = {"own": correction.id, "report": read.id, "clock": work.clock}
        _execute(work, JOIN, values)
        work.log(KIND, correction.id, reason, note=reason.strip())
        return written

    return write


def undo_takeover(work: Work, act: DeskAct) -> dict[str, Any]:
    """The report as it was, and the correction waiting for the desk again."""
    changed = undo_version(work, act)
    give_back_correction(work, UUID(act.before["correction"]), act.before["own"])
    return changed


def give_back_correction(work: Work, correction: UUID, row: Mapping[str, Any]) -> None:
    """A correction that waits for the desk again, as its row was."""
    values = {"own": correction, "clock": work.clock, "row": orjson.dumps(row).decode()}
    _execute(work, GIVE_BACK, values)


def _execute(work: Work, statement: str, values: dict[str, Any]) -> None:
    async def execute(connection: AsyncConnection[Any]) -> None:
        await connection.execute(statement, values | {"mission": work.mission_id})

    run_on_connection(work, execute)
