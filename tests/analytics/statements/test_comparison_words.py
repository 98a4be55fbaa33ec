"""A comparison's words point the way of its number, or the statement is not released."""

from dataclasses import replace

import pytest

from analytics.numbers import Estimate
from analytics.statements import LintInput, Problem, Snapshot, freeze, lint_statement
from analytics.statements.blocks import Block, Bound, Disclaimer, Paragraph, PlainText
from analytics.statements.comparison_words import WORDS
from analytics.statements.ledger import Ledger
from analytics.survey.difference_tests import compare
from schemas.words import LANGUAGES

EARLY = Disclaimer(about="before_completion", text=(PlainText(text="It comes before the end."),))
ONE = Estimate(0.3, 0.02, 0.26, 0.34, 0.95, 400, 390.0, None, "beta")
OTHER = {"higher": 0.2, "lower": 0.4, "not_different": 0.31}


def a_difference(verdict: str) -> tuple[Bound, Snapshot]:
    """A difference that goes this way, and the snapshot that it is frozen in."""
    value, ledger = OTHER[verdict], Ledger("en")
    found = compare(ONE, replace(ONE, value=value, low=value - 0.04, high=value + 0.04))
    piece = ledger.difference("VO-ID/earlier", found, {})  # type: ignore[arg-type]
    assert piece.query["verdict"] == verdict
    return piece, freeze(ledger.numbers)


def compared(
    blocks: list[Block], snapshot: Snapshot | None = None, language: str = "en"
) -> list[Problem]:
    found = lint_statement(LintInput({language: blocks}, snapshot))
    return [each for each in found if each.rule == "compare.untested"]


def codes(text: str, verdict: str, language: str = "en") -> list[str]:
    piece, snapshot = a_difference(verdict)
    said = Paragraph(text=(PlainText(text=text), piece))
    return [each.rule for each in compared([EARLY, said], snapshot, language)]


WAYS = {
    "en": (
        "It was seen more often than in the last election: ",
        "It was seen less often than in the last election: ",
    ),
    "fr": (
        "C'était plus fréquent que lors de la dernière élection : ",
        "C'était moins fréquent que lors de la dernière élection : ",
    ),
    "es": (
        "Fue más frecuente que en las anteriores: ",
        "Fue menos frecuente que en las anteriores: ",
    ),
    "pt": (
        "Foi mais frequente do que nas anteriores: ",
        "Foi menos frequente do que nas anteriores: ",
    ),
    "ar": ("كان ذلك أكثر مما كان في السابق: ", "كان ذلك أقل مما كان في السابق: "),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_point_the_other_way_are_found_in_every_language(language: str) -> None:
    assert language in WORDS
    more, less = WAYS[language]
    assert codes(more, "higher", language) == []
    assert codes(less, "lower", language) == []
    assert codes(less, "higher", language) == ["compare.untested"]
    assert codes(more, "lower", language) == ["compare.untested"]


@pytest.mark.parametrize(
    "text",
    [
        "There were more of them: ",
        "It rose: ",
        "The share is above that of the last election, by ",
        "It increased, and fewer reports came: ",
    ],
)
def test_any_word_of_more_beside_a_lower_number_is_refused(text: str) -> None:
    assert "compare.untested" in codes(text, "lower")


def test_what_is_denied_or_judged_or_doubled_is_to_be_said_plainly() -> None:
    assert codes("It was not higher than in the last election: ", "higher") == ["compare.untested"]
    assert codes("It improved: ", "lower") == ["compare.untested"]
    (one, snapshot), (two, _) = a_difference("higher"), a_difference("lower")
    both = Paragraph(text=(PlainText(text="Higher: "), one, PlainText(text=" and "), two))
    found = compared([EARLY, both], snapshot)
    assert "Two differences stand in one sentence" in found[0].message


def test_a_difference_without_words_of_direction_speaks_by_its_sign() -> None:
    assert codes("The difference to the last election is ", "lower") == []
    assert codes("The two are not significantly different: ", "not_different") == []


def test_words_without_a_difference_are_no_matter_of_this_rule() -> None:
    said = Paragraph(text=(PlainText(text="Observers were not admitted more than once."),))
    assert compared([EARLY, said]) == []


def test_a_direction_that_was_written_in_by_hand_is_held_against_the_frozen_number() -> None:
    piece, snapshot = a_difference("lower")
    turned = piece.model_copy(update={"query": piece.query | {"verdict": "higher"}})
    said = Paragraph(text=(PlainText(text="It was higher than in the last election: "), turned))
    (problem,) = compared([EARLY, said], snapshot)
    assert problem.numbers == (turned.number_id,)
