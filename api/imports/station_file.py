"""Polling stations as a file says them, under whatever headers; nothing is guessed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from api.imports.cells import LONGEST_CODE, degrees, of_bearable_length, whole_number
from api.imports.table import CellProblem, Table, TableRow, plain
from schemas.place import Sort

HEADERS = {
    "code": (
        "code",
        "station_code",
        "ps_code",
        "polling_station",
        "polling_station_code",
        "ps_id",
        "station_id",
        "precinct",
        "precinct_code",
        "კოდი",
        "код",
        "الرمز",
        "código",
        "kod",
        "cod",
        "code_bv",
    ),
    "name": (
        "name",
        "station_name",
        "ps_name",
        "დასახელება",
        "название",
        "наименование",
        "الاسم",
        "nom",
        "nombre",
        "nome",
        "nazwa",
        "denumire",
        "ad",
        "navn",
    ),
    "address": (
        "address",
        "location",
        "მისამართი",
        "адрес",
        "العنوان",
        "adresse",
        "dirección",
        "endereço",
        "morada",
        "adres",
        "adresa",
        "domicilio",
    ),
    "area": (
        "area_code",
        "district_code",
        "region_code",
        "area_name",
        "district_name",
        "region_name",
        "area",
        "district",
        "region",
        "район",
        "регион",
        "округ",
        "ოლქი",
        "რაიონი",
        "რეგიონი",
        "المنطقة",
        "الدائرة",
        "المحافظة",
        "région",
        "région_code",
        "distrito",
        "región",
        "região",
    ),
    "registered_voters": (
        "registered_voters",
        "registered",
        "voters",
        "electors",
        "reg_voters",
        "no_of_voters",
        "number_of_voters",
        "total_voters",
        "избирателей",
        "число_избирателей",
        "ამომრჩევლები",
        "ამომრჩეველთა_რაოდენობა",
        "الناخبون",
        "عدد_الناخبين",
        "inscrits",
        "électeurs",
        "inscritos",
        "electores",
        "eleitores",
    ),
    "latitude": ("latitude", "lat", "y", "широта", "განედი", "خط_العرض", "latitud"),
    "longitude": (
        "longitude",
        "lon",
        "lng",
        "long",
        "x",
        "долгота",
        "გრძედი",
        "خط_الطول",
        "longitud",
    ),
    "setting": ("setting", "urban_rural", "milieu"),
    "sort": ("sort", "station_kind", "station_type"),
}
SETTINGS = {"": "", "urban": "urban", "rural": "rural", "u": "urban", "r": "rural"}
SORTS = {"": "ordinary"} | {each.value: each.value for each in Sort}
MOBILE = frozenset({"mobile", "homebound", "mobile voting", "mobile ballot box"})
"""Kinds that are no stations: a section of the station that the box goes out from."""
CLASSES = frozenset({"area", "setting", "sort"})
"""Fields by which samples are stratified: kept as attributes too, whatever their words."""
AREA_NAMES = ("area_name", "district_name", "region_name")


@dataclass(frozen=True)
class Station:
    """A station as a row says it; ``reason`` is why it cannot be taken, then the rest is empty.

    ``area`` is the code of its area, or None; ``area_name`` what the file calls it.
    """

    line: int
    code: str
    reason: str | None = None
    name: str = ""
    address: str = ""
    area: str | None = None
    area_name: str = ""
    registered_voters: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    setting: str = ""
    sort: str = Sort.ORDINARY


@dataclass(frozen=True)
class StationFile:
    """A table of stations: the header that stands for each field, or None."""

    table: Table
    headers: dict[str, str | None]

    @classmethod
    def of(cls, table: Table) -> "StationFile":
        """Find the headers. Raises TableProblem where there is no column of codes."""
        table.require(*HEADERS["code"])
        return cls(
            table, {field: table.column(*names, field=field) for field, names in HEADERS.items()}
        )

    @property
    def given(self) -> frozenset[str]:
        """The fields that the file has a column for; others stay as they stand."""
        return frozenset(field for field, header in self.headers.items() if header)

    @property
    def columns(self) -> frozenset[str]:
        """The headers that become attributes."""
        return frozenset(self.table.headers) - self._own

    @property
    def unknown(self) -> list[str]:
        """The headers that stand for no field, in the order of the file."""
        fields = {
            part
            for header in self.headers.values()
            if header
            for part in (header, *self.table.parts(header))
        }
        return [each for each in self.table.headers if each and each not in fields]

    @cached_property
    def _own(self) -> frozenset[str | None]:
        """The headers that are fields alone. Others are attributes too: samples go by them."""
        classes = {self.headers[each] for each in CLASSES}
        own = {header for field, header in self.headers.items() if field not in CLASSES}
        joined = {header for header in self.headers.values() if header and self.table.parts(header)}
        parts = {part for header in joined for part in self.table.parts(header)}
        return frozenset(own | joined | (parts - classes))

    def stations(self) -> Iterator[Station]:
        """Every row, as the file has them; a code that stands twice is not seen here."""
        code, area_name = self.headers["code"] or "", self._area_name() or ""
        for row in self.table.rows:
            found = row.cells.get(code, "")
            reason = _reason(found)
            try:
                station = None if reason else self._station(row, found, area_name)
            except CellProblem as problem:
                station, reason = None, problem.reason
            yield station or Station(row.line, found[:LONGEST_CODE], reason)

    def _area_name(self) -> str | None:
        """The header of the area's name: of the same word as its code, as a district_code is named
        by district_name or district. A region's name is no district's."""
        header = self.headers["area"]
        word = plain(header or "").removesuffix("_code").removesuffix("_name")
        if not header or word == "area":
            return self.table.column(*AREA_NAMES, field="area_name")
        return self.table.column("area_name", f"{word}_name", word)

    def _station(self, row: TableRow, code: str, area_name: str) -> Station:
        cells, columns = row.cells, self.headers
        of_bearable_length(row, columns["area"])
        address = cells.get(columns["address"] or "", "")
        area = cells.get(columns["area"] or "", "") or None
        return Station(
            row.line,
            code,
            name=cells.get(columns["name"] or "", "") or address or code,
            address=address,
            area=area,
            area_name=cells.get(area_name, "") or area or "",
            registered_voters=whole_number(row, columns["registered_voters"]),
            latitude=degrees(row, columns["latitude"], 90),
            longitude=degrees(row, columns["longitude"], 180),
            attributes={
                name: text for name, text in cells.items() if text and name not in self._own
            },
            setting=SETTINGS.get(cells.get(columns["setting"] or "", "").casefold(), ""),
            sort=_sort(row, columns["sort"]),
        )


def _reason(code: str) -> str | None:
    if not code:
        return "The code is empty."
    if len(code) > LONGEST_CODE:
        return f"The code is longer than {LONGEST_CODE} letters."
    return None


def _sort(row: TableRow, column: str | None) -> str:
    text = row.cells.get(column or "", "").casefold()
    if text in MOBILE:
        raise CellProblem(
            row,
            column,
            "mobile and homebound voting is a section of its parent "
            "station, never a station of its own.",
        )
    return SORTS.get(text, Sort.ORDINARY)
