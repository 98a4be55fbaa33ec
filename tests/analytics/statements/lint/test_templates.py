"""What rules compose holds no word that the lint would find in it, in any language."""

import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from analytics.statements.lint.words import WORDS
from mobile_forms.authoring import names
from schemas.words import LANGUAGES
from tests.mobile_forms.spreadsheets import library

SCALE = "{e}"
"""A text with five shares prints the scale of words, in the footnote on method."""


def texts(held: object) -> Iterator[str]:
    """Every text among the templates of a language."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict):
        for each in held.values():
            yield from texts(each)
    elif isinstance(held, tuple | list):
        for each in held:
            yield from texts(each)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_template_hedges_judges_or_names_a_winner(language: str) -> None:
    templates = vars(import_module(f"analytics.statements.templates.{language}"))
    own = [each for name, held in templates.items() if name.isupper() for each in texts(held)]
    assert own
    words = WORDS[language]
    patterns = (
        words.banned,
        words.of_the_whole,
        words.hedges,
        words.never_happened,
        words.winner,
        words.judgement,
    )
    found = [
        (match.group(), text)
        for text in own
        if SCALE not in text
        for pattern in patterns
        if (match := pattern.search(re.sub(r"{\w+}", "◦", text)))
    ]
    assert found == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_sentence_of_the_library_says_that_a_thing_never_happened(language: str) -> None:
    found = {
        text
        for name in (*names(), "voting", "counting")
        for each in library(name).definition.indicators
        for said in (each.phrase, each.positive_phrase)
        if WORDS[language].never_happened.search(text := said.get(language, ""))
    }
    assert found == set()
