"""Shares of a sample's stations in groups, kept up with what is said there.

Stations that are alike are counted once (:class:`analytics.proportions.Alike`). After that a
station is taken out of its count and put into another. Where much changed at once, or more was
answered at a station than ever before, all are counted anew when somebody asks.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.design import Ints
from analytics.proportions import Alike, Layout, Proportions

MOST = 2_000
"""So many stations are moved one by one; of more, counting all anew is as fast."""


class SaidAt(NamedTuple):
    """Of each station and indicator: how many reports answered, and in how many it was seen."""

    answered: NDArray[np.uint16]
    seen: NDArray[np.uint16]


class StandingShares:
    """The stations of a sample in the groups of ``layout``."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._alike: Alike | None = None

    def move(self, stations: Ints, before: SaidAt, after: SaidAt) -> None:
        """Take in that at ``stations`` of the sample, each named once, other things are said."""
        if self._alike is None:
            return
        if len(stations) > MOST or after.answered.max(initial=0) >= self._alike.side:
            self._alike = None
            return
        of = self._cell_of[stations]
        for sign, said in ((-1, before), (1, after)):
            self._count(of[of >= 0], SaidAt(*(each[of >= 0] for each in said)), sign)

    @cached_property
    def _cell_of(self) -> Ints:
        """The cell of each station; −1 of one in no group."""
        cell = np.full(self.layout.design.rows, -1, dtype=np.int64)
        cell[self.layout.kept] = self.layout.cell
        return cell

    def _count(self, cells: Ints, said: SaidAt, sign: int) -> None:
        assert self._alike is not None
        side, many = self._alike.side, self._alike.many
        kind = self.layout.kinds[2][cells].astype(np.int64)[:, None]
        row = (kind * side + said.answered) * side + np.minimum(said.answered, said.seen)
        np.add.at(many, (row, np.arange(many.shape[1])), sign)

    def estimate(self, said: SaidAt, columns: list[int], level: float) -> Proportions:
        """The shares of some indicators, by group. ``said`` is of all stations as of now."""
        if self._alike is None and self.layout.single and len(self.layout.kept):
            self._alike = self.layout.alike(said.seen, said.answered)
        if self._alike is None:
            some = SaidAt(*(np.asfortranarray(each[:, columns]) for each in said))
            return self.layout.estimate(some.seen, some.answered, level)
        some_alike = Alike(self._alike.side, self._alike.many.T[columns].T)
        return self.layout.estimate_alike(some_alike, level)
