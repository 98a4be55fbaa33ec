"""The sampling frame in a handover: areas and places by their codes."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlmodel import Session, SQLModel, select

from schemas.columns import new_id
from schemas.election import Round
from schemas.place import Area, Place, RoundPlace

AREAS, PLACES = "frame/areas.ndjson", "frame/places.ndjson"
READ_AREAS = text("""
WITH RECURSIVE down AS (
  SELECT a.*, NULL::text AS parent, 0 AS depth FROM area a WHERE a.parent_id IS NULL
  UNION ALL
  SELECT a.*, d.code, d.depth + 1 FROM area a
  JOIN down d ON d.mission_id = a.mission_id AND d.id = a.parent_id)
SELECT code, parent, name, level, zone, shape FROM down ORDER BY depth, code""")
READ_PLACES = text("""
SELECT p.kind, p.code, p.name, p.address, a.code AS area, c.kind AS centre_kind,
  c.code AS centre, p.registered_voters, p.latitude, p.longitude, p.attributes, p.setting,
  p.sort, p.closed_on
FROM place p LEFT JOIN area a ON a.mission_id = p.mission_id AND a.id = p.area_id
LEFT JOIN place c ON c.mission_id = p.mission_id AND c.id = p.centre_id
ORDER BY p.centre_id IS NOT NULL, p.kind, p.code""")
"""Centres come before the places that they receive."""
Row = dict[str, Any]


def _read(query: Any) -> Callable[[Session], Iterable[Row]]:
    return lambda session: (dict(row) for row in session.execute(query).mappings())


FRAME = {AREAS: _read(READ_AREAS), PLACES: _read(READ_PLACES)}
"""The files of a frame, and how each is read."""


def take_areas(session: Session, mission_id: UUID, rows: Iterable[Row]) -> int:
    """Add the areas whose codes the mission has not; how many. Parents come first."""
    known = {each.code: each.id for each in session.exec(select(Area))}
    adding: list[Row] = []
    for row in rows:
        if row["code"] not in known:
            parent = known.get(row.pop("parent"))
            known[row["code"]] = new_id()
            adding.append(row | _own(mission_id, known[row["code"]], parent_id=parent))
    return _insert(session, Area, adding)


def take_places(session: Session, mission_id: UUID, rows: Iterable[Row]) -> int:
    """Add the places that the mission has not and that were not closed; how many.

    They are open in every round of the mission. Centres come first.
    """
    areas = {each.code: each.id for each in session.exec(select(Area))}
    known = {(each.kind, each.code): each.id for each in session.exec(select(Place))}
    adding: list[Row] = []
    for row in rows:
        named = (row["kind"], row["code"])
        if row.pop("closed_on") is not None or named in known:
            continue
        centre = known.get((row.pop("centre_kind"), row.pop("centre")))
        area = areas.get(row.pop("area"))
        known[named] = new_id()
        adding.append(row | _own(mission_id, known[named], area_id=area, centre_id=centre))
    added = _insert(session, Place, adding)
    _insert(
        session,
        RoundPlace,
        [
            {
                "mission_id": mission_id,
                "round_id": each,
                "place_id": row["id"],
                "registered_voters": row["registered_voters"],
            }
            for each in session.exec(select(Round.id))
            for row in adding
        ],
    )
    return added


def _own(mission_id: UUID, id_: UUID, **others: UUID | None) -> Row:
    return {"mission_id": mission_id, "id": id_, **others}


def _insert(session: Session, noun: type[SQLModel], adding: list[Row]) -> int:
    if adding:
        session.execute(insert(noun), adding)
    return len(adding)
