"""The tables of coverage and irregularities as each role may read them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from analytics.observation.coverage import Coverage
from analytics.observation.dispositions import By as DisposedBy
from analytics.observation.dispositions import Tally
from analytics.observation.irregularity_rates import Rate
from api.figures.areas import level
from api.figures.ask import figure
from api.figures.figures import (
    coverage_by,
    coverage_by_area,
    coverage_of_all,
    dispositions,
)
from api.figures.json import area_out, coverage_out, rate_out
from api.figures.rates import indicators_of, rates, rates_by_area
from api.figures.suppression import LEAST_STATIONS, Cell, withheld
from api.figures.unobservable_stations import ACCESS_DENIED
from api.figures.watch import AnyEdition, Watch
from schemas.mission import Kind
from schemas.place import Area

By = Literal["area", "kind", "stage"]
Row = TypeVar("Row")


@dataclass(frozen=True)
class Asked:
    """What of the irregularities is asked for; None is everything."""

    by: By | None = None
    checklist: str | None = None
    kind: str | None = None
    area: str | None = None
    """An area's code; only with ``by`` area."""
    stages: tuple[str, ...] = ()
    """The stages of whoever is bounded to some; empty is all."""


def coverage_table(watch: Watch, *, everything: bool) -> dict[str, Any]:
    """The plan against what came: the nation, then areas, checklists and kinds of observer.

    Not ``everything``: for a partner, who gets the nation and the areas, without those that
    rest on few stations and those that would give them away.
    """
    with watch.lock:
        nation, areas = coverage_of_all(watch), coverage_by_area(watch)
        table: dict[str, Any] = {"sequence": watch.sequence}
        if everything:
            return table | {
                "nation": coverage_out(nation),
                "areas": [
                    {"area": area_out(each.area), **coverage_out(each.row)} for each in areas
                ],
                "checklists": _grouped(watch, "checklist"),
                "kinds": _grouped(watch, "kind"),
                "stages": _grouped(watch, "stage"),
                "dispositions": _dispositions(watch),
                "access_denied": access_denied(watch),
                "withheld": 0,
            }
        stations = _stations_by_area(watch)
    rows = [(each.area, each.row, stations.get(each.area and each.area.id, 0)) for each in areas]
    return table | coverage_outside(nation, rows)


@figure
def whole_coverage(watch: Watch) -> dict[str, Any]:
    """:func:`coverage_table` for whoever sees everything."""
    return coverage_table(watch, everything=True)


def _dispositions(watch: Watch) -> dict[str, Any]:
    """Plans and reports by how they stand: in all, and by stage, area and checklist."""

    def rows(by: DisposedBy, tallies: Iterable[Tally]) -> list[dict[str, Any]]:
        return [
            {by: _named(watch, by, each.group), "plans": each.plans, "reports": each.reports}
            for each in tallies
        ]

    nation = dispositions(watch)
    return {
        "plans": nation[0].plans if nation else {},
        "reports": nation[0].reports if nation else {},
        "stages": rows("stage", dispositions(watch, "stage")),
        "areas": rows("area", _rolled(watch, dispositions(watch, "area"))),
        "checklists": rows("checklist", dispositions(watch, "checklist")),
    }


def _rolled(watch: Watch, tallies: Iterable[Tally]) -> list[Tally]:
    """The areas' plans summed in the outermost area that each lies in."""
    group = level(watch.frame.areas)
    found: dict[int, Tally] = {}
    for each in tallies:
        own = cast(int, each.group)
        into = group[own] if own >= 0 else own
        held = found.setdefault(into, Tally(into, Counter(), Counter()))
        held.plans.update(each.plans)
        held.reports.update(each.reports)
    return sorted(found.values(), key=lambda each: str(each.group))


def _named(watch: Watch, by: DisposedBy, group: object) -> Any:
    if by != "area":
        return group
    return area_out(watch.frame.areas[group]) if isinstance(group, int) and group >= 0 else None


