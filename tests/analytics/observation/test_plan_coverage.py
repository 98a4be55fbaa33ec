"""Coverage of columns is what matching single reports gives."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.observation.coverage import by_need
from analytics.observation.ids import micro
from analytics.observation.plan_coverage import arrivals, cover, national
from schemas.mission import Kind
from tests.analytics.observation import one_by_one as by_one
from tests.analytics.observation.by_hand import matched
from tests.analytics.observation.one_by_one import Expected, Received
from tests.analytics.observation.plans import DUE, LATER, OPENS, RECEIVED

BY = ("nation", "area", "stage", "checklist", "kind", "observer", "hour")


@settings(max_examples=150)
@given(st.lists(DUE, max_size=14), st.lists(RECEIVED, max_size=14))
def test_columns_cover_what_single_reports_cover(
    expected: list[Expected], received: list[Received]
) -> None:
    found = matched(expected, received)
    one = by_one.match(expected, received)
    assert (len(found.came), len(found.missing)) == (len(one.met), len(one.missing))
    assert len(found.unplanned) == len(one.unplanned)
    for by in BY:
        whole = by_one.cover(expected, received, by=by, as_of=LATER)  # type: ignore[arg-type]
        rows = cover(found, by, as_of=LATER)  # type: ignore[arg-type]
        assert rows == tuple(sorted(whole, key=by_need))
    here = [each for each in cover(found, "area", as_of=LATER) if each.group == 1]
    assert list(cover(found, "area", as_of=LATER, areas={1})) == here
    assert national(found, as_of=LATER) == by_one.national(expected, received, as_of=LATER)


@settings(max_examples=100)
@given(st.lists(DUE, max_size=12), st.lists(RECEIVED, max_size=12))
def test_the_curve_is_that_of_single_arrivals(
    expected: list[Expected], received: list[Received]
) -> None:
    came_at = [each.received_at for each in received]
    due = [each.due_at for each in expected]
    end = max([*(each for each in came_at if each <= LATER), *due], default=LATER)
    columns = [np.array([*map(micro, each)], dtype=np.int64) for each in (due, came_at)]
    whole = by_one.arrivals(due, came_at, as_of=min(LATER, end))
    assert arrivals(*columns, as_of=LATER) == whole


def test_the_curve_ends_before_what_is_dated_ahead() -> None:
    due = np.array([micro(OPENS)])
    came = np.array([micro(OPENS + timedelta(hours=hours)) for hours in (1, 2, 9000)])
    curve = arrivals(due, came, as_of=OPENS + timedelta(hours=30))
    assert curve.as_of == OPENS + timedelta(hours=2)
    assert curve.received[-1] == 2


def test_a_plan_over_a_year_is_drawn_in_longer_steps() -> None:
    due = np.array([micro(OPENS), micro(OPENS + timedelta(days=365))])
    curve = arrivals(due, due[:0], as_of=OPENS + timedelta(days=400))
    assert len(curve.moments) < 10_002
    assert curve.planned[-1] == 2


def test_a_step_of_no_length_is_refused() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    with pytest.raises(ValueError, match="step"):
        arrivals(nothing, nothing, as_of=LATER, step=timedelta(0))


def test_hours_are_those_of_the_zone() -> None:

    due = Expected(None, 0, "weekly", OPENS, Kind.DOMESTIC, "t1")
    (row,) = cover(matched([due], []), "hour", as_of=LATER, zone=ZoneInfo("Asia/Kolkata"))
    assert row.group == OPENS - timedelta(minutes=30)
