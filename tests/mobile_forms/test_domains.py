"""An irregularity that is asked under a condition says of what part it speaks."""

from typing import Any

import pytest

from mobile_forms.judgement import Judge
from mobile_forms.workbook import compile_workbook
from schemas.checklist import WHERE_ASKED, Indicator
from schemas.codes import Status
from tests.mobile_forms.spreadsheets import (
    CHOICES,
    INDICATORS,
    SURVEY,
    library,
    read_problems,
    spreadsheet,
)

ENGLISH, FRENCH = "among::English (en)", "among::French (fr)"
ACCEPTED = {
    "type": "select_one accepted",
    "name": "accepted",
    "label": "Was it accepted?",
    "relevant": "selected(${seen}, 'crowd')",
}
OPTIONS = [
    {"list_name": "accepted", "name": "yes", "label": "Yes"},
    {"list_name": "accepted", "name": "no", "label": "No", "irregularity": "DR-REFUSE"},
]
REFUSED = {**INDICATORS[0], "code": "DR-REFUSE"}


def book(question: dict[str, Any] = ACCEPTED, **said: str) -> bytes:
    """A workbook with a question under a condition; ``said`` stands in its indicator's row."""
    return spreadsheet(
        survey=[*SURVEY, question],
        choices=[*CHOICES, *OPTIONS],
        indicators=[*INDICATORS, REFUSED | said],
    )


def refused(data: bytes) -> Indicator:
    """The indicator of that question."""
    (found,) = [
        each for each in compile_workbook(data).definition.in_domains() if each.code == "DR-REFUSE"
    ]
    return found


def test_the_linter_asks_for_the_domain_of_what_is_asked_under_a_condition() -> None:
    (problem,) = read_problems(book())
    assert (problem.sheet, problem.row, problem.column) == ("indicators", 5, "among")
    assert "all" in problem.remedy


@pytest.mark.parametrize("place", ["indicator", "question"])
def test_the_domain_stands_beside_the_indicator_or_the_question(place: str) -> None:
    words = {"among": "where it was crowded"}
    data = book(**words) if place == "indicator" else book(ACCEPTED | words)
    assert refused(data).among == {"en": "where it was crowded"}
    assert refused(data).ranked


def test_a_domain_is_translated_like_every_other_text() -> None:
    words = {ENGLISH: "where it was crowded"}
    labels = {f"label::{each}": "Was it accepted?" for each in ("English (en)", "French (fr)")}
    problems = read_problems(book(ACCEPTED | labels | words))
    assert "The translation into `fr` is missing." in {
        each.message for each in problems if each.column == "among"
    }
    assert not [
        each
        for each in read_problems(book(ACCEPTED | labels, among="all"))
        if each.column == "among"
    ]


def test_what_is_asked_everywhere_speaks_of_no_part() -> None:
    everywhere = {name: each for name, each in ACCEPTED.items() if name != "relevant"}
    (problem,) = read_problems(book(everywhere, among="where it was crowded"))
    assert (problem.sheet, problem.column) == ("indicators", "among")
    known = ACCEPTED | {"relevant": "${station} != ''"}
    context = [
        {"type": "begin_group", "name": "context", "label": "Context"},
        {"type": "text", "name": "station", "label": "Station"},
        {"type": "end_group", "name": ""},
    ]
    data = spreadsheet(
        survey=[*context, *SURVEY, known],
        choices=[*CHOICES, *OPTIONS],
        indicators=[*INDICATORS, REFUSED],
    )
    assert read_problems(data) == []
    assert refused(data).among == {}


@pytest.mark.parametrize(("seen", "status"), [("nothing", Status.FINE), ("crowd", 5)])
def test_among_all_makes_what_was_not_asked_fine(seen: str, status: int) -> None:
    definition = compile_workbook(book(among="all")).definition
    at = [each.code for each in definition.indicators].index("DR-REFUSE")
    codes = Judge(definition).judge({"seen": [seen]}, {}).codes
    assert codes[at] & 15 == status
    assert refused(book(among="all")).among == {}


def test_rules_published_without_a_domain_speak_of_where_it_was_asked_and_are_not_ranked() -> None:
    definition = compile_workbook(book(among="where it was crowded")).definition
    stored = definition.model_dump(mode="json")
    for each in stored["indicators"]:
        del each["among"], each["among_all"], each["ranked"]
    old = type(definition).model_validate(stored)
    (found,) = [each for each in old.in_domains() if each.code == "DR-REFUSE"]
    assert (found.among, found.ranked) == (WHERE_ASKED, False)
    assert [each.ranked for each in old.in_domains()].count(False) == 1


@pytest.mark.parametrize("name", ["voting", "counting"])
def test_the_library_names_every_domain_in_its_five_languages(name: str) -> None:
    definition = library(name).definition
    assert all(each.ranked for each in definition.in_domains())
    named = [each for each in definition.indicators if each.among]
    assert named
    assert all(set(each.among) == set(definition.languages) for each in named)
