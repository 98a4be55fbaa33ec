"""What each row of the readings said when it was last counted, so that it can be taken out."""

import numpy as np
from numpy.typing import NDArray

from analytics.design import Ints, Truths

NO_PART = -1


class HeldRows:
    """Of each row its codes, its place, and the part of the tallies that it counts in (−1 none)."""

    def __init__(self, width: int) -> None:
        self.codes = np.zeros((0, width), dtype=np.uint8)
        self.place, self.part = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int8)

    def reserve(self, size: int) -> None:
        """Room for so many rows: a new one says nothing yet."""
        room = len(self.part)
        if size > room:
            more = max(size, 2 * room, 64) - room
            self.codes = np.pad(self.codes, ((0, more), (0, 0)))
            self.place = np.pad(self.place, (0, more), constant_values=-1)
            self.part = np.pad(self.part, (0, more), constant_values=NO_PART)

    def put(self, rows: Ints, codes: NDArray[np.uint8], place: Ints, part: Ints) -> None:
        """What these rows say from now on."""
        self.codes[rows], self.place[rows], self.part[rows] = codes, place, part

    def at(self, places: Ints) -> Ints:
        """The rows that count, of these places."""
        if not len(places):
            return np.zeros(0, dtype=np.int64)
        wanted = np.zeros(int(places.max()) + 2, dtype=np.bool_)
        wanted[places] = True  # and the last is of no place
        beyond = len(wanted) - 1
        near: Truths = wanted[np.minimum(self.place, beyond)]
        return np.flatnonzero(near & (self.part != NO_PART))
