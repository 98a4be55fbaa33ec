"""What a cell means: one reader of codes, numbers, days and moments for every import."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from api.imports.table import CellProblem, TableRow

LONGEST, LONGEST_CODE = 2000, 200
"""Letters of a cell, and of one that something is known by."""
NUMBERED = re.compile(r"\d+([.,]\d+)?[eE]\+?\d+")
"""A number as a spreadsheet shortens it, such as 1.00101E+12: its last digits are lost."""
POINTED = re.compile(r"\d+[.,]0")
"""A code that went through a column of numbers, such as 1.0."""
OUTLINE = re.compile(r"\d+[.,]\d*[1-9]")
"""A code such as 1.2: where there is one, 1.0 is none of a spreadsheet's."""
_GROUPED = re.compile(r"(\d{1,3})(?:([,.' \u00a0\u202f’])\d{3})(?:\2\d{3})*")
_SPACE = re.compile(r"[\s\u00a0\u202f]")
_SERIAL = re.compile(r"[34]\d{4}([.,]\d+)?")
_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?")
EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets."""


def of_bearable_length(row: TableRow, *codes: str | None) -> None:
    """Raises :class:`CellProblem` for a cell that is too long, those of ``codes`` sooner."""
    for header, text in row.cells.items():
        most = LONGEST_CODE if header in codes else LONGEST
        if len(text) > most:
            raise CellProblem(row, header, f"longer than {most} letters.")


def is_spreadsheets(code: str) -> bool:
    """Whether a code looks like a number that a spreadsheet made of it."""
    return bool(NUMBERED.fullmatch(code) or POINTED.fullmatch(code))


def decimal_mark(text: str) -> str:
    """The decimal mark that a number can only have; nothing where it may be either."""
    found = re.fullmatch(r"[-+]?(\d{1,3}(?:([.,])\d{3})+|\d+)([.,])(\d+)", text)
    if found and not found[2]:
        return found[3] if len(found[4]) != 3 or len(found[1]) > 3 or found[1] == "0" else ""
    if found and found[2] and found[2] != found[3]:
        return found[3]
    grouped = re.fullmatch(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+", text)
    return {",": ".", ".": ","}[grouped[1]] if grouped else ""


def whole_number(row: TableRow, header: str | None) -> int | None:
    """A cell as a whole number, or None where empty: 1204, 1 204, 1,204, 1.204, 750.0.

    A mark before three digits parts thousands, except where it is the file's decimal mark.
    Raises :class:`CellProblem` for what is no whole number, or might be two.
    """
    text = _SPACE.sub("", row.cells.get(header or "", ""))
    if not text:
        return None
    grouped = _GROUPED.fullmatch(text)
    if grouped and grouped[2]:
        if re.fullmatch(r"\d{1,3}([,.]0{3})+", text) or grouped[2] == row.decimal:
            raise CellProblem(
                row, header, f"{text[:40]!r} can be read in two ways: write it without a mark."
            )
        text = re.sub("[,.'’]", "", text)
    found = re.fullmatch(r"(\d{1,9})([.,]0+)?", text)
    if not found:
        raise CellProblem(row, header, f"{text[:40]!r} is not a whole number.")
    return int(found[1])


def number(text: str, decimal: str = "") -> int | float | None:
    """A number as it is written, or None for what is none, or might be two.

    ``decimal`` is the file's decimal mark; without one, 1,204 might be two.
    """
    plain = _SPACE.sub("", text)
    if re.fullmatch(r"[+-]?\d+", plain):
        return int(plain)
    sign, digits = (plain[0], plain[1:]) if plain.startswith(("+", "-")) else ("", plain)
    grouped = _GROUPED.fullmatch(digits)
    if grouped and grouped[2] != decimal and grouped[1] != "0":
        if decimal or len(digits) > 7 or grouped[2] in "'’":
            return int(sign + re.sub("[,.'’]", "", digits))
        return None
    mark = decimal_mark(digits) or decimal
    digits = digits.replace("." if mark == "," else ",", "").replace(",", ".")
    if not re.fullmatch(r"\d*\.?\d+([eE][+-]?\d{1,3})?|\d+\.", digits):
        return None
    return float(sign + digits)


def degrees(row: TableRow, header: str | None, largest: float) -> float | None:
    """A cell as degrees, with a point or a comma; None where empty.

    Raises :class:`CellProblem` for what is no number between plus and minus ``largest``.
    """
    text = row.cells.get(header or "", "").replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -largest <= value <= largest:
        raise CellProblem(row, header, f"{text[:40]!r} is not a position in degrees.")
    return value


def moment(row: TableRow, header: str | None, zone: tzinfo) -> datetime:
    """A cell as a moment; one without a zone is in ``zone``, the mission's.

    Raises :class:`CellProblem`.
    """
    text = row.cells.get(header or "", "")
    try:
        at = datetime.fromisoformat(_iso(text))
    except ValueError:
        raise CellProblem(row, header, _no_date(text)) from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def zoned(text: str, zone: tzinfo) -> str:
    """A moment that lacks its zone, in that of the mission; anything else as it is."""
    try:
        at = datetime.fromisoformat(_iso(text))
    except ValueError:
        return text
    return text if at.tzinfo else at.replace(tzinfo=zone).isoformat()


def day(row: TableRow, header: str | None) -> date | None:
    """A cell as a day, or None where empty. Raises :class:`CellProblem`."""
    text = row.cells.get(header or "", "")
    try:
        return datetime.fromisoformat(_iso(text)).date() if text else None
    except ValueError:
        raise CellProblem(row, header, _no_date(text)) from None


def _iso(text: str) -> str:
    """31.12.2026 as 2026-12-31, where only one reading is a day."""
    found = _DAY.fullmatch(text)
    if not found:
        return text
    first, second = int(found[1]), int(found[2])
    if "." not in text.partition(" ")[0] and first <= 12 and second <= 12 and first != second:
        raise ValueError(text)
    if "/" in text and first <= 12 < second:
        first, second = second, first
    clock = f" {found[4].zfill(5)}" if found[4] else ""
    return f"{found[3]}-{second:02d}-{first:02d}{clock}"


def _no_date(text: str) -> str:
    says = "a date such as 2026-10-01 is needed."
    if _SERIAL.fullmatch(text):
        meant = EPOCH + timedelta(days=int(text[:5]))
        return f"{text!r} is a spreadsheet's number of a day (perhaps {meant}): {says}"
    if _DAY.fullmatch(text):
        return f"{text!r} can be read in two ways: {says}"
    return says
