"""Lists in sentences of five languages."""

import pytest

from analytics.grammar.lists import either, joined, nor

THREE = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "a, b and c"),
        ("fr", "a, b et c"),
        ("es", "a, b y c"),
        ("pt", "a, b e c"),
        ("ar", "a وb وc"),
    ],
)
def test_the_last_item_is_joined_with_and_which_arabic_says_before_each(
    language: str, said: str
) -> None:
    assert joined(THREE, language) == said
    assert joined(["a"], language) == "a"
    assert joined([], language) == ""


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("intimidación", "violencia e intimidación"),
        ("hilos", "violencia e hilos"),
        ("hielo", "violencia y hielo"),
        ("urnas", "violencia y urnas"),
    ],
)
def test_spanish_says_e_before_the_sound_of_i(last: str, said: str) -> None:
    assert joined(["violencia", last], "es") == said


def test_spanish_says_u_before_the_sound_of_o() -> None:
    assert either(["violencia", "obstrucción"], "es") == "violencia u obstrucción"
    assert either(["obstrucción", "violencia"], "es") == "obstrucción o violencia"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "a and b"),
        ("fr", "ni a ni b"),
        ("es", "ni a ni b"),
        ("pt", "nem a nem b"),
        ("ar", "أي حالة a أو b"),
    ],
)
def test_what_was_not_seen_is_listed_as_the_language_denies(language: str, said: str) -> None:
    assert nor(["a", "b"], language) == said


def test_a_single_thing_that_was_not_seen_needs_no_word_before_it_but_in_arabic() -> None:
    assert [nor(["a"], each) for each in ("en", "fr", "es", "pt")] == ["a"] * 4
    assert nor(["a"], "ar") == "أي حالة a"
