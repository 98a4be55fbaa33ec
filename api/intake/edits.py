"""Edits that phones make: another version of a report that came before, by ODK Central's rules.

An edit names the instance it was made from. Where that is the newest one, the report has a
version more, resolved and judged again; an edit of an older one, or of a verified report, is a
conflict whose bytes are kept; a quarantined one stays so until a named person takes it back. One
that names nothing known is held as a report.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from api.auth.principal import Principal
from api.database.clock import CHANNEL, NOTIFY, STATE
from api.database.write_queue import ClockedWrites
from api.intake.accept import Answer, Arrival, Intake
from api.intake.candidate import Candidate, PhotoSize, report_rows, statement
from api.intake.transaction import CONTEST, contest
from api.problems import OTHER_BYTES, OUTDATED, VERIFIED, Kind, Problem
from schemas.columns import now
from schemas.credential import Role
from schemas.mission import MissionState
from schemas.report import ReportStatus

REASON = "edited on the phone"
SEEN = """
SELECT e.report_id, e.sha256, s.received_at, s.sequence FROM edit e
JOIN submission s ON s.mission_id = e.mission_id AND s.report_id = e.report_id
  AND s.sha256 = e.sha256
WHERE e.mission_id = %s AND e.instance_id = %s"""
CURRENT_VERSION = """
SELECT r.id, r.version, r.status, r.observer_id, coalesce(
  (SELECT n.instance_id FROM edit n WHERE n.mission_id = r.mission_id AND n.report_id = r.id
   ORDER BY n.number DESC LIMIT 1), r.id),
  (SELECT max(v.number) FROM report_version v
   WHERE v.mission_id = r.mission_id AND v.report_id = r.id)
FROM report r WHERE r.mission_id = %(mission)s AND r.id = coalesce(
  (SELECT e.report_id FROM edit e
   WHERE e.mission_id = %(mission)s AND e.instance_id = %(instance)s), %(instance)s)"""
WRITE = statement("""
WITH batch AS MATERIALIZED (SELECT %(rows)s::json AS rows, %(mission)s::uuid AS mission,
  %(report)s::uuid AS report, %(at)s::timestamptz AS at),
sent AS MATERIALIZED (SELECT batch.*, r.* FROM batch, $reports),
visits AS ($visits DO NOTHING),
reports AS (
  UPDATE report SET changed = sent.sequence, reasons = sent.reasons,
    status = CASE report.status WHEN 'quarantined' THEN report.status ELSE sent.status END,
    version = sent.number, checklist = sent.checklist, $set_placed
  FROM sent WHERE report.mission_id = sent.mission AND report.id = sent.report),
submissions AS (
  INSERT INTO $submission
  SELECT mission, report, decode(sha256, 'hex'), sequence, at, channel, media_type, holder_id,
    false, device_id, device_sequence, decode(raw, 'base64') FROM sent),
versions AS (
  INSERT INTO report_version
    (mission_id, report_id, number, sequence, envelope, answers, author_id, reason)
  SELECT mission, report, number, sequence, envelope, answers, holder_id, %(reason)s FROM sent),
photos AS (
  INSERT INTO attachment (mission_id, report_id, name, sha256, size, arrived_at)
  SELECT batch.mission, batch.report, r.name, decode(r.sha256, 'hex'), r.size,
    CASE WHEN r.size IS NOT NULL THEN batch.at END
  FROM batch, json_to_recordset(batch.rows -> 'photos') AS r(name text, sha256 text, size int)
  ON CONFLICT (mission_id, report_id, name) DO NOTHING),
edits AS (
  INSERT INTO edit (mission_id, instance_id, report_id, number, sha256)
  SELECT mission, id, report, number, decode(sha256, 'hex') FROM sent)
