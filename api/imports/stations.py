"""Importing polling stations: the same file twice changes nothing, and nothing is guessed.

COPY is refused under row-level security, so rows are copied to a temporary table and inserted
from there.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb
from sqlmodel import col, select

from api.audit import audit_entry
from api.database.work import Work
from api.imports.table import Table, TableProblem, TableRow, degrees, whole_number
from schemas.columns import new_id
from schemas.place import Area, Place, PlaceKind

CODE = ("code", "station_code", "ps_code", "polling_station", "precinct", "კოდი", "код", "الرمز")
NAME = ("name", "station_name", "ps_name", "დასახელება", "название", "الاسم")
ADDRESS = ("address", "location", "მისამართი", "адрес", "العنوان")
AREA_CODE = ("area_code", "district_code", "region_code")
AREA_NAME = ("area_name", "district_name", "region_name", "area", "district", "region")
VOTERS = ("registered_voters", "registered", "voters", "electors")
LATITUDE = ("latitude", "lat", "y")
LONGITUDE = ("longitude", "lon", "lng", "long", "x")

NUMBERED = re.compile(r"\d+([.,]\d+)?[eE]\+\d+")
"""A code that a spreadsheet has turned into a number, such as 1.2E+10."""

TEMPORARY = """
CREATE TEMPORARY TABLE arriving (id uuid, code text, name text, address text, area_id uuid,
  registered_voters int, latitude float8, longitude float8, attributes jsonb) ON COMMIT DROP"""
COPY = (
    "COPY arriving (id, code, name, address, area_id, registered_voters, latitude, longitude,"
    " attributes) FROM STDIN"
)
MERGE = """
INSERT INTO place (mission_id, id, kind, code, name, address, area_id, registered_voters,
  latitude, longitude, attributes)
SELECT %(m)s, id, 'station', code, name, address, area_id, registered_voters, latitude,
  longitude, attributes FROM arriving
ON CONFLICT (mission_id, kind, code) DO UPDATE SET name = excluded.name,
  address = excluded.address, area_id = excluded.area_id,
  registered_voters = excluded.registered_voters, latitude = excluded.latitude,
  longitude = excluded.longitude, attributes = excluded.attributes"""
OPEN = """
INSERT INTO round_place (mission_id, round_id, place_id, registered_voters)
SELECT %(m)s, r.id, p.id, p.registered_voters FROM round r
CROSS JOIN arriving a JOIN place p ON p.mission_id = %(m)s AND p.kind = 'station'
  AND p.code = a.code
WHERE r.mission_id = %(m)s
ON CONFLICT (mission_id, round_id, place_id) DO UPDATE
SET registered_voters = excluded.registered_voters"""


@dataclass(frozen=True)
class Station:
    """A station as a file says it. ``area`` is the code of its area, or None."""

    line: int
    code: str
    name: str
    address: str
    area: str | None
    registered_voters: int | None
    latitude: float | None
    longitude: float | None
    attributes: dict[str, str]

    @property
    def said(self) -> tuple[object, ...]:
        """What a second import is compared by."""
        return (self.name, self.address, self.area, self.registered_voters, self.latitude,
                self.longitude, tuple(sorted(self.attributes.items())))  # fmt: skip


@dataclass(frozen=True)
class Refused:
    """A row that was not taken, and why."""

    line: int
    code: str
    reason: str


@dataclass
class Outcome:
    """What an import does, or would do."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    areas: int = 0

    def as_sent(self) -> dict[str, object]:
        """For scripts."""
        return {
            "added": len(self.added), "changed": len(self.changed), "unchanged": self.unchanged,
            "areas": self.areas,
            "refused": [{"row": each.line, "code": each.code, "reason": each.reason}
                        for each in self.refused],
        }  # fmt: skip

    def __str__(self) -> str:
        refused = "".join(f"\n  row {each.line}, {each.code}: {each.reason}"
                          for each in self.refused[:20])  # fmt: skip
        return (
            f"{len(self.added)} added, {len(self.changed)} changed, {self.unchanged} unchanged, "
            f"{len(self.refused)} refused{refused}"
        )


