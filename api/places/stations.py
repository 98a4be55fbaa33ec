"""Polling stations as the API shows them."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.auth.principal import Principal
from api.auth.visible import visible_stations
from schemas.place import Area, Place, StationOut


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
