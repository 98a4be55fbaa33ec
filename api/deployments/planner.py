"""Planning queries: deployments listed, stations without a team, observers without a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import own_areas, visible_observers
from schemas.election import Round
from schemas.observer import Observer
from schemas.place import Area

Connection = AsyncConnection[Any]

SAMPLES = """(SELECT DISTINCT ON (kind) id FROM sample
  WHERE mission_id = %(m)s AND round_id = %(r)s ORDER BY kind, drawn_at)"""
"""The round's samples: the first of each kind of observers."""
DRAWN = f"""(SELECT s.place_id, bool_or(t.place_id IS NULL) AS nobody
  FROM sampled_station s JOIN sample x ON x.mission_id = s.mission_id AND x.id = s.sample_id
  LEFT JOIN (SELECT DISTINCT d.place_id, g.kind FROM deployment d
    JOIN organisation g ON g.mission_id = d.mission_id AND g.id = d.organisation_id
    WHERE d.mission_id = %(m)s AND d.round_id = %(r)s AND d.state = 'planned') t
    ON t.place_id = s.place_id AND (x.kind = '' OR t.kind = x.kind)
  WHERE s.mission_id = %(m)s AND s.drawn AND s.sample_id IN {SAMPLES} GROUP BY s.place_id)"""  # noqa: S608
"""The stations drawn, and whether a sample has sent nobody of its kind there."""
USUAL = """SELECT expected FROM deployment WHERE mission_id = %s AND round_id = %s AND kind = %s
AND state = 'planned' GROUP BY expected ORDER BY count(*) DESC, expected::text LIMIT 1"""
UNCOVERED = f"""
SELECT p.code, p.name, a.name, count(*) OVER ()
FROM {DRAWN} s JOIN place p ON p.mission_id = %(m)s AND p.id = s.place_id
LEFT JOIN area a ON a.mission_id = p.mission_id AND a.id = p.area_id
WHERE s.nobody AND p.closed_on IS NULL
  AND (%(areas)s::uuid[] IS NULL OR p.area_id = ANY (%(areas)s::uuid[]))
ORDER BY a.code NULLS FIRST, p.code OFFSET %(offset)s LIMIT %(limit)s"""  # noqa: S608
UNASSIGNED = """
SELECT o.pseudonym, g.code, g.kind, o.languages, count(*) OVER ()
FROM observer o JOIN organisation g ON g.mission_id = o.mission_id AND g.id = o.organisation_id
WHERE o.mission_id = %(m)s AND o.state = 'active' AND o.function IN ('short_term', 'long_term')
  AND NOT EXISTS (SELECT 1 FROM deployed_observer x JOIN deployment d
    ON d.mission_id = x.mission_id AND d.id = x.deployment_id
    WHERE x.mission_id = %(m)s AND x.observer_id = o.id AND x.left_at IS NULL
    AND d.round_id = %(r)s AND d.state = 'planned')
  AND (%(own)s::uuid[] IS NULL OR o.id = ANY (%(own)s::uuid[]))
ORDER BY o.pseudonym OFFSET %(offset)s LIMIT %(limit)s"""
PLACED = f"""
SELECT area_id, sum(stations)::int, sum(sampled)::int, sum(nobody)::int FROM (
  SELECT p.area_id, 1 AS stations, 0 AS sampled, 0 AS nobody FROM place p
  WHERE p.mission_id = %(m)s AND p.kind = 'station' AND p.closed_on IS NULL
  UNION ALL
  SELECT p.area_id, 0, 1, s.nobody::int
  FROM {DRAWN} s JOIN place p ON p.mission_id = %(m)s AND p.id = s.place_id
  WHERE p.closed_on IS NULL) each
GROUP BY area_id"""  # noqa: S608
TEAMS = """
SELECT coalesce(d.area_id, p.area_id), count(*) FILTER (WHERE d.state = 'planned'),
  count(*) FILTER (WHERE d.state = 'withdrawn_security')
FROM deployment d LEFT JOIN place p ON p.mission_id = d.mission_id AND p.id = d.place_id
WHERE d.mission_id = %(m)s AND d.round_id = %(r)s
GROUP BY 1"""


