"""What is typed in the editor: a sentence becomes Markdown with references, and is itself again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.statements.blocks import Bound, ExemptText, PlainText, Sentence, joined
from analytics.statements.markdown import (
    EXEMPT,
    References,
    as_markdown,
    from_markdown,
    from_parts,
)
from schemas.problems import Refusal

IDS = ("box-not-sealed", "reports", "source:budget/total", "a/b {c}")
FINDINGS = ("box-not-sealed",)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
COUNT: dict[str, Any] = {
    "type": "count", "measure": "count", "speaks": "process", "text": "23 of 64", "seen": 23,
    "n": 23, "of": 64, "stations": 64, "missing": 0, "unit": "observation", "query": {},
}  # fmt: skip
NUMBERS = dict.fromkeys(IDS, COUNT)


def bound(number_id: str, text: str) -> Bound:
    """A number as some sentence says it."""
    return Bound(
        number_id=number_id,
        mark="F1",
        text=text,
        value=text,
        measure="count",
        finding=number_id if number_id in FINDINGS else None,
        query={},
    )


PIECES = st.one_of(
    WORDS.map(lambda text: PlainText(text=text)),
    st.builds(ExemptText, text=WORDS, why=st.sampled_from(EXEMPT)),
    st.builds(bound, st.sampled_from(IDS), WORDS),
)


@given(st.lists(PIECES, max_size=12).map(joined))
def test_a_sentence_as_markdown_and_back_is_the_same_sentence(sentence: Sentence) -> None:
    known = [each for each in sentence if isinstance(each, Bound)]
    references = References(NUMBERS, findings=FINDINGS, known=known)
    assert from_markdown(as_markdown(sentence), references) == sentence


@given(st.lists(PIECES, max_size=12).map(joined))
def test_a_sentence_as_parts_and_back_is_the_same_sentence(sentence: Sentence) -> None:
    known = [each for each in sentence if isinstance(each, Bound)]
    references = References(NUMBERS, findings=FINDINGS, known=known)
    assert from_parts([each.model_dump() for each in sentence], references) == sentence


def test_a_reference_becomes_its_number_as_the_language_says_it() -> None:
    said = {
        language: from_markdown(
            "At {finding:box-not-sealed} stations.",
            References(NUMBERS, language, FINDINGS, {"box-not-sealed": "F4"}),
        )[1]
        for language in ("en", "fr")
    }
    assert {each.text for each in said.values()} == {"23 of 64", "23 sur 64"}
    one = said["en"]
    assert isinstance(one, Bound)
    assert (one.number_id, one.mark, one.finding) == ("box-not-sealed", "F4", "box-not-sealed")
    assert (one.query["seen"], one.query["n"]) == (23, 64)


@pytest.mark.parametrize(
    ("typed", "french"),
    [
        ("48.3%", "48,3\u202f%"),
        ("-1,234.5", "-1\u202f234,5"),
        ("12", "12"),
        ("about 9%", "about 9%"),
    ],
)
def test_a_figure_of_a_source_stands_in_the_marks_of_the_language(typed: str, french: str) -> None:
    numbers = {"source:press/share": {"type": "fact", "text": typed, "value": 1, "query": {}}}
    said = {
        language: from_markdown("It is {source:press/share}.", References(numbers, language))[1]
        for language in ("en", "fr")
    }
    assert (said["en"].text, said["fr"].text) == (typed, french)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{finding:nothing}", "{finding:nothing} is not among"),
        ("{finding:reports}", "{finding:reports} is the number of no finding"),
        ("{estimate:reports}", "{estimate:reports} is a count"),
        ("{source:other/cell}", "{source:other/cell} is not among"),
        ("{weather:fine}", "{weather:fine}: there are"),
        ("a brace { alone", "“{ alone” is no reference"),
        ("a brace } alone", "“} alone” is no reference"),
    ],
)
def test_what_names_nothing_is_refused_and_named(text: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        from_markdown(text, References(NUMBERS, findings=FINDINGS))
    assert says in refused.value.text
    assert refused.value.field == "text"
