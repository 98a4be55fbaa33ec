"""What a mission's readings say now: coverage, rates, quick counts. Kept until the clock moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

import numpy as np

from analytics.agreement import in_conflict
from analytics.coverage import (
    ArrivalCurve,
    By,
    Coverage,
    Match,
    by_need,
    cover,
    national,
)
from analytics.dispositions import Conflict, Plan, dispose
from analytics.drawn import AreaGroups
from analytics.irregularities import Rate, irregularities_standing
from analytics.numbers import Estimate
from analytics.plan import GROUPS
from analytics.quick_count import QuickCount, SampledStratum, converge, count_quickly
from analytics.selection import counting_strata
from api.reading.areas import OUTSIDE, groups, level
from api.reading.protocols import Included, include
from api.reading.watch import ContestFacts, Watch
from schemas.checklist import Indicator
from schemas.codes import STATUS_MASK
from schemas.columns import now
from schemas.deployment import CallOutcome
from schemas.place import Area

T = TypeVar("T")
STEPS = 40
"""Points of a convergence curve."""


@dataclass(frozen=True)
class AreaCoverage:
    """Coverage of one area; ``area`` is None for what could not be placed."""

    area: Area | None
    row: Coverage


@dataclass(frozen=True)
class ContestCounted:
    """A contest's quick count; ``count`` is None before there are two results."""

    contest: ContestFacts
    included: Included
    count: QuickCount | None
    threshold: float

    @property
    def may_speak(self) -> bool:
        """Whether response reaches the mission's threshold, overall and in every stratum."""
        return self.count is not None and self.count.meets(self.threshold)


def kept(watch: Watch, name: str, make: Callable[[], T], minute: int = 0) -> T:
    """What was made at this clock (and minute, where time alone moves it), or made now."""
    with watch.lock:
        at, found = watch.figures.get(name, ((-1, 0), None))
        if at != (watch.sequence, minute):
            found = make()
            watch.figures[name] = ((watch.sequence, minute), found)
        return cast(T, found)


def this_minute() -> int:
    """The present minute since 1970: what is late changes without any report."""
    return int(now().timestamp() // 60)


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


def _code(within: Area | None) -> str:
    return within.code if within else ""


def coverage_by_checklist(watch: Watch) -> tuple[Coverage, ...]:
    """Coverage of each checklist's reports."""
    return coverage_by(watch, "checklist")


def coverage_by_hour(watch: Watch) -> tuple[Coverage, ...]:
    """Coverage by the hour in which reports were due."""
    return coverage_by(watch, "hour")


def coverage_by(watch: Watch, by: By) -> tuple[Coverage, ...]:
    """Coverage by any group that :func:`analytics.coverage.cover` knows."""

    def make() -> tuple[Coverage, ...]:
        if by in GROUPS:
            return watch.plan.cover(by, as_of=as_of(watch))
        return cover(watch.frame.expected, watch.received.values(), by=by, as_of=as_of(watch))

    return kept(watch, f"coverage by {by} as rows", make, this_minute())


def coverage_of_all(watch: Watch) -> Coverage:
    """Coverage of the whole plan."""
    rows = coverage_by(watch, "nation")
    return rows[0] if rows else national((), (), as_of=as_of(watch))


def dispositions(watch: Watch) -> tuple[Plan, ...]:
    """How every team's plan stands now."""

    def make() -> tuple[Plan, ...]:
        matched = watch.plan.matched()
        return dispose(
            matched, as_of=as_of(watch), unreachable=_unreachable(watch, matched),
            conflicts=_conflicts(watch),
        )  # fmt: skip

    return kept(watch, "dispositions", make, this_minute())


def _unreachable(watch: Watch, matched: Match) -> set[str]:
    """Deployments whose last call found nobody, and of which nothing came since."""
    came: dict[str, datetime] = {}
    for due, each in matched.met:
        came[due.deployment] = max(each.received_at, came.get(due.deployment, each.received_at))
    return {
        deployment
        for deployment, call in watch.frame.calls.items()
        if call.outcome != CallOutcome.REACHED
        and (deployment not in came or came[deployment] < call.at)
    }


def _conflicts(watch: Watch) -> set[Conflict]:
    """Places where teams answered differently on a checklist on which they must agree."""
    found: set[Conflict] = set()
    for name, readings in watch.readings.items():
        rules = watch.frame.newest(name)
        if rules is None or rules.definition.policy.two_teams != "agree":
            continue
        rows = np.flatnonzero(readings.counted)
        rows = rows[np.lexsort((readings["sequence"][rows], readings["arrived"][rows]))]
        teams = [_team_of(watch, readings.reports[row]) for row in rows.tolist()]
        status = readings.codes[rows] & np.uint8(STATUS_MASK)
        at = in_conflict(readings["place"][rows], teams, status)
        found |= {(place, name) for place in at}
    return found


def _team_of(watch: Watch, report: UUID) -> str:
    """The team that a report comes from, whichever of its members sent it."""
    came = watch.received.get(report)
    return came.observer if came else ""


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
    return kept(watch, f"rates {checklist}", lambda: _rates(watch, checklist, None))


def rates_by_area(watch: Watch, checklist: str, within: Area | None = None) -> tuple[Rate, ...]:
    """The rates of one checklist in each area of one level, as :func:`coverage_by_area`;
    ``Rate.area`` is an index into the areas."""
    made = groups(watch.frame.areas, within)
    found = kept(
        watch, f"rates by area {checklist} {_code(within)}",
        lambda: _rates(watch, checklist, made),
    )  # fmt: skip
    return tuple(each for each in found if within is None or each.area != OUTSIDE)


def _rates(watch: Watch, checklist: str, areas: AreaGroups | None) -> tuple[Rate, ...]:
    standing = watch.standing(checklist)
    if standing is None:
        return ()
    return irregularities_standing(
        standing, indicators_of(watch, checklist),
        threshold=watch.frame.mission.response_threshold, areas=areas,
    )  # fmt: skip


def quick_counts(watch: Watch) -> tuple[ContestCounted, ...]:
    """Every contest of the round, where a sample was drawn."""

    def make() -> tuple[ContestCounted, ...]:
        drawn = watch.frame.drawn
        if drawn is None:
            return ()
        found = counting_strata(drawn.sample.method, drawn.strata)
        if found is None:
            return ()
        strata = [SampledStratum(s.code, s.population, s.drawn) for s in found]
        one = len(found) < len(drawn.strata)
        stratum = dict.fromkeys(drawn.stratum, 0) if one else drawn.stratum
        return tuple(
            _counted(watch, contest, strata, stratum) for contest in watch.frame.polling.contests
        )

    return kept(watch, "quick counts", make)


def _counted(
    watch: Watch, contest: ContestFacts, strata: Sequence[SampledStratum], stratum: dict[int, int]
) -> ContestCounted:
    included = include(
        watch.protocols.values(), contest.contestants, contest.denominator, strata, stratum
    )
    enough = len(included.arrivals) >= 2
    count = count_quickly(included.results) if enough else None
    return ContestCounted(contest, included, count, watch.frame.mission.response_threshold)


def running(counted: ContestCounted, contestant: int) -> list[tuple[datetime, Estimate]]:
    """The estimate as results came in, at some forty moments."""
    total = len(counted.included.arrivals)
    step = max(total // STEPS, 1)
    at = sorted({*range(min(20, total), total + 1, step), total})
    estimates = converge(counted.included.results, contestant, at)
    moments = [counted.included.arrivals[count - 1] for count in at if count >= 2]
    return list(zip(moments, estimates, strict=True))
