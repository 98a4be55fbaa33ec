"""The five forms of an irregularity's words: read, linted, and absent where nobody gave them."""

import re

import pytest

from mobile_forms.authoring import forms_of
from mobile_forms.sheets import read_sheets
from mobile_forms.workbook import compile_workbook
from schemas.checklist import Indicator
from schemas.words import LANGUAGES
from tests.mobile_forms.spreadsheets import (
    INDICATORS,
    LIBRARY,
    SURVEY,
    library,
    read_problems,
    spreadsheet,
)

GIVEN = {"noun": "broken seals", "label": "Seals broken", "rel": "where seals were broken"}


def with_forms(**forms: str) -> bytes:
    return spreadsheet(indicators=[INDICATORS[0] | forms, *INDICATORS[1:]])


def test_the_three_forms_beside_the_sentences_are_read_in_their_language() -> None:
    seal, crowd, _ = compile_workbook(with_forms(**GIVEN, unread="en")).definition.indicators
    assert (seal.noun, seal.label, seal.rel) == tuple({"en": text} for text in GIVEN.values())
    assert seal.unread == ("en",)
    assert (crowd.noun, crowd.label, crowd.rel, crowd.unread) == ({}, {}, {}, ())


def test_noun_and_clause_may_stand_beside_the_question_whose_label_stays_its_own() -> None:
    said = {
        "phrase": "it opened late",
        "positive_phrase": "it opened on time",
        "noun": "late openings",
        "rel": "where voting began late",
        "severity": "1",
        "standards": "obl:10",
    }
    survey = [row | said if row.get("name") == "late" else row for row in SURVEY]
    workbook = spreadsheet(survey=survey, indicators=INDICATORS[:2])
    late = next(
        each for each in compile_workbook(workbook).definition.indicators if each.code == "OP-LATE"
    )
    assert (late.noun, late.rel) == ({"en": "late openings"}, {"en": "where voting began late"})
    assert late.label == {}


def test_a_definition_without_them_is_stored_as_it_always_was() -> None:
    stored = {
        "code": "CO-SEAL",
        "stage": "counting",
        "severity": 3,
        "standards": ["obl:1"],
        "phrase": {"en": "seals were broken"},
        "positive_phrase": {"en": "the seals held"},
        "sources": [],
        "access": None,
        "among": {},
        "among_all": False,
        "ranked": True,
    }
    assert Indicator.model_validate(stored).model_dump(mode="json") == stored


def test_forms_that_are_given_are_stored_and_read_again() -> None:
    seal = compile_workbook(with_forms(**GIVEN, unread="en")).definition.indicators[0]
    assert Indicator.model_validate_json(seal.model_dump_json()) == seal


@pytest.mark.parametrize("form", ["noun", "label", "rel"])
def test_a_form_that_ends_with_a_stop_is_told_with_its_column(form: str) -> None:
    (problem,) = read_problems(with_forms(**GIVEN | {form: "seals broken."}))
    assert (problem.sheet, problem.row, problem.column) == ("indicators", 2, form)


def test_a_form_in_one_language_of_two_lacks_the_other() -> None:
    survey = [row | ({"label::French (fr)": "Texte"} if "label" in row else {}) for row in SURVEY]
    problems = read_problems(spreadsheet(survey=survey, indicators=[INDICATORS[0] | GIVEN]))
    assert {"noun", "label", "rel"} <= {each.column for each in problems if "fr" in each.message}


def test_unread_names_languages_of_the_checklist_alone() -> None:
    (problem,) = read_problems(with_forms(unread="en fr"))
    assert (problem.column, problem.remedy) == ("unread", "Of: en.")


EVERY = pytest.mark.parametrize(
    "name", sorted({each.stem for each in LIBRARY.glob("*.xlsx")} - {"template"})
)


@EVERY
def test_no_irregularity_of_the_library_lacks_a_form_in_any_language(name: str) -> None:
    for each in library(name).definition.indicators:
        for form in (each.phrase, each.positive_phrase, each.noun, each.label, each.rel):
            assert set(form) == set(LANGUAGES), each.code
        assert set(each.noun_with_article) == {"fr", "ar"}, each.code


@EVERY
def test_the_library_says_which_languages_no_native_speaker_has_read(name: str) -> None:
    for each in library(name).definition.indicators:
        assert set(each.unread) == set(LANGUAGES) - {"en"}, each.code


@EVERY
def test_the_forms_of_a_workbook_are_those_of_the_library_s_one_list(name: str) -> None:
    rows = read_sheets((LIBRARY / f"{name}.xlsx").read_bytes())["indicators"].rows
    for row in rows:
        wanted = forms_of(row["code"])
        assert {header: row[header] for header in wanted} == wanted, row["code"]


@EVERY
def test_nouns_begin_small_and_labels_with_a_capital(name: str) -> None:
    for each in library(name).definition.indicators:
        for language in set(LANGUAGES) - {"ar"}:
            assert each.noun[language][0].islower(), each.code
            assert each.rel[language][0].islower(), each.code
            assert each.label[language][0].isupper(), each.code


STATION = {
    "en": r"\bstations?\b",
    "fr": r"\bbureaux?\b",
    "ar": r"المركز|المراكز",
    "es": r"\blas? mesas?\b",
    "pt": r"\bas? mesas?\b",
}


@EVERY
def test_no_form_names_the_polling_station_whose_noun_is_the_mission_s(name: str) -> None:
    for each in library(name).definition.indicators:
        for form in (each.phrase, each.positive_phrase, each.noun, each.label, each.rel):
            for language, text in form.items():
                assert not re.search(STATION[language], text), (each.code, text)


def test_an_article_goes_beside_the_noun_and_needs_no_other_language() -> None:
    column = "noun_with_article::French (fr)"
    definition = compile_workbook(with_forms(**GIVEN, **{column: "des scellés brisés"})).definition
    assert definition.indicators[0].noun_with_article == {"fr": "des scellés brisés"}
