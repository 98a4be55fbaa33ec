"""What a report says of each irregularity, and what must hold it."""

from typing import Any

import pytest

from mobile_forms.answers import Reader
from mobile_forms.judgement import Judge, Judgement
from mobile_forms.workbook import compile_workbook
from schemas.codes import Severity, Status, pack, severity_of, status_of
from tests.mobile_forms.spreadsheets import SURVEY, judge_of, spreadsheet

SEAL, CROWD, LATE = range(3)


def judged(answers: dict[str, Any], observed: dict[str, str] | None = None) -> Judgement:
    return judge_of("small").judge(answers, observed or {})


def status(answers: dict[str, Any], indicator: int, **observed: str) -> Status:
    return status_of(judged(answers, observed).codes[indicator])


@pytest.mark.parametrize(
    ("sealed", "said"),
    [
        ("yes", Status.FINE),
        ("no", Status.IRREGULAR),
        ("not_observed", Status.NOT_OBSERVED),
        (None, Status.UNANSWERED),
        ("", Status.UNANSWERED),
    ],
)
def test_each_option_has_its_status(sealed: str | None, said: Status) -> None:
    assert status({"sealed": sealed}, SEAL) is said


def test_what_does_not_apply_is_said_so() -> None:
    voting = judge_of("voting")
    place = [each.code for each in voting.definition.indicators].index("VO-TECH")
    code = voting.judge({"device_failed": "not_applicable"}, {}).codes[place]
    assert status_of(code) is Status.NOT_APPLICABLE


def test_there_is_one_byte_for_each_indicator_in_order() -> None:
    codes = judged({"sealed": "no", "seen": ["crush"], "late": 10}).codes
    assert list(codes) == [
        pack(Status.IRREGULAR, Severity.SERIOUS),
        pack(Status.IRREGULAR, Severity.INTEGRITY),
        pack(Status.FINE),
    ]


def test_an_irregularity_that_was_told_is_no_sight() -> None:
    answers = {"sealed": "no", "sealed__known": "told"}
    assert status(answers, SEAL) is Status.IRREGULAR_TOLD
    assert status({"sealed": "no"}, SEAL, sealed="reported") is Status.IRREGULAR_TOLD
    assert status({"sealed": "no"}, SEAL, sealed="personally") is Status.IRREGULAR
    assert status({"late": 90}, LATE, late="reported") is Status.IRREGULAR_TOLD


def test_a_fine_answer_that_was_told_is_fine() -> None:
    assert status({"sealed": "yes"}, SEAL, sealed="reported") is Status.FINE


def test_observed_is_written_out_as_the_follow_up() -> None:
    result = judged({"sealed": "no"}, {"sealed": "reported"})
    assert (result.answers["sealed__known"], result.reasons) == ("told", ())
    assert "sealed__known" not in judged({"sealed": "yes"}, {"sealed": "reported"}).answers


def test_of_several_questions_the_strongest_answer_wins() -> None:
    assert status({"sealed": "not_observed", "seen": ["nothing"]}, SEAL) is Status.FINE
    told = {"sealed": "no", "sealed__known": "told", "seen": ["nothing"]}
    assert status(told, SEAL) is Status.IRREGULAR_TOLD
    both = judged(told | {"seen": ["broken_seal"]}).codes[SEAL]
    assert (status_of(both), severity_of(both)) == (Status.IRREGULAR, Severity.PROCEDURAL)


def test_of_equal_statuses_the_gravest_wins() -> None:
    code = judged({"sealed": "no", "seen": ["broken_seal"]}).codes[SEAL]
    assert severity_of(code) is Severity.SERIOUS
    assert severity_of(judged({"seen": ["crowd", "crush"]}).codes[CROWD]) is Severity.INTEGRITY


def test_an_expression_raises_what_no_option_can() -> None:
    assert status({"late": 31}, LATE) is Status.IRREGULAR
    assert status({"late": 30}, LATE) is Status.FINE
    assert status({}, LATE) is Status.UNANSWERED


def test_an_answer_to_an_irrelevant_question_is_noted_and_not_counted() -> None:
    result = judged({"late": 0, "why": "rain"})
    assert result.answers == {"late": 0}
    assert (result.aside, result.reasons) == ({"why": "rain"}, ())


HELD: dict[str, tuple[dict[str, Any], dict[str, str], str, str]] = {
    "an unknown question": ({"seeled": "no"}, {}, "seeled", "unknown_question"),
    "letters in a number": ({"late": "ten"}, {}, "late", "wrong_type"),
    "a truth for a number": ({"late": True}, {}, "late", "wrong_type"),
    "half a minute": ({"late": 0.5}, {}, "late", "wrong_type"),
    "ten digits": ({"late": 1_000_000_000}, {}, "late", "too_large"),
    "five thousand digits": ({"late": "9" * 5_000}, {}, "late", "too_large"),
    "an unknown option": ({"sealed": "perhaps"}, {}, "sealed", "unknown_option"),
    "an unknown option of several": ({"seen": ["crowd", "x"]}, {}, "seen", "unknown_option"),
    "a list for one": ({"sealed": ["no"]}, {}, "sealed", "wrong_type"),
    "an object for a text": ({"late": 1, "why": {"a": 1}}, {}, "why", "wrong_type"),
    "a contradiction": (
        {"sealed": "no", "sealed__known": "saw"},
        {"sealed": "reported"},
        "observed.sealed",
        "contradicts",
    ),
    "observed of nothing": ({}, {"nothing": "reported"}, "observed.nothing", "unknown_question"),
    "observed in other words": (
        {"sealed": "no"},
        {"sealed": "guessed"},
        "observed.sealed",
        "wrong_type",
    ),
}