@dataclass(frozen=True)
class PlannerScope:
    """Of what the planner speaks: a round, these areas (None: all), for a bounded planner only
    these observers (None: all)."""

    mission_id: UUID
    round_id: UUID
    areas: list[UUID] | None
    own: list[UUID] | None

    def values(self, limit: int = 0, offset: int = 0) -> dict[str, Any]:
        """What the statements ask for."""
        return {
            "m": self.mission_id,
            "r": self.round_id,
            "areas": self.areas,
            "own": self.own,
            "limit": limit,
            "offset": offset,
        }


@dataclass(frozen=True)
class Some:
    """Some rows of a list, and how many it has in all."""

    rows: tuple[tuple[Any, ...], ...]
    total: int


async def uncovered(
    connection: Connection, scope: PlannerScope, limit: int, offset: int = 0
) -> Some:
    """Sampled stations that nobody is sent to: code, name, area. The mission is entered."""
    return await _some(connection, UNCOVERED, scope.values(limit, offset))


async def unassigned(
    connection: Connection, scope: PlannerScope, limit: int, offset: int = 0
) -> Some:
    """Active observers who are sent nowhere: pseudonym, organisation, kind, languages."""
    return await _some(connection, UNASSIGNED, scope.values(limit, offset))


async def _some(connection: Connection, query: str, values: dict[str, Any]) -> Some:
    rows = await (await connection.execute(query, values)).fetchall()
    return Some(tuple(row[:-1] for row in rows), rows[0][-1] if rows else values["offset"])


@dataclass(frozen=True)
class AreaPlan:
    """An area with all that lies in it: its stations, those sampled, those with nobody; how many
    deployments stand, and how many were withdrawn for security."""

    area: Area | None
    stations: int
    sampled: int
    uncovered: int
    planned: int
    withdrawn: int


async def plan_by_area(
    connection: Connection, scope: PlannerScope, areas: Sequence[Area], focus: UUID | None
) -> list[AreaPlan]:
    """The plan for each area directly below ``focus`` (None: the topmost), most need first."""
    values = scope.values()
    counts: dict[UUID | None, list[int]] = {}
    for query, first in ((PLACED, 0), (TEAMS, 3)):
        for area, *numbers in await (await connection.execute(query, values)).fetchall():
            if scope.areas is None or area in scope.areas:
                row = counts.setdefault(area, [0] * 5)
                row[first : first + len(numbers)] = numbers
    return _rolled_up(counts, areas, focus)


def _rolled_up(
    counts: dict[UUID | None, list[int]], areas: Sequence[Area], focus: UUID | None
) -> list[AreaPlan]:
    known = {each.id: each for each in areas}
    rows: dict[UUID | None, list[int]] = {}
    for area, numbers in counts.items():
        here = known.get(area) if area else None
        if focus is not None and here is not None and here.id != focus:
            here = _below(here, known, focus)
        while here is not None and focus is None and here.parent_id in known:
            here = known[here.parent_id]
        if here is None and focus is not None:
            continue
        row = rows.setdefault(here.id if here else None, [0] * 5)
        row[:] = [a + b for a, b in zip(row, numbers, strict=True)]
    plans = [AreaPlan(known.get(area) if area else None, *row) for area, row in rows.items()]
    return sorted(plans, key=lambda each: (-each.uncovered, each.area.code if each.area else ""))


def _below(here: Area, known: dict[UUID, Area], focus: UUID) -> Area | None:
    """The area directly below ``focus`` that ``here`` lies in; None where it lies elsewhere."""
    while here.parent_id in known:
        if here.parent_id == focus:
            return here
        here = known[here.parent_id]
    return None


def within(areas: Iterable[Area], focus: UUID) -> list[UUID]:
    """The ids of an area and of all that lies in it."""
    children: dict[UUID | None, list[UUID]] = {}
    for each in areas:
        children.setdefault(each.parent_id, []).append(each.id)
    found, waiting = [focus], [focus]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


async def usual_quota(connection: Connection, scope: PlannerScope) -> dict[str, int]:
    """What most teams that stay all day are to send, by checklist."""
    found = await connection.execute(USUAL, (scope.mission_id, scope.round_id, "static"))
    row = await found.fetchone()
    return row[0] if row else {}


