"""What reports answered to the questions of which only counts are told, kept by report.

Most reports say what many others said: each distinct line is held once, with how many reports
have it, so that what is asked costs as much as there are different lines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Line:
    """What a report says: its checklist, its organisation, and its answers as JSON: a list in the
    order of the questions."""

    checklist: str
    organisation: UUID | None
    answers: str


class StandingSaid:
    """The lines of every report that counts, up to the clock ``sequence``."""

    def __init__(self) -> None:
        self.sequence = 0
        self._slots: dict[Line, int] = {}
        self._counts: list[int] = []
        self._held: dict[int, int] = {}

    def take(self, rows: Iterable[Any]) -> None:
        """Reports as they stand now; ``said`` is None of one that counts no more."""
        for row in rows:
            before = self._held.pop(row.id.int, None)
            if before is not None:
                self._counts[before] -= 1
            if row.said is None:
                continue
            slot = self._slots.setdefault(
                Line(row.checklist, row.organisation_id, row.said), len(self._counts)
            )
            if slot == len(self._counts):
                self._counts.append(0)
            self._counts[slot] += 1
            self._held[row.id.int] = slot

    @property
    def lines(self) -> Mapping[Line, int]:
        """How many reports say each."""
        return {
            line: self._counts[slot] for line, slot in self._slots.items() if self._counts[slot]
        }
