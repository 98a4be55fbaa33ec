"""Importing polling stations: the same file twice changes nothing.

A file's rows go straight into a temporary table, and the database compares them with what stands:
no more memory for 100,000 stations than for ten.
"""

from dataclasses import dataclass, field
from typing import Any

from psycopg import Cursor
from psycopg.types.json import Jsonb
from sqlmodel import select

from api.audit.unit_of_work import Work
from api.database.blocking import driver_of
from api.imports.options import TableProblem
from api.imports.preview import TableKind
from api.imports.run import PROBLEMS_SHOWN, Change, Importer, Outcome, RefusedRow, codes_of
from api.imports.station_file import HEADERS, Station, StationFile
from api.imports.table import Table
from api.places.contests import NAMED_IN_FILE
from schemas.columns import new_id
from schemas.place import Area, Place, PlaceKind

FIELDS = (
    "name",
    "address",
    "area",
    "registered_voters",
    "latitude",
    "longitude",
    "setting",
    "sort",
)
ARRIVING = """
CREATE TEMPORARY TABLE arriving (line int, id uuid, code text, name text, address text, area text,
  registered_voters int, latitude float8, longitude float8, setting text, sort text,
  attributes jsonb, reason text) ON COMMIT DROP"""
COPY = """COPY arriving (line, id, code, name, address, area, registered_voters, latitude,
  longitude, setting, sort, attributes, reason) FROM STDIN"""
CURRENT_STATIONS = """
CREATE TEMPORARY TABLE standing ON COMMIT DROP AS
SELECT p.id, p.code, p.name, p.address, r.code AS area, p.registered_voters, p.latitude,
  p.longitude, p.setting, p.sort, p.attributes
FROM place p LEFT JOIN area r ON r.mission_id = p.mission_id AND r.id = p.area_id
WHERE p.mission_id = %(m)s AND p.kind = 'station'"""
TWICE = """
SELECT code, min(line), max(line) FROM arriving WHERE code <> '' GROUP BY code
HAVING count(*) > 1 LIMIT 1"""
COMPARED = """
CREATE TEMPORARY TABLE compared ON COMMIT DROP AS
SELECT a.line, a.id AS fresh, s.id AS standing, a.code,
  CASE WHEN s.id IS NULL OR 'name' = ANY(%(given)s) THEN a.name ELSE s.name END AS name,
  CASE WHEN s.id IS NULL OR 'address' = ANY(%(given)s) THEN a.address ELSE s.address
    END AS address,
  CASE WHEN s.id IS NULL OR 'area' = ANY(%(given)s) THEN a.area ELSE s.area END AS area,
  CASE WHEN s.id IS NULL OR 'registered_voters' = ANY(%(given)s) THEN a.registered_voters
    ELSE s.registered_voters END AS registered_voters,
  CASE WHEN s.id IS NULL OR 'latitude' = ANY(%(given)s) THEN a.latitude ELSE s.latitude
    END AS latitude,
  CASE WHEN s.id IS NULL OR 'longitude' = ANY(%(given)s) THEN a.longitude ELSE s.longitude
    END AS longitude,
  CASE WHEN s.id IS NULL OR 'setting' = ANY(%(given)s) THEN a.setting ELSE s.setting
    END AS setting,
  CASE WHEN s.id IS NULL OR 'sort' = ANY(%(given)s) THEN a.sort ELSE s.sort END AS sort,
  CASE WHEN s.id IS NULL THEN a.attributes
    ELSE (s.attributes - %(columns)s::text[]) || a.attributes END AS attributes
FROM arriving a LEFT JOIN standing s ON s.code = a.code WHERE a.reason IS NULL"""
SAME = """
DELETE FROM compared c USING standing s
WHERE s.id = c.standing AND to_jsonb(c) - '{line,fresh,standing}'::text[] = to_jsonb(s) - 'id'"""
CHANGES = """
SELECT c.line, c.code, to_jsonb(s) - '{id,attributes}'::text[] || s.attributes,
  to_jsonb(c) - '{line,fresh,standing,attributes}'::text[] || c.attributes
FROM compared c JOIN standing s ON s.id = c.standing ORDER BY c.line LIMIT %(shown)s"""
CHANGE = """
UPDATE place p SET area_id = r.id, name = c.name, address = c.address,
  registered_voters = c.registered_voters, latitude = c.latitude, longitude = c.longitude,
  setting = c.setting, sort = c.sort, attributes = c.attributes
FROM compared c LEFT JOIN area r ON r.mission_id = %(m)s AND r.code = c.area
WHERE p.mission_id = %(m)s AND p.id = c.standing"""
ADD = """
INSERT INTO place (mission_id, id, kind, code, area_id, name, address, registered_voters, latitude,
  longitude, setting, sort, attributes)
SELECT %(m)s, c.fresh, 'station', c.code, r.id, c.name, c.address, c.registered_voters,
  c.latitude, c.longitude, c.setting, c.sort, c.attributes
FROM compared c LEFT JOIN area r ON r.mission_id = %(m)s AND r.code = c.area
WHERE c.standing IS NULL"""
COUNTED = """
UPDATE round_place o SET registered_voters = c.registered_voters FROM compared c
WHERE o.mission_id = %(m)s AND o.place_id = c.standing
  AND o.registered_voters IS DISTINCT FROM c.registered_voters"""
