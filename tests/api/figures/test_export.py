"""Files for spreadsheets hold texts, never formulas; what partners get is what is printed."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.numbers import Estimate
from analytics.wording import say
from api.figures.export import as_csv, as_printed, inert


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "\u00a0=1", "\r=1"]
)
def test_what_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    (row,) = list(csv.reader(io.StringIO(as_csv([text], []).decode("utf-8-sig"), newline="")))[:1]
    assert inert(text) == f"'{text}"
    assert row == [text]
    cells = list(csv.reader(io.StringIO(as_csv(["a"], [[text]]).decode("utf-8-sig"), newline="")))
    assert cells[1] == [f"'{text}"]


@pytest.mark.parametrize("value", [-0.25, 12, "plain", "a=b", None, ""])
def test_numbers_and_plain_texts_stay_as_they_are(value: object) -> None:
    assert inert(value) == value


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.integers(30, 5000))
def test_an_estimate_as_it_is_printed_says_the_same_and_what_was_seen_stays_above_nothing(
    ends: list[float], n: int
) -> None:
    low, value, high = sorted(ends)
    exact = Estimate(value, 0.0, low, high, level=0.95, n=n, df=n - 1, deff=None, method="beta")
    printed = as_printed(exact)
    assert say(printed).text == say(exact).text
    assert printed.low <= printed.value <= printed.high
    assert (printed.value == 0, printed.value == 1) == (value == 0, value == 1)
    assert printed.high > 0 or high == 0
    assert printed.low < 1 or low == 1
