"""What silence means: stations that refused, were closed or unsafe, and what a refusal answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from analytics.observation.ids import micro
from analytics.observation.record import Record
from analytics.observation.unobserved import (
    CLOSED,
    REFUSED,
    STAGES,
    UNSAFE,
    DueChecklist,
    Said,
    Unobserved,
    answered_by_refusals,
    unobserved,
)
from schemas.mission import Kind
from schemas.report import ReportStatus
from tests.analytics.observation.by_hand import expected_of, record_of
from tests.analytics.observation.one_by_one import Received

PLACES = 4
CASES = ("access_denied", "incident")
HOURS = tuple(micro(datetime(2027, 1, 10, hour, tzinfo=UTC)) for hour in (7, 17))
DUE = (
    DueChecklist("voting", "voting", ("AC-OBS",)),
    DueChecklist("counting", "counting", ("AC-OBS",)),
)
NONE = np.zeros(PLACES, dtype=np.bool_)
VOTING, COUNTING = "voting", "counting"


def came(
    checklist: str,
    place: int,
    hour: int,
    kind: Kind = Kind.DOMESTIC,
    status: ReportStatus = ReportStatus.RECEIVED,
) -> Received:
    """A report that came from a place at an hour."""
    at = datetime(2027, 1, 10, hour, tzinfo=UTC)
    return Received(place, 0, checklist, at, kind, "T", status)


def found(
    reports: Sequence[Received], reasons: dict[int, int], stages: dict[int, str] | None = None
) -> tuple[Record, Unobserved]:
    """The record of reports, of which some (by number) say why nothing could be observed, and which
    places could not."""
    record = record_of(expected_of([]), reports)
    rows = record.rows.copy()
    rows["arrived"] = -1
    record = replace(record, rows=rows)
    stage = [STAGES.index((stages or {})[at]) if at in (stages or {}) else -1 for at in reasons]
    said = Said(np.array([*reasons]), np.array([*reasons.values()]), np.array(stage))
    return record, unobserved(record, said, CASES, NONE, NONE)


def answered(record: Record, where: Unobserved) -> dict[str, list[int]]:
    """The places whose refusal answers each checklist."""
    answers = answered_by_refusals(record, where, DUE, HOURS)
    return {name: each.place.tolist() for name, each in answers.items()}


def test_a_refusal_is_of_the_kind_of_observers_that_was_refused_and_a_closed_door_of_all() -> None:
    _, where = found([came("access_denied", 0, 9), came("access_denied", 1, 9)], {0: 0, 1: 1})
    places = np.array([0, 1, 2, -1])
    assert where.reason(places, 0).tolist() == [REFUSED, CLOSED, -1, -1]
    assert where.reason(places, 1).tolist() == [-1, CLOSED, -1, -1]


def test_what_does_not_count_says_nothing_of_a_station() -> None:
    held = came("access_denied", 0, 9, status=ReportStatus.HELD)
    assert not found([held], {0: REFUSED})[1].any


def test_an_observation_made_later_undoes_what_was_said_and_an_earlier_one_does_not() -> None:
    later = [came("access_denied", 0, 9), came(VOTING, 0, 11)]
    earlier = [came("access_denied", 0, 9), came(VOTING, 0, 8)]
    by_others = [came("access_denied", 0, 9), came(VOTING, 0, 11, Kind.INTERNATIONAL)]
    assert not found(later, {0: REFUSED})[1].any
    assert found(earlier, {0: REFUSED})[1].any
    assert found(by_others, {0: REFUSED})[1].any
    assert not found(by_others, {0: UNSAFE})[1].any
    assert not found(by_others, {0: CLOSED})[1].any


def test_a_refusal_answers_what_was_due_though_the_count_was_observed_later() -> None:
    record, where = found([came("access_denied", 0, 9), came(COUNTING, 0, 20)], {0: REFUSED})
    assert not where.any
    assert answered(record, where) == {VOTING: [0], COUNTING: []}


def test_another_case_is_no_observation() -> None:
    assert found([came("access_denied", 0, 9), came("incident", 0, 11)], {0: CLOSED})[1].any


def test_a_refusal_answers_the_checklist_that_was_due_when_it_happened() -> None:
    """By the hour: during voting, and after it; before it, the first that there is."""
    reports = [came("access_denied", place, hour) for place, hour in ((0, 9), (1, 20), (2, 6))]
    record, where = found(reports, {0: REFUSED, 1: REFUSED, 2: REFUSED})
    assert answered(record, where) == {VOTING: [0, 2], COUNTING: [1]}


def test_the_stage_that_a_case_names_goes_before_the_hour() -> None:
    record, where = found([came("access_denied", 0, 9)], {0: REFUSED}, {0: "counting"})
    assert answered(record, where) == {VOTING: [], COUNTING: [0]}


def test_a_refusal_answers_nothing_where_a_report_of_that_checklist_counts() -> None:
    """Sent out from the count, after voting was observed; and sent out after the voting report."""
    reports = [came(VOTING, 0, 10), came("access_denied", 0, 11)]
    record, where = found(reports, {1: REFUSED})
    assert answered(record, where) == {VOTING: [], COUNTING: []}


def test_a_closed_or_unsafe_station_answers_nothing() -> None:
    reports = [came("access_denied", 0, 9), came("access_denied", 1, 9)]
    record, where = found(reports, {0: CLOSED, 1: UNSAFE})
    assert answered(record, where) == {VOTING: [], COUNTING: []}


def test_two_refusals_of_a_station_are_one_answer() -> None:
    reports = [came("access_denied", 0, 9), came("access_denied", 0, 10)]
    record, where = found(reports, {0: REFUSED, 1: REFUSED})
    assert answered(record, where)[VOTING] == [0]
