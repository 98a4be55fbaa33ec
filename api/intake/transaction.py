"""The SQL of one mission's share of a group commit, in the order that makes it safe.

The mission's clock row is taken first, so whoever else writes in this mission waits: what is
then read of reports and visits stays true until the commit, and no insert can conflict. The notice
that it sends is heard by :mod:`api.figures.notices`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from api.database.clock import CHANNEL, ENTER, NOTIFY, TICK
from api.intake.candidate import (
    OTHER_VISIT,
    Candidate,
    Outcome,
    PhotoSize,
    Reason,
    Stored,
    report_rows,
    statement,
)
from api.intake.deployed import by_their_deployments
from api.intake.edits import WAITING, Corrections
from api.intake.settling import SETTLE, settle, settle_values
from schemas.columns import now
from schemas.report import ReportStatus

KNOWN_REPORTS = """
SELECT r.id, r.sha256, r.received_at, r.sequence, r.status, r.reasons, e.report_id
FROM report r
LEFT JOIN edit e ON e.mission_id = r.mission_id AND e.instance_id = r.id
WHERE r.mission_id = %(mission)s AND r.id = ANY (%(ids)s::uuid[])
UNION ALL
SELECT e.instance_id, e.sha256, s.received_at, s.sequence, r.status, '[]', e.report_id
FROM edit e
JOIN report r ON r.mission_id = e.mission_id AND r.id = e.report_id
JOIN submission s ON s.mission_id = e.mission_id AND s.report_id = e.report_id
  AND s.sha256 = e.sha256
WHERE e.mission_id = %(mission)s AND e.instance_id = ANY (%(ids)s::uuid[])"""
"""Reports, and the versions that corrections made of others, by the ids that they came under."""
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
class _Batch:
    """What is to be written for one mission once it is known what is stored already."""

    at: datetime
    sequence: int
    reports: dict[UUID, Stored]
    visits: dict[UUID, tuple[UUID, UUID, UUID]]
    new: list[tuple[Candidate, int]] = field(default_factory=list)
    contested: list[tuple[Candidate, int, UUID | None]] = field(default_factory=list)

    def step(self, candidate: Candidate) -> Stored:
        """What becomes of one candidate, in the order in which they came."""
        known = self.known(candidate)
        if known is not None:
            return known
        candidate = in_its_visit(candidate, self.visits)
        self.new.append((candidate, self.sequence))
        return self.keep(candidate, self.fresh(candidate))

    def known(self, candidate: Candidate) -> Stored | None:
        """The reading of the clock is the candidate's from now on; what stands under its id."""
        self.sequence += 1
        standing = self.reports.get(candidate.id)
        if standing is None:
            return None
        if standing.sha256 in (candidate.sha256, candidate.sha256_as_came):
            return replace(standing, outcome=Outcome.REPLAYED)
        beside = standing.report_id or candidate.id
        self.contested.append((candidate, self.sequence, beside))
        return Stored(Outcome.CONTESTED, candidate.sha256, self.at, self.sequence, "", ())

    def fresh(self, candidate: Candidate) -> Stored:
        """A candidate under its own reading of the clock, before it is said how it stands."""
        return Stored(Outcome.KEPT, candidate.sha256, self.at, self.sequence, "", ())

    def keep(self, candidate: Candidate, kept: Stored) -> Stored:
        """The same, standing as the candidate does."""
        reasons = tuple(reason.as_sent() for reason in candidate.reasons)
        kept = replace(kept, status=candidate.status, reasons=reasons)
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
        if OTHER_VISIT in candidate.accepted:
            own = replace(candidate, visit_id=candidate.own_visit, accepted=())
            return replace(in_its_visit(own, visits), accepted=candidate.accepted)
        message = "This visit is another organisation's, or at another place or round."
        return candidate.held(Reason("visit", "contradicts", message))
    return candidate


