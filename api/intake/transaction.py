"""One mission's share of a group commit: the statements, in the order that makes it safe.

The mission's clock row is taken first, so whoever else writes in this mission waits: what is
then read of reports and visits stays true until the commit, and no insert can conflict.
"""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from api.database.clock import CHANNEL, ENTER, NOTIFY, TICK
from api.intake.candidate import Candidate, Kept, Outcome, Reason
from schemas.columns import now

PhotoSize = Callable[[UUID, bytes], int | None]
"""Mission and SHA-256 to the size in bytes of a photo that has wholly arrived, or None."""

KNOWN_REPORTS = """
SELECT id, sha256, received_at, sequence, status, reasons FROM report
WHERE mission_id = %s AND id = ANY (%s::uuid[])"""
KNOWN_VISITS = """
SELECT id, round_id, organisation_id, place_id FROM visit
WHERE mission_id = %s AND id = ANY (%s::uuid[])"""
INSERT = """
WITH batch AS MATERIALIZED (SELECT %s::json AS rows, %s::uuid AS mission, %s::timestamptz AS at),
sent AS MATERIALIZED (
  SELECT batch.mission, batch.at, r.* FROM batch, json_to_recordset(batch.rows -> 'reports') AS r(
    id uuid, sha256 text, sequence bigint, status text, reasons jsonb, checklist text,
    rules_id uuid, round_id uuid, place_id uuid, visit_id uuid, observer_id uuid,
    organisation_id uuid, arrived_at timestamptz, departed_at timestamptz,
    finalised_at timestamptz, channel text, media_type text, holder_id uuid, device_id text,
    device_sequence bigint, raw text, envelope jsonb, answers jsonb, codes text, flags jsonb)),
visits AS (
  INSERT INTO visit (mission_id, id, round_id, organisation_id, place_id, arrived_at, departed_at)
  SELECT batch.mission, r.* FROM batch, json_to_recordset(batch.rows -> 'visits') AS r(
    id uuid, round_id uuid, organisation_id uuid, place_id uuid,
    arrived_at timestamptz, departed_at timestamptz)
  ON CONFLICT (mission_id, id) DO UPDATE SET
    arrived_at = least(visit.arrived_at, excluded.arrived_at),
    departed_at = greatest(visit.departed_at, excluded.departed_at)),
reports AS (
  INSERT INTO report (mission_id, id, sha256, sequence, changed, received_at, status, reasons,
    version, checklist, rules_id, round_id, place_id, visit_id, observer_id, organisation_id,
    arrived_at, departed_at, finalised_at)
  SELECT mission, id, decode(sha256, 'hex'), sequence, sequence, at, status, reasons, 1, checklist,
    rules_id, round_id, place_id, visit_id, observer_id, organisation_id,
    arrived_at, departed_at, finalised_at FROM sent),
submissions AS (
  INSERT INTO submission (mission_id, report_id, sha256, sequence, received_at, channel,
    media_type, holder_id, contested, device_id, device_sequence, raw)
  SELECT mission, id, decode(sha256, 'hex'), sequence, at, channel, media_type, holder_id, false,
    device_id, device_sequence, decode(raw, 'base64') FROM sent),
versions AS (
  INSERT INTO report_version (mission_id, report_id, number, sequence, envelope, answers, author_id)
  SELECT mission, id, 1, sequence, envelope, answers, holder_id FROM sent),
photos AS (
  INSERT INTO attachment (mission_id, report_id, name, sha256, size, arrived_at)
  SELECT batch.mission, r.report_id, r.name, decode(r.sha256, 'hex'), r.size,
    CASE WHEN r.size IS NOT NULL THEN batch.at END
  FROM batch, json_to_recordset(batch.rows -> 'photos') AS r(
    report_id uuid, name text, sha256 text, size int))
INSERT INTO judgement (mission_id, report_id, number, rules_id, codes, flags)
SELECT mission, id, 1, rules_id, decode(codes, 'hex'), flags FROM sent WHERE codes IS NOT NULL"""
CONTEST = """
INSERT INTO submission (mission_id, report_id, sha256, sequence, received_at, channel,
  media_type, holder_id, contested, device_id, device_sequence, raw)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, true, %s, %s, %s)
ON CONFLICT (mission_id, report_id, sha256) DO NOTHING"""


