"""What a mission's readings say now: coverage, rates."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from analytics.observation.coverage import ArrivalCurve, By, Coverage, by_need, cover, national
from analytics.observation.dispositions import By as DisposedBy
from analytics.observation.dispositions import Plan, Tally
from analytics.observation.plan import GROUPS
from api.figures.areas import inside, level
from api.figures.kept import kept, this_minute
from api.figures.watch import Watch
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
