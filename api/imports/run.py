"""How every import of a table goes: look, then write all or nothing; and what it did."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from sqlmodel import Session, select

from api.audit.unit_of_work import Work
from api.imports.options import ReadOptions
from api.imports.preview import CheckedTable, TableKind, look
from api.imports.table import Table, UnreadRow

PROBLEMS_SHOWN = 20
FIELD, ATTRIBUTE, NOT_READ = "field", "attribute", "not read"


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken, and why."""

    line: int
    code: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.line}, {self.code or 'no code'}: {self.reason}"


@dataclass(frozen=True)
class Change:
    """One cell that is, or would be, other than it was. Nothing is None."""

    line: int
    code: str
    column: str
    before: Any
    after: Any

    @classmethod
    def each(
        cls, line: int, code: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> "Iterator[Change]":
        """Every member that differs between two states of one row."""
        for column in sorted(before.keys() | after.keys()):
            if before.get(column) != after.get(column):
                yield cls(line, code, column, before.get(column), after.get(column))

    def __str__(self) -> str:
        return f"row {self.line}, {self.code}: {self.column} {self.before!s} → {self.after!s}"


@dataclass(frozen=True)
class ColumnUse:
    """What became of a column: a field, an attribute, or nothing; and three of its values."""

    column: str
    use: str
    fields: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{', '.join(self.fields) or self.use} ← {self.column}" + (
            f" ({'; '.join(self.samples)})" if self.samples else ""
        )

    def as_sent(self) -> dict[str, object]:
        """For scripts."""
        return {
            "column": self.column,
            "use": self.use,
            "fields": list(self.fields),
            "samples": list(self.samples),
        }


@dataclass
class Outcome:
    """What an import does, or would do. ``encoding`` is how the file was read.

    ``shown`` are changes of the first rows that change, cell by cell: enough to see what a file
    would do before it does it. ``kept`` are the headers that stand for no field of ours: kept with
    each row as they are. ``columns`` say what became of each; ``left_out`` are rows that are no
    data; ``notes`` what else whoever imports should know.
    """

    encoding: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    shown: list[Change] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    columns: list[ColumnUse] = field(default_factory=list)
    left_out: list[UnreadRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def change(
        self,
        line: int,
        code: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        said: str = "",
    ) -> None:
        """One row changes; its cells are shown while there are few. ``said`` is what the audit
        log's digest is made of, where that is more than the code."""
        self.changed.append(said or code)
        if len(self.changed) <= PROBLEMS_SHOWN:
            self.shown.extend(Change.each(line, code, before, after))

    def change_more(
        self, line: int, code: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        """Something more of a row changes, which was counted as unchanged or is changed already."""
        if code not in self.changed:
            self.unchanged -= 1
            self.change(line, code, before, after)
        elif len(self.changed) <= PROBLEMS_SHOWN:
            self.shown.extend(Change.each(line, code, before, after))

    @property
    def changes(self) -> list[str]:
        """What is written."""
        return [*self.added, *self.changed]

    def as_sent(self) -> dict[str, object]:
        """For scripts."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "encoding": self.encoding,
            "refused": [
                {"row": each.line, "code": each.code, "reason": each.reason}
                for each in self.refused
            ],
            "changes": [
                {
                    "row": each.line,
                    "code": each.code,
                    "column": each.column,
                    "before": each.before,
                    "after": each.after,
                }
                for each in self.shown
            ],
            "kept": self.kept,
            "columns": [each.as_sent() for each in self.columns],
            "left_out": [
                {"row": each.line, "why": each.why, "text": each.text} for each in self.left_out
            ],
            "notes": self.notes,
        }

    def __str__(self) -> str:
        lines = [
            f"{len(self.added)} added, {len(self.changed)} changed, {self.unchanged} unchanged, "
            f"{len(self.refused)} refused (read as {self.encoding})",
            *(f"  {each}" for each in self.shown[:PROBLEMS_SHOWN]),
            *(f"  {each}" for each in self.refused[:PROBLEMS_SHOWN]),
        ]
        if len(self.refused) > PROBLEMS_SHOWN:
            lines.append(f"  and {len(self.refused) - PROBLEMS_SHOWN} more")
        lines += self._about_file()
        return "\n".join(lines)

    def _about_file(self) -> Iterator[str]:
        """What became of each column, and which rows are no data."""
        read = [each for each in self.columns if each.use == FIELD]
        if read:
            yield "  columns:"
            yield from (f"    {each}" for each in read)
        for use, words in ((ATTRIBUTE, "kept as attributes"), (NOT_READ, "not read")):
            found = [each.column for each in self.columns if each.use == use]
            if found:
                yield f"  {words}: {', '.join(found)}"
        if self.left_out:
            yield f"  left out ({len(self.left_out)}):"
            yield from (f"    {each}" for each in self.left_out[:PROBLEMS_SHOWN])
        if len(self.left_out) > PROBLEMS_SHOWN:
            yield f"    and {len(self.left_out) - PROBLEMS_SHOWN} more"
        yield from (f"  {each}" for each in self.notes)

    def note(self, work: Work, act: str) -> None:
        """Note in the audit log what was written, if anything was."""
        if self.changes:
            content = orjson.dumps(sorted(self.changes))
            subject = f"{len(self.changes)} rows"
            work.log(act, subject, content)


@dataclass(frozen=True)
class Importer:
    """A kind of table: how it is written into a mission, and what is known of it beforehand."""

    write: Callable[[Work, Table], Outcome]
    shape: TableKind


def codes_of(column: Any, *where: Any) -> Callable[[Session], Iterable[str]]:
    """The codes that a mission has in a column, for :class:`TableKind`."""
    query = select(column).where(*where)
    return lambda session: session.exec(query)


def run_import(work: Work, table: Table, importer: Importer, options: ReadOptions) -> Outcome:
    """Import a table in the running transaction, which the caller rolls back where this raises.

    Raises Stopped where somebody must first say how to go on, and TableProblem where the table
    cannot be read, a key repeats, or a mapping names no field.
    """
    looked = look(work.session, replace(table, progress=None), importer.shape, options)
    seen = replace(looked.table, progress=table.progress)
    outcome = importer.write(work, seen)
    seen.refuse_unused_mapping()
    outcome.columns = list(_uses(looked, importer.shape))
    outcome.left_out = list(looked.left_out)
    return outcome


def _uses(looked: CheckedTable, shape: TableKind) -> Iterator[ColumnUse]:
    """What became of each column, in the order of the file."""
    table = looked.table
    for name in filter(None, table.headers):
        fields = tuple(
            field
            for field, header in table.fields.items()
            if name == header or name in header.split("+")
        )
        use = FIELD if fields else ATTRIBUTE if shape.keeps else NOT_READ
        yield ColumnUse(name, use, fields, tuple(looked.samples.get(name, ())))