@figure
def access_denied(watch: Watch) -> dict[str, Any]:
    """Reports that observers were denied access: a statistic of its own, and in no rate."""
    group, came = level(watch.frame.areas), watch.received.counted(ACCESS_DENIED)
    by_area, kinds = Counter[int](), Counter[Kind]()
    for (area, kind), count in came.items():
        by_area[group[area] if area >= 0 else area] += count
        kinds[kind] += count
    return {
        "reports": came.total(),
        "kinds": kinds,
        "areas": [
            {"area": area_out(watch.frame.areas[area]) if area >= 0 else None, "reports": count}
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


def _stations_by_area(watch: Watch) -> dict[Any, int]:
    """How many stations of each area (None: of none) were planned for, or something came from."""
    frame, group = watch.frame, level(watch.frame.areas)
    beyond = set().union(*(watch.received.places(kind) for kind in Kind)) - frame.planned
    counts = frame.planned_by_area + Counter(frame.places[at].area for at in beyond)
    found = Counter[Any]()
    for area, count in counts.items():
        found[frame.areas[group[area]].id if area >= 0 else None] += count
    return found


def _grouped(watch: Watch, by: Literal["checklist", "kind", "stage"]) -> list[dict[str, Any]]:
    return [{by: each.group, **coverage_out(each)} for each in coverage_by(watch, by)]


def irregularity_rows(
    edition: AnyEdition, asked: Asked, *, everything: bool
) -> list[dict[str, Any]]:
    """The rates asked for, gravest first within each group. They are not to be changed.

    Domestic and international figures are never pooled, so every row says its kind; by area
    each row is one area's. Not ``everything``: as :func:`coverage_table`.
    """
    found: list[dict[str, Any]] = []
    for name in edition.reference.checklists:
        if asked.checklist not in (None, name):
            continue
        by_area = asked.by == "area"
        rows = _of_areas(edition, name, asked, everything) if by_area else rates(edition, name)
        told = rows if everything else told_outside(rows, rates(edition, name))
        known = {each.code: each for each in indicators_of(edition, name)}
        found += [
            rate_out(
                edition.reference.areas, name, known.get(each.indicator), each, exact=everything
            )
            for each in told
            if asked.kind in (None, each.kind)
        ]
    if asked.area is not None:
        found = [each for each in found if each["area"] and each["area"]["code"] == asked.area]
    if asked.stages:
        found = [each for each in found if each["stage"] in asked.stages]
    return sorted(found, key=row_order(asked.by))


@figure
def irregularities_now(edition: AnyEdition, asked: Asked) -> list[dict[str, Any]]:
    """:func:`irregularity_rows` for whoever sees everything."""
    return irregularity_rows(edition, asked, everything=True)


def _of_areas(
    edition: AnyEdition, checklist: str, asked: Asked, everything: bool
) -> tuple[Rate, ...]:
    """The level of areas that the one asked for stands on; a partner is told the outermost alone,
    as levels that overlap would give away what is withheld."""
    areas = edition.reference.areas
    parent = next((each.parent_id for each in areas if each.code == asked.area), None)
    above = next((each for each in areas if parent is not None and each.id == parent), None)
    return rates_by_area(edition, checklist, above if everything else None)


def row_order(by: By | None) -> Callable[[dict[str, Any]], Any]:
    """The order of rates: by group, then gravest first."""

    def key(row: dict[str, Any]) -> Any:
        first = row["area"]["code"] if by == "area" else row[by] if by else ""
        return (
            str(first),
            -row["severity"],
            row["checklist"],
            row["indicator"],
            str(row["kind"]),
            row["part"],
        )

    return key


def told_outside(rows: Iterable[Rate], nation: Iterable[Rate] = ()) -> list[Rate]:
    """The rates that a partner may see: table by table, each with its total in ``nation``."""
    totals = {(each.indicator, each.kind, each.part): each for each in nation}
    tables: defaultdict[Any, list[Rate]] = defaultdict(list)
    for each in rows:
        tables[each.indicator, each.kind, each.part].append(each)
    told: list[Rate] = []
    for which, table in tables.items():
        hidden = withheld([*map(_cell, table), *_nowhere(totals.get(which), table)])
        told += [each for index, each in enumerate(table) if index not in hidden]
    return told


def _nowhere(total: Rate | None, table: Sequence[Rate]) -> list[Cell]:
    """Stations in no area: no row shows them, and yet they are the total less the areas."""
    if total is None:
        return []
    stations = total.stations - sum(each.stations for each in table)
    seen = total.seen - sum(each.seen for each in table)
    observations = total.observations - sum(each.observations for each in table)
    return [Cell(stations, ((seen, observations),))] if stations > 0 else []


def _cell(rate: Rate) -> Cell:
    return Cell(rate.stations, ((rate.seen, rate.observations),))
