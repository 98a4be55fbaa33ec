"""How numbers are said: nothing rounded away, nothing claimed beyond the sample."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.numbers import Estimate, ObservedCount
from analytics.wording import FORMATS, FRENCH, WordedNumber, say
from schemas.words import LANGUAGES


def an_estimate(value: float, low: float, high: float, n: int = 981) -> Estimate:
    return Estimate(
        value=value,
        se=(high - low) / 4,
        low=low,
        high=high,
        level=0.95,
        n=n,
        df=n - 12.0,
        deff=1.0,
        method="korn-graubard",
        seen=round(value * n),
    )


def test_an_estimate_is_a_whole_percentage_with_its_margin_of_polling_stations() -> None:
    said = say(an_estimate(0.1182, 0.098, 0.139))
    assert (said.value, said.margin, said.unit) == ("12%", "±2", "of polling stations")


def test_a_count_is_what_it_is_out_of_and_speaks_of_its_unit() -> None:
    assert say(ObservedCount(23, 164, 160, unit="station")) == WordedNumber(
        "count", "23", "", "of 164", "polling stations"
    )
    assert say(ObservedCount(1, 1, 1, unit="station")).unit == "polling station"
    assert say(ObservedCount(23, 164, 160, unit="observation")).unit == "observations"


def test_none_seen_is_at_most_its_upper_bound() -> None:
    assert say(an_estimate(0.0, 0.0, 0.0034)).text == "0 ≤0.4%"


def test_a_bound_that_rounds_to_nothing_stays_above_nothing() -> None:
    assert say(an_estimate(0.0, 0.0, 0.0002)).text == "0 ≤0.1%"


def test_a_rare_irregularity_is_less_than_one_percent_and_never_none() -> None:
    assert say(an_estimate(0.003, 0.001, 0.009)).text == "fewer than 1% (0.1–0.9%)"


def test_nearly_all_stations_are_never_all_of_them() -> None:
    assert say(an_estimate(0.997, 0.991, 0.999)).text == "more than 99% (99.1–99.9%)"


def test_an_end_of_a_rare_one_s_interval_is_never_printed_as_none_or_all() -> None:
    assert say(an_estimate(0.003, 0.0004, 0.0081)).text == "fewer than 1% (no more than 0.9%)"
    assert say(an_estimate(0.9971, 0.9912, 0.9999)).text == "more than 99% (no less than 99.1%)"
    french = say(an_estimate(0.003, 0.001, 0.009), style=FRENCH)
    assert french.text == "moins de 1\u202f% (0,1–0,9\u202f%)"


def test_all_stations_of_a_sample_carry_their_lower_bound() -> None:
    assert say(an_estimate(1.0, 0.9966, 1.0)).text == "100% ≥99.6%"


def test_shares_of_votes_have_one_decimal_and_a_margin_alike() -> None:
    said = say(an_estimate(0.4974, 0.493, 0.501), measure="votes")
    assert (said.text, said.unit) == ("49.7% ±0.4", "of votes")


@pytest.mark.parametrize(
    ("value", "margin", "printed"),
    [(0.529, 0.009, "52.9% ±0.9"), (0.507, 0.020, "50.7% ±2.0"), (0.5098, 0.012, "51.0% ±1.2")],
)
def test_turnout_and_shares_are_said_as_missions_have_printed_them(
    value: float, margin: float, printed: str
) -> None:
    number = an_estimate(value, value - margin, value + margin)
    assert say(number, measure="votes").text == printed


def test_commissions_are_counted_as_missions_have_printed_them() -> None:
    assert say(ObservedCount(77, 161, 161, unit="station")).text == "77 of 161"


def test_a_margin_too_small_to_print_is_not_printed_as_none() -> None:
    assert say(an_estimate(0.12, 0.119, 0.121)).margin == "±<1"


@pytest.mark.parametrize(
    ("value", "low", "high", "printed"),
    [
        (0.104, 0.072, 0.140, "10% (7–14%)"),
        (0.11, 0.08, 0.13, "11% (8–13%)"),
        (0.02, 0.004, 0.046, "2% (no more than 5%)"),
        (0.012, 0.008, 0.018, "1% (1–2%)"),
        (0.96, 0.93, 0.996, "96% (93–100%)"),
        (0.20, 0.14, 0.26, "20% ±6"),
    ],
)
def test_a_margin_is_printed_only_where_it_names_the_rounded_ends(
    value: float, low: float, high: float, printed: str
) -> None:
    assert say(an_estimate(value, low, high)).text == printed


@pytest.mark.parametrize(
    ("language", "lopsided", "from_nothing", "of"),
    [
        ("en", "11% (8–13%)", "2% (no more than 5%)", "23 of 1,640"),
        ("fr", "11\u202f% (8–13\u202f%)", "2\u202f% (au plus 5\u202f%)", "23 sur 1\u202f640"),
        ("es", "11\u202f% (8–13\u202f%)", "2\u202f% (como máximo 5\u202f%)", "23 de 1640"),
        ("pt", "11% (8–13%)", "2% (no máximo 5%)", "23 de 1\u202f640"),
        ("ar", "11% (8%–13%)", "2% (\u2067لا أكثر من \u20665%\u2069\u2069)", "23 من 1,640"),
    ],
)
def test_every_language_of_the_interface_writes_an_interval_its_own_way(
    language: str, lopsided: str, from_nothing: str, of: str
) -> None:
    style = FORMATS[language]
    assert say(an_estimate(0.11, 0.08, 0.13), style=style).text == lopsided
    assert say(an_estimate(0.02, 0.004, 0.046), style=style).text == from_nothing
    assert say(ObservedCount(23, 1640, 9, unit="observation"), style=style).text == of


def test_every_language_of_the_interface_has_its_format() -> None:
    assert set(LANGUAGES) == set(FORMATS)
    assert FORMATS["es"].whole(11240) == "11\u202f240"


def test_an_estimate_from_under_thirty_answers_is_said_as_its_count() -> None:
    said = say(an_estimate(0.5, 0.3, 0.7, n=22))
    assert (said.kind, said.text) == ("count", "11 of 22")


def test_french_writes_a_comma_and_a_narrow_space_before_the_percent() -> None:
    said = say(an_estimate(0.1243, 0.1185, 0.1302), measure="votes", style=FRENCH)
    assert said.text == "12,4\u202f% ±0,6"
    assert (
        say(ObservedCount(23, 1640, 9, unit="observation"), style=FRENCH).text
        == "23 sur 1\u202f640"
    )


shares = st.floats(0, 1, allow_nan=False)


@given(st.tuples(shares, shares, shares), st.sampled_from(["process", "votes"]))
def test_what_was_seen_is_never_said_as_nothing_nor_what_is_not_all_as_all(
    numbers: tuple[float, float, float], measure: str
) -> None:
    low, value, high = sorted(numbers)
    said = say(an_estimate(value, low, high), measure=measure)  # type: ignore[arg-type]
    assert not (value > 0 and said.value in ("0", "0%", "0.0%"))
    assert not (value < 1 and said.value in ("100%", "100.0%"))
    assert said.margin
    assert "±0" not in said.margin.replace("±0.", "")


@given(st.tuples(shares, shares, shares), st.sampled_from([("process", 0), ("votes", 1)]))
def test_both_ends_that_a_margin_names_are_those_of_the_interval(
    numbers: tuple[float, float, float], speaks: tuple[str, int]
) -> None:
    low, value, high = sorted(numbers)
    measure, places = speaks
    said = say(an_estimate(value, low, high), measure=measure)  # type: ignore[arg-type]
    if not re.match(r"±\d", said.margin):
        return
    middle, margin = float(said.value.strip("%")), float(said.margin[1:])
    assert round(middle - margin, places) == round(100 * low, places) > 0
    assert round(middle + margin, places) == round(100 * high, places) < 100


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_a_count_never_has_a_margin_or_a_percentage(seen: int, rest: int) -> None:
    said = say(ObservedCount(seen, seen + rest, 1, unit="observation"))
    assert said.margin == ""
    assert "%" not in said.text
