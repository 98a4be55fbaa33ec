"""The six checks on a results protocol: each fires on its own, and stays silent otherwise."""

from typing import Any

import pytest

from mobile_forms.judgement import Judgement
from schemas.codes import Status, status_of
from tests.mobile_forms.spreadsheets import judge_of, library

SOUND: dict[str, Any] = {
    "registered": 500,
    "supplementary": 10,
    "received": 600,
    "issued": 303,
    "used": 300,
    "spoiled": 3,
    "unused": 297,
    "signatures": 300,
    "in_box": 300,
    "valid": 290,
    "invalid": 10,
    "contestant_votes": [
        {"contestant": "1", "votes": 200},
        {"contestant": "2", "votes": 90},
    ],
}
BROKEN: dict[str, tuple[dict[str, Any], set[str], float]] = {
    "C1": ({"unused": 296}, {"C1"}, 1),
    "C2": ({"issued": 601}, {"C2"}, 1),
    "C3": ({"signatures": 295}, {"C3"}, 5),
    "C4": ({"invalid": 12}, {"C4"}, -2),
    "C5": ({"contestant_votes": [{"contestant": "1", "votes": 291}]}, {"C5"}, 1),
    "C6": ({"registered": 280}, {"C6"}, 10),
}


def judged(**figures: Any) -> Judgement:
    return judge_of("counting").judge(SOUND | figures, {})


def arithmetic(of: Judgement) -> Status:
    codes = [each.code for each in library("counting").definition.indicators]
    return status_of(of.codes[codes.index("CO-ARITH")])


def test_a_sound_protocol_raises_nothing() -> None:
    assert judged().flags == ()
    assert judged().reasons == ()
    assert arithmetic(judged()) is Status.FINE


@pytest.mark.parametrize("name", BROKEN)
def test_a_check_fires_with_its_signed_difference(name: str) -> None:
    figures, fired, difference = BROKEN[name]
    flags = {each["name"]: each for each in judged(**figures).flags}
    assert set(flags) == fired
    assert flags[name]["difference"] == difference


@pytest.mark.parametrize("name", BROKEN)
def test_a_protocol_that_does_not_reconcile_is_an_irregularity(name: str) -> None:
    assert arithmetic(judged(**BROKEN[name][0])) is Status.IRREGULAR


def test_fewer_ballots_than_signatures_is_a_flag_with_the_other_sign() -> None:
    (flag,) = judged(signatures=304, registered=500).flags
    assert (flag["name"], flag["difference"]) == ("C3", -4)
    assert arithmetic(judged(signatures=304)) is Status.FINE


@pytest.mark.parametrize("name", BROKEN)
def test_a_figure_that_is_missing_is_not_zero(name: str) -> None:
    check = next(each for each in library("counting").definition.checks if each.name == name)
    for figure in check.inputs:
        missing = {"votes": "contestant_votes"}.get(figure, figure)
        if missing not in ("supplementary", "signatures", "in_box") or name not in ("C6",):
            left = BROKEN[name][0] | {missing: None}
            assert name not in {each["name"] for each in judged(**left).flags}


def test_votes_missing_for_one_contestant_silence_the_sum() -> None:
    rows = [{"contestant": "1", "votes": 200}, {"contestant": "2"}]
    assert judged(contestant_votes=rows).flags == ()


def test_an_empty_protocol_was_not_reconciled() -> None:
    empty = judge_of("counting").judge({}, {})
    assert arithmetic(empty) is Status.UNANSWERED
    assert empty.flags == ()


def test_a_figure_beyond_its_constraint_is_flagged_also_inside_a_repeat() -> None:
    names = {
        each["name"]
        for each in judged(
            received=-1,
            contestant_votes=[
                {"contestant": "1", "votes": 290},
                {"contestant": "2", "votes": 200_000},
            ],
        ).flags
    }
    assert {"constraint:received", "constraint:votes"} <= names


def test_a_wrong_figure_in_a_row_names_the_row() -> None:
    (reason,) = judged(contestant_votes=[{"votes": 1}, {"votes": "many"}]).reasons
    assert (reason.field, reason.code) == ("contestant_votes[1].votes", "wrong_type")
