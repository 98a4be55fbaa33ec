"""Agreement of the two kinds of observers where both were, as counts.

Their figures are never pooled. A test of a difference is for two probability samples of one frame
(:mod:`analytics.survey.difference_tests`); here are stations that both visited in the same stage,
and nothing is concluded about others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KINDS, CodeMatrix
from analytics.observation.tallies import by_station
from analytics.survey.design import Ints
from schemas.codes import STATUS_MASK, Status

_MARKS = np.zeros((len(KINDS), STATUS_MASK + 1), dtype=np.uint8)
"""What a kind of observers says as bits: fine or irregular, of the first kind and the second."""
_MARKS[:, [Status.FINE, Status.IRREGULAR]] = [[1, 2], [4, 8]]


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


def agreements_of(matrix: CodeMatrix) -> tuple[Agreement, ...]:
    """Domestic against international observers on each indicator, in stations that both answered.
    A kind saw it where any of its visits did."""
    place, kind = matrix["place"], matrix["kind"]
    able = matrix.counted & (place >= 0)
    came = np.zeros((len(KINDS), int(place.max(initial=-1)) + 2), dtype=np.bool_)
    came[kind[able], place[able]] = True
    rows = np.flatnonzero(able & (came[0] & came[1])[place])
    counts = np.zeros((len(matrix.indicators), 4), dtype=np.int64)
    for some, first in by_station(np.zeros_like(rows), place[rows]):
        at = rows[some]
        said = _MARKS[kind[at][:, None], matrix.codes[at] & np.uint8(STATUS_MASK)]
        counts += _counted(np.bitwise_or.reduceat(said, first, axis=0))
    return tuple(Agreement(*each) for each in counts.tolist())


def _counted(said: NDArray[np.uint8]) -> Ints:
    """Agreements of each indicator, of what was said at each place."""
    first, second = said & np.uint8(3), said >> np.uint8(2)
    answered, one, other = (first > 0) & (second > 0), first > 1, second > 1
    pairs = one & other, one & ~other, ~one & other, ~one & ~other
    return np.stack([(answered & each).sum(axis=0) for each in pairs], axis=1)
