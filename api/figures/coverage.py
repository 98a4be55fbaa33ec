"""Coverage of a mission's plan: by group and hour, and its tables."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from analytics.observation.agreement import places_in_conflict
from analytics.observation.code_matrix import KIND_INDEX
from analytics.observation.coverage import ArrivalCurve, By, Coverage, by_need
from analytics.observation.dispositions import By as DisposedBy
from analytics.observation.dispositions import Conflict, Tally
from analytics.observation.expected_reports import Matched, match
from analytics.observation.plan_coverage import arrivals, as_it_was, cover, national
from analytics.observation.plan_dispositions import Disposed, dispose
from analytics.observation.received import counted, places
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.export import area_out, coverage_out
from api.figures.irregularities import LEAST_STATIONS, Cell, withheld
from api.figures.rates import inside, level
from api.figures.unobserved import closed_or_unsafe, stations_unobserved, unobserved_stations
from schemas.mission import Kind
from schemas.place import Area


@dataclass(frozen=True)
class AreaCoverage:
    """Coverage of one area; ``area`` is None for what could not be placed."""

    area: Area | None
    row: Coverage


def matched(edition: Edition) -> Matched:
    """The plan matched with everything that came."""
    reference, record = edition.reference, edition.record

    def make() -> Matched:
        return match(reference.expected, record, reference.stages, unobserved_stations(edition))

    return edition.cached("matched", make)


def disposed(edition: Edition) -> Disposed:
    """The disposition of every plan."""

    def make() -> Disposed:
        return dispose(
            matched(edition),
            as_of=edition.as_of,
            unheard=edition.reference.unheard,
            conflicts=in_conflict(edition),
        )

    return edition.cached("disposed", make)


def in_conflict(edition: Edition) -> frozenset[Conflict]:
    """Places where teams answered differently on a checklist on which they must agree."""
    record, found = edition.record, set[Conflict]()
    for name, matrix in record.matrices.items():
        rules = edition.reference.newest(name)
        if rules is not None and rules.definition.policy.two_teams == "agree":
            places = places_in_conflict(matrix, record["team"][matrix.row])
            found |= {(place, name) for place in places}
    return frozenset(found)


def coverage_by_area(edition: Edition, within: Area | None = None) -> tuple[AreaCoverage, ...]:
    """Areas of one level, least covered first: regions, or the parts of the area ``within``.

    What lies in an area counts in it, however deep. Last, without ``within``, what could not be
    placed.
    """
    return _merged(edition, coverage_by(edition, "area"), within)


def _merged(
    edition: Edition, rows: Iterable[Coverage], within: Area | None = None
) -> tuple[AreaCoverage, ...]:
    areas = edition.reference.areas
    group, merged = level(areas, within), dict[int, Coverage]()
    for row in rows:
        own = cast(int, row.group)
        into = group[own] if own >= 0 else -1
        if into >= 0 or (own < 0 and within is None):
            merged[into] = row.onto(into, merged.get(into))
    found = sorted(merged.items(), key=lambda each: by_need(each[1]))
    return tuple(AreaCoverage(areas[n] if n >= 0 else None, row) for n, row in found)


def coverage_by_hour(edition: Edition, within: Area | None = None) -> tuple[Coverage, ...]:
    """Coverage by the hour in which reports were due; in one area, with all that lies in it."""
    zone = ZoneInfo(edition.reference.polling.zone)
    areas = inside_area(edition, within)
    return cover(matched(edition), "hour", as_of=edition.as_of, areas=areas, zone=zone)


def coverage_by(edition: Edition, by: By) -> tuple[Coverage, ...]:
    """Coverage by any group that :func:`analytics.observation.plan_coverage.cover` knows."""
    return edition.cached(
        ("coverage", by), lambda: cover(matched(edition), by, as_of=edition.as_of)
    )


def coverage_of_all(edition: Edition) -> Coverage:
    """Coverage of the whole plan."""
    return edition.cached("national", lambda: national(matched(edition), as_of=edition.as_of))


def dispositions(edition: Edition, by: DisposedBy = "nation") -> tuple[Tally, ...]:
    """The dispositions of the plans of every group, as of now."""
    return edition.cached(("dispositions", by), lambda: disposed(edition).tally(by))


def arrival_curve(edition: Edition) -> ArrivalCurve:
    """How the reports of the plan came in: of what is expected, as coverage has it."""

    return arrival_curve_of(edition, None)


def arrival_curve_of(edition: Edition, kind: Kind | None) -> ArrivalCurve:
    """The same for one kind of observers; None for both."""

    def make() -> ArrivalCurve:
        found = matched(edition)
        due, met = found.due, found.came
        if kind is not None:
            here = found.expected.kind == KIND_INDEX[kind]
            due, met = due[here[due]], met[here[met]]
        came = edition.record["came"][found.met[met]]
        return arrivals(found.expected.due[due], came, as_of=edition.as_of)

    return edition.cached(("arrivals", kind), make)


def inside_area(edition: Edition, within: Area | None) -> frozenset[int] | None:
    """The indices of an area and of all that lies in it; None of no area."""
    return None if within is None else inside(edition.reference.areas, within)


ACCESS_DENIED = "access_denied"
"""The checklist of the library on which observers say that they were not let in."""


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
            "stations_unobserved": stations_unobserved(edition),
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
    """Plans and reports by disposition: in all, and by stage, area and checklist."""

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
    """Reports that observers were denied access, or had to wait for it: a statistic of its own, and
    in no rate. Not those that say that the station was closed or unsafe."""
    group = level(edition.reference.areas)
    came = counted(edition.record, ACCESS_DENIED, without=closed_or_unsafe(edition))
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
    """What a partner may see of coverage: nothing of what is doubted, late or unplanned."""
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


@dataclass(frozen=True)
class CoverageNow:
    """Coverage of the nation, of the outermost areas (least covered first) and of checklists, how
    reports came in, and how many stations could not be observed, by reason."""

    nation: Coverage
    areas: tuple[AreaCoverage, ...]
    checklists: tuple[Coverage, ...]
    arrivals: ArrivalCurve
    unobserved: dict[str, int]


@dataclass(frozen=True)
class CoverageWithin:
    """Coverage in one area (in all, where none is named): of its parts, and by the hour; and in
    all the dispositions of the teams' plans, in sum and by stage, and where access was denied."""

    parts: tuple[AreaCoverage, ...]
    hours: tuple[Coverage, ...]
    plans: tuple[Tally, ...]
    plans_by_stage: tuple[Tally, ...]
    denied: dict[str, Any]


