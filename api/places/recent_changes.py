"""What was changed last: hours, and stations that were closed, merged, moved or split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

SHOWN = 50
"""So many of each are told."""
HOURS = text("""
SELECT r.code AS round, a.code AS area, p.code AS station, h.opens, h.closes, h.zone, h.authority,
  h.decided_at
FROM hours h JOIN round r ON r.mission_id = h.mission_id AND r.id = h.round_id
LEFT JOIN area a ON a.mission_id = h.mission_id AND a.id = h.area_id
LEFT JOIN place p ON p.mission_id = h.mission_id AND p.id = h.place_id
WHERE h.mission_id = :m ORDER BY h.recorded_at DESC LIMIT :shown""")
CHANGES = text("""
SELECT p.code AS station, c.kind, c.happened_on, c.authority,
  array_remove(array_agg(s.code ORDER BY s.code), NULL) AS successors
FROM place_change c JOIN place p ON p.mission_id = c.mission_id AND p.id = c.place_id
LEFT JOIN place s ON s.mission_id = c.mission_id AND s.id = c.successor_id
WHERE c.mission_id = :m
GROUP BY p.code, c.kind, c.happened_on, c.authority, c.recorded_at
ORDER BY c.recorded_at DESC LIMIT :shown""")


@dataclass(frozen=True)
class RecentChanges:
    """The last hours that were set and the last stations that changed, newest first."""

    hours: Sequence[Mapping[str, Any]]
    stations: Sequence[Mapping[str, Any]]


async def changes_on_the_day(session: AsyncSession, mission_id: UUID) -> RecentChanges:
    """The last changes of a mission."""
    of = {"m": mission_id, "shown": SHOWN}
    return RecentChanges(
        [dict(each) for each in (await session.execute(HOURS, of)).mappings()],
        [dict(each) for each in (await session.execute(CHANGES, of)).mappings()],
    )
