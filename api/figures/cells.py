"""Places alike in area, setting and sort stand together: whatever is asked by any of these adds up
from them."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analytics.observation.drawn_sample import AreaGroups
from analytics.observation.visits import Grouping
from analytics.survey.design import Ints

Column = NDArray[np.integer[Any]]
OfPlaces = Literal["setting", "sort"]


@dataclass(frozen=True)
class Cells:
    """``of_place`` gives each place's cell; ``area`` is each cell's (−1 none), ``setting`` and
    ``sort`` are indices into ``settings`` and ``sorts``."""

    of_place: Ints
    area: Ints
    setting: Ints
    sort: Ints
    settings: tuple[str, ...]
    sorts: tuple[str, ...]

    @classmethod
    def of(
        cls,
        area: Column,
        setting: Column,
        sort: Column,
        settings: tuple[str, ...],
        sorts: tuple[str, ...],
    ) -> "Cells":
        """The cells of places, of each of which area, setting and sort are given."""
        sizes = len(settings), len(sorts)
        key = (area.astype(np.int64) * sizes[0] + setting) * sizes[1] + sort
        alike, of_place = np.unique(key, return_inverse=True)
        rest, own_sort = np.divmod(alike, sizes[1])
        own_area, own_setting = np.divmod(rest, sizes[0])
        return cls(of_place, own_area, own_setting, own_sort, settings, sorts)

    def __len__(self) -> int:
        return len(self.area)

    def grouping(self, place: Ints) -> Grouping:
        """Reports at these places by their cells. Those at none have one of their own, the last."""
        of_place = np.append(self.of_place, len(self))
        return Grouping(of_place[place], lambda sample: of_place[sample.place], len(self) + 1)

    def by_area(self, areas: AreaGroups) -> AreaGroups:
        """Cells in the groups of their areas."""
        return AreaGroups(areas.group(self.area), areas.count)

    def by(self, what: OfPlaces) -> tuple[tuple[str, ...], AreaGroups]:
        """The settings or sorts that there are, and cells in groups by them."""
        own, names = (self.setting, self.settings) if what == "setting" else (self.sort, self.sorts)
        labels = tuple(sorted({names[each] for each in own.tolist()}))
        number = np.array([labels.index(names[each]) for each in own.tolist()], dtype=np.int64)
        return labels, AreaGroups(number, len(labels))
