"""At how many places two kinds of observers say the same, kept up with what is said there."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.observation.agreement import Agreement

Said = NDArray[np.int8]
"""What is said at places, by indicator: 1 seen, 0 fine, −1 nothing."""


class StandingAgreement:
    """Places by what one kind says and the other, of each of so many indicators."""

    def __init__(self, indicators: int) -> None:
        self._places = np.zeros((indicators, 2, 2), dtype=np.int64)

    def count(self, first: Said, second: Said, sign: int) -> None:
        """Put places in, or take them out, as both kinds say now: shape (places, indicators).
        Where one says nothing there is nothing to compare."""
        said: NDArray[Any] = 2 * first + second
        said = said + 4 * np.arange(said.shape[1])
        counts = np.bincount(said[(first >= 0) & (second >= 0)], minlength=self._places.size)
        self._places += sign * counts.reshape(self._places.shape)

    def of(self, column: int) -> Agreement:
        """The agreement on one indicator."""
        (neither, only_second), (only_first, both) = self._places[column].tolist()
        return Agreement(both, only_first, only_second, neither)
