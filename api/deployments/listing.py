"""Deployments with their teams, a page at a time: by area and place, searched and filtered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.deployments.planner import SAMPLES, Connection, PlannerScope
from schemas.deployment import Call

STATES = {
    "": "d.state = 'planned'",
    "ended": "d.state <> 'planned'",
    "closed": "d.state = 'planned' AND p.closed_on IS NOT NULL",
}
"""The filters of the list, by name."""
CHOSEN = """
SELECT d.id FROM deployment d
LEFT JOIN place p ON p.mission_id = d.mission_id AND p.id = d.place_id
LEFT JOIN area a ON a.mission_id = d.mission_id AND a.id = coalesce(d.area_id, p.area_id)
WHERE d.mission_id = %(m)s AND d.round_id = %(r)s
  AND (%(areas)s::uuid[] IS NULL OR a.id = ANY (%(areas)s::uuid[]))"""
SENT = """
SELECT x.deployment_id FROM deployed_observer x
JOIN observer o ON o.mission_id = x.mission_id AND o.id = x.observer_id
WHERE x.mission_id = %(m)s AND x.left_at IS NULL AND strpos(lower(o.pseudonym), %(q)s) > 0"""
FITS = f""" AND (strpos(lower(p.code), %(q)s) > 0 OR strpos(lower(p.name), %(q)s) > 0
  OR strpos(lower(a.code), %(q)s) > 0 OR strpos(lower(a.name), %(q)s) > 0 OR d.id IN ({SENT}))"""
BEHIND = """ AND (coalesce(a.code, ''), coalesce(p.code, ''), d.id::text)
  > ((%(after)s::text[])[1], (%(after)s::text[])[2], (%(after)s::text[])[3])"""
ORDER = " ORDER BY coalesce(a.code, ''), coalesce(p.code, ''), d.id::text"
ROW = f"""
SELECT d.id, d.kind, d.state, d.state_reason, d.state_since, d.expected, d.replaces_id,
  p.kind, coalesce(p.code, ''), p.name, p.closed_on IS NOT NULL,
  coalesce(a.code, ''), a.name, g.code, g.kind, team.names,
  EXISTS (SELECT 1 FROM sampled_station s WHERE s.mission_id = %(m)s AND s.sample_id IN {SAMPLES}
    AND s.place_id = d.place_id AND s.drawn),
  (SELECT n.id FROM deployment n WHERE n.mission_id = %(m)s AND n.replaces_id = d.id LIMIT 1)
FROM deployment d
JOIN organisation g ON g.mission_id = d.mission_id AND g.id = d.organisation_id
LEFT JOIN place p ON p.mission_id = d.mission_id AND p.id = d.place_id
LEFT JOIN area a ON a.mission_id = d.mission_id AND a.id = coalesce(d.area_id, p.area_id)
CROSS JOIN LATERAL (SELECT coalesce(array_agg(o.pseudonym ORDER BY o.pseudonym), '{{}}') AS names
  FROM deployed_observer x JOIN observer o
  ON o.mission_id = x.mission_id AND o.id = x.observer_id
  WHERE x.mission_id = %(m)s AND x.deployment_id = d.id AND x.left_at IS NULL) team
WHERE d.mission_id = %(m)s
  AND (%(areas)s::uuid[] IS NULL OR a.id = ANY (%(areas)s::uuid[]))"""  # noqa: S608
THESE = " AND d.id = ANY (%(ids)s::uuid[])"


@dataclass(frozen=True)
class ListedDeployment:
    """One deployment as the planner lists it. ``place_kind`` is None for a team of an area."""

    id: UUID
    kind: str
    state: str
    reason: str
    since: datetime | None
    expected: dict[str, int]
    replaces: UUID | None
    place_kind: str | None
    code: str
    name: str | None
    closed: bool
    area_code: str
    area: str | None
    organisation: str
    organisation_kind: str
    team: tuple[str, ...]
    sampled: bool
    replaced_by: UUID | None

    @property
    def keys(self) -> tuple[str, str, str]:
        """What the list is sorted by."""
        return self.area_code, self.code, str(self.id)


async def deployments(
    connection: Connection,
    scope: PlannerScope,
    state: str,
    q: str,
    *,
    after: tuple[str, ...] | None,
    limit: int,
) -> list[ListedDeployment]:
    """Deployments that fit, behind some keys. Raises KeyError for an unknown filter.

    ``q`` is part of a code or name of station or area, or of a pseudonym, in any case.
    """
    values = scope.values(limit) | {"q": q.lower(), "after": list(after or ())}
    query = f"{CHOSEN} AND {STATES[state]}{FITS if q else ''}{BEHIND if after else ''}{ORDER}"
    found = await connection.execute(f"{query} LIMIT %(limit)s", values)
    return await _read(connection, scope, [row[0] for row in await found.fetchall()])


async def one_deployment(
    connection: Connection, scope: PlannerScope, wanted: UUID
) -> ListedDeployment | None:
    """One deployment of the scope, or None."""
    return next(iter(await _read(connection, scope, [wanted])), None)


async def calls_to(session: AsyncSession, mission_id: UUID, deployment_id: UUID) -> list[Call]:
    """The calls to a team, newest first."""
    query = select(Call).where(
        col(Call.mission_id) == mission_id, col(Call.deployment_id) == deployment_id
    )
    return list((await session.execute(query.order_by(col(Call.called_at).desc()))).scalars())


async def _read(
    connection: Connection, scope: PlannerScope, ids: list[UUID]
) -> list[ListedDeployment]:
    """These, in the order of the list. Teams are looked up of no others."""
    found = await connection.execute(ROW + THESE + ORDER, scope.values() | {"ids": ids})
    return [_planned(row) for row in await found.fetchall()]


def _planned(row: tuple[Any, ...]) -> ListedDeployment:
    return ListedDeployment(*(*row[:15], tuple(row[15]), *row[16:]))
