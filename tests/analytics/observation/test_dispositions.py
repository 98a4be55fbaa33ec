"""Dispositions: every expected report has one fate, every plan one word."""

from collections.abc import Collection, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.observation.dispositions import Conflict, Disposition, ExpectedReportState, Plan
from analytics.observation.expected_reports import Ended
from analytics.observation.plan_dispositions import Disposed
from analytics.observation.plan_dispositions import dispose as dispose_matched
from schemas.mission import Kind
from tests.analytics.observation.by_hand import matched
from tests.analytics.observation.one_by_one import Expected, Received
from tests.analytics.observation.test_coverage import NOON, came, national


def due(observer: str, place: int | None = 1, *, hour: int = 8, ended: Ended = "") -> Expected:
    moment = NOON.replace(hour=hour)
    return Expected(
        place, 0, "voting", moment, Kind.DOMESTIC, observer, deployment=observer, ended=ended
    )


def dispose(
    plan: Sequence[Expected],
    here: Sequence[Received],
    unreachable: Collection[str] = (),
    conflicts: Collection[Conflict] = (),
) -> Disposed:
    """How plans stand at noon; the last call of the unreachable found nobody just now."""
    unheard = dict.fromkeys(unreachable, NOON)
    found = matched(plan, here)
    return dispose_matched(found, as_of=NOON, unheard=unheard, conflicts=conflicts)


def plans_of(found: Disposed) -> list[Plan]:
    return [found.plan(at) for at in np.flatnonzero(found.stands).tolist()]


@pytest.mark.parametrize(
    ("plan", "here", "unreachable", "word"),
    [
        ([due("a")], [came("a")], [], "complete"),
        ([due("a"), due("a", hour=9)], [came("a")], [], "partial"),
        ([due("a")], [], [], "missing"),
        ([due("a", hour=18)], [], [], "awaited"),
        ([due("a")], [], ["a"], "unreachable"),
        ([due("a", hour=18)], [], ["a"], "awaited"),
        ([due("a", ended="withdrawn")], [], ["a"], "withdrawn"),
        ([due("a", ended="withdrawn")], [came("a")], [], "complete"),
    ],
)
def test_a_plan_stands_as_its_reports_say(
    plan: list[Expected], here: list[Received], unreachable: list[str], word: str
) -> None:
    (found,) = plans_of(dispose(plan, here, unreachable))
    assert found.disposition == word


def test_a_cancelled_plan_asks_for_nothing_more_and_keeps_what_came() -> None:
    plan = [due("a", ended="cancelled"), due("a", hour=9, ended="cancelled")]
    (found,) = plans_of(dispose(plan, [came("a")]))
    assert (found.disposition, found.expected) == (Disposition.COMPLETE, 1)
    row = national(plan, [came("a")])
    assert (row.expected, row.missing) == (1, 0)


def test_who_was_withdrawn_for_security_is_neither_missing_nor_expected() -> None:
    row = national([due("a", ended="withdrawn"), due("b")], [came("b")])
    assert (row.expected, row.missing, row.late, row.withdrawn) == (1, 0, 0, 1)


def test_teams_that_say_different_things_are_in_conflict() -> None:
    plan = [due("a"), due("b"), due("c", 2)]
    found = dispose(plan, [came("a"), came("b"), came("c", 2)], conflicts={(1, "voting")})
    words = [each.disposition for each in plans_of(found)]
    assert words == [Disposition.CONFLICT, Disposition.CONFLICT, Disposition.COMPLETE]


def test_sampled_stations_are_called_first_then_the_longest_overdue() -> None:
    plan = [due("a", 1, hour=7), due("b", 2, hour=6), due("c", 3, hour=8), due("d", 4, hour=18)]
    called = dispose(plan, []).to_call(9, sampled={3})
    assert [each.observer for each in called] == ["c", "b", "a"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.integers(1, 3),
            st.integers(5, 20),
            st.sampled_from(["", "withdrawn"]),
        ),
        max_size=12,
    ),
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 3)), max_size=12),
    st.sets(st.sampled_from("abc")),
)
def test_the_fates_of_a_group_add_up_to_what_was_planned(
    planned: list[tuple[str, int, int, Ended]], here: list[tuple[str, int]], unreachable: set[str]
) -> None:
    plan = [due(who, place, hour=hour, ended=ended) for who, place, hour, ended in planned]
    received = [came(who, place, minute=at) for at, (who, place) in enumerate(here)]
    found = dispose(plan, received, unreachable)
    for by in ("nation", "area", "observer", "stage"):
        rows = found.tally(by)  # type: ignore[arg-type]
        assert sum(sum(row.reports.values()) for row in rows) == len(plan)
        assert sum(sum(row.plans.values()) for row in rows) == len(plans_of(found))
    (whole,) = found.tally() or [None]
    received_in_all = whole.reports[ExpectedReportState.RECEIVED] if whole else 0
    assert received_in_all == national(plan, received).received
