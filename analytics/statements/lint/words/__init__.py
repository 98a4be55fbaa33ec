"""The words that the lint looks for, by language."""

from analytics.statements.lint.words.arabic import ARABIC
from analytics.statements.lint.words.english import ENGLISH
from analytics.statements.lint.words.french import FRENCH
from analytics.statements.lint.words.pattern import LintWords
from analytics.statements.lint.words.portuguese import PORTUGUESE
from analytics.statements.lint.words.spanish import SPANISH

WORDS: dict[str, LintWords] = {
    "en": ENGLISH,
    "fr": FRENCH,
    "ar": ARABIC,
    "es": SPANISH,
    "pt": PORTUGUESE,
}

__all__ = ["WORDS", "LintWords"]
