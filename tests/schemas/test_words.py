"""The interface speaks five languages, and falls back to English."""

import pytest

from schemas.statement import STATE_WORDS
from schemas.words import LANGUAGES, choose_language, direction, translations


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_each_language_has_a_catalogue_that_says_something_else_than_english(language: str) -> None:
    assert translations(language).gettext("Statements") != "Statements"


def test_a_text_without_translation_stays_as_written() -> None:
    assert translations("fr").gettext("No such text 7f3a") == "No such text 7f3a"


@pytest.mark.parametrize(
    ("asked", "accepted", "shown"),
    [
        ("ar", "fr", "ar"),
        (None, "pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("xx", "de, es", "es"),
        (None, None, "en"),
    ],
)
def test_the_language_asked_for_wins_over_the_browser(
    asked: str | None, accepted: str | None, shown: str
) -> None:
    assert choose_language(asked, accepted) == shown


def test_arabic_runs_from_right_to_left() -> None:
    assert (direction("ar"), direction("fr")) == ("rtl", "ltr")


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_each_state_of_a_statement_has_a_word(language: str) -> None:
    for state in STATE_WORDS:
        assert translations(language).gettext(state) != state
