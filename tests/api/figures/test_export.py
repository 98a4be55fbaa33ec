"""Files for spreadsheets hold texts, never formulas."""

import csv
import io

import pytest

from api.figures.export import as_csv, inert


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