NAMED = f"""
UPDATE round_place o SET contests = {NAMED_IN_FILE.format(place="p")} FROM compared c
JOIN place p ON p.mission_id = %(m)s AND p.id = c.standing
WHERE o.mission_id = %(m)s AND o.place_id = p.id
  AND o.contests IS DISTINCT FROM {NAMED_IN_FILE.format(place="p")}"""  # noqa: S608  our own words
OPEN_IN_ROUND = f"""
INSERT INTO round_place (mission_id, round_id, place_id, registered_voters, contests)
SELECT %(m)s, r.id, p.id, p.registered_voters, {NAMED_IN_FILE.format(place="p")}
FROM round r CROSS JOIN compared c
JOIN place p ON p.mission_id = %(m)s AND p.kind = 'station' AND p.code = c.code
WHERE r.mission_id = %(m)s AND c.standing IS NULL"""  # noqa: S608


def import_stations(work: Work, table: Table) -> Outcome:
    """Write a table's stations, and the areas they name, in the running transaction.

    New ones are open in every round of the mission. The column ``contests`` names the contests that
    are voted on at a station, by their codes, parted by semicolons. Raises TableProblem where the
    table has no column of codes, or a row that cannot be read.
    """
    arrival = _Arrival(work, StationFile.of(table))
    arrival.receive()
    outcome = arrival.compare(table.encoding)
    outcome.notes = _about_areas(work, arrival.areas)
    if outcome.changes:
        arrival.write()
    outcome.note(work, "stations.import")
    return outcome


@dataclass
class _Arrival:
    """A file's stations in a temporary table, beside those that stand."""

    work: Work
    file: StationFile
    areas: dict[str, str] = field(default_factory=dict)

    def _run(self, statement: str, **more: Any) -> Cursor[tuple[Any, ...]]:
        cursor: Cursor[tuple[Any, ...]] = driver_of(self.work.session).cursor()
        return cursor.execute(statement, {"m": self.work.mission_id} | more)

    def receive(self) -> None:
        """Copy every row, the reasons with those that cannot be taken."""
        self._run(ARRIVING)
        with driver_of(self.work.session).cursor().copy(COPY) as copy:
            for station in self.file.stations():
                copy.write_row(_values(station))
                if station.area and self.areas.get(station.area, station.area) == station.area:
                    self.areas[station.area] = station.area_name
        self._run(CURRENT_STATIONS)
        self._run("ANALYZE arriving, standing")
        for code, first, last in self._run(TWICE):
            raise TableProblem(f"`code` is not unique: rows {first} and {last} both have {code}.")

    def compare(self, encoding: str) -> Outcome:
        """What writing would do; what it would not change is put aside."""
        given, columns = sorted(self.file.given), sorted(self.file.columns)
        taken = self._run(COMPARED, given=given, columns=columns).rowcount
        self._run("ANALYZE compared")
        self._run(SAME)
        outcome = Outcome(encoding, kept=self.file.unknown)
        for code, standing in self._run("SELECT code, standing FROM compared ORDER BY line"):
            (outcome.changed if standing else outcome.added).append(code)
        outcome.unchanged = taken - len(outcome.changes)
        refused = self._run(
            "SELECT line, code, reason FROM arriving WHERE reason IS NOT NULL ORDER BY line"
        )
        outcome.refused = [RefusedRow(*row) for row in refused]
        for line, code, before, after in self._run(CHANGES, shown=PROBLEMS_SHOWN):
            outcome.shown.extend(Change.each(line, code, before, after))
        return outcome

    def write(self) -> None:
        """Write what is new or changed."""
        _add_areas(self.work, self.areas)
        for statement in (COUNTED, CHANGE, NAMED, ADD, OPEN_IN_ROUND):
            self._run(statement)


def _values(station: Station) -> tuple[Any, ...]:
    fields = (getattr(station, each) for each in FIELDS)
    attributes = Jsonb(station.attributes)
    return (station.line, new_id(), station.code, *fields, attributes, station.reason)


def _about_areas(work: Work, named: dict[str, str]) -> list[str]:
    """Which areas a file adds, and which names of it are not taken: another file gave others."""
    names = dict(work.session.exec(select(Area.code, Area.name)).all())
    new = [code for code in named if code not in names]
    kept = [
        f"{code} stays {names[code]}, not {name}"
        for code, name in named.items()
        if code in names and name not in (code, names[code]) and names[code] != code
    ]
    return [
        f"{words}: {'; '.join(found[:PROBLEMS_SHOWN])}"
        + (f"; and {len(found) - PROBLEMS_SHOWN} more" if len(found) > PROBLEMS_SHOWN else "")
        for words, found in (("areas added", new), ("areas that have a name already", kept))
        if found
    ]


def _add_areas(work: Work, named: dict[str, str]) -> None:
    """Add the areas that a file names anew; name those that have no name but their code. A name
    that stands is never overwritten from here: the file of areas gives names."""
    standing = {area.code: area for area in work.session.exec(select(Area))}
    for code, name in named.items():
        area = standing.get(code) or Area(
            mission_id=work.mission_id, code=code, name=code, level="district", shape=None
        )
        if area.name == code:
            area.name = name
        work.session.add(area)
    work.session.flush()


STATIONS = Importer(
    import_stations,
    TableKind(
        (HEADERS["code"],),
        (HEADERS["area"],),
        keeps=True,
        standing=codes_of(Place.code, Place.kind == PlaceKind.STATION),
    ),
)
