"""A CSV file as real life writes it, read into rows that know their line.

Encodings, separators and line ends vary; leading zeros, quoted newlines and every script stay
as they are. A cell is text; what it means is for the importer of the noun.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ENCODINGS = ("utf-8-sig", "utf-16", "cp1256", "cp1251", "cp1252")
SEPARATORS = ",;\t|"
LARGEST = 200 * 1024 * 1024
_SPACES = re.compile(r"[\s_\-]+")


class TableProblem(Exception):
    """A table that cannot be read; the message names row and column."""


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
    """Read a CSV file. Raises :class:`TableProblem` where it is empty, too large or uneven."""
    if len(data) > LARGEST:
        raise TableProblem(f"It is larger than {LARGEST // 1024 // 1024} MB.")
    text, encoding = _decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.reader(io.StringIO(text), delimiter=_separator(text))
    try:
        headers = next(reader, None)
        if not headers or not any(cell.strip() for cell in headers):
            raise TableProblem("Row 1: there are no headers.")
        names = _names(headers)
        rows = tuple(_rows(reader, names))
    except csv.Error as error:
        raise TableProblem(f"Row {reader.line_num}: {error}.") from error
    return Table(names, rows, encoding)


def _names(headers: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in headers)
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise TableProblem(f"Row 1: the column {twice[0]!r} stands twice.")
    return names


def _rows(reader: "Iterable[list[str]]", names: tuple[str, ...]) -> Iterable[TableRow]:
    for cells in reader:
        line = reader.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            raise TableProblem(f"Row {line}: {len(cells)} cells under {len(names)} headers.")
        yield TableRow(line, {
            name: cell.strip() for name, cell in zip(names, cells, strict=False) if name
        })  # fmt: skip


def _decode(data: bytes) -> tuple[str, str]:
    if b"\x00" in data[:4000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableProblem("It is not a text file. Save it as CSV, in UTF-8.")
    order = ENCODINGS if data.startswith((b"\xff\xfe", b"\xfe\xff")) else (
        *(each for each in ENCODINGS if each != "utf-16"),
    )  # fmt: skip
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        order = ("utf-16",)
    for encoding in order:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise TableProblem("Its encoding is not known. Save it as CSV, in UTF-8.")


def _separator(text: str) -> str:
    """The separator that the first line holds most of, outside quotes."""
    first = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    return max(SEPARATORS, key=first.count)


def _plain(header: str) -> str:
    return _SPACES.sub("_", header.strip().casefold())


def whole_number(row: TableRow, header: str | None) -> int | None:
    """A cell as a whole number, or None where empty. Raises :class:`TableProblem`."""
    text = row.cells.get(header or "", "").replace("\u00a0", "").replace(" ", "")
    if not text:
        return None
    if re.fullmatch(r"\d{1,3}(,\d{3})+", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"\d{1,9}(\.0+)?", text):
        raise TableProblem(f"Row {row.line}, column {header}: {text!r} is not a whole number.")
    return int(float(text))


def degrees(row: TableRow, header: str | None, largest: float) -> float | None:
    """A cell as degrees, with a point or a comma; None where empty."""
    text = row.cells.get(header or "", "").replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -largest <= value <= largest:
        raise TableProblem(f"Row {row.line}, column {header}: {text!r} is not a position.")
    return value