INSERT INTO $judgement
SELECT mission, report, number, rules_id, decode(codes, 'hex'), flags FROM sent
WHERE codes IS NOT NULL""")


@dataclass(frozen=True)
class EditOutcome:
    """What became of an edit: the report it belongs to, and the answer."""

    report_id: UUID
    answer: Answer


@dataclass(frozen=True)
class _Standing:
    """The report that an edit names, as it is under the mission's clock."""

    id: UUID
    status: str
    observer_id: UUID | None
    newest: UUID
    versions: int


async def edit_report(
    intake: Intake,
    writes: ClockedWrites,
    photo_size: PhotoSize,
    who: Principal,
    arrival: Arrival,
    edited: UUID,
) -> EditOutcome | None:
    """Keep an edit of the instance ``edited``. None where the mission knows no such instance,
    it is another observer's, or the mission is closed: then it is a report like any other, and
    held.

    Problems: 409 other bytes under the edit's id, an outdated instance, a verified report.
    """
    candidate = await intake.judge(who, arrival)
    at = now()
    async with writes.under_clock(who.mission_id) as (connection, sequence):
        seen = await (await connection.execute(SEEN, (who.mission_id, candidate.id))).fetchone()
        if seen is not None and bytes(seen[1]) == candidate.sha256:
            return EditOutcome(seen[0], _answer(intake, who, candidate, 200, seen[2], seen[3]))
        standing = await _standing(connection, who.mission_id, edited)
        if standing is None or not _own(who, standing) or await _closed(connection):
            return None
        conflict = OTHER_BYTES if seen is not None else _conflict(standing, edited)
        if conflict is not None:
            values = contest(candidate, sequence, at, standing.id)
            await connection.execute(CONTEST, values)
            return EditOutcome(
                standing.id,
                Answer(
                    str(candidate.id),
                    conflict.status,
                    problem=Problem(conflict, field="deprecatedID"),
                ),
            )
        await _write(connection, candidate, sequence, at, standing, photo_size)
        await connection.execute(NOTIFY, (CHANNEL, str(who.mission_id)))
    status = 202 if candidate.status == ReportStatus.HELD else 201
    return EditOutcome(standing.id, _answer(intake, who, candidate, status, at, sequence))


async def _closed(connection: AsyncConnection[Any]) -> bool:
    row = await (await connection.execute(STATE)).fetchone()
    return bool(row and row[0] == MissionState.CLOSED)


def _own(who: Principal, standing: _Standing) -> bool:
    return who.role != Role.OBSERVER or standing.observer_id == who.holder_id


def _conflict(standing: _Standing, edited: UUID) -> Kind | None:
    if standing.newest != edited:
        return OUTDATED
    return VERIFIED if standing.status == ReportStatus.VERIFIED else None


async def _standing(
    connection: AsyncConnection[Any], mission_id: UUID, instance: UUID
) -> _Standing | None:
    values = {"mission": mission_id, "instance": instance}
    row = await (await connection.execute(CURRENT_VERSION, values)).fetchone()
    return None if row is None else _Standing(row[0], row[2], row[3], row[4], row[5] or row[1])


async def _write(
    connection: AsyncConnection[Any],
    candidate: Candidate,
    sequence: int,
    at: datetime,
    standing: _Standing,
    photo_size: PhotoSize,
) -> None:
    rows = report_rows([(candidate, sequence)], photo_size)
    rows["reports"][0]["number"] = standing.versions + 1
    await connection.execute(
        WRITE,
        {
            "rows": orjson.dumps(rows).decode(),
            "mission": candidate.mission_id,
            "report": standing.id,
            "at": at,
            "reason": REASON,
        },
    )


def _answer(
    intake: Intake, who: Principal, candidate: Candidate, status: int, at: datetime, sequence: int
) -> Answer:
    receipt = intake.signer.receipt(who.slug, candidate.id, candidate.sha256, at, sequence)
    reasons = tuple(reason.as_sent() for reason in candidate.reasons) if status != 200 else ()
    return Answer(str(candidate.id), status, receipt, reasons)
