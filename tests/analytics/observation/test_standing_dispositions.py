"""What became of each plan, kept up, is what a count of everything gives."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.observation.coverage import Expected, Received, match
from analytics.observation.dispositions import Fate, Plan, dispose, tally, to_call
from analytics.observation.plan import StandingPlan
from analytics.observation.standing_dispositions import StandingDispositions
from schemas.mission import Kind
from tests.analytics.observation.test_plan import LATER, MOMENT, NEWS, OPENS, TEAM

SAMPLED = frozenset({0, 2})
ENDED = {"d1": "withdrawn", "d2": "cancelled"}


def planned(
    observer: str, checklist: str, place: int | None, deployment: str, due: Any
) -> Expected:
    area, ended = (0 if place is None else place % 2), ENDED.get(deployment, "")
    kind = Kind.INTERNATIONAL if observer == "t2" else Kind.DOMESTIC
    return Expected(
        place, area, checklist, due, kind, observer, checklist, f"{observer} {deployment}", ended
    )  # type: ignore[arg-type]


EXPECTED = st.builds(
    planned,
    TEAM,
    st.sampled_from(["opening", "voting"]),
    st.one_of(st.none(), st.integers(0, 3)),
    st.sampled_from(["d0", "d0", "d1", "d2"]),
    MOMENT,
)
CONFLICTS = st.frozensets(st.tuples(st.integers(0, 3), st.sampled_from(["opening", "voting"])))
UNHEARD = st.dictionaries(
    st.tuples(TEAM, st.sampled_from(["d0", "d1"])).map(" ".join), MOMENT, max_size=4
)

CALLS = st.dictionaries(
    st.tuples(TEAM, st.sampled_from(["d0", "d1"])).map(" ".join), st.none() | MOMENT, max_size=2
)


def unreachable(unheard: dict[str, datetime], expected: Any, held: Any) -> set[str]:
    """Those of them of whom nothing came after the call."""
    met = match(expected, held).met
    return {
        who
        for who, at in unheard.items()
        if not any(due.deployment == who and came.received_at >= at for due, came in met)
    }


Fates = dict[tuple[str, int], set[Fate]]
"""What the plans of a checklist at a station come to."""


def at_stations(standing: StandingDispositions, stations: list[int], as_of: datetime) -> Fates:
    """As they are asked for at once."""
    found: defaultdict[tuple[str, int], set[Fate]] = defaultdict(set)
    asked = standing.planned_at(np.array(stations), Kind.DOMESTIC, as_of=as_of)
    for checklist, by_fate in asked.items():
        for fate, has in by_fate.items():
            for at in np.flatnonzero(has).tolist():
                found[checklist, stations[at]].add(fate)
    return dict(found)


def fates_at(plans: Sequence[Plan], stations: list[int]) -> Fates:
    """As the plans themselves say."""
    found: defaultdict[tuple[str, int], set[Fate]] = defaultdict(set)
    for plan in plans:
        if plan.place in stations and plan.kind == Kind.DOMESTIC and +plan.fates:
            found[plan.checklist, plan.place].update(+plan.fates)
    return dict(found)


@settings(max_examples=200)
@given(
    st.lists(EXPECTED, max_size=14),
    UNHEARD,
    st.lists(st.tuples(NEWS, CONFLICTS, st.integers(0, 12), CALLS), min_size=1, max_size=4),
)
def test_what_stands_is_what_disposing_of_everything_gives(
    expected: list[Expected], unheard: dict[str, datetime], batches: list[Any]
) -> None:
    plan, held = StandingPlan(expected), dict[int, Received]()
    standing = StandingDispositions(plan, unheard, SAMPLED)
    for news, conflicts, hour, called in batches:
        for report, came in news:
            plan.take(came, held.get(report))
            held[report] = came
        standing.call(called)
        ended = unheard | called
        unheard = {who: at for who, at in ended.items() if at is not None}
        as_of = OPENS + timedelta(hours=hour)
        whole = dispose(
            match(expected, held.values()),
            as_of=as_of,
            conflicts=conflicts,
            unreachable=unreachable(unheard, expected, held.values()),
        )
        standing.update(conflicts)
        for by in ("nation", "area", "stage", "checklist", "kind"):
            assert standing.tally(by, as_of=as_of) == tally(whole, by)  # type: ignore[arg-type]
        for count in (1, 3, 20):
            assert standing.to_call(count, as_of=as_of) == to_call(whole, SAMPLED)[:count]
            here = [each for each in to_call(whole, SAMPLED) if each.area == 1][:count]
            assert standing.to_call(count, as_of=as_of, areas={1}) == here
        for stations in ([2, 0, 3], [1]):
            assert at_stations(standing, stations, as_of) == fates_at(whole, stations)


def test_time_alone_makes_an_awaited_report_a_missing_one() -> None:
    standing = StandingDispositions(StandingPlan([planned("t1", "voting", 1, "d0", OPENS)]), {})
    standing.update()
    words = [standing.tally("nation", as_of=at)[0].plans for at in (OPENS, LATER)]
    assert words == [{"awaited": 1}, {"missing": 1}]
    assert not standing.to_call(5, as_of=OPENS)
    assert [each.observer for each in standing.to_call(5, as_of=LATER)] == ["t1"]
