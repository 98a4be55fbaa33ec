"""Days in running text, in five languages."""

from datetime import date

import pytest

from analytics.grammar.dates import day_in_words


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "1 December 2026", "2 December 2026"),
        ("fr", "1er décembre 2026", "2 décembre 2026"),
        ("ar", "1 ديسمبر 2026", "2 ديسمبر 2026"),
        ("es", "1 de diciembre de 2026", "2 de diciembre de 2026"),
        ("pt", "1 de dezembro de 2026", "2 de dezembro de 2026"),
    ],
)
def test_a_day_is_written_as_its_language_writes_it(language: str, first: str, second: str) -> None:
    assert day_in_words(date(2026, 12, 1), language) == first
    assert day_in_words(date(2026, 12, 2), language) == second
    assert day_in_words(date(2026, 12, 11), language).startswith("11 ")
