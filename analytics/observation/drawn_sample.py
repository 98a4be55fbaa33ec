"""The stations of a drawn sample as indices, and which reports are its assigned visits."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.observation.code_matrix import KINDS, CodeMatrix
from analytics.survey.design import Design, Floats, Ints, make_design
from analytics.survey.estimates import Truths
from analytics.survey.methods import Weighting
from schemas.mission import Kind


@dataclass(frozen=True)
class DrawnSample:
    """The stations drawn by lot, and who was sent to them.

    ``place``, ``stratum``, ``population`` (stations in the stratum's frame) and ``area`` hold
    one entry a station drawn, with the indices of the reference data. ``response_class`` is the
    class of stratum in which the least response is asked of each; None: in all alone.
    """

    kind: Kind
    place: Ints
    stratum: Ints
    population: Ints
    area: Ints
    weighting: Weighting | None = None
    response_class: Ints | None = None

    def __len__(self) -> int:
        return len(self.place)

    @cached_property
    def frame_size(self) -> int:
        """How many stations the sample speaks of."""
        if self.weighting is not None:
            return self.weighting.population
        _, first = np.unique(self.stratum, return_index=True)
        return int(self.population[first].sum())

    def responds(self, came: Truths, gone: Truths, threshold: float) -> bool:
        """Whether enough of the stations that something is expected from sent it (``came``, shape
        (stations,); ``gone`` are those from which nothing is): in all, and in every class."""
        expected = ~gone
        if not expected.any() or np.count_nonzero(came) < threshold * np.count_nonzero(expected):
            return False
        if self.response_class is None:
            return True
        classes = int(self.response_class.max(initial=-1)) + 1
        asked, sent = (
            np.bincount(self.response_class[each], minlength=classes) for each in (expected, came)
        )
        return bool((sent >= threshold * asked).all())

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
        """The position of each of these places in the sample; they must be drawn ones."""
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


def sent_by(sample: DrawnSample | None, matrix: CodeMatrix) -> Truths:
    """Which reports are the sample's own: assigned, of its kind, at a station drawn."""
    if sample is None:
        return np.zeros(len(matrix), dtype=np.bool_)
    drawn: Truths = np.isin(matrix["place"], sample.place)
    drawn &= matrix.assigned
    drawn &= matrix["kind"] == KINDS.index(sample.kind)
    return drawn


def came_from(sample: DrawnSample, matrix: CodeMatrix) -> Truths:
    """Of each station drawn whether any of the sample's own reports counts."""
    return np.isin(sample.place, matrix["place"][matrix.counted & sent_by(sample, matrix)])