@pytest.mark.parametrize("what", HELD)
def test_what_cannot_be_counted_is_a_reason_that_names_the_field(what: str) -> None:
    answers, observed, field, code = HELD[what]
    (reason,) = judged(answers, observed).reasons
    assert (reason.field, reason.code) == (field, code)


def test_a_flood_of_wrong_answers_gives_a_hundred_reasons_and_no_more() -> None:
    result = judged({f"q{number}": 1 for number in range(5_000)} | {"sealed": "no"})
    assert len(result.reasons) == 100
    assert status_of(result.codes[SEAL]) is Status.IRREGULAR


def test_a_repeat_of_endless_rows_is_held() -> None:
    rows = [{"votes": 1}] * 2_001
    (reason,) = judge_of("counting").judge({"contestant_votes": rows}, {}).reasons
    assert (reason.field, reason.code) == ("contestant_votes", "too_many")


@pytest.mark.parametrize(
    ("kind", "said", "read"),
    [
        ("geotrace", "1 2 0 5; 1.5 2 0 5", "1 2 0 5;1.5 2 0 5"),
        ("geoshape", "1 2;1 3;2 3;1 2;", "1 2;1 3;2 3;1 2"),
        ("geotrace", "1 2 0 5", None),
        ("geotrace", "1 2;95 2", None),
        ("geoshape", "1 2;1 3;2 3;2 2", None),
        ("audio", "memo.amr", "memo.amr"),
        ("barcode", "4006381333931", "4006381333931"),
        ("file", 7, None),
    ],
)
def test_what_is_not_judged_is_read_by_its_type(kind: str, said: object, read: str | None) -> None:
    survey = [{"type": kind, "name": "q", "label": "?"}]
    form = {"form_title": "F", "form_id": "f", "version": "1"}
    book = spreadsheet(survey=survey, choices=[], indicators=[], checks=[], settings=[form])
    found = Reader.of(compile_workbook(book).definition).read({"q": said})
    assert found.answers == ({} if read is None else {"q": read})
    assert [each.code for each in found.reasons] == ([] if read else ["wrong_type"])


def test_one_wrong_answer_leaves_the_others_judged() -> None:
    result = judged({"sealed": "no", "late": "ten"})
    assert status_of(result.codes[SEAL]) is Status.IRREGULAR
    assert status_of(result.codes[LATE]) is Status.UNANSWERED


@pytest.mark.parametrize("late", [45, "45", " 45 ", "+45", 45.0, "٤٥"])
def test_a_number_may_be_written_in_several_ways(late: object) -> None:
    assert judged({"late": late}).answers == {"late": 45}


def test_characters_that_xml_cannot_hold_are_kept_and_judged() -> None:
    result = judged({"late": 1, "why": "a\x01<b>&\ud800\uffff%s"})
    assert result.answers["why"] == "a\x01<b>&\ud800\uffff%s"
    assert result.reasons == ()


def test_a_check_flags_with_its_inputs_formula_and_signed_difference() -> None:
    (flag,) = judged({"late": 130}).flags
    assert flag == {
        "name": "far-too-late",
        "inputs": {"late": 130},
        "formula": "${late} > 120",
        "difference": 10.0,
        "tolerance": 5.0,
    }


def test_a_difference_within_its_tolerance_is_silent() -> None:
    assert judged({"late": 125}).flags == ()
    assert judged({"late": 126}).flags != ()


def test_the_answers_given_are_not_changed() -> None:
    answers: dict[str, Any] = {"sealed": "no", "why": "x", "late": "0", "seen": ["crowd"]}
    before = dict(answers)
    judged(answers, {"sealed": "reported"})
    assert answers == before


def test_a_group_inside_a_repeat_is_reached_by_expressions() -> None:
    survey = [
        *SURVEY,
        *(
            {"type": kind, "name": name, "label": name}
            for kind, name in (
                ("begin_repeat", "box"),
                ("begin_group", "figures"),
                ("integer", "ballots"),
                ("integer", "spoilt"),
                ("end_group", None),
                ("end_repeat", None),
            )
        ),
    ]
    survey[-3]["constraint"] = ". <= ${ballots}"
    check = {"name": "many", "flag_when": "sum(${ballots}) > 10", "explanation": "Many."}
    judge = Judge(compile_workbook(spreadsheet(survey=survey, checks=[check])).definition)
    rows = [{"ballots": 6, "spoilt": 6}, {"ballots": 5, "spoilt": 5}]
    assert [flag["name"] for flag in judge.judge({"box": rows}, {}).flags] == ["many"]
    rows = [{"ballots": 6, "spoilt": 0}, {"ballots": 2, "spoilt": 3}]
    assert [flag["name"] for flag in judge.judge({"box": rows}, {}).flags] == ["constraint:spoilt"]
