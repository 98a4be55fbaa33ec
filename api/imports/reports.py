"""Reports in a table: a row a report, columns that are questions, a mapping for those that are not.

Each row becomes the JSON that every other channel sends, and goes the same road. Where no column
is an id, it follows from what the row says: the same row again is the same report.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any
from uuid import UUID

import orjson

from api.imports.cells import number, zoned
from api.imports.options import TableProblem
from api.imports.preview import TableKind
from api.imports.table import Table, TableRow
from schemas.checklist import Definition, Question

ENVELOPE = {
    "id": ("id", "instance_id", "instanceid", "uuid"),
    "version": ("version",),
    "round": ("round",),
    "contest": ("contest", "contest_code"),
    "station": ("station", "station_code", "ps_code", "polling_station"),
    "observer": ("observer", "observer_code", "pseudonym"),
    "visit": ("visit",),
    "arrived_at": ("arrived_at", "arrival", "start"),
    "departed_at": ("departed_at", "departure", "end"),
    "finalised_at": ("finalised_at", "finalized_at", "submitted_at"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "longitude"),
}
"""Members of a report's envelope, and the headers that are taken for them."""
MOMENTS = ("arrived_at", "departed_at", "finalised_at")
SHAPE = TableKind()
"""No column names a report but an id, and that may be absent: the same row is the same report."""
CONTEXT = "context"
"""The group of what travels in the envelope and is no answer."""
WHOLE_NUMBER = re.compile(r"[+-]?\d+")
NUMBERS = frozenset({"integer", "decimal"})


@dataclass(frozen=True)
class ReportTable:
    """A table of reports on one checklist: the header of each member and of each question."""

    table: Table
    definition: Definition
    members: Mapping[str, str]
    questions: Mapping[str, Question]
    unread: tuple[str, ...]
    zone: tzinfo = UTC

    @classmethod
    def of(
        cls, table: Table, definition: Definition, mapping: Mapping[str, str], zone: tzinfo = UTC
    ) -> "ReportTable":
        """Find what each column is. ``mapping`` says it of columns by their headers; ``zone`` is
        that of moments which name none.

        Raises :class:`TableProblem` for a mapping from a column that is not there, to a question
        that is none, or of two columns to one; and where no column is a question.
        """
        known = {
            each.name: each
            for each in definition.questions
            if each.repeat is None and each.section != CONTEXT
        }
        strange = [each for each in mapping if each not in table.headers]
        if strange:
            raise TableProblem(f"Row 1: there is no column {strange[0]!r} to map.")
        wrong = [each for each in mapping.values() if each not in known and each not in ENVELOPE]
        if wrong:
            raise TableProblem(f"{wrong[0]!r} is no question of {definition.name}.")
        targets = dict(mapping) | {
            header: name for name, header in _found(table, known) if header not in mapping
        }
        twice = [name for name, count in Counter(targets.values()).items() if count > 1]
        if twice:
            raise TableProblem(f"Two columns are {twice[0]!r}: say which with --map.")
        questions = {head: known[name] for head, name in targets.items() if name in known}
        if not questions:
            raise TableProblem(f"Row 1: no column is a question of {definition.name}.")
        members = {name: head for head, name in targets.items() if name not in known}
        read = {part for each in targets for part in (each, *table.parts(each))}
        unread = tuple(each for each in table.headers if each and each not in read)
        return cls(table, definition, members, questions, unread, zone)

    def reports(self) -> Iterator[tuple[int, bytes]]:
        """Each row's line, and the report that it is as JSON. Empty cells are no answers."""
        seen: Counter[bytes] = Counter()
        for row in self.table.rows:
            report = self._report(row)
            if "id" not in report:
                plainly = self._report(row, plainly=True)
                said = orjson.dumps(plainly, option=orjson.OPT_SORT_KEYS)
                report["id"] = _id_of(said, seen[said])
                seen[said] += 1
            yield row.line, orjson.dumps(report)

    def _report(self, row: TableRow, *, plainly: bool = False) -> dict[str, Any]:
        """A row's report; ``plainly`` as its id has always been made of it, with moments and
        numbers as they are written; the contest was not read of a table then."""
        said = {name: row.cells.get(head, "") for name, head in self.members.items()}
        report: dict[str, Any] = {"checklist": self.definition.name} | {
            name: text
            for name, text in said.items()
            if text and name not in ("lat", "lon") and not (plainly and name == "contest")
        }
        if not plainly:
            report |= {name: zoned(report[name], self.zone) for name in MOMENTS if name in report}
        if said.get("lat") and said.get("lon"):
            report["position"] = {name: _as_written(said[name]) for name in ("lat", "lon")}
        decimal = None if plainly else row.decimal
        report["answers"] = {
            question.name: _answer(question, row.cells[head], decimal)
            for head, question in self.questions.items()
            if row.cells.get(head)
        }
        return report


def _id_of(said: bytes, times: int) -> str:
    """A UUIDv8 that the same row has again; two rows that say the same are two reports."""
    made = bytearray(hashlib.sha256(said + b" " + str(times).encode()).digest()[:16])
    made[6], made[8] = 0x80 | made[6] & 0x0F, 0x80 | made[8] & 0x3F
    return str(UUID(bytes=bytes(made)))


def _found(table: Table, known: Mapping[str, Question]) -> Iterator[tuple[str, str]]:
    """Each question and member with the header that is taken for it; questions come first."""
    taken = set()
    for name in known:
        header = table.column(name)
        if header:
            taken.add(header)
            yield name, header
    for name, headers in ENVELOPE.items():
        header = table.column(*headers) if name not in known else None
        if header and header not in taken:
            yield name, header


def _answer(question: Question, text: str, decimal: str | None) -> Any:
    if question.type in NUMBERS:
        found = None if decimal is None else number(text, decimal)
        return _as_written(text) if decimal is None else text if found is None else found
    if question.type == "select_multiple":
        return text.replace(",", " ").replace(";", " ").split()
    return text


def _as_written(text: str) -> Any:
    """A number as it is written; what is none stays as it is, and the report is held for it."""
    plain = text.replace("\u00a0", "").replace(" ", "")
    if WHOLE_NUMBER.fullmatch(plain):
        return int(plain)
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        return text
