"""What an import did, or would do: told row by row where it refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from api.audit import audit_entry
from api.database.work import Work

SHOWN = 20


@dataclass(frozen=True)
class Refused:
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


@dataclass
class Outcome:
    """What an import does, or would do. ``encoding`` is how the file was read.

    ``shown`` are changes of the first rows that change, cell by cell: enough to see what a file
    would do before it does it. ``kept`` are the headers that stand for no field of ours: kept with
    each row as they are.
    """

    encoding: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    shown: list[Change] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def change(self, line: int, code: str, before: Mapping[str, Any], after: Mapping[str, Any]
               ) -> None:  # fmt: skip
        """One row changes; its cells are shown while there are few."""
        self.changed.append(code)
        if len(self.changed) <= SHOWN:
            self.shown.extend(Change.each(line, code, before, after))

    @property
    def changes(self) -> list[str]:
        """What is written."""
        return [*self.added, *self.changed]

    def as_sent(self) -> dict[str, object]:
        """For scripts."""
        return {
            "added": len(self.added), "changed": len(self.changed), "unchanged": self.unchanged,
            "encoding": self.encoding,
            "refused": [{"row": each.line, "code": each.code, "reason": each.reason}
                        for each in self.refused],
            "changes": [{"row": each.line, "code": each.code, "column": each.column,
                         "before": each.before, "after": each.after} for each in self.shown],
            "kept": self.kept,
        }  # fmt: skip

    def __str__(self) -> str:
        lines = [
            f"{len(self.added)} added, {len(self.changed)} changed, {self.unchanged} unchanged, "
            f"{len(self.refused)} refused (read as {self.encoding})",
            *(f"  {each}" for each in self.shown[:SHOWN]),
            *(f"  {each}" for each in self.refused[:SHOWN]),
        ]
        if len(self.refused) > SHOWN:
            lines.append(f"  and {len(self.refused) - SHOWN} more")
        if self.kept:
            lines.append(f"  kept as attributes: {', '.join(self.kept)}")
        return "\n".join(lines)

    def note(self, work: Work, act: str) -> None:
        """Note in the audit log what was written, if anything was."""
        if self.changes:
            content = orjson.dumps(sorted(self.changes))
            subject = f"{len(self.changes)} rows"
            work.session.add(audit_entry(
                work.mission_id, work.sequence, act, subject, content, actor=work.actor
            ))  # fmt: skip
