"""What the lint says to the author: in the author's language, one sentence and one act."""

import re

import pytest

from analytics.statements import LintInput, lint_statement
from analytics.statements.lint import RULES, Response
from schemas.words import LANGUAGES, translations
from tests.analytics.statements.lint.statement import BEFORE, estimate, paragraph, snapshot_of

N = {"e": estimate(0.12, 0.10, 0.14)}


def test_there_are_twenty_five_rules_each_with_its_message() -> None:
    assert len(RULES) == len({each.id for each in RULES}) == 25
    assert all(rule.messages for rule in RULES)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_message_and_act_is_translated_and_keeps_its_gaps(language: str) -> None:
    words = translations(language)._catalog  # type: ignore[attr-defined]
    texts = [
        text for rule in RULES for each in rule.messages.values() for text in (each.says, each.act)
    ]
    for text in texts:
        assert words.get(text), text
        assert set(re.findall(r"{\w+}", words[text])) == set(re.findall(r"{\w+}", text))


def test_a_message_is_in_the_readers_language_whatever_the_statement_is_in() -> None:
    texts = {"en": (*BEFORE, paragraph("It was so at {{e|12% ±2}} of polling stations.", N))}
    given = LintInput(texts, snapshot_of(N), response=Response(0.8, 0.7))
    (problem,) = lint_statement(given, said_in="fr")
    assert "70 %" in problem.message
    assert "l'échantillon" in problem.message
    assert problem.act == "Imprimez les décomptes et la raison."


def test_errors_come_before_warnings_each_in_the_order_of_the_text() -> None:
    first = paragraph("It was generally so at 14.", id="one")
    second = paragraph("There was fraud.", id="two")
    found = lint_statement(LintInput({"en": (*BEFORE, first, second)}))
    assert [(each.rule, each.level, each.block) for each in found] == [
        ("number.unbound", "error", "one"),
        ("word.banned", "error", "two"),
        ("word.banned", "warning", "one"),
    ]
