"""What a mission's readings say now: coverage, rates."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from analytics.observation.coverage import ArrivalCurve, By, Coverage, by_need, cover, national
from analytics.observation.dispositions import By as DisposedBy
from analytics.observation.dispositions import Plan, Tally
from analytics.observation.drawn_sample import AreaGroups
from analytics.observation.irregularity_rates import Rate, rates_of
from analytics.observation.plan import GROUPS
from analytics.observation.visits import Visits, count_visits
from api.figures.areas import OUTSIDE, groups, inside, level
from api.figures.kept import folds_of, kept, this_minute
from api.figures.watch import Watch
from schemas.checklist import CASES, Indicator
from schemas.columns import now
from schemas.place import Area


@dataclass(frozen=True)
class AreaCoverage:
    """Coverage of one area; ``area`` is None for what could not be placed."""

    area: Area | None
    row: Coverage


def coverage_by_area(watch: Watch, within: Area | None = None) -> tuple[AreaCoverage, ...]:
    """Areas of one level, least covered first: regions, or the parts of the area ``within``.

    What lies in an area counts in it, however deep. Last, without ``within``, what could not be
    placed.
    """

    def make() -> tuple[AreaCoverage, ...]:
        areas = watch.frame.areas
        group, rows = level(areas, within), coverage_by(watch, "area")
        merged: dict[int, Coverage] = {}
        for row in rows:
            own = cast(int, row.group)
            into = group[own] if own >= 0 else -1
            if into >= 0 or (own < 0 and within is None):
                merged[into] = row.onto(into, merged.get(into))
        found = sorted(merged.items(), key=lambda each: by_need(each[1]))
        return tuple(AreaCoverage(areas[n] if n >= 0 else None, row) for n, row in found)

    return kept(watch, f"coverage by area {_code(within)}", make, this_minute())


def _inside(watch: Watch, within: Area | None) -> frozenset[int] | None:
    return None if within is None else inside(watch.frame.areas, within)


def _code(within: Area | None) -> str:
    return within.code if within else ""


def coverage_by_checklist(watch: Watch) -> tuple[Coverage, ...]:
    """Coverage of each checklist's reports."""
    return coverage_by(watch, "checklist")


def coverage_by_hour(watch: Watch, within: Area | None = None) -> tuple[Coverage, ...]:
    """Coverage by the hour in which reports were due; in one area, with all that lies in it."""

    def make() -> tuple[Coverage, ...]:
        return watch.plan.cover("hour", as_of=as_of(watch), areas=_inside(watch, within))

    return kept(watch, f"coverage by hour {_code(within)}", make, this_minute())


def coverage_by(watch: Watch, by: By) -> tuple[Coverage, ...]:
    """Coverage by any group that :func:`analytics.observation.coverage.cover` knows."""

    def make() -> tuple[Coverage, ...]:
        if by in GROUPS:
            return watch.plan.cover(by, as_of=as_of(watch))
        return cover(watch.frame.expected, watch.received.values(), by=by, as_of=as_of(watch))

    return kept(watch, f"coverage by {by} as rows", make, this_minute())


def coverage_of_all(watch: Watch) -> Coverage:
    """Coverage of the whole plan."""
    rows = coverage_by(watch, "nation")
    return rows[0] if rows else national((), (), as_of=as_of(watch))


def dispositions(watch: Watch, by: DisposedBy = "nation") -> tuple[Tally, ...]:
    """How the plans of every group stand now; not by team."""

    def make() -> tuple[Tally, ...]:
        return watch.disposed().tally(by, as_of=as_of(watch))

    return kept(watch, f"dispositions by {by}", make, this_minute())


def to_call(watch: Watch, count: int, within: Area | None = None) -> list[Plan]:
    """Whom to call next: teams of sampled stations first, then who is overdue the longest; in one
    area, with all that lies in it."""

    def make() -> list[Plan]:
        areas = _inside(watch, within)
        return watch.disposed().to_call(count, as_of=as_of(watch), areas=areas)

    return kept(watch, f"{count} to call {_code(within)}", make, this_minute())


def arrival_curve(watch: Watch) -> ArrivalCurve:
    """How reports came in against the plan."""
    return kept(watch, "arrivals", lambda: watch.plan.arrivals(as_of=as_of(watch)), this_minute())


def as_of(watch: Watch) -> datetime:
    """The moment that figures speak of: now."""
    return now()


def indicators_of(watch: Watch, checklist: str) -> tuple[Indicator, ...]:
    """The indicators of a checklist's newest rules."""
    rules = watch.frame.newest(checklist)
    return rules.definition.indicators if rules else ()


def rates(watch: Watch, checklist: str) -> tuple[Rate, ...]:
    """The nation's rates of one checklist, by kind of observer and part."""
    moved = folds_of(watch, checklist)
    name = f"rates {checklist}"
    return kept(watch, name, lambda: rates_of_cells(watch, checklist, None), moved=moved)


def rates_by_area(watch: Watch, checklist: str, within: Area | None = None) -> tuple[Rate, ...]:
    """The rates of one checklist in each area of one level, as :func:`coverage_by_area`;
    ``Rate.area`` is an index into the areas."""

    def make() -> tuple[Rate, ...]:
        frame = watch.frame
        found = rates_of_cells(watch, checklist, frame.cells.by_area(groups(frame.areas, within)))
        return tuple(each for each in found if within is None or each.area != OUTSIDE)

    name = f"rates by area {checklist} {_code(within)}"
    return kept(watch, name, make, moved=folds_of(watch, checklist))


def rates_of_cells(watch: Watch, checklist: str, groups: AreaGroups | None) -> tuple[Rate, ...]:
    """The rates of a checklist in groups of the frame's cells; None: in the nation."""
    visits = visits_of(watch, checklist)
    if visits is None:
        return ()
    return rates_of(
        visits,
        indicators_of(watch, checklist),
        groups,
        threshold=watch.frame.mission.response_threshold,
    )


def visits_of(watch: Watch, checklist: str) -> Visits | None:
    """The counted visits that rates are made of; None where nothing came, and for cases."""
    matrix = watch.readings.get(checklist)
    if matrix is None or checklist in CASES:
        return None
    frame = watch.frame

    def make() -> Visits:
        return count_visits(matrix, frame.cells.grouping(matrix["place"]), frame.drawn_samples)

    return kept(watch, f"visits {checklist}", make, moved=matrix.folds)
