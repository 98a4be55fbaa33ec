"""Planning queries: sampled stations without a team, observers without a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

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
