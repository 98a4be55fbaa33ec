"""Coverage: plan against arrival, by group, without hiding what is set aside."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from analytics.observation import plan_coverage
from analytics.observation.coverage import ArrivalCurve, By, Coverage
from analytics.observation.ids import micro
from schemas.mission import Kind
from schemas.report import ReportStatus
from tests.analytics.observation.by_hand import matched
from tests.analytics.observation.one_by_one import Expected, Received

NOON = datetime(2027, 3, 14, 12, tzinfo=UTC)


def due(observer: str, place: int | None = 1, *, area: int = 0, hour: int = 8) -> Expected:
    return Expected(place, area, "voting", NOON.replace(hour=hour), Kind.DOMESTIC, observer)


def came(
    observer: str,
    place: int | None = 1,
    *,
    area: int = 0,
    status: ReportStatus = ReportStatus.RECEIVED,
    minute: int = 0,
) -> Received:
    moment = NOON.replace(hour=9, minute=minute)
    return Received(place, area, "voting", moment, Kind.DOMESTIC, observer, status)


def cover(
    plan: Sequence[Expected], here: Sequence[Received], *, by: By = "area"
) -> tuple[Coverage, ...]:
    return plan_coverage.cover(matched(plan, here), by, as_of=NOON)


def national(plan: Sequence[Expected], here: Sequence[Received]) -> Coverage:
    return plan_coverage.national(matched(plan, here), as_of=NOON)


def arrivals(plan: Sequence[datetime], here: Sequence[datetime], as_of: datetime) -> ArrivalCurve:
    columns = [np.array([*map(micro, each)], dtype=np.int64) for each in (plan, here)]
    return plan_coverage.arrivals(*columns, as_of=as_of)


def test_the_least_covered_area_comes_first() -> None:
    plan = [due(f"o{n}", n, area=n % 2) for n in range(8)]
    here = [came(f"o{n}", n, area=n % 2) for n in range(8) if n % 2 or n == 0]
    rows = cover(plan, here, by="area")
    assert [(row.group, row.received, row.expected) for row in rows] == [(0, 1, 4), (1, 4, 4)]
    assert rows[0].under_half
    assert not rows[1].under_half


def test_a_report_overdue_by_more_than_the_grace_is_late_and_a_younger_one_only_missing() -> None:
    row = national([due("a", hour=8), due("b", hour=11), due("c", hour=18)], [])
    assert (row.missing, row.late) == (3, 1)


def test_a_held_report_has_come_but_is_set_aside() -> None:
    row = national([due("a"), due("b")], [came("a", status=ReportStatus.HELD)])
    assert (row.received, row.held, row.set_aside, row.used, row.missing) == (1, 1, 1, 0, 1)


def test_quarantined_reports_are_set_aside_and_flagged_ones_are_used() -> None:
    here = [came("a", status=ReportStatus.QUARANTINED), came("b", status=ReportStatus.FLAGGED)]
    row = national([due("a"), due("b")], here)
    assert (row.received, row.set_aside, row.flagged, row.used) == (2, 1, 1, 1)


def test_a_second_report_from_one_station_does_not_cover_for_another() -> None:
    row = national([due("a", 1), due("b", 2)], [came("a", 1), came("a", 1, minute=5)])
    assert (row.received, row.missing, row.unplanned) == (1, 1, 1)


def test_of_two_reports_of_one_moment_the_order_they_are_given_in_does_not_choose() -> None:
    plan, one, other = [due("a", None)], came("a", 1), came("a", 2, area=1)
    assert cover(plan, [one, other]) == cover(plan, [other, one])


def test_a_superseded_report_meets_nothing() -> None:
    row = national([due("a")], [came("a", status=ReportStatus.SUPERSEDED)])
    assert (row.missing, row.unplanned) == (1, 0)


def test_an_hour_ago_the_plan_was_met_by_what_had_come_then() -> None:
    here = [came("a"), came("b", minute=40), came("x", 9, minute=50)]
    then = NOON.replace(hour=9, minute=30)
    found = plan_coverage.as_it_was(matched([due("a"), due("b"), due("c")], here), then)
    row = plan_coverage.national(found, as_of=then)
    assert (row.received, row.missing, row.late, row.unplanned) == (1, 2, 2, 0)


def test_a_newer_version_of_what_had_come_had_met_the_plan_before() -> None:
    here = [came("a", status=ReportStatus.SUPERSEDED), came("a", minute=40)]
    found, then = matched([due("a")], here), NOON.replace(hour=9, minute=30)
    assert plan_coverage.national(plan_coverage.as_it_was(found, then), as_of=then).received == 0
    rows = found.record.rows.copy()
    rows["visit"] = 0
    of_one_visit = replace(found, record=replace(found.record, rows=rows))
    was = plan_coverage.as_it_was(of_one_visit, then)
    assert plan_coverage.national(was, as_of=then).received == 1


def test_coverage_of_one_kind_of_observers_leaves_the_other_out() -> None:
    foreign = replace(due("b", 2), kind=Kind.INTERNATIONAL)
    here = [came("a"), replace(came("b", 2), kind=Kind.INTERNATIONAL), came("x", 9)]
    found = matched([due("a"), foreign, replace(foreign, observer="c")], here)
    own, other = (
        plan_coverage.national(found, as_of=NOON, kind=each)
        for each in (Kind.DOMESTIC, Kind.INTERNATIONAL)
    )
    assert (own.received, own.expected, own.unplanned) == (1, 1, 1)
    assert (other.received, other.expected, other.unplanned) == (1, 2, 0)
    both = plan_coverage.national(found, as_of=NOON)
    assert both.came == own.came + other.came == 3


def test_a_mobile_team_meets_its_plan_wherever_it_went() -> None:
    row = national([due("team", None), due("team", None)], [came("team", 44)])
    assert (row.received, row.missing) == (1, 1)


def test_coverage_by_hour_goes_by_the_hour_a_report_was_due_in() -> None:
    rows = cover([due("a", hour=8), due("b", hour=9)], [came("b")], by="hour")
    assert [(row.group, row.received) for row in rows] == [
        (NOON.replace(hour=8), 0),
        (NOON.replace(hour=9), 1),
    ]


def test_what_came_where_nothing_was_planned_stands_last_without_a_share() -> None:
    rows = cover([due("a", area=0)], [came("x", 5, area=7)], by="area")
    assert [row.group for row in rows] == [0, 7]
    assert rows[1].share is None
    assert rows[1].unplanned == 1


def test_no_plan_and_no_report_give_a_row_of_zeros() -> None:
    row = national([], [])
    assert (row.expected, row.received, row.share) == (0, 0, None)


def test_the_arrival_curve_says_how_far_behind_plan_the_reports_are() -> None:
    plan = [NOON + timedelta(minutes=10 * n) for n in range(12)]
    here = [NOON + timedelta(minutes=10 * n + 30) for n in range(12)]
    curve = arrivals(plan, here, as_of=NOON + timedelta(minutes=61))
    assert curve.behind == timedelta(minutes=21)
    assert curve.received[-1] == 4
    assert curve.planned[-1] == 12


def test_the_arrival_curve_of_what_came_never_runs_past_now() -> None:
    curve = arrivals([NOON, NOON + timedelta(hours=3)], [NOON], as_of=NOON + timedelta(hours=1))
    assert len(curve.received) < len(curve.planned)


def test_before_the_first_report_is_due_nothing_is_behind() -> None:
    assert arrivals([NOON], [], as_of=NOON - timedelta(hours=1)).behind is None
