"""The two kinds of number, which never mix.

An :class:`Estimate` speaks of every polling station, because a probability sample was drawn. An
:class:`ObservedCount` speaks of what was visited, and can carry no interval: it has no field
for one. Which of the two a figure is, is decided by its design, not by a flag.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A number about a population, from a probability sample of it.

    ``value``, ``se``, ``low`` and ``high`` are in the unit of what is estimated (a share is
    between 0 and 1). ``n`` counts the stations that answered in the domain, ``missing`` those
    sampled that did not, ``seen`` those where it was so, where that makes sense. ``population``
    is the number of stations that the number speaks of; ``design`` says how it was drawn.
    """

    value: float
    se: float
    low: float
    high: float
    level: float
    n: int
    df: float
    deff: float | None
    method: str
    missing: int = 0
    seen: int | None = None
    population: int | None = None
    design: str = ""

    @property
    def margin(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class ObservedCount:
    """``seen`` of ``of`` observations, made at ``stations`` places that nobody drew by lot.

    ``missing`` observations said nothing of it. Raises ValueError for a count that cannot be.
    """

    seen: int
    of: int
    stations: int
    missing: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.seen <= self.of or self.stations < 0 or self.missing < 0:
            raise ValueError(
                f"{self.seen} of {self.of} observations at {self.stations} stations, "
                f"{self.missing} missing: this cannot be."
            )


Number = Estimate | ObservedCount