@dataclass
class _Plan:
    """What is to be written for one mission once it is known what stands there."""

    at: datetime
    sequence: int
    reports: dict[UUID, Kept]
    visits: dict[UUID, tuple[UUID, UUID, UUID]]
    new: list[tuple[Candidate, int]] = field(default_factory=list)
    contested: list[tuple[Candidate, int]] = field(default_factory=list)

    def settle(self, candidate: Candidate) -> Kept:
        """Decide one candidate, in the order in which they came."""
        self.sequence += 1
        standing = self.reports.get(candidate.id)
        if standing is None:
            return self._keep(candidate)
        if standing.sha256 in (candidate.sha256, candidate.sha256_as_came):
            return Kept(
                Outcome.REPLAYED,
                standing.sha256,
                standing.received_at,
                standing.sequence,
                standing.status,
                standing.reasons,
            )
        self.contested.append((candidate, self.sequence))
        return Kept(Outcome.CONTESTED, candidate.sha256, self.at, self.sequence, "", ())

    def _keep(self, candidate: Candidate) -> Kept:
        candidate = in_its_visit(candidate, self.visits)
        self.new.append((candidate, self.sequence))
        reasons = tuple(reason.as_sent() for reason in candidate.reasons)
        kept = Kept(
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
) -> list[Kept]:
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
        row[0]: Kept(Outcome.REPLAYED, row[1], row[2], row[3], row[4], tuple(row[5]))
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


def report_rows(new: Sequence[tuple[Candidate, int]], photo_size: PhotoSize) -> dict[str, Any]:
    """The rows of reports, visits and photos, as the statements read them."""
    return {
        "reports": [_report(candidate, sequence) for candidate, sequence in new],
        "visits": list(_visits(candidate for candidate, _ in new)),
        "photos": [
            _photo(candidate, name, photo_size)
            for candidate, _ in new
            for name in dict.fromkeys(candidate.photos)
        ],
    }


def _report(candidate: Candidate, sequence: int) -> dict[str, Any]:
    return {
        "id": candidate.id,
        "sha256": candidate.sha256.hex(),
        "sequence": sequence,
        "status": candidate.status,
        "reasons": [reason.as_sent() for reason in candidate.reasons],
        "checklist": candidate.checklist,
        "rules_id": candidate.rules_id,
        "round_id": candidate.round_id,
        "place_id": candidate.place_id,
        "visit_id": candidate.visit_id if _has_team(candidate) else None,
        "observer_id": candidate.observer_id,
        "organisation_id": candidate.organisation_id,
        "arrived_at": candidate.arrived_at,
        "departed_at": candidate.departed_at,
        "finalised_at": candidate.finalised_at,
        "channel": candidate.channel,
        "media_type": candidate.media_type,
        "holder_id": candidate.holder_id,
        "device_id": candidate.device_id,
        "device_sequence": candidate.device_sequence,
        "raw": base64.b64encode(candidate.raw).decode(),
        "envelope": candidate.envelope,
        "answers": candidate.answers,
        "codes": None if candidate.codes is None else candidate.codes.hex(),
        "flags": candidate.flags,
    }


def _has_team(candidate: Candidate) -> bool:
    return None not in (candidate.round_id, candidate.organisation_id, candidate.place_id)


def _visits(candidates: Iterable[Candidate]) -> Iterable[dict[str, Any]]:
    """One row per visit, as wide as its reports in this batch."""
    visits: dict[UUID, dict[str, Any]] = {}
    for candidate in candidates:
        if candidate.visit_id is None or not _has_team(candidate):
            continue
        row = visits.setdefault(
            candidate.visit_id,
            {
                "id": candidate.visit_id,
                "round_id": candidate.round_id,
                "organisation_id": candidate.organisation_id,
                "place_id": candidate.place_id,
                "arrived_at": candidate.arrived_at,
                "departed_at": candidate.departed_at,
            },
        )
        row["arrived_at"] = _either(min, row["arrived_at"], candidate.arrived_at)
        row["departed_at"] = _either(max, row["departed_at"], candidate.departed_at)
    return visits.values()


def _either(
    choose: Callable[[datetime, datetime], datetime], one: datetime | None, two: datetime | None
) -> datetime | None:
    return choose(one, two) if one is not None and two is not None else one or two


def _photo(candidate: Candidate, name: str, photo_size: PhotoSize) -> dict[str, Any]:
    sha256 = named_hash(name)
    size = None if sha256 is None else photo_size(candidate.mission_id, sha256)
    digest = None if sha256 is None else sha256.hex()
    return {"report_id": candidate.id, "name": name, "sha256": digest, "size": size}


def named_hash(name: str) -> bytes | None:
    """The SHA-256 that a photo's file name states, where the name is one and an extension."""
    stem = name.partition(".")[0]
    if len(stem) != 64 or set(stem) - set("0123456789abcdef"):
        return None
    return bytes.fromhex(stem)
