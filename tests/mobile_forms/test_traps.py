"""Traps that real checklists fell into: each is found, with its place."""

from typing import Any

import pytest

from mobile_forms.workbook import compile_workbook
from tests.mobile_forms.spreadsheets import (
    CHOICES,
    INDICATORS,
    SETTINGS,
    SURVEY,
    changed,
    read_problems,
    spreadsheet,
)

BOTH = SETTINGS | {"two_teams": "both"}
ASSIGNED = SETTINGS | {"repeat_visits": "assigned"}
NEVER = changed(SURVEY, "why", relevant="false()")
CYRILLIC = changed(INDICATORS, "CO-SEAL", code="\u0421O-SEAL")
LONG = "a_name_that_goes_on_and_on_and_on"
TRAPS: dict[str, tuple[str, int, str, dict[str, Any]]] = {
    "options of a figure": (
        "survey",
        5,
        "type",
        {"survey": changed(SURVEY, "late", type="integer sealed")},
    ),
    "a long name": ("survey", 6, "name", {"survey": changed(SURVEY, "why", name=LONG)}),
    "never asked": ("survey", 6, "relevant", {"survey": NEVER}),
    "no such option": (
        "survey",
        6,
        "relevant",
        {"survey": changed(SURVEY, "why", relevant="${sealed} = 'maybe'")},
    ),
    "words without a text": (
        "survey",
        4,
        "name",
        {"choices": changed(CHOICES, "crowd", label="Other (describe)")},
    ),
    "words without a text, in Arabic": (
        "survey",
        4,
        "name",
        {"choices": changed(CHOICES, "crowd", label="غيره (حدد)")},
    ),
    "a Cyrillic letter": ("indicators", 2, "code", {"indicators": CYRILLIC}),
    "an unknown policy": ("settings", 2, "two_teams", {"settings": [BOTH]}),
    "a policy that is read no more": ("settings", 2, "repeat_visits", {"settings": [ASSIGNED]}),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_found_where_it_is(trap: str) -> None:
    sheet, row, column, sheets = TRAPS[trap]
    found = {(each.sheet, each.row, each.column) for each in read_problems(spreadsheet(**sheets))}
    assert (sheet, row, column) in found


def test_a_text_for_the_words_is_enough() -> None:
    words = {
        "type": "text",
        "name": "words",
        "label": "Which?",
        "relevant": "selected(${seen}, 'crowd')",
    }
    choices = changed(CHOICES, "crowd", label="Other (describe)")
    assert read_problems(spreadsheet(choices=choices, survey=[*SURVEY, words])) == []


def test_settings_say_how_reports_are_brought_together() -> None:
    settings = SETTINGS | {"two_teams": "agree", "expected": 3, "expected_per": "day"}
    settings |= {"per": "observation"}
    policy = compile_workbook(spreadsheet(settings=[settings])).definition.policy
    assert (policy.two_teams, policy.repeat_visits) == ("agree", "cluster")
    assert (policy.expected, policy.expected_per, policy.sms_prefix) == (3, "day", None)
    assert policy.per == "observation"


def test_a_letter_that_looks_latin_is_named_with_the_one_that_was_meant() -> None:
    rows = [
        each | {"code": "ОP-LATE"} if each["code"] == "OP-LATE" else each for each in INDICATORS
    ]
    found = [each for each in read_problems(spreadsheet(indicators=rows)) if each.column == "code"]
    assert any("cyrillic capital letter o" in each.message for each in found)
    assert any(each.remedy == "Did you mean `OP-LATE`?" for each in found)
