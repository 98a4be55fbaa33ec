"""The places of a mission as columns: a country has a quarter of a million of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.observation.ids import Ids, ids_of
from analytics.survey.design import Truths


@dataclass(frozen=True)
class StationFacts:
    """A place as figures need it; ``area`` is an index into the mission's areas, ``closed``
    whether it was closed, merged or split by the end of the round's polling."""

    id: UUID
    code: str
    name: str
    area: int
    setting: str = ""
    sort: str = ""
    closed: bool = False


@dataclass(frozen=True, eq=False)
class Places(Sequence[StationFacts]):
    """Places in the order of their codes. ``area`` is −1 of none; ``setting`` and ``sort`` are
    indices into ``settings`` and ``sorts``."""

    id: NDArray[np.void]
    area: NDArray[np.int32]
    setting: NDArray[np.int8]
    sort: NDArray[np.int8]
    closed: Truths
    codes: Sequence[str]
    names: Sequence[str]
    settings: tuple[str, ...] = ("",)
    sorts: tuple[str, ...] = ("",)

    def __len__(self) -> int:
        return len(self.id)

    def __getitem__(self, at: int) -> StationFacts:  # type: ignore[override]
        """One place."""
        return StationFacts(
            UUID(bytes=self.id[at].tobytes()),
            self.codes[at],
            self.names[at],
            int(self.area[at]),
            self.settings[self.setting[at]],
            self.sorts[self.sort[at]],
            bool(self.closed[at]),
        )

    def __iter__(self) -> Iterator[StationFacts]:
        return (self[at] for at in range(len(self)))

    @cached_property
    def ids(self) -> Ids:
        """Where each place stands."""
        return Ids.of(self.id)

    def find(self, place: UUID) -> int:
        """Where a place stands, −1 where the mission has none of this id."""
        return int(self.ids.find(ids_of([place]))[0])
