"""Shares of stations drawn singly and without replacement from strata, every contestant at once.

What :func:`analytics.survey.estimates.estimate_ratios` gives of the same design
(tests/analytics/results/test_singly_drawn.py): here stations of a stratum have one weight, so that
what they add up to by stratum is all that is needed. Source: Cochran, Sampling Techniques, 6.11.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.numbers import Estimate
from analytics.results.sampled_results import ProtocolResults
from analytics.survey.design import DesignProblem, Floats, Ints, design_in_words
from analytics.survey.intervals import t_interval

LEFT = 1e-5
"""Of sums of squares at least this part must be left for ten digits of a variance."""


@dataclass(frozen=True)
class SinglyDrawn:
    """Results of such a draw. ``adjusted``: each class weighs by the stations it stands for; else
    as drawn."""

    results: ProtocolResults
    adjusted: bool

    @cached_property
    def weight(self) -> Floats:
        """How many stations one stands for, by stratum."""
        results, design = self.results, self.results.design
        if not self.adjusted:
            return design.weight
        expected, received = results.stood_for
        raised = np.divide(expected, received, out=np.ones(len(expected)), where=received > 0)
        return np.asarray(design.weight * raised[design.group], dtype=np.float64)

    @cached_property
    def received(self) -> Ints:
        """Stations by class."""
        return self._classed(self.results.received.astype(np.float64)).astype(np.int64)

    def shares(self, level: float) -> tuple[Estimate, ...]:
        """The share of each contestant. Raises :class:`DesignProblem` where there is nothing to
        divide by."""
        if not self._below:
            raise DesignProblem("The denominator adds up to 0.")
        return tuple(self._share(each, level) for each in range(self.results.votes.shape[1]))

    def _share(self, contestant: int, level: float) -> Estimate:
        results, weight, moments = self.results, self.weight, self.results.moments
        n, size, below = len(results.stratum), self._size, self._below
        value = float(weight @ moments.y[contestant]) / below
        stations = results.received
        mean = (moments.y[contestant] - value * moments.x) / np.maximum(stations, 1)
        within = self._within(contestant, value, mean)
        variance = self._variance(mean, within) / below**2
        squares = within + stations * mean**2
        plain = float(weight @ squares) / size / (n - 1) * (size / below) ** 2
        plain *= 1 - n / size if size > n else 1.0
        se, df = float(np.sqrt(variance)), max(float(n - np.count_nonzero(self.received)), 1.0)
        low, high = t_interval(np.array([value]), np.array([se]), np.array([df]), 1 - level)
        return Estimate(
            value=value,
            se=se,
            low=float(low[0]),
            high=float(high[0]),
            level=level,
            n=n,
            df=df,
            deff=variance / plain if plain > 0 else None,
            method="t",
            design=self._in_words,
        )

    def _within(self, contestant: int, value: float, mean: Floats) -> Floats:
        """Σ(y − Rx − mean)² by stratum: from the sums of squares, or station by station where
        too little would be left of these: a variance of nothing must come out as nothing."""
        results, moments = self.results, self.results.moments
        within = moments.squares(contestant, value) - results.received * mean**2
        counts = (1 - self._fraction[results.design.group]) * self.weight**2
        if counts @ within >= LEFT * (counts @ moments.size(contestant, value)):
            return np.maximum(within, 0)
        off = value * results.below + mean[results.stratum]
        np.subtract(results.votes[:, contestant], off, out=off)
        off *= off
        return np.asarray(np.bincount(results.stratum, off, len(results.strata)), dtype=np.float64)

    @cached_property
    def _size(self) -> float:
        """Stations that those received stand for."""
        return float(self.weight @ self.results.received)

    @cached_property
    def _below(self) -> float:
        """What shares are out of."""
        return float(self.weight @ self.results.moments.x)

    def _variance(self, mean: Floats, within: Floats) -> float:
        """Σ_h (1 − f) n/(n − 1) Σ (z − z̄)², z = w(y − Rx); of a single one its z². ``mean`` and
        ``within`` are each stratum's mean of y − Rx and its squares about it."""
        n, stations, each = self.received, self.results.received, self.weight * mean
        middle = self._classed(stations * each) / np.maximum(n, 1)
        middle = np.where(n == 1, 0.0, middle)[self.results.design.group]
        spread = self._classed(self.weight**2 * within + stations * (each - middle) ** 2)
        scale = np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)
        return float(np.sum((1 - self._fraction) * scale * spread))

    @cached_property
    def _fraction(self) -> Floats:
        """The part of each class's stations that was received."""
        population = np.maximum(self.results.population, 1)
        return np.asarray(np.where(self.received > 0, self.received / population, 0.0))

    @cached_property
    def _in_words(self) -> str:
        came = self.received > 0
        of_rows = self.weight[self.results.received > 0]
        return design_in_words(
            strata=int(came.sum()),
            units=int(self.received.sum()),
            weighted=bool(np.ptp(of_rows) > 0),
            finite=True,
            singles=int(np.sum((self.received == 1) & (self._fraction < 1))),
        )

    def _classed(self, each: Floats) -> Floats:
        design = self.results.design
        return np.asarray(np.bincount(design.group, each, len(design.names)), dtype=np.float64)
