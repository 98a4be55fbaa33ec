"""Who worked at stations, as reports said: kept by report, so that only what changed is read
again from the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any
from uuid import UUID

import numpy as np

from analytics.design import Floats, Ints, Truths
from analytics.readings import KIND_INDEX, NOWHERE
from api.reading.setting import Frame
from schemas.mission import Kind


@dataclass(frozen=True)
class Staff:
    """Reports of one kind of observers that named both figures, one entry a report.

    ``sent`` is whether its observer was sent to this very place.
    """

    place: Ints
    sent: Truths
    staff: Floats
    women: Floats

    @property
    def fit(self) -> Truths:
        """Which can be: no more women than staff, no fewer than none."""
        whole = np.isfinite(self.staff) & (self.staff > 0)
        return np.asarray(whole & (self.women >= 0) & (self.women <= self.staff))

    def only(self, which: Truths) -> "Staff":
        """Some of them."""
        return Staff(self.place[which], self.sent[which], self.staff[which], self.women[which])


class StandingStaff:
    """The figures of staff in the reports of one frame, up to the clock ``sequence``."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.sequence = 0
        self._slots: dict[UUID, int] = {}
        self._changed: list[int] = []
        self._rows = np.zeros((0, 5))

    def take(self, rows: Iterable[Any]) -> None:
        """Rows that changed, as they stand; one that was overtaken by a later reading is left."""
        for row in rows:
            slot = self._slots.setdefault(row.id, len(self._changed))
            if slot == len(self._changed):
                self._changed.append(NOWHERE)
                self._reserve()
            if row.changed >= self._changed[slot]:
                self._changed[slot], self._rows[slot] = row.changed, self._read(row)

    def of_kind(self, kind: Kind) -> Staff:
        """What one kind of observers said, of places that are known."""
        rows = self._rows[: len(self._changed)]
        own = rows[rows[:, 0] == KIND_INDEX[kind]]
        return Staff(own[:, 1].astype(np.int64), own[:, 2] > 0, own[:, 3], own[:, 4])

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
            self._rows = np.pad(self._rows, ((0, max(len(self._rows), 64)), (0, 0)))


def _number(given: Any) -> float:
    """As a figure; one that is larger than any is none."""
    number = float(given)
    return number if isfinite(number) else -1.0
