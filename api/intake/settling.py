"""Which report of a group counts: one SQL statement, which every writer of reports executes.

A group is a visit, a checklist and, of protocols, a contest; a protocol that came without one is
of the only contest of its round. Where the checklist is of observations, or the team's plan expects
more than one report at the place, it is also the time of finishing; and equal answers of one device
are then a copy, whenever they were finished.

The newest by receipt counts. A report is stale, and is not the newest, where the same device sent
one with a higher number before. The others are superseded: kept, and counted nowhere. Where the
newest is quarantined or moves elsewhere, the next one counts again. Once one is verified, what
comes later is held for the desk until that decision is taken back.

Nothing is remembered between two times: whoever holds the mission's clock settles the visits that
it wrote in, and doing it twice changes nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection, Connection
from sqlmodel import Session

from api.intake.candidate import Reason
from schemas.checklist import CASES

DECIDED = Reason(
    "visit",
    "decided",
    "The report of this visit is verified. Take that back, and this one counts instead.",
)
_CASES = ", ".join(f"'{each}'" for each in sorted(CASES))
SETTLE = f"""
WITH member AS MATERIALIZED (
  SELECT r.id, r.visit_id, r.checklist, r.status, r.reasons, r.version, r.rules_id, r.sha256,
    r.finalised_at, r.sequence, r.round_id, r.contest_id,
    count(*) OVER (PARTITION BY r.visit_id, r.checklist) = 1
      AND r.status NOT IN ('superseded', 'held') AS alone
  FROM report r
  WHERE r.mission_id = %(mission)s AND r.visit_id = ANY (%(visits)s::uuid[])
    AND (r.status IN ('received', 'flagged', 'verified', 'superseded')
      OR r.status = 'held' AND r.reasons @> '[{{"field": "visit", "code": "decided"}}]'
        AND jsonb_array_length(r.reasons) = 1)),
per AS MATERIALIZED (
  SELECT o.id, o.definition #>> '{{policy,per}}' AS of,
    o.definition #> '{{policy,expected}}' AS expected
  FROM rules o WHERE o.mission_id = %(mission)s
    AND o.id IN (SELECT m.rules_id FROM member m WHERE NOT m.alone)),
planned AS MATERIALIZED (
  SELECT v.id AS visit_id, d.expected FROM visit v
  JOIN deployment d ON d.mission_id = v.mission_id AND d.id = v.deployment_id
  WHERE v.mission_id = %(mission)s AND d.place_id IS NOT NULL
    AND v.id IN (SELECT m.visit_id FROM member m WHERE NOT m.alone)),
known AS (
  SELECT m.id, m.visit_id, m.checklist, m.status, m.version, m.rules_id, v.answers,
    coalesce(m.contest_id, (SELECT (array_agg(c.id))[1] FROM contest c
      WHERE c.mission_id = %(mission)s AND c.round_id = m.round_id HAVING count(*) = 1)) AS contest,
    greatest(m.sequence, s.sequence) AS receipt, s.device_id, s.device_sequence,
    coalesce(m.finalised_at::text, m.id::text) AS moment,
    bool_or(m.checklist IN ({_CASES}) OR per.of = 'observation'
      OR coalesce(per.of, 'visit') = 'visit' AND CASE planned.expected
        WHEN '{{}}' THEN per.expected > '1'
        ELSE planned.expected -> m.checklist > '1' END)
      OVER (PARTITION BY m.visit_id, m.checklist) IS TRUE AS observations
  FROM member m
  LEFT JOIN per ON per.id = m.rules_id
  LEFT JOIN planned ON planned.visit_id = m.visit_id
  LEFT JOIN report_version v ON v.mission_id = %(mission)s AND v.report_id = m.id
    AND v.number = m.version
  LEFT JOIN LATERAL (SELECT e.instance_id, e.sha256 FROM edit e
    WHERE e.mission_id = %(mission)s AND e.report_id = m.id
    ORDER BY e.number DESC LIMIT 1) e ON true
  LEFT JOIN LATERAL (SELECT s.sequence, s.device_id, s.device_sequence FROM submission s
    WHERE s.mission_id = %(mission)s AND s.report_id IN (m.id, e.instance_id)
      AND s.sha256 = coalesce(e.sha256, m.sha256) LIMIT 1) s ON true
  WHERE NOT m.alone),