@dataclass(frozen=True)
class Plan:
    """A planner's view: the rounds by code and name, the one that is planned, and what of it may
    be seen."""

    rounds: tuple[tuple[str, str], ...]
    round_code: str
    scope: PlannerScope


async def bounded_plan(session: AsyncSession, who: Principal, round_code: str) -> Plan | None:
    """The plan of a round, bounded as ``who`` is; None where there is no such round."""
    of = col(Round.mission_id) == who.mission_id
    query = select(Round).where(of).order_by(col(Round.code))
    rounds = {each.code: each for each in (await session.execute(query)).scalars()}
    chosen = rounds.get(round_code)
    if chosen is None:
        return None
    areas = own = None
    if who.area_id is not None:
        areas = list((await session.execute(own_areas(who))).scalars())
        people = visible_observers(who).with_only_columns(col(Observer.id))
        own = list((await session.execute(people)).scalars())
    named = tuple((each.code, each.name) for each in rounds.values())
    return Plan(named, round_code, PlannerScope(who.mission_id, chosen.id, areas, own))


STATES = {
    "": "d.state = 'planned'",
    "ended": "d.state <> 'planned'",
    "closed": "d.state = 'planned' AND p.closed_on IS NOT NULL",
}
"""The filters of the list, by name."""
CHOSEN = """
SELECT d.id FROM deployment d
LEFT JOIN place p ON p.mission_id = d.mission_id AND p.id = d.place_id
LEFT JOIN area a ON a.mission_id = d.mission_id AND a.id = coalesce(d.area_id, p.area_id)"""
SENT = """
LEFT JOIN (SELECT DISTINCT x.deployment_id FROM deployed_observer x
  JOIN observer o ON o.mission_id = x.mission_id AND o.id = x.observer_id
  WHERE x.mission_id = %(m)s AND x.left_at IS NULL AND strpos(lower(o.pseudonym), %(q)s) > 0) sent
ON sent.deployment_id = d.id"""
"""A join: as a condition beside others it would be asked again for every deployment."""
OF_SCOPE = """
WHERE d.mission_id = %(m)s AND d.round_id = %(r)s
  AND (%(areas)s::uuid[] IS NULL OR a.id = ANY (%(areas)s::uuid[]))"""
FITS = """ AND (strpos(lower(p.code), %(q)s) > 0 OR strpos(lower(p.name), %(q)s) > 0
  OR strpos(lower(a.code), %(q)s) > 0 OR strpos(lower(a.name), %(q)s) > 0
  OR sent.deployment_id IS NOT NULL)"""
BEHIND = """ AND (coalesce(a.code, ''), coalesce(p.code, ''), d.id::text)
  > ((%(after)s::text[])[1], (%(after)s::text[])[2], (%(after)s::text[])[3])"""
ORDER = " ORDER BY coalesce(a.code, ''), coalesce(p.code, ''), d.id::text"
ROW = f"""
SELECT d.id, d.kind, d.state, d.state_reason, d.state_since, d.expected, d.replaces_id,
  p.kind, coalesce(p.code, ''), p.name, p.closed_on IS NOT NULL,
  coalesce(a.code, ''), a.name, g.code, team.names,
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
    chosen = f"{CHOSEN}{SENT if q else ''}{OF_SCOPE} AND {STATES[state]}"
    query = f"{chosen}{FITS if q else ''}{BEHIND if after else ''}{ORDER}"
    found = await connection.execute(f"{query} LIMIT %(limit)s", values)
    return await _read(connection, scope, [row[0] for row in await found.fetchall()])


async def one_deployment(
    connection: Connection, scope: PlannerScope, wanted: UUID
) -> ListedDeployment | None:
    """One deployment of the scope, or None."""
    return next(iter(await _read(connection, scope, [wanted])), None)


async def _read(
    connection: Connection, scope: PlannerScope, ids: list[UUID]
) -> list[ListedDeployment]:
    """These, in the order of the list. Teams are looked up of no others."""
    found = await connection.execute(ROW + THESE + ORDER, scope.values() | {"ids": ids})
    return [_planned(row) for row in await found.fetchall()]


def _planned(row: tuple[Any, ...]) -> ListedDeployment:
    return ListedDeployment(*(*row[:14], tuple(row[14]), *row[15:]))
