"""By which deployment a report came, and whether another phone of its team was there too.

The deployment is found when the report comes and stays with its visit: whoever is sent elsewhere
later was there by the plan of then. Two phones of one deployment whose stays at one place overlap
may have told the same twice; the later report is flagged, and a person looks. They are never made
one by machine.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from api.intake.candidate import Candidate
from schemas.report import ReportStatus

SAME_TEAM = "same_team"
DEPLOYMENTS = """
SELECT s.n, d.id
FROM json_to_recordset(%(teams)s::json) AS s(
  n int, round uuid, organisation uuid, place uuid, observer uuid)
JOIN LATERAL (
  SELECT d.id FROM deployed_observer o
  JOIN deployment d ON d.mission_id = o.mission_id AND d.id = o.deployment_id
  WHERE o.mission_id = %(mission)s AND o.observer_id = s.observer
    AND d.round_id = s.round AND d.organisation_id = s.organisation
    AND (d.place_id = s.place OR d.place_id IS NULL AND d.area_id IN (
      WITH RECURSIVE around AS (
        SELECT p.area_id AS id FROM place p WHERE p.mission_id = %(mission)s AND p.id = s.place
        UNION SELECT a.parent_id FROM area a JOIN around ON a.id = around.id
        WHERE a.mission_id = %(mission)s)
      SELECT around.id FROM around))
  ORDER BY d.place_id IS NULL, d.state <> 'planned', o.left_at IS NOT NULL,
    EXISTS (SELECT FROM deployment n WHERE n.mission_id = d.mission_id AND n.replaces_id = d.id),
    d.id
  LIMIT 1) d ON true"""
"""The team's plan for the place, before its plan for an area; one that stands before one that
ended or was replaced."""
STAYS = """
SELECT v.deployment_id, v.place_id, v.id, r.id, r.checklist,
  coalesce(v2.envelope ->> 'contest', ''), r.arrived_at, r.departed_at,
  coalesce(s.device_id, r.observer_id::text)
FROM visit v
JOIN report r ON r.mission_id = v.mission_id AND r.visit_id = v.id
JOIN report_version v2 ON v2.mission_id = r.mission_id AND v2.report_id = r.id
  AND v2.number = r.version
LEFT JOIN submission s ON s.mission_id = r.mission_id AND s.report_id = r.id
  AND s.sha256 = r.sha256
WHERE v.mission_id = %(mission)s AND v.deployment_id = ANY (%(deployments)s::uuid[])
  AND v.place_id = ANY (%(places)s::uuid[]) AND r.arrived_at <= %(until)s
  AND coalesce(r.departed_at, r.arrived_at) >= %(since)s
  AND r.status IN ('received', 'flagged', 'verified')"""


@dataclass(frozen=True)
class _Stay:
    """One report of a team's stay at a place, and the phone that it came from."""

    visit: UUID
    report: UUID
    arrived: datetime
    departed: datetime
    phone: str

    def beside(self, other: "_Stay") -> bool:
        """Whether another phone told of another visit at the same time."""
        overlap = self.arrived < other.departed and other.arrived < self.departed
        together = overlap or self.arrived == other.arrived
        return together and self.visit != other.visit and self.phone != other.phone


async def by_their_deployments(
    connection: AsyncConnection[Any], mission_id: UUID, candidates: Sequence[Candidate]
) -> list[Candidate]:
    """The candidates in order, each with the deployment that it came by, and flagged where another
    phone of the same team was at the place at the same time with the same checklist.

    The mission's clock is held, so that nobody else's stays are missed.
    """
    teams = list(dict.fromkeys(_team(each) for each in candidates if _is_placed(each)))
    if not teams:
        return list(candidates)
    rows = [
        {"n": n} | dict(zip(("round", "organisation", "place", "observer"), team, strict=True))
        for n, team in enumerate(teams)
    ]
    values = {"mission": mission_id, "teams": orjson.dumps(rows).decode()}
    found = await (await connection.execute(DEPLOYMENTS, values)).fetchall()
    if not found:
        return list(candidates)
    by_team = {teams[n]: deployment for n, deployment in found}
    known = [
        replace(each, deployment_id=by_team.get(_team(each))) if _is_placed(each) else each
        for each in candidates
    ]
    return _flagged(known, await _stays(connection, mission_id, known))


def _is_placed(one: Candidate) -> bool:
    return None not in (one.visit_id, *_team(one))


def _team(one: Candidate) -> tuple[UUID | None, ...]:
    return one.round_id, one.organisation_id, one.place_id, one.observer_id


_Stays = defaultdict[tuple[Any, ...], list[_Stay]]
"""The stays of a deployment at a place with one checklist, of one contest."""


async def _stays(
    connection: AsyncConnection[Any], mission_id: UUID, candidates: Sequence[Candidate]
) -> _Stays:
    stays: _Stays = defaultdict(list)
    deployed = [each for each in candidates if each.deployment_id is not None and each.arrived_at]
    arrivals = [each.arrived_at for each in deployed if each.arrived_at is not None]
    if not arrivals:
        return stays
    values = {
        "since": min(arrivals),
        "until": max(each.departed_at or at for each, at in zip(deployed, arrivals, strict=True)),
        "mission": mission_id,
        "deployments": _array(each.deployment_id for each in deployed),
        "places": _array(each.place_id for each in deployed),
    }
    rows = await (await connection.execute(STAYS, values)).fetchall()
    for deployment, place, visit, report, checklist, contest, arrived, departed, phone in rows:
        stay = _Stay(visit, report, arrived, departed or arrived, phone)
        stays[deployment, place, checklist, contest].append(stay)
    return stays


def _flagged(candidates: Sequence[Candidate], stays: _Stays) -> list[Candidate]:
    flagged = []
    for one in candidates:
        if one.deployment_id is None or one.visit_id is None or one.arrived_at is None:
            flagged.append(one)
            continue
        contest = one.envelope.get("contest") or ""
        here = stays[one.deployment_id, one.place_id, one.checklist, contest]
        phone = one.device_id or str(one.observer_id)
        stay = _Stay(one.visit_id, one.id, one.arrived_at, one.departed_at or one.arrived_at, phone)
        beside = [each for each in here if stay.beside(each) and each.report != one.replaces]
        flagged.append(one.flagged(_same_team(beside[0])) if beside else one)
        if one.status in (ReportStatus.RECEIVED, ReportStatus.FLAGGED):
            here.append(stay)
    return flagged


def _same_team(other: _Stay) -> dict[str, Any]:
    return {
        "name": SAME_TEAM,
        "inputs": {
            "report": str(other.report),
            "arrived_at": other.arrived.isoformat(),
            "departed_at": other.departed.isoformat(),
        },
        "formula": "another phone of the team was here during ${arrived_at}-${departed_at}",
        "difference": None,
        "tolerance": 0.0,
    }


def _array(ids: Iterable[UUID | None]) -> str:
    return "{" + ",".join(sorted({str(each) for each in ids})) + "}"
