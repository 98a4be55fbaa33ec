"""The call list: teams whose reports are overdue, and how calling each stands."""

from dataclasses import dataclass
from datetime import datetime

from analytics.observation.dispositions import Plan
from api.deployments.calls import CallState
from api.figures.ask import figure
from api.figures.coverage import area_named, disposed, inside_area
from api.figures.edition import Edition
from api.figures.reference_data import StationFacts
from schemas.place import Area


@dataclass(frozen=True)
class ToCall:
    """A plan whose team is to be called: its place and its area's name, where it has one, whether
    a sample drew the place, and how calling the team stands."""

    plan: Plan
    place: StationFacts | None
    area: str
    sampled: bool
    last: CallState | None


def to_call(edition: Edition, count: int, within: Area | None = None) -> list[Plan]:
    """Whom to call now: teams of sampled stations first, then who is overdue the longest; in one
    area, with all that lies in it. Nobody whose next call is not due yet."""
    return disposed(edition).to_call(
        count, edition.reference.sampled, inside_area(edition, within), [*resting(edition)]
    )


def resting(edition: Edition) -> dict[str, datetime]:
    """The deployments whose next call is not due yet, and when it is."""
    calls = edition.reference.calls.items()
    return {
        who: each.next_at for who, each in calls if each.next_at and each.next_at > edition.as_of
    }


@figure
def calls_to_make(edition: Edition, count: int, code: str) -> tuple[ToCall, ...]:
    """At most so many teams to call next: of sampled stations first, then who is overdue the
    longest; in one area, as :func:`coverage_within`."""
    return tuple(
        _to_call(edition, each) for each in to_call(edition, count, area_named(edition, code))
    )


@figure
def count_to_call(edition: Edition, code: str) -> int:
    """How many :func:`calls_to_make` has in all."""
    within = inside_area(edition, area_named(edition, code))
    return disposed(edition).count_to_call(within, [*resting(edition)])


@figure
def calls_that_wait(edition: Edition, count: int, code: str) -> tuple[ToCall, ...]:
    """At most so many overdue teams whose next call is not due yet, the next one first; in one
    area, as :func:`coverage_within`."""
    rest = resting(edition)
    if not rest:
        return ()
    within = area_named(edition, code)
    late = disposed(edition).late_of(rest, None if within is None else inside_area(edition, within))
    first = {each.deployment: each for each in reversed(late)}
    order = sorted(first.values(), key=lambda each: rest[each.deployment])
    return tuple(_to_call(edition, each) for each in order[:count])


def _to_call(edition: Edition, plan: Plan) -> ToCall:
    reference = edition.reference
    return ToCall(
        plan,
        reference.places[plan.place] if plan.place is not None else None,
        reference.areas[plan.area].name if plan.area >= 0 else "",
        plan.place in reference.sampled,
        edition.reference.calls.get(plan.deployment),
    )
