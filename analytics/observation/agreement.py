"""Where two kinds of observer, or two teams, were both: do they say the same? In counts.

Their figures are never pooled. A test of a difference is for two probability samples of one frame
(:mod:`analytics.survey.difference_tests`); here are stations that both visited in the same stage,
and nothing is concluded about others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.survey.design import Ints
from schemas.codes import Status


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


def in_conflict(places: Ints, teams: Sequence[str], status: NDArray[np.uint8]) -> set[int]:
    """The places of which two teams say different things: one that it was fine, one that it was
    not. Who says neither contradicts nobody.

    Rows are reports in the order in which they were made; of several by one team the last counts.
    ``status`` has shape (reports, indicators).
    """
    said: dict[int, dict[str, NDArray[np.uint8]]] = {}
    for place, team, row in zip(places.tolist(), teams, status, strict=True):
        if place >= 0:
            said.setdefault(place, {})[team] = row
    return {place for place, rows in said.items() if _differ(np.array([*rows.values()]))}


def _differ(rows: NDArray[np.uint8]) -> bool:
    fine, irregular = (rows == each for each in (Status.FINE, Status.IRREGULAR))
    return bool((fine.any(axis=0) & irregular.any(axis=0)).any())
