"""Which plans are of the stations of a sample, so that these are asked at once how they stand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.survey.design import Ints


@dataclass(frozen=True)
class StationPlans:
    """Which plans are of stations: ``plans`` station by station, those of one from each of
    ``first`` on; ``stations`` are the positions of those that have any."""

    plans: Ints
    first: Ints
    stations: Ints

    @classmethod
    def of(cls, place: Ints, stations: Ints) -> "StationPlans":
        """Of plans at these places (−1 of none)."""
        at = np.full(max(place.max(initial=-1), stations.max(initial=-1)) + 2, -1)
        at[stations] = np.arange(len(stations))
        plans = np.flatnonzero(at[place] >= 0)
        plans = plans[np.argsort(at[place[plans]], kind="stable")]
        station, first = np.unique(at[place[plans]], return_index=True)
        return cls(plans, first, station)

    def any_of(
        self, bits: NDArray[np.uint8], stand: NDArray[np.int32], stations: int
    ) -> NDArray[np.uint8]:
        """Of each station the bits of how all its plans stand."""
        found = np.zeros(stations, dtype=np.uint8)
        if len(self.plans):
            found[self.stations] = np.bitwise_or.reduceat(bits[stand[self.plans]], self.first)
        return found