def read_stations(table: Table) -> tuple[list[Station], dict[str, str], list[Refused]]:
    """Stations, the names of their areas by code, and the rows that cannot be taken."""
    code = table.require(*CODE)
    area_code, area_name = table.column(*AREA_CODE), table.column(*AREA_NAME)
    counts = Counter(row.cells.get(code, "") for row in table.rows)
    stations: list[Station] = []
    areas: dict[str, str] = {}
    refused: list[Refused] = []
    for row in table.rows:
        found = row.cells.get(code, "")
        reason = _reason(found, counts)
        if reason is None:
            try:
                stations.append(_station(table, row, found, area_code, area_name))
            except TableProblem as problem:
                reason = str(problem)
        if reason is not None:
            refused.append(Refused(row.line, found, reason))
        elif stations[-1].area:
            areas.setdefault(stations[-1].area, row.cells.get(area_name or "", "") or found)
    return stations, areas, refused


def _reason(code: str, counts: Counter[str]) -> str | None:
    if not code:
        return "The code is empty."
    if counts[code] > 1:
        return f"The code stands in {counts[code]} rows."
    if NUMBERED.fullmatch(code):
        return "The spreadsheet turned this code into a number. Format the column as text."
    return None


def _station(
    table: Table, row: TableRow, code: str, area_code: str | None, area_name: str | None
) -> Station:
    name, address = table.column(*NAME), table.column(*ADDRESS)
    cells = row.cells
    area = cells.get(area_code or "", "") or cells.get(area_name or "", "") or None
    where = cells.get(address or "", "")
    taken = {table.column(*CODE), name, address, table.column(*VOTERS), table.column(*LATITUDE),
             table.column(*LONGITUDE)}  # fmt: skip
    return Station(
        line=row.line, code=code, name=cells.get(name or "", "") or where or code,
        address=where, area=area,
        registered_voters=whole_number(row, table.column(*VOTERS)),
        latitude=degrees(row, table.column(*LATITUDE), 90),
        longitude=degrees(row, table.column(*LONGITUDE), 180),
        attributes={key: text for key, text in cells.items() if key not in taken and text},
    )  # fmt: skip


def import_stations(work: Work, table: Table, *, dry_run: bool = False) -> Outcome:
    """Write a table's stations, and the areas they name, in the running transaction.

    They are open in every round of the mission. With ``dry_run`` nothing is written.
    """
    stations, areas, refused = read_stations(table)
    outcome = Outcome(refused=refused)
    standing = _standing(work)
    for each in stations:
        known = standing.get(each.code)
        if known is None:
            outcome.added.append(each.code)
        elif known != each.said:
            outcome.changed.append(each.code)
        else:
            outcome.unchanged += 1
    changes = set(outcome.added) | set(outcome.changed)
    outcome.areas = len(areas)
    if dry_run or not changes:
        return outcome
    ids = _write_areas(work, areas)
    _write(work, [each for each in stations if each.code in changes], ids)
    content = orjson.dumps(sorted(changes))
    work.session.add(audit_entry(
        work.mission_id, work.sequence, "stations.import", f"{len(changes)} stations", content
    ))  # fmt: skip
    return outcome


def _standing(work: Work) -> dict[str, tuple[object, ...]]:
    areas = {area.id: area.code for area in work.session.exec(select(Area))}
    rows = work.session.exec(select(Place).where(col(Place.kind) == PlaceKind.STATION))
    return {
        place.code: Station(
            0, place.code, place.name, place.address,
            areas.get(place.area_id) if place.area_id else None, place.registered_voters,
            place.latitude, place.longitude, place.attributes,
        ).said
        for place in rows
    }  # fmt: skip


def _write_areas(work: Work, areas: dict[str, str]) -> dict[str, UUID]:
    ids = {area.code: area.id for area in work.session.exec(select(Area))}
    for code, name in areas.items():
        if code not in ids:
            area = Area(mission_id=work.mission_id, code=code, name=name, level="district",
                        shape=None)  # fmt: skip
            work.session.add(area)
            ids[code] = area.id
    work.session.flush()
    return ids


def _write(work: Work, stations: Iterable[Station], areas: dict[str, UUID]) -> None:
    with work.plain.cursor() as cursor:
        cursor.execute(TEMPORARY)
        with cursor.copy(COPY) as copy:
            for each in stations:
                copy.write_row((
                    new_id(), each.code, each.name, each.address,
                    areas[each.area] if each.area else None, each.registered_voters,
                    each.latitude, each.longitude, Jsonb(each.attributes),
                ))  # fmt: skip
        cursor.execute(MERGE, {"m": work.mission_id})
        cursor.execute(OPEN, {"m": work.mission_id})
