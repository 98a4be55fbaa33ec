"""Dispositions: every expected report has one fate, every plan one word."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.observation.coverage import Ended, Expected, match, national
from analytics.observation.dispositions import (
    Disposition,
    ExpectedReportState,
    dispose,
    tally,
    to_call,
)
from schemas.mission import Kind
from tests.analytics.observation.test_coverage import NOON, came


def due(observer: str, place: int | None = 1, *, hour: int = 8, ended: Ended = "") -> Expected:
    moment = NOON.replace(hour=hour)
    return Expected(
        place, 0, "voting", moment, Kind.DOMESTIC, observer, deployment=observer, ended=ended
    )


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
    plan: list[Expected], here: list[object], unreachable: list[str], word: str
) -> None:
    (found,) = dispose(match(plan, here), as_of=NOON, unreachable=unreachable)  # type: ignore[arg-type]
    assert found.disposition == word


def test_a_cancelled_plan_asks_for_nothing_more_and_keeps_what_came() -> None:
    plan = [due("a", ended="cancelled"), due("a", hour=9, ended="cancelled")]
    (found,) = dispose(match(plan, [came("a")]), as_of=NOON)
    assert (found.disposition, found.expected) == (Disposition.COMPLETE, 1)
    row = national(plan, [came("a")], as_of=NOON)
    assert (row.expected, row.missing) == (1, 0)


def test_who_was_withdrawn_for_security_is_neither_missing_nor_expected() -> None:
    row = national([due("a", ended="withdrawn"), due("b")], [came("b")], as_of=NOON)
    assert (row.expected, row.missing, row.late, row.withdrawn) == (1, 0, 0, 1)


def test_teams_that_say_different_things_are_in_conflict() -> None:
    plan = [due("a"), due("b"), due("c", 2)]
    matched = match(plan, [came("a"), came("b"), came("c", 2)])
    found = dispose(matched, as_of=NOON, conflicts={(1, "voting")})
    words = [each.disposition for each in found]
    assert words == [Disposition.CONFLICT, Disposition.CONFLICT, Disposition.COMPLETE]


def test_sampled_stations_are_called_first_then_the_longest_overdue() -> None:
    plan = [due("a", 1, hour=7), due("b", 2, hour=6), due("c", 3, hour=8), due("d", 4, hour=18)]
    called = to_call(dispose(match(plan, []), as_of=NOON), sampled={3})
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
    plans = dispose(match(plan, received), as_of=NOON + timedelta(hours=1), unreachable=unreachable)
    for by in ("nation", "area", "observer", "stage"):
        rows = tally(plans, by)  # type: ignore[arg-type]
        assert sum(sum(row.reports.values()) for row in rows) == len(plan)
        assert sum(sum(row.plans.values()) for row in rows) == len(plans)
    received_in_all = sum(each.fates[ExpectedReportState.RECEIVED] for each in plans)
    assert received_in_all == len(match(plan, received).met)
