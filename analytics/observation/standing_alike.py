"""Stations of a sample that are alike, counted once, and moved with what is said at them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.survey.design import Ints
from analytics.survey.proportions import Alike, Layout, Proportions


class SaidAt(NamedTuple):
    """Of each station and indicator: how many reports answered, and in how many it was seen."""

    answered: NDArray[np.uint16]
    seen: NDArray[np.uint16]


class StandingAlike:
    """Counts of the stations of ``layout``, each of which is a cell of its own."""

    def __init__(self, layout: Layout, alike: Alike) -> None:
        self.layout, self._alike = layout, alike

    @classmethod
    def of_silent(cls, layout: Layout, indicators: int) -> "StandingAlike":
        """Nothing was said anywhere."""
        many = np.bincount(layout.kinds[2], minlength=len(layout.kinds[1]))
        return cls(layout, Alike(1, np.tile(many.astype(np.float64), (indicators, 1)).T))

    def holds(self, said: SaidAt) -> bool:
        """Whether so much may be said and stations still be alike."""
        return self.layout.few(int(said.answered.max(initial=0)) + 1)

    def count(self, stations: Ints, said: SaidAt, sign: int) -> None:
        """Put stations in, or take them out, as this is said at them."""
        self._grow(int(said.answered.max(initial=0)) + 1)
        cells = self.layout.cell_of[stations]
        inside, side, many = cells >= 0, self._alike.side, self._alike.many
        kind = self.layout.kinds[2][cells[inside]].astype(np.int64)[:, None]
        given, seen = (each[inside] for each in said)
        row = (kind * side + given) * side + np.minimum(given, seen)
        if len(row) < len(many):
            np.add.at(many, (row, np.arange(many.shape[1])), sign)
            return
        for column in range(many.shape[1]):
            many[:, column] += sign * np.bincount(row[:, column], minlength=len(many))

    def estimate(self, columns: list[int], level: float) -> Proportions:
        """The shares of some indicators, by group."""
        some = Alike(self._alike.side, self._alike.many.T[columns].T)
        return self.layout.estimate_alike(some, level)

    def _grow(self, side: int) -> None:
        if side > self._alike.side:
            kinds, held, _ = self._alike.shape
            before = self._alike.many.T
            many = np.zeros((len(before), kinds, side, side))
            many[:, :, :held, :held] = before.reshape(-1, kinds, held, held)
            self._alike = Alike(side, many.reshape(-1, kinds * side**2).T)
