"""Sums of one part of a checklist's reports: the visits of a kind, or those of its sample."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.design import Ints
from analytics.standing_shares import SaidAt
from analytics.tallies import STATUSES


@dataclass
class StandingPart:
    """By area (the last is nowhere) and by place: of a sample by its own order. What is by place
    lies column by column, as it is read."""

    said: NDArray[np.int64]
    stations: NDArray[np.int64]
    seen_stations: NDArray[np.int64]
    reports: NDArray[np.int64]
    reports_at: NDArray[np.int32]
    answered_at: NDArray[np.uint16]
    seen_at: NDArray[np.uint16]

    @classmethod
    def empty(cls, areas: int, places: int, width: int) -> "StandingPart":
        """Nothing yet."""
        return cls(
            np.zeros((areas + 1, width, STATUSES), dtype=np.int64),
            np.zeros((areas + 1, width), dtype=np.int64),
            np.zeros((areas + 1, width), dtype=np.int64),
            np.zeros(areas + 1, dtype=np.int64), np.zeros(places, dtype=np.int32),
            np.zeros((places, width), dtype=np.uint16, order="F"),
            np.zeros((places, width), dtype=np.uint16, order="F"),
        )  # fmt: skip

    def said_at(self, places: Ints) -> SaidAt:
        """What is said at some of its places."""
        return SaidAt(self.answered_at[places], self.seen_at[places])
