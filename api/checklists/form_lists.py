"""CSV lists that forms choose from: stations and contestants of the mission.

A form asks for them by name (``select_one_from_file stations.csv``); they are made anew from the
mission each time, so that a form keeps in step with it. An observer's stations are those of
their deployments: a country's would be too many for a phone.
"""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from schemas.credential import Role

LIST_REFERENCE = re.compile(r"jr://file-csv/([A-Za-z0-9_.-]+)")
STATIONS = """
WITH RECURSIVE own AS (
  SELECT d.place_id, d.area_id FROM deployment d
  JOIN deployed_observer t ON t.mission_id = d.mission_id AND t.deployment_id = d.id
    AND t.left_at IS NULL
  WHERE d.mission_id = %(mission)s AND d.state = 'planned' AND t.observer_id = %(observer)s),
inside AS (
  SELECT a.id FROM area a JOIN own ON own.area_id = a.id WHERE a.mission_id = %(mission)s
  UNION SELECT a.id FROM area a JOIN inside ON a.parent_id = inside.id
  WHERE a.mission_id = %(mission)s)
SELECT p.code, p.name, coalesce(a.name, '') FROM place p
LEFT JOIN area a ON a.mission_id = p.mission_id AND a.id = p.area_id
WHERE p.mission_id = %(mission)s AND p.kind = 'station' AND p.closed_on IS NULL
  AND (NOT %(bounded)s OR p.id IN (SELECT place_id FROM own)
    OR p.area_id IN (SELECT id FROM inside))
ORDER BY p.code"""
CONTESTANTS = """
SELECT n.code, n.name, c.code, r.code FROM contestant n
JOIN contest c ON c.mission_id = n.mission_id AND c.id = n.contest_id
JOIN round r ON r.mission_id = c.mission_id AND r.id = c.round_id
WHERE n.mission_id = %(mission)s ORDER BY r.code, c.code, n.position"""
LISTS = {
    "stations.csv": (("name", "label", "area"), STATIONS),
    "contestants.csv": (("name", "label", "contest", "round"), CONTESTANTS),
}
"""The lists there are, by file name: their columns and where they come from."""


def lists_of(xform: str) -> tuple[str, ...]:
    """The lists that a form asks for, of those there are."""
    return tuple(name for name in dict.fromkeys(LIST_REFERENCE.findall(xform)) if name in LISTS)


async def mission_list(
    connection: AsyncConnection[Any], mission_id: UUID, role: Role, holder_id: UUID, name: str
) -> bytes:
    """A list as CSV. ``connection`` is in the mission. Raises KeyError where there is none."""
    columns, query = LISTS[name]
    values = {"mission": mission_id, "observer": holder_id, "bounded": role == Role.OBSERVER}
    rows = await (await connection.execute(query, values)).fetchall()
    return _written(columns, rows)


def _written(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()
