"""From a spreadsheet to a checklist."""

import hashlib
import re

import pytest
from lxml import etree

from mobile_forms.judgement import Judge
from mobile_forms.sheets import WorkbookProblems
from mobile_forms.workbook import compile_workbook
from schemas.checklist import Definition, Source
from tests.mobile_forms.spreadsheets import CHOICES, INDICATORS, SURVEY, changed, small, spreadsheet


def names(definition: Definition) -> list[str]:
    return [question.name for question in definition.questions]


def test_questions_stand_in_order_each_with_its_path_and_section() -> None:
    questions = {each.name: each for each in small().definition.questions}
    assert list(questions) == ["sealed", "sealed__known", "seen", "seen__known", "late", "why"]
    assert questions["late"].path == "/data/inside/late"
    assert {each.section for each in questions.values()} == {"inside"}


def test_an_irregular_option_adds_a_follow_up_right_after_its_question() -> None:
    follow_up = small().definition.questions[1]
    assert follow_up.name == "sealed__known"
    assert [each.name for each in follow_up.choices] == ["saw", "told"]
    assert follow_up.relevant == "(selected( /data/inside/sealed , 'no'))"
    assert "/data/inside/sealed__known" in small().xform


def test_a_question_without_irregular_options_gets_no_follow_up() -> None:
    plain = [
        each | {"irregularity": None} if each["list_name"] == "sealed" else each for each in CHOICES
    ]
    definition = compile_workbook(spreadsheet(choices=plain)).definition
    assert "sealed__known" not in names(definition)
    assert "seen__known" in names(definition)


def test_an_indicator_gathers_every_question_that_raises_it() -> None:
    indicator = small().definition.indicators[0]
    assert indicator.code == "CO-SEAL"
    assert indicator.sources == (
        Source(question="sealed", options={"no": 2}),
        Source(question="seen", options={"broken_seal": 1}),
    )


def test_an_option_without_a_severity_has_that_of_its_indicator() -> None:
    (crowd,) = small().definition.indicators[1].sources
    assert crowd.options == {"crowd": 1, "crush": 3}


def test_names_in_our_columns_become_paths() -> None:
    definition = small().definition
    assert definition.indicators[2].sources[0].when == "/data/inside/late  > 30"
    (check,) = definition.checks
    assert check.formula == "${late} > 120"
    assert check.inputs == ("late",)
    assert check.difference == "/data/inside/late  - 120"


def test_our_columns_do_not_reach_the_phone() -> None:
    for ours in ("irregular", "CO-SEAL", "OP-LATE", "far-too-late", "happened"):
        assert ours not in small().xform


def test_the_form_is_well_formed_and_names_no_namespace_that_the_engine_stumbles_over() -> None:
    root = etree.fromstring(small().xform.encode())
    assert root.tag.endswith("html")
    declared = set(re.findall(r'xmlns:(\w+)="', small().xform))
    assert declared <= {"h", "ev", "xsd", "jr", "orx", "odk"}


def test_compiling_twice_gives_the_same_hash() -> None:
    again = compile_workbook(spreadsheet())
    assert again == small()
    assert again.xform_sha256 == hashlib.sha256(again.xform.encode()).hexdigest()


def test_another_rule_leaves_the_form_as_it_is() -> None:
    graver = compile_workbook(spreadsheet(survey=changed(SURVEY, "late", severity=3)))
    assert graver.xform_sha256 == small().xform_sha256
    assert graver.definition.indicators[2].sources[0].severity == 3


def test_groups_hand_their_relevance_down() -> None:
    survey = changed(SURVEY, "inside", relevant="${open} = 'yes'")
    survey = [{"type": "text", "name": "open", "label": "Open?"}, *survey]
    indicators = [each | {"among": "where it was open"} for each in INDICATORS]
    definition = compile_workbook(spreadsheet(survey=survey, indicators=indicators)).definition
    why = next(each for each in definition.questions if each.name == "why")
    assert why.relevant == "(/data/open  = 'yes') and (/data/inside/late  > 0)"


def test_every_language_of_the_labels_is_a_language_of_the_checklist() -> None:
    def in_two(rows: list[dict[str, object]], *columns: str) -> list[dict[str, object]]:
        return [
            {
                f"{key}::{language}" if key in columns else key: text
                for key, text in row.items()
                for language in (("English (en)", "French (fr)") if key in columns else ("",))
            }
            for row in rows
        ]

    from tests.mobile_forms import spreadsheets as of

    definition = compile_workbook(
        spreadsheet(
            survey=in_two(SURVEY, "label"),
            choices=in_two(CHOICES, "label"),
            indicators=in_two(of.INDICATORS, "phrase", "positive_phrase"),
            checks=in_two(of.CHECKS, "explanation"),
        )
    ).definition
    assert definition.languages == ("en", "fr")
    assert definition.questions[1].label["fr"] == "Comment le savez-vous ?"


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(WorkbookProblems) as found:
        compile_workbook(data)
    assert found.value.problems[0].sheet == "workbook"


def test_a_group_without_an_end_is_a_problem_and_no_crash() -> None:
    with pytest.raises(WorkbookProblems) as found:
        compile_workbook(spreadsheet(survey=SURVEY[:-1]))
    assert "group" in str(found.value).lower()


def test_a_list_from_a_file_takes_any_name_from_it() -> None:
    row = {"type": "select_one_from_file stations.csv", "name": "place", "label": "Where?"}
    compiled = compile_workbook(spreadsheet(survey=[row, *SURVEY]))
    assert compiled.definition.questions[0].type == "select_one"
    assert "jr://file-csv/stations.csv" in compiled.xform
    judged = Judge(compiled.definition).judge({"place": "0012"}, {})
    assert (judged.answers, judged.reasons) == ({"place": "0012"}, ())
