"""Sentences from the catalogue: gaps filled with pieces, one language at a time."""

import pytest

from analytics.statements import compose_statement
from analytics.statements.blocks import (
    Bound,
    PlainText,
    Sentences,
    lowered,
    one_after_another,
    plain,
)
from tests.analytics.statements.mission import facts, some_findings

TWELVE = Bound(number_id="a", mark="F1", text="12% ±2", value="12%", measure="estimate", query={})


def test_a_number_stands_in_a_sentence_as_a_piece_of_its_own() -> None:
    said = Sentences("en").gettext("At {number} of stations, {phrase}.", number=TWELVE, phrase="so")
    assert said == (PlainText(text="At "), TWELVE, PlainText(text=" of stations, so."))


def test_a_gap_without_a_part_is_refused() -> None:
    with pytest.raises(KeyError, match="number"):
        Sentences("en").gettext("At {number} of stations.")


def test_sentences_follow_one_another_with_a_space_and_none_for_an_empty_one() -> None:
    words = Sentences("en")
    said = one_after_another(words.gettext("One."), (), words.gettext("Two."))
    assert said == (PlainText(text="One. Two."),)


def test_a_capital_is_given_to_a_word_and_not_to_a_number() -> None:
    assert plain(lowered((PlainText(text="At some"),))) == "at some"
    assert lowered((TWELVE,)) == (TWELVE,)


def test_a_language_without_sentences_of_its_own_is_refused() -> None:
    with pytest.raises(KeyError, match="xx"):
        compose_statement(facts(), some_findings(), languages=("xx",))
