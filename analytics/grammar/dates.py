"""Days as a language writes them in running text."""

from datetime import date

from babel.dates import format_date

FORMS = {"es": "d 'de' MMMM 'de' y", "pt": "d 'de' MMMM 'de' y"}
"""Spanish and Portuguese say “1 de diciembre de 2026”; other languages put the words together."""


def day_in_words(day: date, language: str) -> str:
    """A day with its month in words: “1 December 2026”, in French “1er décembre 2026”."""
    written = format_date(day, FORMS.get(language, "d MMMM y"), locale=language)
    return f"1er{written[1:]}" if language == "fr" and day.day == 1 else written
