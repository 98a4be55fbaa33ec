"""Checks are read out: what has to hold, in the questions' own words, and never as a formula."""

from typing import Any

import pytest

from api.review.checks_in_words import CheckShown, CheckWords
from mobile_forms.workbook import compile_workbook
from tests.mobile_forms.spreadsheets import CHECKS, SURVEY, library, spreadsheet


def words(name: str = "counting", language: str = "en") -> CheckWords:
    return CheckWords(library(name).definition, str, lambda texts: texts.get(language, ""))


def small(flag_when: str) -> CheckWords:
    count = {"type": "integer", "name": "count", "label": "Voters"}
    check = CHECKS[0] | {"flag_when": flag_when, "difference": "", "tolerance": ""}
    made = compile_workbook(spreadsheet(survey=[*SURVEY, count], checks=[check])).definition
    return CheckWords(made, str, lambda texts: texts.get("en", ""))


def test_every_check_of_the_library_is_read_out_in_the_words_of_its_questions() -> None:
    found = words()
    rules = {each.name: found.rule(each) for each in found.definition.checks}
    assert rules["C1"] == (
        "“Ballots received” equals “Ballots used” plus “Ballots spoiled and exchanged”"
        " plus “Ballots unused”"
    )
    assert rules["C2"] == "“Ballots issued to voters” is at most “Ballots received”"
    assert rules["C5"] == "The sum of “Votes” equals “Valid votes”"
    assert all(rules.values())
    assert not [each for each in rules.values() if "$" in each or "!=" in each]
    assert words(language="fr").rule(found.definition.checks[1]).startswith("“Bulletins")


@pytest.mark.parametrize(
    ("flag_when", "rule"),
    [
        ("${late} > 120", "“Minutes late” is at most 120"),
        ("${late} != '' and ${late} >= 2 * (${count} + 1)",
         "“Minutes late” is less than 2 times (“Voters” plus 1)"),
        ("${late} - (${count} - 3) < -5",
         "“Minutes late” minus (“Voters” minus 3) is at least -5"),
        ("selected(${sealed}, 'no') and ${late} > 30",
         "Where “Was the box sealed?” is “No”: “Minutes late” is at most 30"),
        ("${late} > 30 or ${count} > 9",
         "“Minutes late” is at most 30, and “Voters” is at most 9"),
        ("regex(${why}, '^x$')", ""),
    ],
)  # fmt: skip
def test_a_formula_is_read_as_what_has_to_hold_or_not_at_all(flag_when: str, rule: str) -> None:
    found = small(flag_when)
    assert found.rule(found.definition.checks[0]) == rule


def shown(answers: dict[str, Any], flags: list[dict[str, Any]]) -> dict[str, CheckShown]:
    return {each.name: each for each in words().of_report(answers, flags)}


def test_a_check_shows_its_figures_how_much_it_is_off_and_what_is_missing() -> None:
    answers = {"issued": 1210, "received": 1200, "in_box": 900, "signatures": 900}
    flag = {
        "name": "C2",
        "inputs": {"issued": 1210, "received": 1200},
        "formula": "",
        "difference": 10.0,
        "tolerance": 0.0,
    }
    found = shown(answers, [flag])
    assert next(iter(found)) == "C2"
    assert (found["C2"].holds, found["C2"].difference) == (False, 10.0)
    assert found["C2"].inputs == (
        ("Ballots issued to voters", "1,210"),
        ("Ballots received", "1,200"),
    )
    assert (found["C3"].holds, found["C4"].holds) == (True, None)


def test_what_may_be_left_out_is_not_missing() -> None:
    answers = {"registered": 900, "signatures": 800, "in_box": 800}
    assert shown(answers, [])["C6"].holds is True


def test_a_constraint_that_was_broken_has_its_author_s_words_or_is_read_out() -> None:
    flag = {"name": "constraint:registered", "inputs": {"registered": -1},
            "formula": ". >= 0 and . <= 100000", "difference": None, "tolerance": 0.0}  # fmt: skip
    found = shown({"registered": -1}, [flag])["constraint:registered"]
    assert (found.explanation, found.holds) == ("From 0 to 100,000.", False)
    assert found.rule.startswith("“Voters on the roll” is at least 0")
