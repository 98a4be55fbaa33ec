"""The hours of a station in a round: its own, its area's, its area's area's, the round's.

Each of zone, opening and closing is inherited by itself. A change made on the day stands before
what was scheduled, and of two changes the one that was recorded later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session

EFFECTIVE = text("""
WITH RECURSIVE said AS (
  SELECT area_id, place_id, zone, opens, closes, authority <> '' AS changed, recorded_at
  FROM hours WHERE mission_id = :mission AND round_id = :round
  UNION ALL
  SELECT id, NULL, zone, opens, closes, false, '-infinity' FROM area
  WHERE mission_id = :mission AND coalesce(zone, opens::text, closes::text) IS NOT NULL),
chain AS (
  SELECT p.id AS place_id, p.id AS own, NULL::uuid AS area, p.area_id AS above, 0 AS depth
  FROM place p WHERE p.mission_id = :mission
    AND (CAST(:places AS uuid[]) IS NULL OR p.id = ANY (CAST(:places AS uuid[])))
  UNION ALL
  SELECT c.place_id, NULL, a.id, a.parent_id, c.depth + 1 FROM chain c
  JOIN area a ON a.mission_id = :mission AND a.id = c.above WHERE c.depth < 20),
heard AS (
  SELECT c.place_id AS station, c.depth, s.zone, s.opens, s.closes, s.changed, s.recorded_at
  FROM chain c JOIN said s
  ON s.place_id = c.own OR s.area_id = c.area)
SELECT p.id,
  (array_agg(h.zone ORDER BY h.depth, h.changed DESC, h.recorded_at DESC)
    FILTER (WHERE h.zone IS NOT NULL))[1] AS zone,
  (array_agg(h.opens ORDER BY h.depth, h.changed DESC, h.recorded_at DESC)
    FILTER (WHERE h.opens IS NOT NULL))[1] AS opens,
  (array_agg(h.closes ORDER BY h.depth, h.changed DESC, h.recorded_at DESC)
    FILTER (WHERE h.closes IS NOT NULL))[1] AS closes
FROM place p JOIN heard h ON h.station = p.id
WHERE p.mission_id = :mission GROUP BY p.id""")


@dataclass(frozen=True)
class Polling:
    """The hours that stand for one station; wall-clock hours in ``zone``."""

    opens: time
    closes: time
    zone: str

    def at(self, day: date, hour: time) -> datetime:
        """An hour of a day as an instant."""
        return datetime.combine(day, hour, ZoneInfo(self.zone))


@dataclass(frozen=True)
class Differing:
    """What a place has otherwise than its round."""

    zone: str | None
    opens: time | None
    closes: time | None

    def over(self, usual: Polling) -> Polling:
        """The place's hours: its own where it has any, else the round's."""
        return Polling(
            self.opens or usual.opens, self.closes or usual.closes, self.zone or usual.zone
        )


def differing_hours(
    session: Session, mission_id: UUID, round_id: UUID, places: list[UUID] | None = None
) -> dict[UUID, Differing]:
    """The places (all, or those named) that have other hours than the round."""
    values = {"mission": mission_id, "round": round_id, "places": places}
    return differing(session.execute(EFFECTIVE, values).all())


async def hours_elsewhere(
    session: AsyncSession, mission_id: UUID, round_id: UUID, places: list[UUID] | None = None
) -> dict[UUID, Differing]:
    """The same, in a request."""
    values = {"mission": mission_id, "round": round_id, "places": places}
    return differing((await session.execute(EFFECTIVE, values)).all())


def differing(rows: Iterable[Any]) -> dict[UUID, Differing]:
    """The rows of ``EFFECTIVE`` by their places."""
    return {row[0]: Differing(row[1], row[2], row[3]) for row in rows}