async def write(
    connection: AsyncConnection[Any],
    mission_id: UUID,
    candidates: Sequence[Candidate],
    photo_size: PhotoSize,
) -> list[Stored]:
    """Write one mission's candidates in the running transaction; the caller commits. Corrections
    are written after the reports that they may name.

    A receipt may be given for what is returned only after that commit.
    """
    plan = await _read(connection, mission_id, candidates)
    candidates = await by_their_deployments(connection, mission_id, candidates)
    later = [at for at, one in enumerate(candidates) if one.replaces is not None]
    outcomes = {at: plan.step(one) for at, one in enumerate(candidates) if one.replaces is None}
    clock = plan.sequence + len(later)
    came = {one.id for one, _ in plan.new}
    changes = Corrections(connection, mission_id, clock, {one.visit_id for one, _ in plan.new})
    async with connection.pipeline():
        await _insert(connection, mission_id, plan, photo_size)
        waiting = await connection.execute(WAITING, (mission_id, _array(came)))
        values = settle_values(mission_id, changes.visits, clock)
        settled = await connection.execute(SETTLE, values)
        if came or later or plan.contested:
            await connection.execute(NOTIFY, (CHANNEL, str(mission_id)))
    changed = await settled.fetchall()
    for at in later:
        outcomes[at] = await _correct(changes, plan, candidates[at], photo_size)
        came.add(candidates[at].id)
    if later or await waiting.fetchone():
        await changes.join_waiting(came)
        changed += await settle(connection, mission_id, changes.visits, clock)
    now = {report: (status, reasons) for report, status, reasons in changed}
    return [
        _as_settled(outcomes[at], *now.get(outcomes[at].report_id or one.id, ("", [])))
        for at, one in enumerate(candidates)
    ]


async def _insert(
    connection: AsyncConnection[Any], mission_id: UUID, plan: _Batch, photo_size: PhotoSize
) -> None:
    """Write what is planned: new reports, and bytes beside others."""
    if plan.new:
        rows = orjson.dumps(report_rows(plan.new, photo_size)).decode()
        await connection.execute(INSERT, (rows, mission_id, plan.at))
    for candidate, sequence, beside in plan.contested:
        await connection.execute(CONTEST, contest(candidate, sequence, plan.at, beside))


async def _correct(
    changes: Corrections, plan: _Batch, candidate: Candidate, photo_size: PhotoSize
) -> Stored:
    """Write one correction: a version more, a report of its own that waits, or bytes that are kept
    beside what is newer."""
    plan.new, plan.contested = [], []
    kept = plan.known(candidate)
    if kept is None:
        placed = in_its_visit(candidate, plan.visits)
        candidate, kept = await changes.correct(placed, plan.fresh(placed), photo_size)
        if kept.outcome is Outcome.OUTDATED:
            plan.contested.append((candidate, kept.sequence, kept.report_id))
        else:
            kept = plan.keep(candidate, kept)
            if kept.report_id is None:
                plan.new.append((candidate, kept.sequence))
    await _insert(changes.connection, changes.mission_id, plan, photo_size)
    return kept


def _as_settled(kept: Stored, status: str, reasons: list[dict[str, str]]) -> Stored:
    """What was kept, held where its visit had been decided on."""
    if status != ReportStatus.HELD or kept.outcome is not Outcome.KEPT:
        return kept
    return replace(kept, status=status, reasons=tuple(reasons))


async def _read(
    connection: AsyncConnection[Any], mission_id: UUID, candidates: Sequence[Candidate]
) -> _Batch:
    reports = _array(candidate.id for candidate in candidates)
    visits = _array(visit for candidate in candidates for visit in candidate.visits)
    async with connection.pipeline():
        await connection.execute(ENTER, (str(mission_id),))
        clock = await connection.execute(TICK, (len(candidates), mission_id))
        known = await connection.execute(KNOWN_REPORTS, {"mission": mission_id, "ids": reports})
        visited = await connection.execute(KNOWN_VISITS, (mission_id, visits))
    (reading,) = await clock.fetchone() or (None,)
    if reading is None:
        raise LookupError("the mission has no clock")
    standing = {
        row[0]: Stored(Outcome.REPLAYED, row[1], row[2], row[3], row[4], tuple(row[5]), row[6])
        for row in await known.fetchall()
    }
    teams = {row[0]: (row[1], row[2], row[3]) for row in await visited.fetchall()}
    return _Batch(now(), reading - len(candidates), standing, teams)


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
