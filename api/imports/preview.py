"""Looking at a whole file before anything of it is written: keys, totals, scripts, codes.

One pass keeps eight bytes of a row. What cannot be settled without somebody stops the import with
every question at once; nothing is written then.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlmodel import Session

from api.imports.cells import NUMBERED, OUTLINE, decimal_mark, is_spreadsheets
from api.imports.file_checks import Notes, alike, key_question, similar
from api.imports.options import ImportQuestion, ReadOptions, TableProblem
from api.imports.table import Table, TableRow, UnreadRow
from api.imports.table_file import SAMPLES, mixed_words

EXAMPLES = 5
MOST_ROWS, MOST_UNREAD = 2_000_000, 10_000
Names = tuple[str, ...]


@dataclass(frozen=True)
class TableKind:
    """What is known of a kind of table before it is read.

    ``key`` are the columns that together name a row, each with its other names; empty where the
    importer alone can tell. ``codes`` are other columns that hold codes. ``keeps`` is true where
    columns that are no field are kept. ``standing`` gives the codes that the mission has.
    """

    key: tuple[Names, ...] = ()
    codes: tuple[Names, ...] = ()
    keeps: bool = False
    standing: Callable[[Session], Iterable[str]] | None = None


@dataclass(frozen=True)
class Question:
    """Why an import stops: the rows to look at, and how to go on. ``remedies`` are options in the
    words of the command; ``concern`` is None where it cannot be accepted."""

    concern: ImportQuestion | None
    text: str
    rows: tuple[UnreadRow, ...] = ()
    remedies: tuple[str, ...] = ()
    how: str = ""

    def __str__(self) -> str:
        lines = [f"{self.text} {self.how}".strip(), *(f"  {each}" for each in self.rows[:EXAMPLES])]
        if len(self.rows) > EXAMPLES:
            lines.append(f"  and {len(self.rows) - EXAMPLES} more")
        return "\n".join(lines)

    def as_sent(self) -> dict[str, Any]:
        """For scripts and the page."""
        return {
            "concern": self.concern,
            "text": self.text,
            "how": self.how,
            "remedies": list(self.remedies),
            "count": len(self.rows),
            "rows": [
                {"row": each.line, "why": each.why, "text": each.text}
                for each in self.rows[:EXAMPLES]
            ],
        }


class ImportStopped(TableProblem):
    """An import that stopped before anything was written; ``questions`` say why."""

    def __init__(self, questions: list[Question]) -> None:
        super().__init__("\n".join([*map(str, questions), "Nothing was written."]))
        self.questions = questions


@dataclass(frozen=True)
class CheckedTable:
    """A table that may be imported, the rows of it that are left out, and three values of each
    column."""

    table: Table
    left_out: tuple[UnreadRow, ...]
    samples: dict[str, list[str]]


def look(session: Session, table: Table, shape: TableKind, options: ReadOptions) -> CheckedTable:
    """Look at a file. Raises :class:`ImportStopped`, and :class:`TableProblem` for no table."""
    first = _FirstPass(table, shape, options)
    for row in table.rows:
        first.see(row)
    left_out = frozenset(each.line for each in first.unread)
    seen = replace(table, left_out=left_out, decimal=first.decimal, progress=table.progress)
    questions = [each for each in first.questions() if each.concern not in options.accept]
    if shape.key:
        questions += _about_keys(session, seen, shape, first, options)
    if questions:
        raise ImportStopped(questions)
    return CheckedTable(seen, (*table.titles, *first.unread), first.samples)


def _about_keys(
    session: Session, table: Table, shape: TableKind, first: "_FirstPass", options: ReadOptions
) -> Iterator[Question]:
    repeats = key_question(table, first.key, shape.key, first.exact)
    if repeats:
        text, rows, remedies = repeats
        how = f"Unique would be: {' or '.join(remedies)}." if remedies else ""
        yield Question(None, text, rows, remedies, how)
        return
    if len(first.key) > 1 or ImportQuestion.SIMILAR_CODES in options.accept:
        return
    standing = partial(shape.standing, session) if shape.standing else tuple
    rows = similar(table, first.key[0], first.exact, first.alike, standing)
    if rows:
        yield Question(
            ImportQuestion.SIMILAR_CODES,
            "Codes that differ only in zeros, capitals or spaces: one thing under two codes?",
            rows,
            ("--accept similar-codes",),
            "Write them the same, or go on with --accept similar-codes.",
        )


class _FirstPass:
    """Everything that one reading of the rows can tell."""

    def __init__(self, table: Table, shape: TableKind, options: ReadOptions) -> None:
        self._table, self._options = table, options
        self.key = [table.require(*names) for names in shape.key]
        codes = (table.find(*names) for names in shape.codes)
        self._codes = [*self.key, *(each for each in codes if each)]
        self._notes = Notes(table.headers, self.key)
        self.exact, self.alike = array("q"), array("q")
        self.unread: list[UnreadRow] = []
        self.samples: dict[str, list[str]] = {name: [] for name in table.headers if name}
        self._numbers: list[tuple[str, UnreadRow]] = []
        self._outlines: set[str] = set()
        self._mixed: list[UnreadRow] = []
        self._marks: set[str] = set()
        self._count = 0

    @property
    def decimal(self) -> str:
        """The file's decimal mark, where all numbers that can have but one have the same."""
        return next(iter(self._marks)) if len(self._marks) == 1 else ""

    def see(self, row: TableRow) -> None:
        """Look at one row."""
        why = None if row.line in self._options.include_rows else self._notes.see(row)
        self._count += 1
        if self._count > MOST_ROWS:
            raise TableProblem(f"Row {row.line}: a table has at most {MOST_ROWS} rows.")
        if why:
            self.unread.append(UnreadRow(row.line, row.shown, why))
            if len(self.unread) > MOST_UNREAD:
                raise TableProblem(f"Row {row.line}: more than {MOST_UNREAD} rows are no data.")
            return
        parts = [row.cells.get(each, "") for each in self.key]
        if any(parts):
            code = "\x1f".join(parts)
            self.exact.append(hash(code))
            self.alike.append(hash(alike(code)))
        self._see_codes(row)
        self._see_cells(row)

    def _see_codes(self, row: TableRow) -> None:
        for column in self._codes:
            text = row.cells.get(column, "")
            if not text or text.isdecimal():
                continue
            if OUTLINE.fullmatch(text):
                self._outlines.add(column)
            elif is_spreadsheets(text):
                self._numbers.append((column, UnreadRow(row.line, row.shown, f"{column} {text}")))

    def _see_cells(self, row: TableRow) -> None:
        for name, text in row.cells.items():
            if not text:
                continue
            samples = self.samples.get(name)
            if samples is not None and len(samples) < 3 and text not in samples:
                samples.append(text[:60])
            if text.isascii():
                if len(self._marks) < 2 and text[-1:].isdigit() and (mark := decimal_mark(text)):
                    self._marks.add(mark)
            elif words := list(mixed_words(text)):
                self._mixed.append(UnreadRow(row.line, ", ".join(words[:SAMPLES]), name))

    def questions(self) -> Iterator[Question]:
        """What the rows themselves ask, accepted or not."""
        table, options = self._table, self._options
        told = (*table.titles, *self.unread)
        if told and options.attended:
            remedies = ["--accept left-out"]
            remedies += [f"--header-row {table.header_row}"] if table.titles else []
            remedies += [f"--include-row {each.line}" for each in self.unread[:1]]
            yield Question(
                ImportQuestion.LEFT_OUT,
                "Rows that look like titles, totals or notes.",
                told,
                tuple(remedies),
                "Leave them out with --accept left-out, or take one as data with --include-row.",
            )
        numbers = tuple(
            each
            for column, each in self._numbers
            if column not in self._outlines or NUMBERED.search(each.why)
        )
        if numbers:
            yield Question(
                ImportQuestion.SPREADSHEET_VALUES,
                "Codes that a spreadsheet made numbers of.",
                numbers,
                ("--accept spreadsheet-values",),
                "Format the column as text and save the file "
                "again, or take them as they are written with --accept spreadsheet-values.",
            )
        if self._mixed and not options.encoding:
            yield Question(
                ImportQuestion.MIXED_SCRIPTS,
                "Letters of two scripts within one word: is the encoding "
                f"wrong? It was read as {table.encoding.removesuffix('-sig')}.",
                tuple(self._mixed),
                ("--encoding cp1250", "--accept mixed-scripts"),
                "Say another --encoding, mend the words, or go on with --accept mixed-scripts.",
            )
