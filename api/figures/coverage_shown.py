"""What pages show of coverage: the plan against what came, and whom to call."""

from dataclasses import dataclass
from typing import Any

from analytics.observation.coverage import ArrivalCurve, Coverage
from analytics.observation.dispositions import Plan, Tally
from api.figures.ask import figure
from api.figures.figures import (
    AreaCoverage,
    arrival_curve,
    coverage_by_area,
    coverage_by_checklist,
    coverage_by_hour,
    coverage_of_all,
    dispositions,
    to_call,
)
from api.figures.reference_data import LastCall
from api.figures.role_tables import access_denied
from api.figures.stations import StationFacts
from api.figures.watch import Watch
from schemas.place import Area


@dataclass(frozen=True)
class CoverageNow:
    """Coverage of the nation, of the outermost areas (least covered first) and of checklists, and
    how reports came in."""

    nation: Coverage
    areas: tuple[AreaCoverage, ...]
    checklists: tuple[Coverage, ...]
    arrivals: ArrivalCurve


@dataclass(frozen=True)
class CoverageWithin:
    """Coverage in one area (in all, where none is named): of its parts, and by the hour; and in
    all how the teams' plans stand, in sum and by stage, and where nobody was let in."""

    parts: tuple[AreaCoverage, ...]
    hours: tuple[Coverage, ...]
    plans: tuple[Tally, ...]
    plans_by_stage: tuple[Tally, ...]
    denied: dict[str, Any]


@dataclass(frozen=True)
class ToCall:
    """A plan whose team is to be called: its place and its area's name, where it has one, whether
    a sample drew the place, and the last call to the team."""

    plan: Plan
    place: StationFacts | None
    area: str
    sampled: bool
    last: LastCall | None


@figure
def coverage_now(watch: Watch) -> CoverageNow:
    """Coverage as it stands now."""
    return CoverageNow(
        coverage_of_all(watch),
        coverage_by_area(watch),
        coverage_by_checklist(watch),
        arrival_curve(watch),
    )


@figure
def coverage_within(watch: Watch, code: str) -> CoverageWithin:
    """The parts and hours of the area of this code; of all, where it is empty or unknown."""
    within = _area(watch, code)
    return CoverageWithin(
        coverage_by_area(watch, within),
        coverage_by_hour(watch, within),
        dispositions(watch),
        dispositions(watch, "stage"),
        access_denied(watch),
    )


@figure
def calls_to_make(watch: Watch, count: int, code: str) -> tuple[ToCall, ...]:
    """At most so many teams to call next: of sampled stations first, then who is overdue the
    longest; in one area, as :func:`coverage_within`."""
    return tuple(_to_call(watch, each) for each in to_call(watch, count, _area(watch, code)))


def _to_call(watch: Watch, plan: Plan) -> ToCall:
    frame = watch.frame
    return ToCall(
        plan,
        frame.places[plan.place] if plan.place is not None else None,
        frame.areas[plan.area].name if plan.area >= 0 else "",
        plan.place in frame.sampled,
        watch.calls.get(plan.deployment),
    )


def _area(watch: Watch, code: str) -> Area | None:
    return next((each for each in watch.frame.areas if code and each.code == code), None)
