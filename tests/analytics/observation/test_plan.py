"""The plan as it stands is the plan held against everything that came."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.observation.coverage import Expected, Received, arrivals, cover, match
from analytics.observation.plan import GROUPS, StandingPlan
from schemas.mission import Kind
from schemas.report import ReportStatus

OPENS = datetime(2026, 11, 22, 7, tzinfo=UTC)
PLACE = st.one_of(st.none(), st.integers(0, 3))
MOMENT = st.integers(0, 40).map(lambda quarter: OPENS + timedelta(minutes=15 * quarter))
TEAM, CHECKLIST = st.sampled_from(["t1", "t2", "t3"]), st.sampled_from(["opening", "voting"])
EXPECTED = st.builds(
    Expected,
    place=PLACE,
    area=st.integers(-1, 2),
    checklist=CHECKLIST,
    due_at=MOMENT,
    kind=st.sampled_from(list(Kind)),
    observer=TEAM,
    stage=CHECKLIST,
    ended=st.sampled_from(["", "", "", "withdrawn", "cancelled"]),
)
RECEIVED = st.builds(
    Received,
    place=PLACE,
    area=st.integers(-1, 2),
    checklist=CHECKLIST,
    received_at=MOMENT,
    kind=st.sampled_from(list(Kind)),
    observer=TEAM,
    status=st.sampled_from(list(ReportStatus)),
    stage=CHECKLIST,
)
NEWS = st.lists(st.tuples(st.integers(0, 8), RECEIVED), max_size=12)
LATER = OPENS + timedelta(hours=5)


@settings(max_examples=150)
@given(st.lists(EXPECTED, max_size=12), st.lists(NEWS, max_size=4))
def test_what_stands_is_what_matching_everything_gives(
    expected: list[Expected], batches: list[Any]
) -> None:
    plan, held = StandingPlan(expected), dict[int, Received]()
    for batch in batches:
        for report, came in batch:
            plan.take(came, held.get(report))
            held[report] = came
        for by in GROUPS:
            whole = cover(expected, held.values(), by=by, as_of=LATER)
            stands = plan.cover(by, as_of=LATER)
            assert sorted(map(str, stands)) == sorted(map(str, whole))
        here = [each for each in plan.cover("area", as_of=LATER) if each.group == 1]
        assert list(plan.cover("area", as_of=LATER, areas={1})) == here
        one, other = plan.matched(), match(expected, held.values())
        for name in ("met", "missing", "unplanned"):
            assert len(getattr(one, name)) == len(getattr(other, name))


@settings(max_examples=100)
@given(st.lists(EXPECTED, max_size=12), st.lists(NEWS, min_size=1, max_size=3))
def test_the_curve_is_that_of_all_arrivals(expected: list[Expected], batches: list[Any]) -> None:
    plan, held = StandingPlan(expected), dict[int, Received]()
    for batch in batches:
        for report, came in batch:
            plan.take(came, held.get(report))
            held[report] = came
        came_at = [each.received_at for each in held.values()]
        due = [each.due_at for each in expected]
        end = max([*came_at, *due], default=LATER)
        assert plan.arrivals(as_of=LATER) == arrivals(due, came_at, as_of=min(LATER, end))


def test_a_plan_over_a_year_is_drawn_in_longer_steps() -> None:
    far = Expected(None, 0, "weekly", OPENS + timedelta(days=365), Kind.DOMESTIC, "t1")
    near = Expected(None, 0, "weekly", OPENS, Kind.DOMESTIC, "t1")
    curve = StandingPlan([near, far]).arrivals(as_of=OPENS + timedelta(days=400))
    assert len(curve.moments) < 10_002
    assert curve.planned[-1] == 2


def test_coverage_by_team_is_not_kept() -> None:
    with pytest.raises(KeyError):
        StandingPlan([]).cover("observer", as_of=LATER)
