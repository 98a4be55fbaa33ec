"""Irregularities described beside the question that raises them."""

from typing import Any

from mobile_forms.workbook import compile_workbook
from tests.mobile_forms.spreadsheets import (
    CHECKS,
    CHOICES,
    SETTINGS,
    SURVEY,
    read_problems,
    spreadsheet,
)

PHRASES = {
    "CO-SEAL": {
        "phrase": "the seal was broken",
        "positive_phrase": "the seal held",
        "severity": 2,
        "standards": "obl:1",
    },
    "VO-CROWD": {
        "phrase": "it was crowded",
        "positive_phrase": "there was room",
        "severity": 1,
        "standards": "obl:7",
        "stage": "counting",
    },
    "OP-LATE": {
        "phrase": "it opened late",
        "positive_phrase": "it opened on time",
        "severity": 1,
        "standards": "obl:10",
        "section": "opening",
    },
}
BESIDE = {"sealed": "CO-SEAL", "seen": "VO-CROWD", "late": "OP-LATE"}


def described(*left_out: str) -> list[dict[str, Any]]:
    """The small survey with what the indicators say beside each question."""
    return [
        {
            key: value
            for key, value in (row | PHRASES.get(BESIDE.get(row.get("name", ""), ""), {})).items()
            if key not in left_out
        }
        for row in SURVEY
    ]


def workbook(survey: list[dict[str, Any]], **more: Any) -> bytes:
    return spreadsheet(
        survey=survey,
        choices=CHOICES,
        checks=CHECKS,
        settings=[SETTINGS],
        **{"indicators": [{"code": ""}]} | more,
    )


def test_the_question_itself_says_what_its_answers_mean() -> None:
    definition = compile_workbook(workbook(described())).definition
    found = {each.code: each for each in definition.indicators}
    assert set(found) == {"CO-SEAL", "VO-CROWD", "OP-LATE"}
    assert found["CO-SEAL"].phrase == {"en": "the seal was broken"}
    assert found["CO-SEAL"].standards == ("obl:1",)
    assert (found["VO-CROWD"].stage, found["OP-LATE"].stage) == ("counting", "voting")
    assert [each.question for each in found["CO-SEAL"].sources] == ["sealed", "seen"]


def test_a_section_named_beside_a_question_is_its_section() -> None:
    definition = compile_workbook(workbook(described())).definition
    sections = {each.name: each.section for each in definition.questions}
    assert (sections["late"], sections["sealed"]) == ("opening", "inside")


def test_what_the_sheet_indicators_says_counts_first() -> None:
    own = [
        {
            "code": "CO-SEAL",
            "stage": "all",
            "severity": 3,
            "standards": "obl:18",
            "phrase": "seals were broken",
            "positive_phrase": "seals held",
        }
    ]
    definition = compile_workbook(workbook(described(), indicators=own)).definition
    assert definition.indicators[0].phrase == {"en": "seals were broken"}
    assert {each.code for each in definition.indicators} == {"CO-SEAL", "VO-CROWD", "OP-LATE"}


def test_what_is_missing_is_named_at_the_question() -> None:
    problems = read_problems(workbook(described("standards")))
    places = {(each.sheet, each.row, each.column) for each in problems}
    assert ("survey", 3, "standards") in places
    assert all(each.sheet != "indicators" for each in problems)


def test_a_code_that_is_described_nowhere_is_said_with_the_way_out() -> None:
    problems = read_problems(workbook(described("phrase", "positive_phrase")))
    assert any("described nowhere" in each.message and "phrase" in each.remedy for each in problems)


def test_the_form_of_phones_is_the_same_wherever_the_words_stand() -> None:
    plain = compile_workbook(spreadsheet())
    beside = compile_workbook(workbook(described()))
    assert plain.xform_sha256 == beside.xform_sha256
