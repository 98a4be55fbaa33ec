"""How plans stand in columns is what disposing of single reports gives."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.observation.dispositions import ExpectedReportState, Plan
from analytics.observation.ids import micro
from analytics.observation.plan_dispositions import Disposed, dispose
from schemas.mission import Kind
from tests.analytics.observation import one_by_one as by_one
from tests.analytics.observation.by_hand import matched
from tests.analytics.observation.one_by_one import Expected, Received, match, tally, to_call
from tests.analytics.observation.plans import (
    CONFLICTS,
    EXPECTED,
    LATER,
    OPENS,
    RECEIVED,
    SAMPLED,
    UNHEARD,
    fates_at,
    planned,
    unreachable,
)

Fates = dict[tuple[str, int], set[ExpectedReportState]]


def at_stations(found: Disposed, stations: Sequence[int]) -> Fates:
    """What the plans of each checklist at each station come to, as asked for at once."""
    by_station: defaultdict[tuple[str, int], set[ExpectedReportState]] = defaultdict(set)
    for checklist, by_fate in found.planned_at(np.array(stations), Kind.DOMESTIC).items():
        for fate, has in by_fate.items():
            for at in np.flatnonzero(has).tolist():
                by_station[checklist, stations[at]].add(fate)
    return dict(by_station)


@settings(max_examples=200)
@given(
    st.lists(EXPECTED, max_size=14),
    st.lists(RECEIVED, max_size=14),
    UNHEARD,
    CONFLICTS,
    st.integers(0, 12),
)
def test_columns_stand_as_single_plans_do(
    expected: list[Expected],
    received: list[Received],
    unheard: dict[str, datetime],
    conflicts: frozenset[Any],
    hour: int,
) -> None:
    as_of = OPENS + timedelta(hours=hour)
    whole = by_one.dispose(
        match(expected, received),
        as_of=as_of,
        conflicts=conflicts,
        unreachable=unreachable(unheard, expected, received),
    )
    held = matched(expected, received)
    found = dispose(held, as_of=as_of, unheard=unheard, conflicts=conflicts)
    plans: list[Plan] = [found.plan(at) for at in np.flatnonzero(found.stands).tolist()]
    assert plans == list(whole)
    for by in ("nation", "area", "stage", "checklist", "kind", "observer"):
        assert found.tally(by) == tally(whole, by)  # type: ignore[arg-type]
    for count in (1, 3, 20):
        assert found.to_call(count, SAMPLED) == to_call(whole, SAMPLED)[:count]
        here = [each for each in to_call(whole, SAMPLED) if each.area == 1][:count]
        assert found.to_call(count, SAMPLED, areas={1}) == here
    assert_teams_to_call(found, to_call(whole, SAMPLED))
    for stations in ([2, 0, 3], [1]):
        assert at_stations(found, stations) == fates_at(whole, stations)


def assert_teams_to_call(found: Disposed, plans: list[Plan]) -> None:
    """Each team once, in the order of calling; from any place in it on; without those resting."""
    late: dict[str, list[Plan]] = {}
    for each in plans:
        late.setdefault(each.deployment, []).append(each)
    since = {
        who: min(micro(each.overdue) for each in of if each.overdue) for who, of in late.items()
    }
    order = {
        who: (int(not any(each.place in SAMPLED for each in of)), since[who], who)
        for who, of in late.items()
    }
    wanted = sorted(late, key=order.__getitem__)
    teams = found.late_teams(SAMPLED)
    assert [teams.names[each] for each in teams.deployment.tolist()] == wanted
    for at, who in enumerate(wanted):
        rest = teams.after(*order[who])
        assert [teams.names[each] for each in rest.deployment.tolist()] == wanted[at + 1 :]
        others = teams.but([who, "unknown"]).deployment.tolist()
        assert [teams.names[each] for each in others] == [each for each in wanted if each != who]
    for own, who in zip(found.late_plans(teams.deployment), wanted, strict=True):
        assert sorted(own, key=str) == sorted(late[who], key=str)
        assert own[0].overdue == min(each.overdue for each in own if each.overdue)


def test_time_alone_makes_an_awaited_report_a_missing_one() -> None:
    held = matched([planned("t1", "voting", 1, "d0", OPENS)], [])
    words = [dispose(held, as_of=at).tally()[0].plans for at in (OPENS, LATER)]
    assert words == [{"awaited": 1}, {"missing": 1}]
    assert not dispose(held, as_of=OPENS).to_call(5)
    assert [each.observer for each in dispose(held, as_of=LATER).to_call(5)] == ["t1"]
