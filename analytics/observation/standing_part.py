"""Sums of what some reports of a checklist say: by group, and of one part of them by place."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.observation.standing_alike import SaidAt
from analytics.observation.tallies import STATUSES
from analytics.survey.design import Ints


@dataclass
class Sums:
    """By group and indicator what was said, at how many stations it was answered, and at how
    many it was seen; by group how many reports there are."""

    said: NDArray[np.int64]
    stations: NDArray[np.int64]
    seen_stations: NDArray[np.int64]
    reports: NDArray[np.int64]

    @classmethod
    def empty(cls, groups: int, width: int) -> "Sums":
        """Nothing yet."""
        return cls(
            np.zeros((groups, width, STATUSES), dtype=np.int64),
            np.zeros((groups, width), dtype=np.int64),
            np.zeros((groups, width), dtype=np.int64),
            np.zeros(groups, dtype=np.int64),
        )

    def add(self, group: Ints, status: NDArray[np.uint8], sign: int) -> None:
        """Put reports in, or take them out; their stations are counted besides."""
        width = status.shape[1]
        key = (group[:, None] * width + np.arange(width)) * STATUSES + status
        counts = np.bincount(key.ravel(), minlength=self.said.size)
        self.said += sign * counts.reshape(self.said.shape)
        self.reports += sign * np.bincount(group, minlength=len(self.reports))


@dataclass
class StandingPart:
    """The visits of a kind, or those of its sample. ``sums`` are by area (the last is nowhere),
    the rest by place: of a sample by its own order. What is by place lies column by column, as it
    is read."""

    sums: Sums
    reports_at: NDArray[np.int32]
    answered_at: NDArray[np.uint16]
    seen_at: NDArray[np.uint16]

    @classmethod
    def empty(cls, areas: int, places: int, width: int) -> "StandingPart":
        """Nothing yet."""
        return cls(
            Sums.empty(areas + 1, width),
            np.zeros(places, dtype=np.int32),
            np.zeros((places, width), dtype=np.uint16, order="F"),
            np.zeros((places, width), dtype=np.uint16, order="F"),
        )

    def said_at(self, places: Ints) -> SaidAt:
        """What is said at some of its places."""
        return SaidAt(self.answered_at[places], self.seen_at[places])
