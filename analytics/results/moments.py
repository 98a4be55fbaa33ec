"""What votes add up to by stratum: nearly all that shares of stations drawn singly need."""

from dataclasses import dataclass

import numpy as np

from analytics.survey.design import Floats, Ints


@dataclass(frozen=True)
class Moments:
    """Sums by stratum of the votes y of each contestant, of what shares are out of (x), and of
    their products. Votes are whole numbers, so that these sums are exact, whatever was put in and
    taken out before.

    ``sums`` has a column a stratum, and rows of y, y², xy for each contestant, then x and x².
    """

    sums: Floats

    @classmethod
    def of(cls, stratum: Ints, votes: Floats, below: Floats, strata: int) -> "Moments":
        """Those of stations: ``votes`` has a row each, and a column a contestant."""
        rows = (*votes.T, *(votes**2).T, *(votes.T * below), below, below**2)
        return cls(np.array([np.bincount(stratum, each, strata) for each in rows], dtype=float))

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.sums + other.sums)

    def __sub__(self, other: "Moments") -> "Moments":
        return Moments(self.sums - other.sums)

    @property
    def _contestants(self) -> int:
        return len(self.sums) // 3

    @property
    def y(self) -> Floats:
        """Votes, a row a contestant."""
        return self.sums[: self._contestants]

    @property
    def x(self) -> Floats:
        """What shares are out of."""
        return np.asarray(self.sums[-2])

    def squares(self, contestant: int, share: float) -> Floats:
        """Σ(y − Rx)², R the share."""
        many = self._contestants
        yy, xy = self.sums[many + contestant], self.sums[2 * many + contestant]
        return np.asarray(yy - 2 * share * xy + share**2 * self.sums[-1])

    def size(self, contestant: int, share: float) -> Floats:
        """Σ(y² + R²x²): what the squares are the small difference of, where a share hardly
        varies."""
        return np.asarray(self.sums[self._contestants + contestant] + share**2 * self.sums[-1])
