"""Shares of a sample's stations in groups, kept up with what is said there.

Stations that are alike are counted once (:class:`analytics.survey.proportions.Alike`). After that a
station is taken out of its count and put into another. Where much changed at once, or stations
cease to be alike, all are counted anew when somebody asks.
"""

import numpy as np

from analytics.observation.standing_alike import SaidAt, StandingAlike
from analytics.survey.design import Ints
from analytics.survey.proportions import Layout, Proportions

MOST = 2_000
"""So many stations are moved one by one; of more, counting all anew is as fast."""


class StandingShares:
    """The stations of a sample in the groups of ``layout``."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._alike: StandingAlike | None = None

    def move(self, stations: Ints, before: SaidAt, after: SaidAt) -> None:
        """Take in that at ``stations`` of the sample, each named once, other things are said."""
        if self._alike is None:
            return
        if len(stations) > MOST or not self._alike.holds(after):
            self._alike = None
            return
        self._alike.count(stations, before, -1)
        self._alike.count(stations, after, 1)

    def estimate(self, said: SaidAt, columns: list[int], level: float) -> Proportions:
        """The shares of some indicators, by group. ``said`` is of all stations as of now."""
        if self._alike is None and self.layout.single and len(self.layout.kept):
            alike = self.layout.alike(said.seen, said.answered)
            self._alike = None if alike is None else StandingAlike(self.layout, alike)
        if self._alike is None:
            some = SaidAt(*(np.asfortranarray(each[:, columns]) for each in said))
            return self.layout.estimate(some.seen, some.answered, level)
        return self._alike.estimate(columns, level)
