"""Importing areas of any depth, and the centres that receive stations."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import col, select

from api.audit.unit_of_work import Work
from api.imports.cells import LONGEST_CODE, of_bearable_length
from api.imports.options import TableProblem
from api.imports.preview import TableKind
from api.imports.run import Importer, Outcome, RefusedRow, codes_of
from api.imports.table import CellProblem, Table, TableRow
from schemas.place import Area, Place, PlaceKind

AREA_CODE = ("code", "area_code")
PARENT = ("parent", "parent_code", "parent_area")
CENTRE_CODE = ("code", "centre", "centre_code")
CENTRES = (PlaceKind.COUNTING_CENTRE, PlaceKind.TABULATION_CENTRE, PlaceKind.COMMISSION)


def import_areas(work: Work, table: Table, shapes: Mapping[str, Any] | None = None) -> Outcome:
    """Add or change areas: columns code, name, level, parent, zone. ``shapes`` are GeoJSON
    geometries by code.

    A parent may stand anywhere in the file. Raises TableProblem where a column is missing, or
    areas would be inside themselves.
    """
    code = table.require(*AREA_CODE)
    standing = {each.code: each for each in work.session.exec(select(Area))}
    parents = _parents(table, code, standing)
    rows = Counter(row.cells.get(code, "") for row in table.rows)
    known = standing.keys() | rows.keys()
    outcome = Outcome(table.encoding)
    for row in table.rows:
        reason = _reason(row, code, parents, known, rows)
        if reason:
            outcome.refused.append(_refused(row, code, reason))
        else:
            _take(work, table, row, row.cells[code], standing, outcome, shapes or {})
    work.session.flush()
    by_id = {each.id: each.code for each in standing.values()}
    lines = {row.cells.get(code, ""): row.line for row in table.rows}
    for child, parent in parents.items():
        area, above = standing.get(child), standing.get(parent)
        if area and above and area.parent_id != above.id and rows[child] < 2:
            was = by_id.get(area.parent_id) if area.parent_id else None
            area.parent_id = above.id
            work.session.add(area)
            if child not in outcome.added:
                outcome.change_more(lines.get(child, 0), child, {"parent": was}, {"parent": parent})
    outcome.note(work, "areas.import")
    return outcome


def read_shapes(data: bytes) -> dict[str, Any]:
    """Geometries by code from a GeoJSON feature collection whose features have a ``code``.

    Raises :class:`TableProblem` where it is none.
    """
    try:
        features = json.loads(data)["features"]
        return {str(each["properties"]["code"]): each["geometry"] for each in features}
    except (ValueError, KeyError, TypeError) as error:
        raise TableProblem("It is no GeoJSON whose features have a property code.") from error


def _parents(table: Table, code: str, standing: dict[str, Area]) -> dict[str, str]:
    """Child to parent, as it will be. Raises TableProblem for a circle."""
    column = table.column(*PARENT)
    by_id = {each.id: each.code for each in standing.values()}
    parents = {each.code: by_id[each.parent_id] for each in standing.values() if each.parent_id}
    parents |= {
        row.cells[code]: row.cells[column]
        for row in table.rows
        if column and row.cells.get(code) and row.cells.get(column)
    }
    for child in parents:
        seen, at = {child}, parents[child]
        while at in parents and at not in seen:
            seen.add(at)
            at = parents[at]
        if at in seen:
            raise TableProblem(f"Area {child}: it would be inside itself.")
    return parents


def _refused(row: TableRow, code: str, reason: str) -> RefusedRow:
    return RefusedRow(row.line, row.cells.get(code, "")[:LONGEST_CODE], reason)


def _reason(
    row: TableRow,
    code: str,
    parents: Mapping[str, str],
    known: Collection[str],
    rows: Mapping[str, int],
) -> str | None:
    found = row.cells.get(code, "")
    if not found:
        return "The code is empty."
    if rows[found] > 1:
        return f"The code stands in {rows[found]} rows."
    try:
        of_bearable_length(row, code)
    except CellProblem as problem:
        return problem.reason
    if found in parents and parents[found] not in known:
        return f"No area {parents[found]!r}."
    try:
        ZoneInfo(row.cells.get("zone", "") or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "column zone: a time zone such as Africa/Bamako is needed."
    return None


def _take(
    work: Work,
    table: Table,
    row: TableRow,
    code: str,
    standing: dict[str, Area],
    outcome: Outcome,
    shapes: Mapping[str, Any],
) -> None:
    cells, area = row.cells, standing.get(code)
    wanted: dict[str, Any] = {
        name: cells[column]
        for name in ("name", "level")
        if (column := table.column(name)) and cells.get(column)
    }
    if table.column("zone"):
        wanted["zone"] = cells.get(table.column("zone") or "") or None
    if code in shapes:
        wanted["shape"] = shapes[code]
    if area is None:
        made = {"name": code, "level": "area", "shape": None} | wanted
        standing[code] = Area(mission_id=work.mission_id, code=code, **made)
        work.session.add(standing[code])
        outcome.added.append(code)
        return
    before = {name: getattr(area, name) for name in wanted}
    for name, value in wanted.items():
        setattr(area, name, value)
    work.session.add(area)
    if before == wanted:
        outcome.unchanged += 1
    else:
        outcome.change(row.line, code, before, wanted)


def import_centres(work: Work, table: Table) -> Outcome:
    """Add or change centres: columns code, kind (counting_centre, tabulation_centre, commission),
    name, area, and receives: codes of stations or centres, parted by spaces.

    Raises TableProblem where a column is missing.
    """
    columns = {name: table.column(name) or "" for name in ("name", "area", "receives")}
    columns |= {"code": table.require(*CENTRE_CODE), "kind": table.require("kind")}
    session = work.session
    areas = {each.code: each.id for each in session.exec(select(Area))}
    places = session.exec(select(Place)).all()
    stations = {each.code: each for each in places if each.kind == PlaceKind.STATION}
    centres = {each.code: each for each in places if each.kind in CENTRES}
    rows = Counter(row.cells.get(columns["code"], "") for row in table.rows)
    outcome = Outcome(table.encoding)
    for row in table.rows:
        known = {**stations, **centres}
        reason = _centre_reason(row, columns, areas, known, rows)
        if reason:
            outcome.refused.append(_refused(row, columns["code"], reason))
            continue
        said = {name: row.cells.get(column, "") for name, column in columns.items()}
        changed = _take_centre(work, said, areas, centres, known)
        if changed is None:
            outcome.added.append(said["code"])
        elif changed[0] != changed[1]:
            outcome.change(row.line, said["code"], *changed)
        else:
            outcome.unchanged += 1
    outcome.note(work, "centres.import")
    return outcome


def _centre_reason(
    row: TableRow,
    columns: Mapping[str, str],
    areas: Mapping[str, UUID],
    known: Mapping[str, Place],
    rows: Mapping[str, int],
) -> str | None:
    cells = {name: row.cells.get(column, "") for name, column in columns.items()}
    found = cells["code"]
    if not 0 < len(found) <= LONGEST_CODE:
        return f"A code of at most {LONGEST_CODE} letters is needed."
    if rows[found] > 1:
        return f"The code stands in {rows[found]} rows."
    if cells["kind"] not in CENTRES:
        return f"column {columns['kind']}: one of {', '.join(CENTRES)} is needed."
    area = cells["area"]
    if area and area not in areas:
        return f"column area: no area {area!r}."
    strange = [each for each in cells["receives"].split() if each not in known]
    return f"column receives: not known: {', '.join(strange[:5])}." if strange else None


def _take_centre(
    work: Work,
    cells: Mapping[str, str],
    areas: Mapping[str, UUID],
    centres: dict[str, Place],
    known: Mapping[str, Place],
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """None where it is new, else what the row speaks of, as it was and as it is."""
    codes = {each: code for code, each in areas.items()}
    centre = centres.get(cells["code"])
    wanted: dict[str, Any] = {
        "name": cells["name"] or cells["code"],
        "kind": cells["kind"],
        "area_id": areas.get(cells["area"]),
    }
    is_new = centre is None
    if centre is None:
        centre = Place(mission_id=work.mission_id, code=cells["code"], attributes={}, **wanted)
        centres[cells["code"]] = centre
    before: dict[str, Any] = {name: getattr(centre, name) for name in wanted}
    for name, value in wanted.items():
        setattr(centre, name, value)
    work.session.add(centre)
    work.session.flush()
    before["area"], wanted["area"] = (codes.get(each.pop("area_id")) for each in (before, wanted))
    new = [each for each in cells["receives"].split() if known[each].centre_id != centre.id]
    for each in new:
        known[each].centre_id = centre.id
        work.session.add(known[each])
    return None if is_new else (before, wanted | ({"receives": new} if new else {}))


AREAS = Importer(import_areas, TableKind((AREA_CODE,), (PARENT,), standing=codes_of(Area.code)))
CENTRES_TABLE = Importer(
    import_centres,
    TableKind(
        (CENTRE_CODE,), (("area",),), standing=codes_of(Place.code, col(Place.kind).in_(CENTRES))
    ),
)
