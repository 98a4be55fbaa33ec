"""Places at which counted reports of one checklist say different things, kept up with the readings.

For checklists on which two teams must agree, such as the counting of votes.
"""

import numpy as np
from numpy.typing import NDArray

from analytics.design import Ints
from analytics.readings import NOWHERE, Readings
from schemas.codes import STATUS_MASK


class StandingConflicts:
    """The places in conflict. Only those where something changed are looked at again."""

    def __init__(self, readings: Readings) -> None:
        self._readings, self._folds = readings, 0
        self._place = np.zeros(0, dtype=np.int32)
        self.places: set[int] = set()

    def update(self) -> "StandingConflicts":
        """Take in what changed."""
        readings = self._readings
        changed = readings.changed_after(self._folds)
        self._folds = readings.folds
        if not len(changed):
            return self
        counted = readings.take("counted", changed) > 0
        place = np.where(counted, readings.take("place", changed), NOWHERE)
        touched = np.unique(np.append(place, self._note(changed, place)))
        touched = touched[touched >= 0]
        rows = np.flatnonzero(np.isin(self._place, touched))
        status = readings.codes[rows] & np.uint8(STATUS_MASK)
        self.places.difference_update(touched.tolist())
        self.places.update(_differing(self._place[rows], status).tolist())
        return self

    def _note(self, changed: Ints, place: Ints) -> NDArray[np.int32]:
        """Where these rows are now; gives back where they were."""
        more = len(self._readings) - len(self._place)
        self._place = np.pad(self._place, (0, more), constant_values=NOWHERE)
        before = self._place[changed]
        self._place[changed] = place
        return before


def _differing(place: NDArray[np.int32], status: NDArray[np.uint8]) -> NDArray[np.int32]:
    """The places of which two rows differ."""
    order = np.argsort(place, kind="stable")
    place, status = place[order], status[order]
    beside = place[1:] == place[:-1]
    return np.unique(place[1:][beside & (status[1:] != status[:-1]).any(axis=1)])
