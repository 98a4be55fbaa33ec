"""Forms screened for a call-back."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from analytics.quality.flags import UNLIKE
from analytics.quality.screening import Form, coded, protocol_of, scales, screen
from schemas.checklist import Choice, Definition, Question

OPENS = datetime.fromisoformat("2026-11-22T07:00:00+00:00")
SCALE = ("very_good", "good", "bad", "very_bad", "not_observed")


def asked(name: str, type_: Any = "integer", options: tuple[str, ...] = ()) -> Question:
    choices = tuple(Choice(name=each, label={"en": each}) for each in options)
    return Question(
        name=name, type=type_, path=f"/data/{name}", label={"en": name}, choices=choices
    )


VOTING = Definition(
    name="voting",
    version="1",
    title={"en": "Voting"},
    languages=("en",),
    stage="voting",
    questions=(
        *(asked(f"q{at}") for at in range(24)),
        *(asked(f"r{at}", "select_one", SCALE) for at in range(6)),
        asked("c", "text"),
    ),
    indicators=(),
    checks=(),
)


def form(report: str, observer: str = "O-1", **more: Any) -> Form:
    answers = {f"q{at}": (at * 7 + ord(report[0])) % 101 for at in range(24)}
    return Form(report, observer, "voting", more.pop("answers", answers), **more)


def codes(*forms: Form) -> list[tuple[str, str]]:
    return sorted((each.code, each.report) for each in screen(forms, {"voting": VOTING}))


def test_protocols_of_different_contests_are_not_compared() -> None:
    same = {f"q{at}": 1 for at in range(24)}
    first = form("a", answers=same, place="1", contest="president")
    other = form("b", answers=same, place="2", contest="council")
    assert codes(first, other) == []
    third = form("c", answers=same, place="2", contest="president")
    assert [report for _, report in codes(first, third, other)] == ["a", "c"]


def test_one_observer_who_sends_one_form_twice_is_asked_about_and_two_observers_are_not() -> None:
    same = {f"q{at}": 1 for at in range(24)}
    assert codes(form("a", answers=same), form("b", answers=same)) == [
        ("near-identical", "a"),
        ("near-identical", "b"),
    ]
    assert codes(form("a", answers=same), form("b", "O-2", answers=same)) == []


def test_a_second_visit_to_one_place_may_be_like_the_first() -> None:
    same = {f"q{at}": 1 for at in range(24)}
    visits = [form(name, answers=same, place="001") for name in "ab"]
    assert codes(*visits) == []
    assert codes(*visits, form("c", answers=same, place="002")) == [
        ("near-identical", "b"),
        ("near-identical", "c"),
    ]


def test_a_form_has_the_flags_of_haste_place_and_hour() -> None:
    odd = form(
        "a",
        began=OPENS - timedelta(hours=1),
        finished=OPENS - timedelta(minutes=60),
        opens=OPENS,
        position=(0.0, 0.1, 10.0),
        station=(0.0, 0.0),
    )
    assert [code for code, _ in codes(odd)] == ["before-opening", "far-away", "too-fast"]


def test_one_value_through_a_scale_is_a_straight_line_and_not_observed_is_no_value() -> None:
    assert scales(VOTING) == {SCALE[:-1]: tuple(f"r{at}" for at in range(6))}
    flat = {f"r{at}": "good" for at in range(6)}
    assert codes(form("a", answers=flat)) == [("straight-line", "a")]
    assert codes(form("a", answers=dict.fromkeys(flat, "not_observed"))) == []


def test_one_photograph_in_two_reports_is_asked_about_whoever_sent_them() -> None:
    found = codes(form("a", photos=("f" * 64,)), form("b", "O-2", photos=("f" * 64,)))
    assert found == [("same-photo", "a"), ("same-photo", "b")]


def test_sums_that_do_not_come_out_show_both_sides() -> None:
    rows = [{"contestant": "A", "votes": 3}, {"contestant": "B", "votes": 4}]
    answers = {
        "contestant_votes": rows,
        "valid": 8,
        "registered": 9,
        "supplementary": 1,
        "in_box": 11,
    }
    assert protocol_of(answers).registered == 10
    found = screen([form("a", answers=answers)], {"voting": VOTING})
    assert [each.inputs["rule"] for each in found] == ["votes = valid", "in box ≤ registered"]
    assert (found[0].inputs["left"], found[0].inputs["right"]) == (7, 8)


def test_answers_that_nobody_shares_are_answers_and_like_none() -> None:
    forms = [form("a", answers={"q0": 1, "q1": 5}), form("b", answers={"q0": 1, "q1": 6})]
    found = coded(forms, VOTING)
    assert found[:, 0].tolist() == [0, 0]
    assert found[:, 1].tolist() == [UNLIKE, UNLIKE]
    assert np.all(found[:, 2:] == -1)


def test_more_answers_than_fit_never_overstate_what_is_alike() -> None:
    forms = [form(str(at), answers={"q0": at // 2}) for at in range(400)]
    found = coded(forms, VOTING)[:, 0]
    assert np.sum(found == UNLIKE) == 400 - 2 * UNLIKE
    assert all(np.sum(found == code) == 2 for code in range(UNLIKE))


def test_a_form_of_an_unknown_checklist_is_screened_for_what_needs_no_question() -> None:
    strange = Form("a", "O-1", "other", {}, position=(0.0, 0.1, 1.0), station=(0.0, 0.0))
    assert [each.code for each in screen([strange], {})] == ["far-away"]
