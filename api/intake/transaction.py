"""The SQL of one mission's share of a group commit, in the order that makes it safe.

The mission's clock row is taken first, so whoever else writes in this mission waits: what is
then read of reports and visits stays true until the commit, and no insert can conflict.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from api.database.clock import CHANNEL, ENTER, NOTIFY, TICK
from api.intake.candidate import (
    Candidate,
    Outcome,
    PhotoSize,
    Reason,
    Stored,
    report_rows,
    statement,
)
from schemas.columns import now

KNOWN_REPORTS = """
SELECT id, sha256, received_at, sequence, status, reasons FROM report
WHERE mission_id = %s AND id = ANY (%s::uuid[])"""
KNOWN_VISITS = """
SELECT id, round_id, organisation_id, place_id FROM visit
WHERE mission_id = %s AND id = ANY (%s::uuid[])"""
INSERT = statement("""
WITH batch AS MATERIALIZED (SELECT %s::json AS rows, %s::uuid AS mission, %s::timestamptz AS at),
sent AS MATERIALIZED (SELECT batch.mission, batch.at, r.* FROM batch, $reports),
visits AS ($visits $widen),
reports AS (
  INSERT INTO report (mission_id, id, sha256, sequence, changed, received_at, status, reasons,
    version, checklist, $placed)
  SELECT mission, id, decode(sha256, 'hex'), sequence, sequence, at, status, reasons, number,
    checklist, $placed FROM sent),
submissions AS (
  INSERT INTO $submission
  SELECT mission, id, decode(sha256, 'hex'), sequence, at, channel, media_type, holder_id, false,
    device_id, device_sequence, decode(raw, 'base64') FROM sent),
versions AS (
  INSERT INTO report_version (mission_id, report_id, number, sequence, envelope, answers, author_id)
  SELECT mission, id, number, sequence, envelope, answers, holder_id FROM sent),
photos AS (
  INSERT INTO attachment (mission_id, report_id, name, sha256, size, arrived_at)
  SELECT batch.mission, r.report_id, r.name, decode(r.sha256, 'hex'), r.size,
    CASE WHEN r.size IS NOT NULL THEN batch.at END
  FROM batch, json_to_recordset(batch.rows -> 'photos') AS r(
    report_id uuid, name text, sha256 text, size int))
INSERT INTO $judgement
SELECT mission, id, number, rules_id, decode(codes, 'hex'), flags FROM sent
WHERE codes IS NOT NULL""")
CONTEST = statement("""
INSERT INTO $submission
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, true, %s, %s, %s)
ON CONFLICT (mission_id, report_id, sha256) DO NOTHING""")


@dataclass
class _Plan:
    """What is to be written for one mission once it is known what is stored already."""

    at: datetime
    sequence: int
    reports: dict[UUID, Stored]
    visits: dict[UUID, tuple[UUID, UUID, UUID]]
    new: list[tuple[Candidate, int]] = field(default_factory=list)
    contested: list[tuple[Candidate, int]] = field(default_factory=list)

    def settle(self, candidate: Candidate) -> Stored:
        """Decide one candidate, in the order in which they came."""
        self.sequence += 1
        standing = self.reports.get(candidate.id)
        if standing is None:
            return self._keep(candidate)
        if standing.sha256 in (candidate.sha256, candidate.sha256_as_came):
            return Stored(
                Outcome.REPLAYED,
                standing.sha256,
                standing.received_at,
                standing.sequence,
                standing.status,
                standing.reasons,
            )
        self.contested.append((candidate, self.sequence))
        return Stored(Outcome.CONTESTED, candidate.sha256, self.at, self.sequence, "", ())

    def _keep(self, candidate: Candidate) -> Stored:
        candidate = in_its_visit(candidate, self.visits)
        self.new.append((candidate, self.sequence))
        reasons = tuple(reason.as_sent() for reason in candidate.reasons)
        kept = Stored(
            Outcome.KEPT, candidate.sha256, self.at, self.sequence, candidate.status, reasons
        )
        self.reports[candidate.id] = kept
        return kept


def in_its_visit(candidate: Candidate, visits: dict[UUID, tuple[UUID, UUID, UUID]]) -> Candidate:
    """The report, held where its visit is known in ``visits`` to be another team's; else its
    visit is known there from now on."""
    visit = candidate.visit_id
    round_id, place = candidate.round_id, candidate.place_id
    organisation = candidate.organisation_id
    if visit is None or round_id is None or place is None or organisation is None:
        return candidate
    team = (round_id, organisation, place)
    if visits.setdefault(visit, team) != team:
        message = "This visit is another organisation's, or at another place or round."
        return candidate.held(Reason("visit", "contradicts", message))
    return candidate


async def write(
    connection: AsyncConnection[Any],
    mission_id: UUID,
    candidates: Sequence[Candidate],
    photo_size: PhotoSize,
) -> list[Stored]:
    """Write one mission's candidates in the running transaction; the caller commits.

    A receipt may be given for what is returned only after that commit.
    """
    plan = await _read(connection, mission_id, candidates)
    outcomes = [plan.settle(candidate) for candidate in candidates]
    async with connection.pipeline():
        if plan.new:
            rows = orjson.dumps(report_rows(plan.new, photo_size)).decode()
            await connection.execute(INSERT, (rows, mission_id, plan.at))
        for candidate, sequence in plan.contested:
            await connection.execute(CONTEST, contest(candidate, sequence, plan.at))
        if plan.new or plan.contested:
            await connection.execute(NOTIFY, (CHANNEL, str(mission_id)))
    return outcomes


async def _read(
    connection: AsyncConnection[Any], mission_id: UUID, candidates: Sequence[Candidate]
) -> _Plan:
    reports = _array(candidate.id for candidate in candidates)
    visits = _array(candidate.visit_id for candidate in candidates if candidate.visit_id)
    async with connection.pipeline():
        await connection.execute(ENTER, (str(mission_id),))
        clock = await connection.execute(TICK, (len(candidates), mission_id))
        known = await connection.execute(KNOWN_REPORTS, (mission_id, reports))
        visited = await connection.execute(KNOWN_VISITS, (mission_id, visits))
    (reading,) = await clock.fetchone() or (None,)
    if reading is None:
        raise LookupError("the mission has no clock")
    standing = {
        row[0]: Stored(Outcome.REPLAYED, row[1], row[2], row[3], row[4], tuple(row[5]))
        for row in await known.fetchall()
    }
    teams = {row[0]: (row[1], row[2], row[3]) for row in await visited.fetchall()}
    return _Plan(now(), reading - len(candidates), standing, teams)


def _array(ids: Iterable[UUID]) -> str:
    """A PostgreSQL array as text: much cheaper than adapting a list element by element."""
    return "{" + ",".join(map(str, ids)) + "}"


def contest(
    candidate: Candidate, sequence: int, at: datetime, report_id: UUID | None = None
) -> tuple[Any, ...]:
    """The row of bytes that wait beside a report; without ``report_id``, beside their own id."""
    return (
        candidate.mission_id,
        report_id or candidate.id,
        candidate.sha256,
        sequence,
        at,
        candidate.channel,
        candidate.media_type,
        candidate.holder_id,
        candidate.device_id,
        candidate.device_sequence,
        candidate.raw,
    )
