"""The stations drawn by lot, as the readings know them, and which reports speak for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.observation.code_matrix import KINDS, Readings
from analytics.survey.design import Design, Floats, Ints, make_design
from analytics.survey.estimates import Truths
from analytics.survey.methods import Weighting
from schemas.mission import Kind


@dataclass(frozen=True)
class DrawnSample:
    """The stations drawn by lot, and who was sent to them.

    ``place``, ``stratum``, ``population`` (stations in the stratum's frame) and ``area`` hold
    one entry a station drawn, in the indexes that the readings use.
    """

    kind: Kind
    place: Ints
    stratum: Ints
    population: Ints
    area: Ints
    weighting: Weighting | None = None

    def __len__(self) -> int:
        return len(self.place)

    @cached_property
    def frame_size(self) -> int:
        """How many stations the sample speaks of."""
        if self.weighting is not None:
            return self.weighting.population
        _, first = np.unique(self.stratum, return_index=True)
        return int(self.population[first].sum())

    @property
    def weights(self) -> Floats:
        """Stations that each one drawn stands for: N_h / n_h, or one over its chance."""
        if self.weighting is not None:
            return np.asarray(1 / self.weighting.chance, dtype=np.float64)
        drawn = np.bincount(self.stratum)[self.stratum]
        return np.asarray(self.population / drawn, dtype=np.float64)

    @cached_property
    def whole(self) -> Design:
        """The design of the stations drawn, one row each."""
        return self.design(np.arange(len(self)))

    def position(self, places: Ints) -> Ints:
        """Where each of these places stands in the sample; they must be drawn ones."""
        order = np.argsort(self.place, kind="stable")
        return order[np.searchsorted(self.place[order], places)]

    def design(self, stations: Ints) -> Design:
        """The design of rows at these positions: the station is the unit, visits cluster in it.

        Every station drawn must be among them, so that the design is the full one. Of unequal
        chances the first units count as drawn with replacement, which states too much.
        """
        if self.weighting is not None:
            unit = self.weighting.unit
            return make_design(
                len(stations),
                psu=stations if unit is None else unit[stations],
                weights=self.weights[stations],
            )
        return make_design(
            len(stations),
            strata=self.stratum[stations],
            psu=stations,
            weights=self.weights[stations],
            fpc=self.population[stations].astype(np.float64),
        )


def drawn_for(samples: Iterable[DrawnSample], kind: Kind) -> DrawnSample | None:
    """The sample of one kind of observers; a round has at most one of each, and one of nobody
    says nothing."""
    return next((each for each in samples if each.kind is kind and len(each)), None)


@dataclass(frozen=True)
class AreaGroups:
    """Areas rolled up: ``of`` gives each area's group (−1 none), ``count`` how many there are."""

    of: Ints
    count: int

    def group(self, area: Ints) -> Ints:
        """The group of each area index; −1 for what could not be placed."""
        known = (area >= 0) & (area < len(self.of))
        return np.append(self.of, -1)[np.where(known, area, -1)]


@dataclass(frozen=True, eq=False)
class StationGroups:
    """The stations of a sample in groups: ``of`` numbers the group of each (−1 none)."""

    of: Ints
    count: int

    @classmethod
    def of_sample(cls, sample: DrawnSample, areas: AreaGroups | None) -> "StationGroups":
        """A sample's stations by their areas; in one group without these."""
        if areas is None:
            return cls(np.zeros(len(sample), dtype=np.int64), 1)
        return cls(areas.group(sample.area), areas.count)

    @cached_property
    def key(self) -> tuple[int, bytes]:
        """The same of whatever groups the stations alike."""
        return self.count, self.of.tobytes()

    @cached_property
    def sizes(self) -> Ints:
        """How many stations each group has."""
        return self.with_those(np.ones(len(self.of), dtype=np.bool_))

    def with_those(self, some: Truths) -> Ints:
        """How many of some stations each group has."""
        return np.bincount(self.of[(self.of >= 0) & some], minlength=self.count)


def sent_by(sample: DrawnSample | None, readings: Readings) -> Truths:
    """Which reports are the sample's own: assigned, of its kind, at a station drawn."""
    if sample is None:
        return np.zeros(len(readings), dtype=np.bool_)
    drawn: Truths = np.isin(readings["place"], sample.place)
    drawn &= readings.assigned
    drawn &= readings["kind"] == KINDS.index(sample.kind)
    return drawn
