"""No number is typed, none has moved, none is stale."""

import pytest

from analytics.statements import LintInput, Snapshot, lint_statement
from analytics.statements.blocks import Annex, Figure, FigureRow, Table
from analytics.statements.lint import ChangesSince
from tests.analytics.statements.lint.statement import (
    BEFORE,
    Case,
    count,
    estimate,
    fact,
    fires_once_at_its_words,
    found_in,
    paragraph,
)

N = {"a": count(3, 40), "e": estimate(0.12, 0.10, 0.14), "f": fact(14)}
TYPED = {
    "en": ("It was so at 14 of them.", "14", "On 14 March 2027 it was so at {{f|14}} of them."),
    "fr": ("Ce fut le cas dans 14 lieux.", "14", "Le 14 mars 2027, dans {{f|14}} lieux."),
    "es": ("Fue así en 14 lugares.", "14", "El 14 de marzo de 2027, en {{f|14}} lugares."),
    "pt": ("Foi assim em 14 lugares.", "14", "Em 14 de março de 2027, em {{f|14}} lugares."),
    "ar": ("كان ذلك في 14 موقعًا.", "14", "في 14 مارس 2027 كان ذلك في {{f|14}} موقعًا."),
}
WORDS = {
    "en": ("It was so at three of them.", "three", "It was so at {{a|three}} of them."),
    "fr": ("Ce fut le cas dans trois lieux.", "trois", "Ce fut le cas dans {{a|trois}} lieux."),
    "es": ("Fue así en tres lugares.", "tres", "Fue así en {{a|tres}} lugares."),
    "pt": ("Foi assim em três lugares.", "três", "Foi assim em {{a|três}} lugares."),
    "ar": ("كان ذلك في ثلاثة مواقع.", "ثلاثة", "كان ذلك في {{a|ثلاثة}} مواقع."),
}


@pytest.mark.parametrize("language", TYPED)
def test_a_figure_that_is_typed_is_found_and_a_date_is_not(language: str) -> None:
    broken, words, mended = TYPED[language]
    fires_once_at_its_words(Case("number.unbound", language, broken, words, mended, N))


@pytest.mark.parametrize("language", WORDS)
def test_a_number_word_that_is_typed_is_found_in_every_language(language: str) -> None:
    broken, words, mended = WORDS[language]
    fires_once_at_its_words(Case("number.unbound", language, broken, words, mended, N))


@pytest.mark.parametrize(
    "text",
    [
        "On 14 March 2027 at 12:00 (UTC+2), under Article 25 and paragraph 3, it was so.",
        "It was so in 2022, and [[opened more than 30 minutes late]] in places.",
        "The two leading candidates meet in the second round.",
    ],
)
def test_dates_times_articles_years_and_marked_words_hold_no_figure(text: str) -> None:
    assert found_in([paragraph(text)]) == ()


def test_a_year_that_counts_stations_is_a_figure() -> None:
    found = found_in([paragraph("It was so in 2012 polling stations.")])
    assert [(each.rule, each.words) for each in found] == [("number.unbound", "2012")]


def test_fixed_text_of_the_kind_may_say_its_numbers() -> None:
    text = paragraph("A report follows within 60 days.", origin="fixed")
    assert found_in([text]) == ()
    assert [each.rule for each in found_in([paragraph("A report follows within 60 days.")])] == [
        "number.unbound"
    ]


def test_an_indicators_own_words_are_no_figures() -> None:
    said = {"VO": {"phrase": {"en": "the station opened 30 minutes late"}}}
    text = paragraph("The station opened 30 minutes late at {{a|three}} of them.", N)
    assert found_in([text], N, findings=said) == ()


def test_titles_notes_and_alternative_texts_hold_no_figure_of_their_own() -> None:
    table = Table(title="Of 40 places", columns=("Where",), rows=(), id="here")
    annex = Annex(title="Method", blocks=(table,), id="here")
    rows = (FigureRow(label="So", number_id="e"),)
    drawn = Figure(picture="intervals", title="So", alternative="So: 13%", rows=rows, id="here")
    for block, words in ((table, "40"), (annex, "40"), (drawn, "13")):
        (problem,) = found_in([block], N)
        assert (problem.rule, problem.words) == ("number.unbound", words)
    right = drawn.model_copy(update={"alternative": "So: 12% (10–14%)"})
    assert found_in([right], N) == ()


def test_a_number_that_differs_from_the_snapshot_is_found_in_every_language() -> None:
    for language, wrong, right in (
        ("en", "15%", "12%"),
        ("fr", "15\u202f%", "12\u202f%"),
        ("ar", "\u206615%\u2069", "\u206612%\u2069"),
    ):
        texts = (f"At {{{{e|{each}}}}} of polling stations." for each in (wrong, right))
        broken, mended = texts
        fires_once_at_its_words(Case("number.moved", language, broken, wrong, mended, N))


def test_a_number_that_is_not_frozen_a_merge_without_its_member_and_a_changed_hash_are_found() -> (
    None
):
    text = paragraph("It was so at {{gone|12%}} of them.")
    assert [each.rule for each in found_in([text], N)] == ["number.moved"]
    merged = {**N, "m": fact(6, members=["e", "away"])}
    text = paragraph("It was so at {{m|12%}} of them.", merged)
    assert [each.numbers for each in found_in([text], merged)] == [("m",)]
    assert found_in([text], {**merged, "away": estimate(0.06, 0.04, 0.08)}) == ()


def test_a_snapshot_whose_numbers_are_not_those_of_its_hash_is_found() -> None:
    (problem,) = lint_statement(LintInput({"en": BEFORE}, Snapshot({"f": fact(1)}, "00")))
    assert (problem.rule, problem.block) == ("number.moved", "")


def test_reports_since_the_freeze_warn_of_the_printed_numbers_they_change() -> None:
    text = paragraph("It was so at {{a|three}} of them.", N)
    changed = ChangesSince("16 March, 08:00", 7, ("a", "unprinted"))
    (problem,) = found_in([text], N, changed=changed)
    assert (problem.rule, problem.level, problem.numbers) == ("number.stale", "warning", ("a",))
    assert "(7)" in problem.message
    assert found_in([text], N, changed=ChangesSince("16 March, 08:00", 7, ("unprinted",))) == ()
    assert found_in([text], N, changed=ChangesSince("16 March, 08:00", 0, ("a",))) == ()
    ten = "These seven reports are of one team and were decided upon after the freeze."
    assert found_in([text], N, changed=changed, reasons={("number.stale", ""): ten}) == ()
    assert len(found_in([text], N, changed=changed, reasons={("number.stale", ""): "Late."})) == 1