grouped AS (
  SELECT k.*, CASE WHEN observations THEN moment ELSE '' END AS finished,
    CASE WHEN observations AND device_id IS NOT NULL THEN jsonb_build_array(device_id, answers)
      ELSE to_jsonb(CASE WHEN observations THEN id::text ELSE '' END) END AS copied
  FROM known k),
aged AS (
  SELECT g.*, device_id IS NOT NULL AND coalesce(device_sequence < greatest(
      max(device_sequence) OVER (PARTITION BY visit_id, checklist, contest, finished, device_id
        ORDER BY receipt ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
      max(device_sequence) OVER (PARTITION BY visit_id, checklist, contest, copied, device_id
        ORDER BY receipt ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)), false) AS stale
  FROM grouped g),
ranked AS (
  SELECT a.*,
    greatest(max(receipt) FILTER (WHERE NOT stale) OVER finished,
      max(receipt) FILTER (WHERE NOT stale) OVER copied) AS newest,
    greatest(max(receipt) FILTER (WHERE status = 'verified') OVER finished,
      max(receipt) FILTER (WHERE status = 'verified') OVER copied) AS decided
  FROM aged a
  WINDOW finished AS (PARTITION BY visit_id, checklist, contest, finished),
    copied AS (PARTITION BY visit_id, checklist, contest, copied)),
settled AS (
  SELECT r.*, CASE
    WHEN decided IS NOT NULL AND status = 'verified' AND receipt = decided THEN status
    WHEN decided IS NOT NULL AND NOT stale AND receipt > decided THEN 'held'
    WHEN decided IS NOT NULL OR stale OR receipt < newest THEN 'superseded'
    WHEN status IN ('received', 'flagged') THEN status
    WHEN EXISTS (SELECT FROM judgement j WHERE j.mission_id = %(mission)s AND j.report_id = r.id
      AND j.number = r.version AND j.rules_id = r.rules_id AND j.flags <> '[]') THEN 'flagged'
    ELSE 'received' END AS now
  FROM ranked r)
UPDATE report SET status = settled.now, changed = %(clock)s,
  reasons = CASE settled.now WHEN 'held' THEN %(decided)s::jsonb ELSE '[]' END
FROM settled
WHERE report.mission_id = %(mission)s AND report.id = settled.id
  AND report.status <> settled.now
RETURNING report.id, report.status, report.reasons"""  # noqa: S608

Settled = tuple[UUID, str, list[dict[str, str]]]
"""A report that settling changed: its id, its status now, and why it is held."""


def settle_values(mission_id: UUID, visits: Iterable[UUID | None], clock: int) -> dict[str, Any]:
    """What :data:`SETTLE` is executed with."""
    ids = {str(each) for each in visits if each is not None}
    return {
        "mission": mission_id,
        "visits": "{" + ",".join(sorted(ids)) + "}",
        "clock": clock,
        "decided": orjson.dumps([DECIDED.as_sent()]).decode(),
    }


async def settle(
    connection: AsyncConnection[Any], mission_id: UUID, visits: Iterable[UUID | None], clock: int
) -> list[Settled]:
    """Settle the groups of these visits, under the mission's clock; what changed."""
    values = settle_values(mission_id, visits, clock)
    return await (await connection.execute(SETTLE, values)).fetchall()


def settle_blocking(
    connection: Connection[Any] | Session,
    mission_id: UUID,
    visits: Iterable[UUID | None],
    clock: int,
) -> Sequence[Any]:
    """The same for who writes by a connection or a session that blocks."""
    values = settle_values(mission_id, visits, clock)
    if isinstance(connection, Connection):
        return connection.execute(SETTLE, values).fetchall()
    return connection.connection().exec_driver_sql(SETTLE, values).fetchall()
