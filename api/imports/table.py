"""A CSV file as real life writes it, read into rows that know their line.

Encodings, separators and line ends vary; leading zeros, quoted newlines and every script stay
as they are. A cell is text; what it means is for the importer of the noun.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import openpyxl

OLDER_ENCODINGS = ("cp1251", "cp1252", "cp1256")
"""Eight bits a letter: Cyrillic, Latin, Arabic. Almost any bytes can be read as each of them."""
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = ",;\t|"
LARGEST = 200 * 1024 * 1024
_SPACES = re.compile(r"[\s_\-]+")
_WORD = re.compile(r"[^\W\d_]+")


WORKBOOK = b"PK\x03\x04"
"""How an XLSX file begins."""


class TableProblem(Exception):
    """A table that cannot be read; the message names row and column."""


class CellProblem(TableProblem):
    """One cell that cannot be used. ``reason`` names its column, the message its row too."""

    def __init__(self, row: "TableRow", column: str | None, says: str) -> None:
        self.reason = f"column {column}: {says}"
        super().__init__(f"Row {row.line}, {self.reason}")


@dataclass(frozen=True)
class TableRow:
    """One row: its line in the file, its cells by the header as written."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A table: its headers as written, and which of our columns each stands for."""

    headers: tuple[str, ...]
    rows: tuple[TableRow, ...]
    encoding: str

    def column(self, *names: str) -> str | None:
        """The header that is one of these names, whatever its case, spaces or hyphens."""
        wanted = [_plain(name) for name in names]
        found = {_plain(header): header for header in reversed(self.headers)}
        return next((found[name] for name in wanted if name in found), None)

    def require(self, *names: str) -> str:
        """The same; raises :class:`TableProblem` where there is none."""
        found = self.column(*names)
        if found is None:
            raise TableProblem(
                f"Row 1: no column {names[0]!r} (also known as {', '.join(names[1:]) or '–'}). "
                f"It has: {', '.join(self.headers)}."
            )
        return found


def read_table(data: bytes) -> Table:
    """Read a CSV file, or the first sheet of an XLSX file.

    Raises :class:`TableProblem` where it is empty, too large or uneven.
    """
    if len(data) > LARGEST:
        raise TableProblem(f"It is larger than {LARGEST // 1024 // 1024} MB.")
    if data.startswith(WORKBOOK):
        data = workbook_as_csv(data)
    text, encoding = _decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    records = _records(text)
    _, headers = next(records, (1, []))
    if not any(cell.strip() for cell in headers):
        raise TableProblem("Row 1: there are no headers.")
    names = _names(headers)
    return Table(names, tuple(_rows(records, names)), encoding)


def workbook_as_csv(data: bytes) -> bytes:
    """The first sheet of a workbook as CSV. Cells are text; a number that a spreadsheet made of a
    code has lost its zeros, which nobody can give back: format such columns as text.

    Raises :class:`TableProblem` where it cannot be read, or holds more than it may.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(each.file_size for each in packed.infolist()) > LARGEST:
                raise TableProblem("It unpacks to more than a table may be.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        written = io.StringIO()
        writer = csv.writer(written)
        for row in book.worksheets[0].iter_rows(values_only=True):
            writer.writerow([_cell_text(value) for value in row])
        book.close()
    except TableProblem:
        raise
    except Exception as error:
        raise TableProblem("It is not a text file or workbook that can be read.") from error
    return written.getvalue().encode()


def _cell_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every record with the line that it begins in; a quoted cell may hold line ends."""
    reader = csv.reader(io.StringIO(text), delimiter=_separator(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableProblem(
                f"Row {line}: a quotation mark is not closed, or a cell is too long ({error})."
            ) from error
        yield line, cells


def _names(headers: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in headers)
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise TableProblem(f"Row 1: the column {twice[0]!r} stands twice.")
    return names


def _rows(records: Iterable[tuple[int, list[str]]], names: tuple[str, ...]) -> Iterator[TableRow]:
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            raise TableProblem(f"Row {line}: {len(cells)} cells under {len(names)} headers.")
        yield TableRow(line, {
            name: cell.strip() for name, cell in zip(names, cells, strict=False) if name
        })  # fmt: skip


def _decode(data: bytes) -> tuple[str, str]:
    """The text and the encoding it was read in."""
    first = ("utf-16",) if data.startswith(UTF16_MARKS) else ("utf-8-sig",)
    older = () if data.startswith(UTF16_MARKS) or b"\x00" in data else OLDER_ENCODINGS
    readable = [*_readings(data, first)] or [*_readings(data, older)]
    if not readable or any("\x00" in text for text, _ in readable):
        raise TableProblem("It is not a text file. Save it as CSV, in UTF-8.")
    return min(readable, key=lambda each: _oddity(each[0]))


def _readings(data: bytes, encodings: Iterable[str]) -> Iterator[tuple[str, str]]:
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            yield data.decode(encoding), encoding


def _oddity(text: str) -> int:
    """How many words nobody would write: letters of two scripts, or a capital after a small one."""
    odd = 0
    for word in _WORD.findall(text):
        if not word.isascii():
            scripts = {unicodedata.name(each, "?").partition(" ")[0] for each in word}
            capital = any(a.islower() and b.isupper() for a, b in pairwise(word))
            odd += len(scripts) > 1 or capital
    return odd


def _separator(text: str) -> str:
    """The separator that the first line holds most of, outside quotes."""
    first = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    return max(SEPARATORS, key=first.count)


def _plain(header: str) -> str:
    return _SPACES.sub("_", header.strip().casefold())


def whole_number(row: TableRow, header: str | None) -> int | None:
    """A cell as a whole number, or None where empty. Raises :class:`CellProblem`."""
    text = re.sub(r"\s", "", row.cells.get(header or "", ""))
    if not text:
        return None
    if re.fullmatch(r"\d{1,3}([,.]0{3})+", text):
        raise CellProblem(row, header, f"{text[:40]!r} can be read in two ways.")
    if re.fullmatch(r"\d{1,3}([,.]\d{3})+", text):
        text = re.sub("[,.]", "", text)
    found = re.fullmatch(r"(\d{1,9})([.,]0+)?", text)
    if not found:
        raise CellProblem(row, header, f"{text[:40]!r} is not a whole number.")
    return int(found[1])


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
