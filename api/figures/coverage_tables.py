"""The tables of coverage as each role may read them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Literal, cast

from analytics.observation.coverage import Coverage
from analytics.observation.dispositions import By as DisposedBy
from analytics.observation.dispositions import Tally
from analytics.observation.received import counted, places
from api.figures.areas import level
from api.figures.ask import figure
from api.figures.coverage import coverage_by, coverage_by_area, coverage_of_all, dispositions
from api.figures.edition import Edition
from api.figures.json import area_out, coverage_out
from api.figures.suppression import LEAST_STATIONS, Cell, withheld
from api.figures.unobservable_stations import ACCESS_DENIED
from schemas.mission import Kind
from schemas.place import Area


def coverage_table(edition: Edition, *, everything: bool) -> dict[str, Any]:
    """The plan against what came: the nation, then areas, checklists and kinds of observer.

    Not ``everything``: for a partner, who gets the nation and the areas, without those that
    rest on few stations and those that would give them away.
    """
    nation, areas = coverage_of_all(edition), coverage_by_area(edition)
    table: dict[str, Any] = {"sequence": edition.clock}
    if everything:
        return table | {
            "nation": coverage_out(nation),
            "areas": [{"area": area_out(each.area), **coverage_out(each.row)} for each in areas],
            "checklists": _grouped(edition, "checklist"),
            "kinds": _grouped(edition, "kind"),
            "stages": _grouped(edition, "stage"),
            "dispositions": _dispositions(edition),
            "access_denied": access_denied(edition),
            "withheld": 0,
        }
    stations = _stations_by_area(edition)
    rows = [(each.area, each.row, stations.get(each.area and each.area.id, 0)) for each in areas]
    return table | coverage_outside(nation, rows)


@figure
def whole_coverage(edition: Edition) -> dict[str, Any]:
    """:func:`coverage_table` for whoever sees everything."""
    return coverage_table(edition, everything=True)


def _dispositions(edition: Edition) -> dict[str, Any]:
    """Plans and reports by how they stand: in all, and by stage, area and checklist."""

    def rows(by: DisposedBy, tallies: Iterable[Tally]) -> list[dict[str, Any]]:
        return [
            {by: _named(edition, by, each.group), "plans": each.plans, "reports": each.reports}
            for each in tallies
        ]

    nation = dispositions(edition)
    return {
        "plans": nation[0].plans if nation else {},
        "reports": nation[0].reports if nation else {},
        "stages": rows("stage", dispositions(edition, "stage")),
        "areas": rows("area", _rolled(edition, dispositions(edition, "area"))),
        "checklists": rows("checklist", dispositions(edition, "checklist")),
    }


def _rolled(edition: Edition, tallies: Iterable[Tally]) -> list[Tally]:
    """The areas' plans summed in the outermost area that each lies in."""
    group = level(edition.reference.areas)
    found: dict[int, Tally] = {}
    for each in tallies:
        own = cast(int, each.group)
        into = group[own] if own >= 0 else own
        held = found.setdefault(into, Tally(into, Counter(), Counter()))
        held.plans.update(each.plans)
        held.reports.update(each.reports)
    return sorted(found.values(), key=lambda each: str(each.group))


def _named(edition: Edition, by: DisposedBy, group: object) -> Any:
    if by != "area":
        return group
    return (
        area_out(edition.reference.areas[group]) if isinstance(group, int) and group >= 0 else None
    )


@figure
def access_denied(edition: Edition) -> dict[str, Any]:
    """Reports that observers were denied access: a statistic of its own, and in no rate."""
    group, came = level(edition.reference.areas), counted(edition.record, ACCESS_DENIED)
    by_area, kinds = Counter[int](), Counter[Kind]()
    for (area, kind), count in came.items():
        by_area[group[area] if area >= 0 else area] += count
        kinds[kind] += count
    return {
        "reports": came.total(),
        "kinds": kinds,
        "areas": [
            {
                "area": area_out(edition.reference.areas[area]) if area >= 0 else None,
                "reports": count,
            }
            for area, count in by_area.most_common()
        ],
    }


def coverage_outside(
    nation: Coverage, rows: Sequence[tuple[Area | None, Coverage, int]]
) -> dict[str, Any]:
    """What a partner sees of areas, each given with its stations; None is what is in no area."""
    cells = [Cell(stations, ((row.received, row.expected),)) for _, row, stations in rows]
    hidden = withheld(cells)
    national = sum(cell.stations for cell in cells) >= LEAST_STATIONS
    return {
        "nation": _plain_coverage(nation) if national else None,
        "areas": [
            {"area": area_out(area), **_plain_coverage(row)}
            for index, (area, row, _) in enumerate(rows)
            if index not in hidden
        ],
        "withheld": len(hidden),
    }


def _plain_coverage(row: Coverage) -> dict[str, Any]:
    """What a partner is told of coverage: nothing of what is doubted, late or beside the plan."""
    return {"expected": row.expected, "received": row.received, "share": row.share}


def _stations_by_area(edition: Edition) -> dict[Any, int]:
    """How many stations of each area (None: of none) were planned for, or something came from."""
    reference, group = edition.reference, level(edition.reference.areas)
    here = {at for kind in Kind for at in places(edition.record, kind)}
    beyond = here.difference(reference.planned.tolist())
    counts = reference.planned_by_area + Counter(reference.places.area[[*beyond]].tolist())
    found = Counter[Any]()
    for area, count in counts.items():
        found[reference.areas[group[area]].id if area >= 0 else None] += count
    return found


def _grouped(edition: Edition, by: Literal["checklist", "kind", "stage"]) -> list[dict[str, Any]]:
    return [{by: each.group, **coverage_out(each)} for each in coverage_by(edition, by)]
