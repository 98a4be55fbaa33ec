"""Tables as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With one of these in front a spreadsheet may take a text for a formula and run it."""
UNSEEN = " \u00a0\ufeff"
"""These before it are passed over."""
SUSPECT = frozenset((*FORMULA, *UNSEEN))


def inert(value: object) -> object:
    """A cell that stays text in every spreadsheet; numbers are left as they are."""
    if not isinstance(value, str) or value[:1] not in SUSPECT:
        return value
    if value.lstrip(UNSEEN).startswith(FORMULA):
        return f"'{value}"
    return value


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file in UTF-8 with a byte order mark, which spreadsheets need to see."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([inert(each) for each in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


RATES = (
    "checklist", "indicator", "phrase", "stage", "severity", "kind", "part", "area_code",
    "area_name", "type", "value", "low", "high", "seen", "of", "n", "stations", "text",
)  # fmt: skip


def rates_as_csv(rows: Iterable[dict[str, Any]], language: str) -> bytes:
    """The rows of :func:`api.figures.irregularities.irregularity_rows`; one kind of number leaves
    the other's columns empty."""
    return as_csv(RATES, (_rate(row, language) for row in rows))


def _rate(row: dict[str, Any], language: str) -> list[object]:
    number, area, phrase = row["number"], row["area"] or {}, row.get("phrase", {})
    return [
        row["checklist"],
        row["indicator"],
        phrase.get(language) or phrase.get("en", ""),
        row["stage"],
        row["severity"],
        row["kind"],
        row["part"],
        area.get("code"),
        area.get("name"),
        number["type"],
        number.get("value"),
        number.get("low"),
        number.get("high"),
        number.get("seen"),
        number.get("of"),
        number.get("n"),
        row["stations"],
        number["text"],
    ]
