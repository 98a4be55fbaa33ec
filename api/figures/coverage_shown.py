"""What pages show of coverage: the plan against what came, and whom to call."""

from dataclasses import dataclass
from typing import Any

from analytics.observation.coverage import ArrivalCurve, Coverage
from analytics.observation.dispositions import Plan, Tally
from api.figures.ask import figure
from api.figures.coverage import (
    AreaCoverage,
    arrival_curve,
    coverage_by,
    coverage_by_area,
    coverage_by_hour,
    coverage_of_all,
    dispositions,
    to_call,
)
from api.figures.coverage_tables import access_denied
from api.figures.edition import Edition
from api.figures.reference_data import LastCall
from api.figures.stations import StationFacts
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
def coverage_now(edition: Edition) -> CoverageNow:
    """Coverage as it stands now."""
    return CoverageNow(
        coverage_of_all(edition),
        coverage_by_area(edition),
        coverage_by(edition, "checklist"),
        arrival_curve(edition),
    )


@figure
def coverage_within(edition: Edition, code: str) -> CoverageWithin:
    """The parts and hours of the area of this code; of all, where it is empty or unknown."""
    within = _area(edition, code)
    return CoverageWithin(
        coverage_by_area(edition, within),
        coverage_by_hour(edition, within),
        dispositions(edition),
        dispositions(edition, "stage"),
        access_denied(edition),
    )


@figure
def calls_to_make(edition: Edition, count: int, code: str) -> tuple[ToCall, ...]:
    """At most so many teams to call next: of sampled stations first, then who is overdue the
    longest; in one area, as :func:`coverage_within`."""
    return tuple(_to_call(edition, each) for each in to_call(edition, count, _area(edition, code)))


def _to_call(edition: Edition, plan: Plan) -> ToCall:
    reference = edition.reference
    return ToCall(
        plan,
        reference.places[plan.place] if plan.place is not None else None,
        reference.areas[plan.area].name if plan.area >= 0 else "",
        plan.place in reference.sampled,
        edition.reference.calls.get(plan.deployment),
    )


def _area(edition: Edition, code: str) -> Area | None:
    return next((each for each in edition.reference.areas if code and each.code == code), None)
