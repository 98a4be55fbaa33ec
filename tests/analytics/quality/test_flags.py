"""Flags for a call-back, each with what it rests on."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from analytics.quality import flags
from analytics.quality.flags import Protocol

NOON = datetime.fromisoformat("2026-11-22T12:00:00+00:00")


def forms(rows: int, questions: int = 40) -> flags.Codes:
    return np.random.default_rng(1).integers(0, 4, (rows, questions)).astype(np.int8)


def test_a_copied_form_is_found_with_its_share_and_the_answers_compared() -> None:
    answers = forms(700)
    answers[650] = answers[3]
    answers[650, :4] = (answers[3, :4] + 1) % 4
    (twins,) = flags.near_identical(answers)
    assert (twins.first, twins.second, twins.share, twins.compared) == (3, 650, 0.9, 40)
    (one, other) = flags.flag_twins([f"r{at}" for at in range(700)], answers)
    assert (one.report, one.inputs["like"], other.report) == ("r3", "r650", "r650")


@pytest.mark.parametrize(("answered", "found"), [(20, 1), (19, 0)])
def test_forms_are_compared_on_twenty_answers_or_not_at_all(answered: int, found: int) -> None:
    answers = forms(2)
    answers[1] = answers[0]
    answers[:, answered:] = -1
    assert len(flags.near_identical(answers)) == found


@pytest.mark.parametrize(("changed", "found"), [(6, 1), (7, 0)])
def test_the_share_of_85_of_100_is_the_edge(changed: int, found: int) -> None:
    answers = forms(2)
    answers[1] = answers[0]
    answers[1, :changed] = (answers[0, :changed] + 1) % 4
    assert len(flags.near_identical(answers)) == found


def test_the_shares_are_those_of_comparing_one_by_one() -> None:
    answers = forms(60, 25) % 2
    answers[answers == forms(60, 25) % 3] = -1
    for twins in flags.near_identical(answers, at_least=0.5, of=10, block=7):
        a, b = answers[twins.first], answers[twins.second]
        both = (a >= 0) & (b >= 0)
        assert twins.share == pytest.approx(np.mean(a[both] == b[both]), abs=1e-6)
        assert twins.compared == both.sum()


def test_no_forms_have_no_twins() -> None:
    assert flags.near_identical(forms(0)) == flags.near_identical(forms(1)) == []


def test_too_fast_is_under_two_seconds_an_answer() -> None:
    assert flags.flag_too_fast("r", NOON, NOON + timedelta(seconds=80), 40) is None
    flag = flags.flag_too_fast("r", NOON, NOON + timedelta(seconds=79), 40)
    assert flag is not None
    assert flag.inputs == {"seconds": 79.0, "answers": 40, "least": 2.0}
    assert flags.flag_too_fast("r", NOON, NOON, 0) is None


def test_a_straight_line_is_of_six_answers() -> None:
    assert flags.flag_straight_line("r", [1, 1, None, 1, 1, 1]) is None
    assert flags.flag_straight_line("r", [1, 1, 1, 1, 1, 2]) is None
    flag = flags.flag_straight_line("r", [2, 2, None, 2, 2, 2, 2])
    assert flag is not None
    assert flag.inputs == {"value": 2, "items": 6}


def test_far_away_is_beyond_the_error_that_the_phone_states() -> None:
    station, north = (41.7, 44.8), (41.709, 44.8)
    assert flags.distance_m(*station, *north) == pytest.approx(1000.8, abs=0.1)
    assert flags.flag_far("r", (*north, 300.0), station) is None
    flag = flags.flag_far("r", (*north, 20.0), station)
    assert flag is not None
    assert flag.inputs["metres"] == 1001


def test_a_form_finished_before_the_station_opened() -> None:
    assert flags.flag_before_opening("r", NOON, NOON) is None
    assert flags.flag_before_opening("r", NOON - timedelta(seconds=1), NOON) is not None


def test_one_photograph_in_two_reports_flags_both_and_twice_in_one_none() -> None:
    found = flags.flag_same_photo([("a", "x"), ("b", "x"), ("c", "y"), ("c", "y")])
    assert [(each.report, each.inputs["also"]) for each in found] == [("a", ["b"]), ("b", ["a"])]


@pytest.mark.parametrize(
    ("protocol", "rule"),
    [
        (Protocol((3, 4), valid=8), "votes = valid"),
        (Protocol((), valid=8, invalid=1, in_box=10), "valid + invalid = in box"),
        (
            Protocol((), issued=5, unused=4, spoiled=0, received=10),
            "issued + unused + spoiled = received",
        ),
        (Protocol((), in_box=6, issued=5), "in box ≤ issued"),
        (Protocol((), in_box=6, signed=5), "in box ≤ signatures"),
        (Protocol((), signed=6, registered=5), "signatures ≤ registered"),
        (Protocol((), in_box=6, registered=5), "in box ≤ registered"),
    ],
)
def test_each_sum_of_a_protocol_that_does_not_come_out_is_shown(
    protocol: Protocol, rule: str
) -> None:
    (flag,) = flags.flag_arithmetic("r", protocol)
    assert flag.inputs["rule"] == rule


def test_a_protocol_that_adds_up_or_does_not_say_has_no_flag() -> None:
    assert not flags.flag_arithmetic("r", Protocol((3, None), valid=8))
    assert not flags.flag_arithmetic(
        "r",
        Protocol(
            (3, 4), 7, 1, 8, issued=8, signed=8, received=10, unused=2, spoiled=0, registered=20
        ),
    )
