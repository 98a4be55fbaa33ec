"""Who worked at stations, as reports said: kept by report, so that only what changed is read
again from the database, and added up as it changes."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import numpy as np

from analytics.observation.code_matrix import KIND_INDEX, NOWHERE
from analytics.survey.design import Floats
from api.figures.reference_data import Frame
from api.figures.staff_sums import StaffSums, can_be
from schemas.mission import Kind
from schemas.report import LARGEST_COUNT

KIND, PLACE, SENT, STAFF, WOMEN = range(5)
LARGEST = 2**17
"""Sums of whole numbers up to here are exact. Others would leave their mark when they are put
right: with them among the reports all are added up anew."""


class StandingStaff:
    """The figures of staff in the reports of one frame, up to the clock ``sequence``."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.sequence = 0
        self._slots: dict[UUID, int] = {}
        self._changed: list[int] = []
        self._rows = np.zeros((0, 5))
        self._sums = {kind: StaffSums(len(frame.places)) for kind in Kind}
        self._odd = 0
        """Reports whose figures are not in the sums."""

    def take(self, rows: Iterable[Any]) -> None:
        """Rows that changed, as they stand; one that was overtaken by a later reading is left."""
        fresh: dict[int, tuple[float, ...]] = {}
        for row in rows:
            slot = self._slots.setdefault(row.id, len(self._changed))
            if slot == len(self._changed):
                self._changed.append(NOWHERE)
                self._reserve()
            if row.changed >= self._changed[slot]:
                self._changed[slot], fresh[slot] = row.changed, self._read(row)
        slots = np.array([*fresh], dtype=np.int64)
        self._count(self._rows[slots], -1)
        self._rows[slots] = np.array([*fresh.values()], dtype=np.float64).reshape(-1, 5)
        self._count(self._rows[slots], 1)

    def _count(self, rows: Floats, sign: int) -> None:
        figures = rows[:, [STAFF, WOMEN]]
        odd = ((figures > LARGEST) | (figures != np.floor(figures))).any(axis=1)
        odd &= can_be(rows[:, STAFF], rows[:, WOMEN])
        self._odd += sign * int(odd.sum())
        for kind, sums in self._sums.items():
            _add(sums, rows[~odd & (rows[:, KIND] == KIND_INDEX[kind])], sign)

    def of_kind(self, kind: Kind) -> StaffSums:
        """What one kind of observers said, of places that are known."""
        if not self._odd:
            return self._sums[kind]
        rows, found = self._rows[: len(self._changed)], StaffSums(len(self._frame.places))
        _add(found, rows[rows[:, KIND] == KIND_INDEX[kind]], 1)
        return found

    def _read(self, row: Any) -> tuple[float, ...]:
        """Kind, place, whether sent, staff and women; of no kind where it does not count."""
        place = self._frame.place_index.get(row.place_id)
        if place is None or row.staff is None or row.women is None:
            return NOWHERE, NOWHERE, 0, 0, 0
        kind = self._frame.kind_of(row.organisation_id)
        posted = self._frame.posted
        sent = not posted or (row.observer_id, place) in posted
        return KIND_INDEX[kind], place, sent, _number(row.staff), _number(row.women)

    def _reserve(self) -> None:
        if len(self._changed) > len(self._rows):
            more = max(len(self._rows), 64)
            self._rows = np.concatenate([self._rows, np.full((more, 5), float(NOWHERE))])


def _add(sums: StaffSums, rows: Floats, sign: int) -> None:
    sums.add(
        rows[:, PLACE].astype(np.int64), rows[:, SENT] > 0, rows[:, STAFF], rows[:, WOMEN], sign
    )


def _number(given: Any) -> float:
    """As a figure; one that is larger than any is none."""
    number = float(given)
    return number if abs(number) <= LARGEST_COUNT else -1.0
