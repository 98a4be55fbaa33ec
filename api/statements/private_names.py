"""Names that no statement may print: of observers, of those to be called for them, and of places
whose incident is restricted."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from api.database.sessions import unsealed
from schemas.mission import Mission
from schemas.observer import Identity, Observer
from schemas.place import Area

SHORTEST = 3
"""A shorter pseudonym or name is a word of its own too often."""
RESTRICTED_PLACES = text("""
SELECT DISTINCT p.name, p.code FROM (
  SELECT DISTINCT ON (e.report_id) e.report_id, e.visible_to FROM incident_event e
  WHERE e.mission_id = :mission AND e.kind = 'visibility'
  ORDER BY e.report_id, e.sequence DESC
) newest
JOIN report r ON r.mission_id = :mission AND r.id = newest.report_id
JOIN place p ON p.mission_id = :mission AND p.id = r.place_id
WHERE jsonb_array_length(newest.visible_to) > 0""")
"""The places of incidents whose newest event on who may see them names roles."""


async def private_names(session: AsyncSession, mission: Mission) -> frozenset[str]:
    """Every such name, as the lint looks for it. The names of the country, the mission
    and of areas are none, whatever a place is called."""
    of = mission.mission_id
    observers = select(Observer.id, Observer.pseudonym).where(Observer.mission_id == of)
    pseudonyms = {row[0]: row[1] for row in (await session.execute(observers)).all()}
    places = (await session.execute(RESTRICTED_PLACES, {"mission": of})).all()
    people = await _people(session, of, pseudonyms.keys())
    names = [*pseudonyms.values(), *people, *(each for row in places for each in row)]
    areas = (await session.execute(select(Area.name).where(Area.mission_id == of))).scalars()
    public = {each.casefold() for each in (mission.country, mission.title, *areas)}
    return frozenset(
        name
        for each in names
        if (name := each.strip())
        and len(name) >= SHORTEST
        and any(map(str.isalpha, name))
        and name.casefold() not in public
    )


async def _people(
    session: AsyncSession, mission_id: UUID, observers: Collection[UUID]
) -> list[str]:
    """The names behind pseudonyms, and of those who are called for them. Whoever writes a
    statement is told of a name only where they typed it."""
    query = select(Identity).where(Identity.mission_id == mission_id)
    async with unsealed(session):
        people = list((await session.execute(query)).scalars())
    return [
        name
        for each in people
        if each.holder_id in observers
        for name in (each.name, each.emergency_contact, each.coordinator, each.deputy)
    ]
