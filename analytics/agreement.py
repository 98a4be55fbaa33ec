"""Where domestic and international observers were both: do they say the same? In counts.

Their figures are never pooled. A test of a difference is for two probability samples of one frame
(:mod:`analytics.comparison`); here are stations that both visited in the same stage, and nothing
is concluded about others.
"""

from dataclasses import dataclass

import numpy as np

from analytics.design import Ints


@dataclass(frozen=True)
class Agreement:
    """Stations of one stage at which both answered: both saw it, only one did, neither."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def stations(self) -> int:
        """Stations at which both answered."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def agree(self) -> int:
        """Stations of which both say the same."""
        return self.both + self.neither


def agree(first: Ints, second: Ints) -> Agreement:
    """Agreement of two kinds of observer in one stage, station by station.

    Each says 1 seen, 0 not, −1 no answer: seen where any visit of the kind saw it.
    """
    answered = (first >= 0) & (second >= 0)
    counts = np.bincount(2 * first[answered] + second[answered], minlength=4).tolist()
    neither, only_second, only_first, both = counts
    return Agreement(both, only_first, only_second, neither)
