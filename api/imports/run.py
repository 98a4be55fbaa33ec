"""How every import of a table goes, from a command, the API or a page: look, then write all of it
or nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session, select

from api.audit.unit_of_work import Work
from api.imports.options import ReadOptions
from api.imports.outcome import ATTRIBUTE, FIELD, NOT_READ, ColumnUse, Outcome
from api.imports.preview import CheckedTable, TableKind, look
from api.imports.table import Table


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
