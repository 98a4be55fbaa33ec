"""A table as rows that know their line, read from a file as real life writes it.

Leading zeros, quoted newlines and every script stay as they are. A cell is text; what it means is
for the importer of the noun.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import dropwhile
from pathlib import Path

from api.imports.options import ReadOptions, TableProblem
from api.imports.table_file import TableFile, written
from api.imports.workbook import MAX_COLUMNS
from schemas.words import N_

OFTEN = 500
"""Rows between two words about how far the reading is."""
TITLE = N_("before the header")
JOINED, SPACED = "-", " "
"""What stands between the parts of a code, and of a text, that several columns make."""
TEXTS = frozenset({"name", "address", "area_name", "contest_name", "contestant_name", "reason"})
_SPACES = re.compile(r"[\s_\-.]+")
_UNSEEN = "\u200b\u200e\u200f\u2060\ufeff\u061c\u202a\u202b\u202c\u202d\u202e \u00a0"
"""What word processors leave about a word to turn its direction; nobody sees it, no code has it."""
Progress = Callable[[int, int], None]
"""Told how many bytes of how many are read."""


@dataclass(frozen=True)
class TableRow:
    """One row: its line in the file, its cells by the header as written, and the file's decimal
    mark, a point or a comma, where that is known."""

    line: int
    cells: Mapping[str, str]
    decimal: str = ""

    @property
    def shown(self) -> str:
        """The row in a line, as much as shows which it is."""
        return ", ".join(filter(None, self.cells.values()))[:120]


class CellProblem(TableProblem):
    """One cell that cannot be used. ``reason`` names its column, the message its row too."""

    def __init__(self, row: TableRow, column: str | None, says: str) -> None:
        self.reason = f"column {column}: {says}"
        super().__init__(f"Row {row.line}, {self.reason}")


@dataclass(frozen=True)
class UnreadRow:
    """A row that is not read as data, what stands in it, and why."""

    line: int
    text: str
    why: str

    def __str__(self) -> str:
        return f"row {self.line} ({self.why}): {self.text}"


@dataclass(frozen=True)
class Table:
    """A table: its headers as written, and which of our columns each stands for.

    ``fields`` fills as an importer asks: the header of each field. ``mapping`` are the headers
    that a field was said to have; several make one cell, under a header of their own.
    """

    headers: tuple[str, ...]
    file: TableFile
    separator: str
    progress: Progress | None = None
    header_row: int = 1
    titles: tuple[UnreadRow, ...] = ()
    mapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: Collection[int] = frozenset()
    decimal: str = ""
    fields: dict[str, str] = field(default_factory=dict)

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
            records = self.file.records(text, self.separator)
            records = dropwhile(lambda each: each[0] < self.header_row, records)
            next(records)
            for count, (line, cells) in enumerate(records):
                if self.progress and count % OFTEN == 0:
                    self.progress(raw.tell(), self.file.size)
                if line not in self.left_out and any(cell.strip() for cell in cells):
                    yield self._row(line, cells)
            if self.progress:
                self.progress(self.file.size, self.file.size)

    def _row(self, line: int, cells: list[str]) -> TableRow:
        names = self.headers
        if any(cell.strip() for cell in cells[len(names) :]):
            raise TableProblem(f"Row {line}: {len(cells)} cells under {len(names)} headers.")
        cells = cells[: len(names)] + [""] * (len(names) - len(cells))
        pairs = [(name, _bare(cell)) for name, cell in zip(names, cells, strict=True)]
        nameless = next((at for at, (name, cell) in enumerate(pairs, 1) if cell and not name), 0)
        if nameless:
            raise TableProblem(f"Row {line}: column {nameless} has no header.")
        found = {name: cell for name, cell in pairs if name}
        for name, columns in self.mapping.items():
            if len(columns) > 1:
                parts = [found.get(each, "") for each in columns]
                between = SPACED if name in TEXTS else JOINED
                found["+".join(columns)] = between.join(parts) if all(parts) else ""
        return TableRow(line, found, self.decimal)

    @property
    def labels(self) -> Iterator[tuple[str, str]]:
        """What each column may be known by, with its header: fields that it was mapped to first."""
        for name, columns in self.mapping.items():
            yield name, "+".join(columns)
        alone = self._mapped_alone
        yield from ((header, header) for header in self.headers if header and header not in alone)

    @property
    def _mapped_alone(self) -> frozenset[str]:
        return frozenset(each[0] for each in self.mapping.values() if len(each) == 1)

    def parts(self, header: str) -> tuple[str, ...]:
        """The columns that a field of several is joined of."""
        return () if header in self.headers else tuple(header.split("+"))

    def read_as(self, field_: str, header: str) -> None:
        """Note that a column is read as this field."""
        self.fields[field_] = header

    @cached_property
    def _by_name(self) -> tuple[dict[str, str], dict[str, str]]:
        mapped = {plain(each): "+".join(columns) for each, columns in self.mapping.items()}
        return mapped, {plain(label): header for label, header in reversed(list(self.labels))}

    def column(self, *names: str, field: str = "") -> str | None:
        """The header that is one of these names, whatever its case, spaces or hyphens, or that
        was said to be: read as the field of the first name, or of ``field``."""
        header = self.find(*names)
        if header is not None:
            self.fields[field or names[0]] = header
        return header

    def find(self, *names: str) -> str | None:
        """The same of a column that is only looked at."""
        mapped, found = self._by_name
        wanted = [plain(name) for name in names]
        return next((mapped[name] for name in wanted if name in mapped), None) or next(
            (found[name] for name in wanted if name in found), None
        )

    def require(self, *names: str) -> str:
        """The same; raises :class:`TableProblem` where there is none."""
        found = self.column(*names)
        if found is None:
            raise TableProblem(
                f"Row {self.header_row}: no column {names[0]!r} (also known as "
                f"{', '.join(names[1:]) or '–'}). It has: {', '.join(filter(None, self.headers))}. "
                f"Say which it is: --map {names[0]}=COLUMN."
            )
        return found

    def refuse_unused_mapping(self) -> None:
        """Raises :class:`TableProblem` for a mapping to a field that the import has not."""
        used = set(self.fields.values())
        for name, columns in self.mapping.items():
            if "+".join(columns) not in used:
                known = ", ".join(sorted(self.fields))
                raise TableProblem(f"--map {name}: there is no such field. There are: {known}.")


def read_table(
    source: bytes | Path, progress: Progress | None = None, options: ReadOptions | None = None
) -> Table:
    """Read a CSV or TSV file, or a sheet of an XLSX or XLS file.

    Lines before the header are named as titles. Raises :class:`TableProblem` where it is empty,
    too large, no table, or the mapping names a column that it has not.
    """
    options = options or ReadOptions()
    file = written(source, options)
    separator = file.separator()
    at, headers, titles = _header(file, separator, options.header_row)
    if not any(cell.strip() for cell in headers):
        raise TableProblem(f"Row {at}: there are no headers.")
    names = _names(at, headers)
    mapping = {
        name: tuple(_known(name, each, names) for each in columns)
        for name, columns in options.mapping.items()
    }
    return Table(names, file, separator, progress, at, titles, mapping)


def _header(
    file: TableFile, separator: str, said: int
) -> tuple[int, list[str], tuple[UnreadRow, ...]]:
    """The row of the headers, the headers, and what stands before them.

    Where nobody says which row it is, it is the first that fills most of the columns.
    """
    if said:
        with file.text() as (text, _):
            for line, cells in file.records(text, separator):
                if line == said:
                    return line, cells, ()
        raise TableProblem(f"header row {said}: there is no such row.")
    records = [
        (line, cells, len([cell for cell in cells if cell.strip()]))
        for line, cells in file.beginning(separator)
    ]
    filled = [each for each in records if each[2]]
    if not filled:
        return 1, [], ()
    width = max(count for _, _, count in filled)
    at, headers, _ = next(each for each in filled if each[2] >= max(2, 0.6 * width) or width < 2)
    titles = (
        UnreadRow(line, separator.join(filter(None, map(_bare, cells)))[:200], TITLE)
        for line, cells, _ in filled
        if line < at
    )
    return at, headers, tuple(titles)


def _known(field_: str, column: str, headers: tuple[str, ...]) -> str:
    """The header that a mapping means. Raises :class:`TableProblem`."""
    if column in headers:
        return column
    found = [each for each in headers if plain(each) == plain(column)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(filter(None, headers))
    raise TableProblem(f"--map {field_}: there is no column {column!r}. It has: {listed}.")


def _names(line: int, headers: list[str]) -> tuple[str, ...]:
    names = [_bare(cell) for cell in headers]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise TableProblem(f"Row {line}: {len(names)} columns; a table has at most {MAX_COLUMNS}.")
    counted: set[str] = set()
    for name in filter(None, names):
        if name in counted:
            raise TableProblem(f"Row {line}: the column {name!r} stands twice.")
        counted.add(name)
    return tuple(names)


def _bare(cell: str) -> str:
    text = cell.strip()
    return text if text.isascii() else text.strip(_UNSEEN)


def plain(header: str) -> str:
    """A header whatever its case, spaces, points or hyphens."""
    return _SPACES.sub("_", header.strip().casefold()).rstrip("_")
