"""Coverage of a mission's plan: by group, over the hours, how plans stand and whom to call."""

from dataclasses import dataclass
from typing import cast
from zoneinfo import ZoneInfo

from analytics.observation.conflicts import places_in_conflict
from analytics.observation.coverage import ArrivalCurve, By, Coverage, by_need
from analytics.observation.dispositions import By as DisposedBy
from analytics.observation.dispositions import Conflict, Plan, Tally
from analytics.observation.matching import Matched, match
from analytics.observation.plan_coverage import arrivals, cover, national
from analytics.observation.plan_dispositions import Disposed, dispose
from api.figures.areas import inside, level
from api.figures.edition import Edition
from schemas.place import Area


@dataclass(frozen=True)
class AreaCoverage:
    """Coverage of one area; ``area`` is None for what could not be placed."""

    area: Area | None
    row: Coverage


def matched(edition: Edition) -> Matched:
    """The plan held against everything that came."""
    reference, record = edition.reference, edition.record
    return edition.cached("matched", lambda: match(reference.expected, record, reference.stages))


def disposed(edition: Edition) -> Disposed:
    """How every plan stands."""

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
    areas = edition.reference.areas
    group, merged = level(areas, within), dict[int, Coverage]()
    for row in coverage_by(edition, "area"):
        own = cast(int, row.group)
        into = group[own] if own >= 0 else -1
        if into >= 0 or (own < 0 and within is None):
            merged[into] = row.onto(into, merged.get(into))
    found = sorted(merged.items(), key=lambda each: by_need(each[1]))
    return tuple(AreaCoverage(areas[n] if n >= 0 else None, row) for n, row in found)


def coverage_by_hour(edition: Edition, within: Area | None = None) -> tuple[Coverage, ...]:
    """Coverage by the hour in which reports were due; in one area, with all that lies in it."""
    zone = ZoneInfo(edition.reference.polling.zone)
    areas = _inside(edition, within)
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
    """How the plans of every group stand now."""
    return edition.cached(("dispositions", by), lambda: disposed(edition).tally(by))


def to_call(edition: Edition, count: int, within: Area | None = None) -> list[Plan]:
    """Whom to call next: teams of sampled stations first, then who is overdue the longest; in one
    area, with all that lies in it."""
    return disposed(edition).to_call(count, edition.reference.sampled, _inside(edition, within))


def arrival_curve(edition: Edition) -> ArrivalCurve:
    """How reports came in against the plan."""
    due, came = edition.reference.expected.due, edition.record["came"]
    return edition.cached("arrivals", lambda: arrivals(due, came, as_of=edition.as_of))


def _inside(edition: Edition, within: Area | None) -> frozenset[int] | None:
    return None if within is None else inside(edition.reference.areas, within)
