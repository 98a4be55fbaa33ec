"""Corrections: another version of a report that came before, whichever way it came.

A correction names the report, or the version of one, that it was made from: ``replaces`` in JSON,
``deprecatedID`` over OpenRosa; ``reason`` says why, in its sender's words. Where that is the newest
version, the report has a version more, placed and judged anew, and both ids lead to it. Of an older
one it is a conflict whose bytes are kept. One that names nothing known waits as a report of its own
until that comes; one of a report that a person has verified or quarantined, or whose answers the
desk has changed, waits for the desk. What the desk said of its place, and accepted, stays
(:mod:`api.intake.desk_versions`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from api.database.clock import STATE
from api.intake.candidate import (
    Candidate,
    Outcome,
    PhotoSize,
    Reason,
    Stored,
    report_rows,
    statement,
)
from schemas.mission import MissionState
from schemas.report import ReportStatus

REASON = "a correction by its sender"
UNKNOWN = Reason("replaces", "unknown", "It corrects a report that is not known here.")
DECIDED = Reason("replaces", "decided", "It corrects a report that a person has decided on.")
OUTDATED = Reason("replaces", "outdated", "It corrects a version that is not the newest.")
CLOSED = Reason("mission", "mission_closed", "The mission is closed.")
DECISIONS = frozenset({ReportStatus.VERIFIED, ReportStatus.QUARANTINED})
CORRECTED = """
SELECT r.id, r.status, r.visit_id, coalesce(n.instance_id, r.id),
  (SELECT max(v.number) FROM report_version v
   WHERE v.mission_id = r.mission_id AND v.report_id = r.id),
  r.version > coalesce(n.number, 1)
FROM report r
LEFT JOIN LATERAL (SELECT e.instance_id, e.number FROM edit e
  WHERE e.mission_id = r.mission_id AND e.report_id = r.id
  ORDER BY e.number DESC LIMIT 1) n ON true