@figure
def coverage_now(edition: Edition, kind: Kind | None = None) -> CoverageNow:
    """Coverage as of now, of one kind of observers or of both."""
    if kind is None:
        return CoverageNow(
            coverage_of_all(edition),
            coverage_by_area(edition),
            coverage_by(edition, "checklist"),
            arrival_curve(edition),
            stations_unobserved(edition),
        )
    found, as_of = matched(edition), edition.as_of
    return CoverageNow(
        national(found, as_of=as_of, kind=kind),
        _merged(edition, cover(found, "area", as_of=as_of, kind=kind)),
        cover(found, "checklist", as_of=as_of, kind=kind),
        arrival_curve_of(edition, kind),
        stations_unobserved(edition),
    )


def coverage_at(
    edition: Edition, moment: datetime, kind: Kind | None
) -> tuple[Coverage, tuple[AreaCoverage, ...]]:
    """Coverage of the nation and of the outermost areas as it was at an earlier moment, by what is
    known of the reports now."""
    found = as_it_was(matched(edition), moment)
    return (
        national(found, as_of=moment, kind=kind),
        _merged(edition, cover(found, "area", as_of=moment, kind=kind)),
    )


@figure
def coverage_within(edition: Edition, code: str) -> CoverageWithin:
    """The parts and hours of the area of this code; of all, where it is empty or unknown."""
    within = area_named(edition, code)
    return CoverageWithin(
        coverage_by_area(edition, within),
        coverage_by_hour(edition, within),
        dispositions(edition),
        dispositions(edition, "stage"),
        access_denied(edition),
    )


def area_named(edition: Edition, code: str) -> Area | None:
    """The area of this code; None where it is empty or unknown."""
    return next((each for each in edition.reference.areas if code and each.code == code), None)
