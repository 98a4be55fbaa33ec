"""Rates that stand: made of tallies that are kept up, and made anew only where these moved.

They are those of :func:`analytics.observation.irregularity_rates.irregularities`
(tests/analytics/observation/test_standing.py), at the cost of what changed.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KINDS
from analytics.observation.drawn_sample import AreaGroups, DrawnSample, StationGroups
from analytics.observation.irregularity_rates import Found, Rate, rate_of
from analytics.observation.standing import Standing, sample_part
from analytics.observation.tallies import Tallies
from analytics.survey.design import Floats, Ints
from schemas.checklist import Indicator
from schemas.mission import Kind

SHARES = ("value", "se", "low", "high", "n", "df")
Table = tuple[Any, ...]
"""Whose rates, and of what: never mixed with another's."""


class StandingRates:
    """The rates of ``indicators`` in the nation, or in each group of ``areas``."""

    def __init__(
        self,
        standing: Standing,
        indicators: Sequence[Indicator],
        areas: AreaGroups | None = None,
        *,
        threshold: float = 0.8,
        level: float = 0.95,
    ) -> None:
        self._standing, self._indicators, self._areas = standing, indicators, areas
        self._threshold, self._level = threshold, level
        self._groups: dict[Kind, StationGroups] = {}
        self._made: dict[Table, tuple[Floats, NDArray[np.object_]]] = {}

    def update(self) -> tuple[Rate, ...]:
        """The rates as of now, in the order of
        :func:`analytics.observation.irregularity_rates.irregularities`.
        One that rests on the same numbers as before is the same object."""
        standing = self._standing
        held = [each for each in self._indicators if each.code in standing.indicators]
        columns = standing.columns([each.code for each in held])
        found: list[Rate] = []
        for kind in KINDS:
            sample = standing.drawn_for(kind)
            if sample is not None:
                found += self._of_sample(sample, held, columns)
            found += self._of_visits(kind, held, columns)
        return tuple(sorted(found, key=lambda each: -1 if each.area is None else each.area))

    def _of_visits(self, kind: Kind, held: Sequence[Indicator], columns: list[int]) -> list[Rate]:
        part = KINDS.index(kind)
        counted = self._standing.tallies(part, self._areas, columns)
        present = np.flatnonzero(self._standing.reports(part, self._areas))

        def make(at: tuple[int, int]) -> Rate:
            return rate_of(
                held[at[1]], kind, "visits", self._area(at[0]), counted, at, "not_a_sample"
            )

        return self._remade((kind, "visits"), held, present, _rests_on(counted), make)

    def _of_sample(
        self, sample: DrawnSample, held: Sequence[Indicator], columns: list[int]
    ) -> list[Rate]:
        standing, areas, part = self._standing, self._areas, sample_part(sample.kind)
        groups = self._groups_of(sample)
        reports, said = standing.reports_at_stations(sample.kind), standing.at_stations(sample.kind)
        rows = int(np.maximum(reports, 1).sum())
        found = Found(
            standing.tallies(part, areas, columns),
            standing.shares(sample, groups).estimate(said, columns, self._level),
            standing.seen_stations(part, areas, columns),
            drawn=groups.sizes,
            reported=groups.with_those(reports > 0),
            population=sample.frame_size if areas is None else None,
            design=sample.whole.describe(rows),
        )

        def make(at: tuple[int, int]) -> Rate:
            return found.rate(held[at[1]], sample.kind, self._area(at[0]), at, self._threshold)

        shares = [getattr(found.shares, each) for each in SHARES]
        rests_on = _rests_on(
            found.counted, *shares, found.seen_at, found.drawn[:, None], found.reported[:, None]
        )
        table = sample.kind, "sample", found.design
        return self._remade(table, held, np.flatnonzero(found.drawn), rests_on, make)

    def _groups_of(self, sample: DrawnSample) -> StationGroups:
        if sample.kind not in self._groups:
            self._groups[sample.kind] = StationGroups.of_sample(sample, self._areas)
        return self._groups[sample.kind]

    def _area(self, group: int) -> int | None:
        return None if self._areas is None else group

    def _remade(
        self,
        of: Table,
        held: Sequence[Indicator],
        present: Ints,
        rests_on: Floats,
        make: Callable[[tuple[int, int]], Rate],
    ) -> list[Rate]:
        """The rates of the groups that are present. Those are made that rest on other numbers
        than when they were made; ``rests_on`` has shape (groups, indicators, numbers)."""
        table = *of, *(each.code for each in held)
        nothing = np.full_like(rests_on, np.nan), np.empty(rests_on.shape[:2], dtype=object)
        before, rates = self._made.get(table, nothing)
        rests_on[np.setdiff1d(np.arange(len(rests_on)), present)] = np.nan
        same = ((before == rests_on) | (np.isnan(before) & np.isnan(rests_on))).all(axis=2)
        for group, column in np.argwhere(~same).tolist():
            rates[group, column] = make((group, column))
        self._made[table] = rests_on, rates
        return [each for group in present.tolist() for each in rates[group].tolist()]


def _rests_on(counted: Tallies, *others: Floats | Ints) -> Floats:
    """All numbers that rates are made of, beside each other, by group and indicator."""
    shape = counted.stations.shape
    beside = [np.broadcast_to(each, shape) for each in (counted.stations, *others)]
    return np.concatenate([counted.said, np.stack(beside, axis=2)], axis=2, dtype=np.float64)