WHERE r.mission_id = %(mission)s AND r.id = coalesce(
  (SELECT e.report_id FROM edit e
   WHERE e.mission_id = %(mission)s AND e.instance_id = %(named)s), %(named)s)
  AND NOT (r.status = 'held' AND r.reasons @? '$[*] ? (@.field == "replaces")')
  AND (r.observer_id = %(holder)s
    OR NOT EXISTS (SELECT FROM observer o
      WHERE o.mission_id = r.mission_id AND o.id = %(holder)s)
    OR EXISTS (SELECT FROM submission s
      WHERE s.mission_id = r.mission_id AND s.report_id = r.id AND s.sha256 = r.sha256
        AND s.holder_id = %(holder)s)
    OR EXISTS (SELECT FROM report_version v JOIN observer o ON o.mission_id = v.mission_id
      WHERE v.mission_id = r.mission_id AND v.report_id = r.id AND v.number = r.version
        AND o.id = %(holder)s AND v.envelope -> 'with' ? o.pseudonym))"""
"""A report as it stands under the mission's clock, for whoever may correct it: its observer, who
sent it (the desk may have said that it is another's), who was with it on the form, and whoever
reports for anyone."""
WRITE = statement("""
WITH batch AS MATERIALIZED (SELECT %(rows)s::json AS rows, %(mission)s::uuid AS mission,
  %(report)s::uuid AS report, %(at)s::timestamptz AS at),
sent AS MATERIALIZED (SELECT batch.*, r.* FROM batch, $reports),
visits AS ($visits DO NOTHING),
reports AS (
  UPDATE report SET changed = sent.sequence, reasons = sent.reasons, status = sent.status,
    version = sent.number, checklist = sent.checklist, $set_placed
  FROM sent WHERE report.mission_id = sent.mission AND report.id = sent.report),
submissions AS (
  INSERT INTO $submission
  SELECT mission, report, decode(sha256, 'hex'), sequence, at, channel, media_type, holder_id,
    false, device_id, device_sequence, decode(raw, 'base64') FROM sent),
versions AS (
  INSERT INTO report_version
    (mission_id, report_id, number, sequence, envelope, answers, author_id, reason, accepted)
  SELECT mission, report, number, sequence, envelope, answers, holder_id,
    concat_ws(': ', %(reason)s::text, envelope ->> 'reason'), accepted
  FROM sent),
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
WAITING = """
SELECT r.id, r.replaces_id, s.holder_id FROM report r
JOIN submission s ON s.mission_id = r.mission_id AND s.report_id = r.id AND s.sha256 = r.sha256
WHERE r.mission_id = %s AND r.replaces_id = ANY (%s::uuid[]) AND r.status = 'held'
  AND r.reasons @? '$[*] ? (@.field == "replaces")'
ORDER BY r.sequence"""
"""Corrections that wait for one of these reports or versions, the first received first."""
JOIN = statement("""
WITH own AS MATERIALIZED (
  SELECT r.*, EXISTS (SELECT FROM judgement j WHERE j.mission_id = r.mission_id
      AND j.report_id = r.id AND j.number = r.version AND j.rules_id = r.rules_id
      AND j.flags <> '[]') AS flagged,
    jsonb_path_query_array(r.reasons, '$$[*] ? (@.field != "replaces")') AS others
  FROM report r WHERE r.mission_id = %(mission)s AND r.id = %(own)s),
corrected AS (
  UPDATE report SET changed = %(clock)s, version = %(number)s, checklist = sent.checklist,
    reasons = sent.others,
    status = CASE WHEN sent.others <> '[]' THEN 'held' WHEN sent.flagged THEN 'flagged'
      ELSE 'received' END,
    $set_placed
  FROM own sent WHERE report.mission_id = %(mission)s AND report.id = %(report)s),
joined AS (
  UPDATE report SET changed = %(clock)s, status = 'superseded', reasons = '[]', visit_id = NULL
  FROM own WHERE report.mission_id = %(mission)s AND report.id = own.id),
versions AS (
  INSERT INTO report_version
    (mission_id, report_id, number, sequence, envelope, answers, author_id, reason)
  SELECT v.mission_id, %(report)s, %(number)s, %(clock)s, v.envelope, v.answers, v.author_id,
    concat_ws(': ', %(reason)s::text, v.envelope ->> 'reason')
  FROM report_version v JOIN own ON v.mission_id = own.mission_id AND v.report_id = own.id
    AND v.number = own.version),
photos AS (
  INSERT INTO attachment (mission_id, report_id, name, sha256, size, arrived_at)
  SELECT a.mission_id, %(report)s, a.name, a.sha256, a.size, a.arrived_at
  FROM attachment a JOIN own ON a.mission_id = own.mission_id AND a.report_id = own.id
  ON CONFLICT (mission_id, report_id, name) DO NOTHING),
edits AS (
  INSERT INTO edit (mission_id, instance_id, report_id, number, sha256)
  SELECT own.mission_id, own.id, %(report)s, %(number)s, own.sha256 FROM own),
judged AS (
  INSERT INTO $judgement
  SELECT j.mission_id, %(report)s, %(number)s, j.rules_id, j.codes, j.flags
  FROM judgement j JOIN own ON j.mission_id = own.mission_id AND j.report_id = own.id
    AND j.number = own.version AND j.rules_id = own.rules_id)
SELECT visit_id FROM own""")
"""A correction that waited becomes the next version; its own row says no more than that."""
STILL_WAITS = """
UPDATE report SET changed = %(clock)s, reasons =
  jsonb_path_query_array(reasons, '$[*] ? (@.field != "replaces")') || %(why)s::jsonb
WHERE mission_id = %(mission)s AND id = %(own)s AND NOT reasons @> %(why)s::jsonb"""


@dataclass(frozen=True)
class _Corrected:
    """The report that a correction names, as it stands under the mission's clock."""

    id: UUID
    status: str
    visit_id: UUID | None
    newest: UUID
    versions: int
    by_desk: bool
    """Whether a person of the desk made its newest version."""


@dataclass(frozen=True)
class Corrections:
    """What corrects reports within one transaction, under the reading ``clock`` of the mission's
    clock. ``visits`` are those whose groups are to be settled afterwards."""

    connection: AsyncConnection[Any]
    mission_id: UUID
    clock: int
    visits: set[UUID | None]

    async def correct(
        self, candidate: Candidate, kept: Stored, photo_size: PhotoSize
    ) -> tuple[Candidate, Stored]:
        """Make a candidate the next version of the report that it names. Given back is what became
        of it; where it is to be kept as a report of its own, the candidate waits with a reason."""
        named = candidate.replaces
        assert named is not None
        if await self._closed():
            late = any(each.code == CLOSED.code for each in candidate.reasons)
            return waits_for_its_report(
                candidate if late else candidate.waiting(CLOSED), UNKNOWN
            ), kept
        found = await self._corrected(named, candidate.holder_id)
        if found is None:
            return waits_for_its_report(candidate, UNKNOWN), kept
        if found.newest != named:
            return candidate, replace(kept, outcome=Outcome.OUTDATED, report_id=found.id)
        unread = found.by_desk and candidate.upon != found.versions
        if found.status in DECISIONS or unread:
            return waits_for_its_report(candidate, DECIDED), kept
        rows = report_rows([(candidate, kept.sequence)], photo_size)
        rows["reports"][0]["number"] = found.versions + 1
        values = {
            "rows": orjson.dumps(rows).decode(),
            "mission": self.mission_id,
            "report": found.id,
            "at": kept.received_at,
            "reason": REASON,
        }
        await self.connection.execute(WRITE, values)
        self.visits.update((found.visit_id, candidate.visit_id))
        return candidate, replace(kept, report_id=found.id)

    async def join_waiting(self, came: Iterable[UUID]) -> None:
        """Join the corrections that waited for what has come, and those that waited for these."""
        ids = {*came}
        while ids:
            values = (self.mission_id, "{" + ",".join(sorted(map(str, ids))) + "}")
            waiting = await (await self.connection.execute(WAITING, values)).fetchall()
            ids = {own for own, named, who in waiting if await self._join(own, named, who)}

    async def _join(self, own: UUID, named: UUID, holder: UUID) -> bool:
        found = None if await self._closed() else await self._corrected(named, holder)
        if found is None:
            return False
        values = {"mission": self.mission_id, "own": own, "clock": self.clock}
        why = DECIDED if found.status in DECISIONS or found.by_desk else OUTDATED
        if found.newest != named or why is DECIDED:
            said = orjson.dumps([why.as_sent()]).decode()
            await self.connection.execute(STILL_WAITS, values | {"why": said})
            return False
        values |= {"report": found.id, "number": found.versions + 1, "reason": REASON}
        joined = await (await self.connection.execute(JOIN, values)).fetchall()
        self.visits.update((found.visit_id, *(visit for (visit,) in joined)))
        return True

    async def _closed(self) -> bool:
        row = await (await self.connection.execute(STATE)).fetchone()
        return bool(row and row[0] == MissionState.CLOSED)

    async def _corrected(self, named: UUID, holder: UUID) -> _Corrected | None:
        values = {"mission": self.mission_id, "named": named, "holder": holder}
        row = await (await self.connection.execute(CORRECTED, values)).fetchone()
        return None if row is None else _Corrected(*row)


def waits_for_its_report(candidate: Candidate, reason: Reason = UNKNOWN) -> Candidate:
    """A correction as a report of its own, until it can be joined to the one that it names."""
    return replace(candidate.waiting(reason), replaces_id=candidate.replaces)
