"""Numbers in sentences of five languages: words, figures, ranges, isolates."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.grammar.numbers import (
    figure,
    number_words,
    percent,
    percent_range,
)
from analytics.wording import FORMATS, say
from schemas.station_noun import Gender
from schemas.words import LANGUAGES
from tests.analytics.test_wording import an_estimate

NARROW = "\u202f"


@pytest.mark.parametrize(
    ("language", "whole", "four", "one_place"),
    [
        ("en", "10%", "1,240", "49.8%"),
        ("fr", f"10{NARROW}%", f"1{NARROW}240", f"49,8{NARROW}%"),
        ("es", f"10{NARROW}%", "1240", f"49,8{NARROW}%"),
        ("pt", "10%", f"1{NARROW}240", "49,8%"),
        ("ar", "⁦10%⁩", "⁦1,240⁩", "⁦49.8%⁩"),
    ],
)
def test_percentages_decimals_and_thousands_are_written_as_the_language_writes_them(
    language: str, whole: str, four: str, one_place: str
) -> None:
    assert percent(10, language) == whole
    assert figure(1240, language) == four
    assert percent(49.8, language, places=1) == one_place


@pytest.mark.parametrize(
    ("language", "gender", "one", "two", "nine", "ten"),
    [
        ("en", "m", "one", "two", "nine", "10"),
        ("fr", "m", "un", "deux", "neuf", "10"),
        ("fr", "f", "une", "deux", "neuf", "10"),
        ("es", "m", "uno", "dos", "nueve", "10"),
        ("es", "f", "una", "dos", "nueve", "10"),
        ("pt", "m", "um", "dois", "nove", "10"),
        ("pt", "f", "uma", "duas", "nove", "10"),
        ("ar", "m", "واحد", "اثنين", "⁦9⁩", "⁦10⁩"),
        ("ar", "f", "واحدة", "اثنتين", "⁦9⁩", "⁦10⁩"),
    ],
)
def test_one_to_nine_are_words_in_the_gender_of_what_is_counted_and_ten_a_figure(
    language: str, gender: Gender, one: str, two: str, nine: str, ten: str
) -> None:
    said = [number_words(each, language, gender) for each in (1, 2, 9, 10)]
    assert said == [one, two, nine, ten]


def test_arabic_has_figures_from_three_up_and_nothing_stays_a_figure_everywhere() -> None:
    assert number_words(3, "ar") == "⁦3⁩"
    assert [number_words(0, each) for each in ("en", "fr", "ar")] == ["0", "0", "⁦0⁩"]
    with pytest.raises(ValueError, match="negative"):
        number_words(-1, "en")


@pytest.mark.parametrize(
    ("language", "said", "votes"),
    [
        ("en", "95 to 99%", "49.5 to 50.3%"),
        ("fr", f"95 à 99{NARROW}%", f"49,5 à 50,3{NARROW}%"),
        ("es", f"entre el 95 y el 99{NARROW}%", f"entre el 49,5 y el 50,3{NARROW}%"),
        ("pt", "entre 95 e 99%", "entre 49,5 e 50,3%"),
        ("ar", "ما بين ⁦95%⁩ و⁦99%⁩", "ما بين ⁦49.5%⁩ و⁦50.3%⁩"),
    ],
)
def test_a_range_is_said_from_its_lower_to_its_higher_end(
    language: str, said: str, votes: str
) -> None:
    assert percent_range(95, 99, language) == said
    assert percent_range(49.5, 50.3, language, places=1) == votes


def test_a_range_of_one_printed_value_is_that_value_and_none_runs_backwards() -> None:
    assert percent_range(0.8, 1.4, "en") == "1%"
    with pytest.raises(ValueError, match="lower"):
        percent_range(9, 5, "en")


@given(
    st.lists(st.floats(0.011, 0.984), min_size=3, max_size=3),
    st.sampled_from(sorted(LANGUAGES)),
)
def test_the_ends_that_are_printed_are_the_rounded_ends_of_the_interval_in_every_language(
    numbers: list[float], language: str
) -> None:
    low, value, high = sorted(numbers)
    text = say(an_estimate(value, low, high), style=FORMATS[language]).text
    shown = [int(each) for each in re.findall(r"\d+", text)]
    wanted = [round(100 * each) for each in (low, value, high)]
    assert shown[0] == wanted[1]
    if "±" not in text:
        assert shown[1:] == [wanted[0], wanted[2]]
    elif "<" not in text:
        assert [shown[0] - shown[1], shown[0] + shown[1]] == [wanted[0], wanted[2]]
    else:
        assert wanted[0] == wanted[1] == wanted[2]
    assert text.count("\u2066") + text.count("\u2067") == text.count("\u2069")
