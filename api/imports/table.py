"""A table as rows that know their line, read from a file as real life writes it.

Leading zeros, quoted newlines and every script stay as they are. A cell is text; what it means is
for the importer of the noun.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from api.imports.written import TableProblem, Written, written

LONGEST, LONGEST_CODE = 2000, 200
"""Letters of a cell, and of one that something is known by."""
OFTEN = 500
"""Rows between two words about how far the reading is."""
_SPACES = re.compile(r"[\s_\-]+")
_UNSEEN = "\u200b\u200e\u200f\u2060\ufeff\u061c\u202a\u202b\u202c\u202d\u202e \u00a0"
"""What word processors leave about a word to turn its direction; nobody sees it, no code has it."""
_EXCELS_OWN = ["sep=", ""]
"""A first line by which spreadsheets tell each other the separator: no row of the table."""
Progress = Callable[[int, int], None]
"""Told how many bytes of how many are read."""


@dataclass(frozen=True)
class TableRow:
    """One row: its line in the file, its cells by the header as written."""

    line: int
    cells: Mapping[str, str]


class CellProblem(TableProblem):
    """One cell that cannot be used. ``reason`` names its column, the message its row too."""

    def __init__(self, row: TableRow, column: str | None, says: str) -> None:
        self.reason = f"column {column}: {says}"
        super().__init__(f"Row {row.line}, {self.reason}")


@dataclass(frozen=True)
class Table:
    """A table: its headers as written, and which of our columns each stands for."""

    headers: tuple[str, ...]
    file: Written
    separator: str
    progress: Progress | None = None

    @property
    def encoding(self) -> str:
        """How the letters of the file are read."""
        return self.file.encoding

    @property
    def rows(self) -> Iterator[TableRow]:
        """Every row, from the first: read from the file anew each time, never held.

        Raises :class:`TableProblem` at an uneven row.
        """
        with self.file.text() as (text, raw):
            records = _records(text, self.separator)
            next(records)
            for count, (line, cells) in enumerate(records):
                if self.progress and count % OFTEN == 0:
                    self.progress(raw.tell(), self.file.size)
                if any(cell.strip() for cell in cells):
                    yield self._row(line, cells)
            if self.progress:
                self.progress(self.file.size, self.file.size)

    def _row(self, line: int, cells: list[str]) -> TableRow:
        names = self.headers
        if any(cell.strip() for cell in cells[len(names) :]):
            raise TableProblem(f"Row {line}: {len(cells)} cells under {len(names)} headers.")
        pairs = [(name, _bare(cell)) for name, cell in zip(names, cells, strict=False)]
        nameless = next((at for at, (name, cell) in enumerate(pairs, 1) if cell and not name), 0)
        if nameless:
            raise TableProblem(f"Row {line}: column {nameless} has no header.")
        return TableRow(line, {name: cell for name, cell in pairs if name})

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


def read_table(source: bytes | Path, progress: Progress | None = None) -> Table:
    """Read a CSV file, or the first sheet of an XLSX file.

    Raises :class:`TableProblem` where it is empty, too large, or no table.
    """
    file = written(source)
    separator = file.separator()
    with file.text() as (text, _):
        _, headers = next(_records(text, separator), (1, []))
    if not any(cell.strip() for cell in headers):
        raise TableProblem("Row 1: there are no headers.")
    return Table(_names(headers), file, separator, progress)


def _records(text: Iterator[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """Every record with the line that it begins in; a quoted cell may hold line ends."""
    reader = csv.reader(text, delimiter=separator, strict=True)
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
        if line > 1 or cells != _EXCELS_OWN:
            yield line, cells


def _names(headers: list[str]) -> tuple[str, ...]:
    names = tuple(_bare(cell) for cell in headers)
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise TableProblem(f"Row 1: the column {twice[0]!r} stands twice.")
    return names


def _bare(cell: str) -> str:
    text = cell.strip()
    return text if text.isascii() else text.strip(_UNSEEN)


def _plain(header: str) -> str:
    return _SPACES.sub("_", header.strip().casefold())


def of_bearable_length(row: TableRow, *codes: str | None) -> None:
    """Raises :class:`CellProblem` for a cell that is too long, those of ``codes`` sooner."""
    for header, text in row.cells.items():
        most = LONGEST_CODE if header in codes else LONGEST
        if len(text) > most:
            raise CellProblem(row, header, f"longer than {most} letters.")


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
