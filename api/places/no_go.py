"""No-go areas: nobody is sent there (bamako:48, bamako:60)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from schemas.place import Place
from schemas.problems import Refusal

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
