"""Polling stations as a file says them, under whatever headers; nothing is guessed."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from api.imports.outcome import Refused
from api.imports.table import CellProblem, Table, TableRow, degrees, whole_number
from schemas.place import Sort

HEADERS = {
    "code": ("code", "station_code", "ps_code", "polling_station", "precinct", "კოდი", "код",
             "الرمز"),
    "name": ("name", "station_name", "ps_name", "დასახელება", "название", "الاسم"),
    "address": ("address", "location", "მისამართი", "адрес", "العنوان"),
    "area": ("area_code", "district_code", "region_code", "area_name", "district_name",
             "region_name", "area", "district", "region"),
    "registered_voters": ("registered_voters", "registered", "voters", "electors"),
    "latitude": ("latitude", "lat", "y"),
    "longitude": ("longitude", "lon", "lng", "long", "x"),
    "setting": ("setting", "urban_rural", "milieu"),
    "sort": ("sort", "station_kind", "station_type"),
}  # fmt: skip
SETTINGS = {"": "", "urban": "urban", "rural": "rural", "u": "urban", "r": "rural"}
SORTS = {"": "ordinary"} | {each.value: each.value for each in Sort}
MOBILE = frozenset({"mobile", "homebound", "mobile voting", "mobile ballot box"})
"""Kinds that are no stations: a section of the station that the box goes out from."""
CLASSES = frozenset({"area", "setting", "sort"})
"""Fields by which samples are stratified: kept as attributes too, whatever their words."""
AREA_NAMES = ("area_name", "district_name", "region_name", "area", "district", "region")
NUMBERED = re.compile(r"\d+([.,]\d+)?[eE]\+\d+")
"""A code that a spreadsheet has turned into a number, such as 1.2E+10."""
LONGEST_CODE = 200


@dataclass(frozen=True)
class Station:
    """A station as a file says it. ``area`` is the code of its area, or None."""

    code: str
    name: str
    address: str
    area: str | None
    registered_voters: int | None
    latitude: float | None
    longitude: float | None
    attributes: dict[str, str]
    setting: str = ""
    sort: str = Sort.ORDINARY


@dataclass(frozen=True)
class StationFile:
    """The stations of a file, the names of their areas by code, and the rows not taken.

    ``given`` are the fields that the file has a column for, ``columns`` its other headers.
    """

    stations: tuple[Station, ...]
    areas: dict[str, str]
    refused: tuple[Refused, ...]
    given: frozenset[str]
    columns: frozenset[str]

    def onto(self, station: Station, standing: Station) -> Station:
        """A station as it will be: what the file has no column for stays as it was."""
        kept = {name: getattr(standing, name) for name in HEADERS if name not in self.given}
        others = {name: text for name, text in standing.attributes.items()
                  if name not in self.columns}  # fmt: skip
        return replace(station, **kept, attributes=others | station.attributes)


def read_stations(table: Table) -> StationFile:
    """Read a table of stations. Raises TableProblem where it has no column of codes."""
    code = table.require(*HEADERS["code"])
    columns = {field: table.column(*names) for field, names in HEADERS.items()}
    counts = Counter(row.cells.get(code, "") for row in table.rows)
    stations, refused = [], []
    areas: dict[str, str] = {}
    area_name = table.column(*AREA_NAMES) or ""
    for row in table.rows:
        found = row.cells.get(code, "")
        reason = _reason(found, counts)
        try:
            station = None if reason else _station(row, found, columns)
        except CellProblem as problem:
            station, reason = None, problem.reason
        if station is None:
            refused.append(Refused(row.line, found[:LONGEST_CODE], reason or ""))
            continue
        stations.append(station)
        if station.area:
            areas.setdefault(station.area, row.cells.get(area_name, "") or station.area)
    given = frozenset(field for field, header in columns.items() if header)
    others = frozenset(table.headers) - _own(columns)
    return StationFile(tuple(stations), areas, tuple(refused), given, others)


def _own(columns: dict[str, str | None]) -> frozenset[str | None]:
    """The headers that are fields alone. Others are attributes too: samples go by them."""
    return frozenset(header for field, header in columns.items() if field not in CLASSES)


def _reason(code: str, counts: Counter[str]) -> str | None:
    if not code:
        return "The code is empty."
    if len(code) > LONGEST_CODE:
        return f"The code is longer than {LONGEST_CODE} letters."
    if counts[code] > 1:
        return f"The code stands in {counts[code]} rows."
    if NUMBERED.fullmatch(code):
        return "A spreadsheet turned this code into a number. Format the column as text."
    return None


def _station(row: TableRow, code: str, columns: dict[str, str | None]) -> Station:
    cells, own = row.cells, _own(columns)
    address = cells.get(columns["address"] or "", "")
    return Station(
        code=code, name=cells.get(columns["name"] or "", "") or address or code,
        address=address, area=cells.get(columns["area"] or "", "") or None,
        registered_voters=whole_number(row, columns["registered_voters"]),
        latitude=degrees(row, columns["latitude"], 90),
        longitude=degrees(row, columns["longitude"], 180),
        attributes={name: text for name, text in cells.items() if text and name not in own},
        setting=SETTINGS.get(cells.get(columns["setting"] or "", "").casefold(), ""),
        sort=_sort(row, columns["sort"]),
    )  # fmt: skip


def _sort(row: TableRow, column: str | None) -> str:
    text = row.cells.get(column or "", "").casefold()
    if text in MOBILE:
        raise CellProblem(row, column, "mobile and homebound voting is a section of its parent "
                                       "station, never a station of its own.")  # fmt: skip
    return SORTS.get(text, Sort.ORDINARY)
