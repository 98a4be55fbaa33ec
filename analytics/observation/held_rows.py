"""What each row of the readings said when it was last counted, so that it can be taken out."""

import numpy as np
from numpy.typing import NDArray

from analytics.survey.design import Ints, Truths

NO_PART = -1
NONE = -1


class HeldRows:
    """Of each row its codes, its place (of so many; −1 none), and the part of the tallies that it
    counts in (−1 none). The rows of a place are a chain: its newest, and of each the next."""

    def __init__(self, places: int, width: int) -> None:
        self.codes = np.zeros((0, width), dtype=np.uint8)
        self.place, self.part = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int8)
        self._first = np.full(places, NONE, dtype=np.int32)
        self._next = np.zeros(0, dtype=np.int32)

    def reserve(self, size: int) -> None:
        """Room for so many rows: a new one says nothing yet."""
        room = len(self.part)
        if size > room:
            more = max(size, 2 * room, 64) - room
            self.codes = np.pad(self.codes, ((0, more), (0, 0)))
            self.place = np.pad(self.place, (0, more), constant_values=NONE)
            self.part = np.pad(self.part, (0, more), constant_values=NO_PART)
            self._next = np.pad(self._next, (0, more), constant_values=NONE)

    def put(self, rows: Ints, codes: NDArray[np.uint8], place: Ints, part: Ints) -> None:
        """What these rows say from now on; each is named once."""
        moved = self.place[rows] != place
        for row in rows[moved & (self.place[rows] != NONE)].tolist():
            self._unlink(row)
        self._link(rows[moved & (place != NONE)], place[moved & (place != NONE)])
        self.codes[rows], self.place[rows], self.part[rows] = codes, place, part

    def at(self, places: Ints) -> Ints:
        """The rows that count, of these places, each of which is named once."""
        chains = [self._first[places]]
        while len(chains[-1]):
            here = chains[-1] = chains[-1][chains[-1] != NONE]
            chains.append(self._next[here])
        rows: Ints = np.concatenate(chains).astype(np.int64)
        counts: Truths = self.part[rows] != NO_PART
        return rows[counts]

    def _link(self, rows: Ints, place: Ints) -> None:
        order = np.argsort(place, kind="stable")
        rows, place = rows[order], place[order]
        behind, again = self._first[place], place[1:] == place[:-1]
        behind[1:][again] = rows[:-1][again]
        self._next[rows] = behind
        self._first[place] = rows  # of several of one place the last, which is at their end

    def _unlink(self, row: int) -> None:
        """Take a row out of the chain of the place that it was at."""
        at = int(self.place[row])
        behind = int(self._next[row])
        if self._first[at] == row:
            self._first[at] = behind
            return
        before = int(self._first[at])
        while self._next[before] != row:
            before = int(self._next[before])
        self._next[before] = behind
