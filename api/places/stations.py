"""Polling stations: as the API shows them, their hours in a round, and no-go areas."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.auth.principal import Principal
from api.auth.visible import visible_stations
from schemas.place import Area, Place, StationOut
from schemas.problems import Refusal


async def page_of_stations(
    session: AsyncSession, who: Principal, behind: str | None, q: str | None, most: int
) -> list[StationOut]:
    """At most so many stations that ``who`` may see, by code, behind one; ``q`` is part of a code
    or name."""
    query = visible_stations(who).order_by(col(Place.code)).limit(most)
    if behind is not None:
        query = query.where(col(Place.code) > behind)
    if q:
        query = query.where(
            or_(
                *(
                    func.strpos(func.lower(column), func.lower(q)) > 0
                    for column in (col(Place.code), col(Place.name))
                )
            )
        )
    rows = list((await session.execute(query)).scalars())
    areas = await names_of_areas(session, who.mission_id)
    return [station_out(row, areas) for row in rows]


def station_out(place: Place, areas: Mapping[UUID, str]) -> StationOut:
    """A station as the API shows it."""
    return StationOut(
        code=place.code,
        name=place.name,
        address=place.address,
        area=areas.get(place.area_id) if place.area_id else None,
        registered_voters=place.registered_voters,
        lat=place.latitude,
        lon=place.longitude,
    )


async def names_of_areas(session: AsyncSession, mission_id: UUID) -> dict[UUID, str]:
    """The names of a mission's areas."""
    query = select(Area.id, Area.name).where(Area.mission_id == mission_id)
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


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


def differing(rows: Iterable[Any]) -> dict[UUID, Differing]:
    """The rows of ``EFFECTIVE`` by their places."""
    return {row[0]: Differing(row[1], row[2], row[3]) for row in rows}


CLOSED = text("""
WITH RECURSIVE closed AS (
  SELECT n.area_id, n.reason FROM no_go_area n
  WHERE n.mission_id = :m AND coalesce(n.ends_on >= current_date, true)
  UNION
  SELECT a.id, c.reason FROM area a JOIN closed c ON c.area_id = a.parent_id
  WHERE a.mission_id = :m)
SELECT area_id, reason FROM closed""")


@dataclass(frozen=True)
class NoGo:
    """What is closed to deployments now, or will be; each area with its reason."""

    reasons: dict[UUID, str]
    areas_of_places: dict[UUID, UUID | None]

    @classmethod
    def of(cls, session: Session, mission_id: UUID) -> "NoGo":
        """What stands in the mission."""
        rows = session.execute(CLOSED, {"m": mission_id})
        reasons = {row[0]: row[1] for row in rows}
        query = select(Place.id, Place.area_id).where(Place.mission_id == mission_id)
        return cls(reasons, dict(session.exec(query).all()) if reasons else {})

    def reason(self, place: UUID | None, area: UUID | None) -> str | None:
        """Why nobody is sent to a place or an area; None where somebody may be."""
        at = area or (self.areas_of_places.get(place) if place else None)
        return self.reasons.get(at) if at else None


def refuse_no_go(
    session: Session, mission_id: UUID, place: UUID | None, area: UUID | None, field: str
) -> None:
    """Raises :class:`Refusal`, naming the field, for a place or an area that is closed."""
    reason = NoGo.of(session, mission_id).reason(place, area)
    if reason is not None:
        raise Refusal(f"nobody is sent there: {reason[:200]}", field)
