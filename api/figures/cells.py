"""Places alike in area, setting and sort stand together: whatever is asked by any of these adds up
from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.observation.drawn_sample import AreaGroups
from analytics.observation.visits import Grouping
from analytics.survey.design import Ints

OfPlaces = Literal["setting", "sort"]


@dataclass(frozen=True)
class Cells:
    """``of_place`` gives each place's cell; ``area`` is each cell's (−1 none)."""

    of_place: Ints
    area: Ints
    setting: tuple[str, ...]
    sort: tuple[str, ...]

    @classmethod
    def of(cls, places: Iterable[tuple[int, str, str]]) -> "Cells":
        """The cells of places of which area, setting and sort are given."""
        alike: dict[tuple[int, str, str], int] = {}
        of_place = [alike.setdefault(each, len(alike)) for each in places]
        areas, settings, sorts = zip(*alike, strict=True) if alike else ((), (), ())
        return cls(
            np.array(of_place, dtype=np.int64), np.array(areas, dtype=np.int64), settings, sorts
        )

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
        own: tuple[str, ...] = getattr(self, what)
        labels = tuple(sorted(set(own)))
        number = np.array([labels.index(each) for each in own], dtype=np.int64)
        return labels, AreaGroups(number, len(labels))
