"""What an author is told to mend. Each row breaks the small checklist in one way."""

import pytest

from tests.mobile_forms.broken_sheets import BROKEN
from tests.mobile_forms.spreadsheets import (
    CHECKS,
    CHOICES,
    SURVEY,
    changed,
    read_problems,
    spreadsheet,
)


def test_the_small_checklist_has_nothing_to_mend() -> None:
    assert read_problems(spreadsheet()) == []


@pytest.mark.parametrize("what", BROKEN)
def test_one_fault_is_told_with_its_place_and_its_remedy(what: str) -> None:
    sheet, rows, column, remedy = BROKEN[what]
    problems = read_problems(spreadsheet(**{sheet: rows}))
    told = [each for each in problems if (each.sheet, each.column) == (sheet, column)]
    assert told, problems
    assert any(remedy in each.remedy for each in told), problems


def test_what_pyxform_refuses_is_told_by_the_spreadsheet_s_row() -> None:
    wanting = {"type": "select_one sealed", "name": "again", "parameters": "seed=1", "label": "?"}
    (problem,) = read_problems(spreadsheet(survey=[*SURVEY[:2], {}, {}, *SURVEY[2:], wanting]))
    assert (problem.sheet, problem.row, problem.column) == ("survey", 10, "parameters")
    (problem,) = read_problems(spreadsheet(survey=[*SURVEY, {}, SURVEY[0] | {"name": "open"}]))
    assert (problem.row, problem.column) == (9, "type")


def test_a_trigger_is_carried_though_the_first_question_has_none() -> None:
    at = {"type": "datetime", "name": "at", "calculation": "now()", "trigger": "${late}"}
    assert read_problems(spreadsheet(survey=[*SURVEY, at])) == []


def test_any_name_that_can_be_typed_is_an_option_s() -> None:
    for name in ("24/7", "2_NC", "18-24", "-99", "08:00;20:00"):
        assert read_problems(spreadsheet(choices=changed(CHOICES, "crush", name=name))) == []


def test_a_problem_names_the_row_as_the_spreadsheet_numbers_it() -> None:
    (problem,) = read_problems(spreadsheet(survey=changed(SURVEY, "why", relevant="${lat} > 0")))
    assert (problem.row, str(problem)[:29]) == (6, "survey, row 6, column relevan")


def test_a_sheet_that_nobody_reads_is_told_but_for_the_notes() -> None:
    assert read_problems(spreadsheet(notes=[{"a": "b"}])) == []
    (problem,) = read_problems(spreadsheet(check=CHECKS))
    assert problem.remedy == "Did you mean `checks`?"


def test_a_missing_translation_is_told_for_every_kind_of_text() -> None:
    survey = [
        {("label::English (en)" if key == "label" else key): text for key, text in row.items()}
        | ({"label::French (fr)": "Texte"} if "label" in row else {})
        for row in SURVEY
    ]
    survey[3]["label::French (fr)"] = None
    problems = read_problems(spreadsheet(survey=survey))
    assert {each.column for each in problems if "fr" in each.message} == {
        "label",
        "phrase",
        "positive_phrase",
        "explanation",
    }
    assert [each.row for each in problems if each.sheet == "survey"] == [5]


def test_everything_is_told_at_once() -> None:
    survey = changed(changed(SURVEY, "why", relevant="${lat} > 0"), "late", type="intger")
    assert len(read_problems(spreadsheet(survey=survey))) == 2
