"""Who was sent where, as columns: found for a whole batch of reports at once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import NOWHERE
from analytics.observation.ids import Ids
from analytics.survey.design import Ints, Truths


@dataclass(frozen=True, eq=False)
class ObserverPostings:
    """``observer`` numbers the ``observers``, ``place`` is −1 of who was sent to an area, ``team``
    is the team of that plan. Of several plans alike the last stands."""

    observers: Ids
    observer: Ints
    place: Ints
    team: Ints

    def __len__(self) -> int:
        return len(self.team)

    @cached_property
    def _width(self) -> int:
        return int(self.place.max(initial=NOWHERE)) + 2

    @cached_property
    def _sorted(self) -> tuple[Ints, Ints]:
        key = self.observer * self._width + self.place + 1
        order = np.argsort(key, kind="stable")
        key, team = key[order], self.team[order]
        last = np.append(key[1:] != key[:-1], True)[: len(key)]
        return key[last], team[last]

    def teams_of(
        self, observers: NDArray[np.void], place: NDArray[np.int32]
    ) -> tuple[Ints, Truths]:
        """The team that each observer reports from at a place, −1 where nobody sent it, and
        whether it was sent to this very place."""
        who = self.observers.find(observers)
        here = self._team(who, place)
        anywhere = self._team(who, np.full(len(who), NOWHERE))
        return np.where(here >= 0, here, anywhere), here >= 0

    def _team(self, who: Ints, place: NDArray[np.integer]) -> Ints:
        keys, teams = self._sorted
        if not len(keys):
            return np.full(len(who), NOWHERE, dtype=np.int64)
        known = (who >= 0) & (place < self._width - 1)
        key = np.where(known, who * self._width + place + 1, NOWHERE)
        at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
        return np.where(keys[at] == key, teams[at], NOWHERE)
