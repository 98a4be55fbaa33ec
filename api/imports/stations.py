"""Importing polling stations: the same file twice changes nothing.

COPY is refused under row-level security, so rows are copied to a temporary table and inserted
from there.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlmodel import select

from api.database.work import Work
from api.imports.outcome import Outcome, Refused
from api.imports.station_file import Station, read_stations
from api.imports.table import Table
from schemas.columns import new_id
from schemas.place import Area

TEMPORARY = """
CREATE TEMPORARY TABLE arriving (id uuid, code text, name text, address text, area_id uuid,
  registered_voters int, latitude float8, longitude float8, attributes jsonb, setting text,
  sort text) ON COMMIT DROP"""
COPY = (
    "COPY arriving (id, code, name, address, area_id, registered_voters, latitude, longitude,"
    " attributes, setting, sort) FROM STDIN"
)
MERGE = """
INSERT INTO place (mission_id, id, kind, code, name, address, area_id, registered_voters,
  latitude, longitude, attributes, setting, sort)
SELECT %(m)s, id, 'station', code, name, address, area_id, registered_voters, latitude,
  longitude, attributes, setting, sort FROM arriving
ON CONFLICT (mission_id, kind, code) DO UPDATE SET name = excluded.name,
  address = excluded.address, area_id = excluded.area_id,
  registered_voters = excluded.registered_voters, latitude = excluded.latitude,
  longitude = excluded.longitude, attributes = excluded.attributes,
  setting = excluded.setting, sort = excluded.sort"""
STANDING = """
SELECT code, name, address, area_id, registered_voters, latitude, longitude, attributes, setting,
  sort FROM place WHERE mission_id = %s AND kind = 'station'"""
OPEN = """
INSERT INTO round_place (mission_id, round_id, place_id, registered_voters)
SELECT %(m)s, r.id, p.id, p.registered_voters FROM round r
CROSS JOIN arriving a JOIN place p ON p.mission_id = %(m)s AND p.kind = 'station'
  AND p.code = a.code
WHERE r.mission_id = %(m)s
ON CONFLICT (mission_id, round_id, place_id) DO UPDATE
SET registered_voters = excluded.registered_voters"""


def import_stations(work: Work, table: Table) -> Outcome:
    """Write a table's stations, and the areas they name, in the running transaction.

    They are open in every round of the mission. Raises TableProblem where the table has no
    column of codes.
    """
    file = read_stations(table)
    outcome = Outcome(table.encoding, refused=list(file.refused))
    standing = _standing(work)
    writing: list[Station] = []
    bare = {code.lstrip("0"): code for code in standing if code.isdigit()}
    for each in file.stations:
        known = standing.get(each.code)
        whole = bare.get(each.code)
        if known is None and whole is not None:
            reason = f"Did this code lose its zeros? There is a station {whole}."
            outcome.refused.append(Refused(0, each.code, reason))
            continue
        station = file.onto(each, known) if known else each
        if station == known:
            outcome.unchanged += 1
            continue
        writing.append(station)
        (outcome.changed if known else outcome.added).append(each.code)
    if writing:
        _write(work, writing, _areas(work, file.areas))
    outcome.note(work, "stations.import")
    return outcome


def _standing(work: Work) -> dict[str, Station]:
    areas = {area.id: area.code for area in work.session.exec(select(Area))}
    with work.plain.cursor() as cursor:
        cursor.execute(STANDING, (work.mission_id,))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return {row[0]: Station(row[0], row[1], row[2], areas.get(row[3]), *row[4:]) for row in found}


def _areas(work: Work, named: dict[str, str]) -> dict[str, UUID]:
    """The ids of all areas by code; those that a file names anew are added."""
    standing = {area.code: area for area in work.session.exec(select(Area))}
    for code, name in named.items():
        if code not in standing:
            standing[code] = Area(
                mission_id=work.mission_id, code=code, name=name, level="district", shape=None
            )
        elif name != code:
            standing[code].name = name
        work.session.add(standing[code])
    work.session.flush()
    return {code: area.id for code, area in standing.items()}


def _write(work: Work, stations: Iterable[Station], areas: dict[str, UUID]) -> None:
    with work.plain.cursor() as cursor:
        cursor.execute(TEMPORARY)
        with cursor.copy(COPY) as copy:
            for each in stations:
                copy.write_row((
                    new_id(), each.code, each.name, each.address,
                    areas[each.area] if each.area else None, each.registered_voters,
                    each.latitude, each.longitude, Jsonb(each.attributes), each.setting,
                    each.sort,
                ))  # fmt: skip
        cursor.execute(MERGE, {"m": work.mission_id})
        cursor.execute(OPEN, {"m": work.mission_id})
