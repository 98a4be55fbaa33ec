"""The quick count: shares of the vote from the results of sampled stations, and what they say.

Combined stratified ratio Σw·votes/Σw·denominator (Cochran, 6.11) with the finite population of
each stratum. It checks official figures; it never declares a winner (dop:6).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.design import DesignProblem, Floats, Ints, make_design
from analytics.estimates import estimate_ratio
from analytics.numbers import Estimate

Verdict = Literal["consistent", "inconsistent", "cannot determine"]


@dataclass(frozen=True)
class SampledStratum:
    """A stratum of the sample: stations in it, stations drawn."""

    code: str
    population: int
    planned: int


@dataclass(frozen=True)
class ProtocolResults:
    """Results received from sampled stations, one row a station, in order of arrival.

    ``stratum`` is an index into ``strata``; ``votes`` has a column per contestant; ``below`` is
    what shares are out of, by the law of the contest.
    """

    contestants: tuple[str, ...]
    strata: tuple[SampledStratum, ...]
    stratum: Ints
    votes: Floats
    below: Floats
    set_aside: int = 0
    """Sampled stations whose results came but do not enter: held, quarantined, in conflict."""

    @property
    def received(self) -> Ints:
        """Stations received per stratum."""
        return np.bincount(self.stratum, minlength=len(self.strata)).astype(np.int64)


@dataclass(frozen=True)
class Response:
    """How much of one stratum has come in."""

    stratum: str
    population: int
    planned: int
    received: int

    @property
    def rate(self) -> float:
        return self.received / self.planned if self.planned else 1.0


@dataclass(frozen=True)
class Share:
    """One contestant's share: adjusted for what is missing, raw beside it, and the bounds."""

    contestant: str
    estimate: Estimate
    raw: Estimate
    lowest: float
    highest: float


@dataclass(frozen=True)
class QuickCount:
    """What the sample says. ``response`` has a line per stratum."""

    shares: tuple[Share, ...]
    response: tuple[Response, ...]
    planned: int
    received: int
    set_aside: int
    level: float

    @property
    def rate(self) -> float:
        """The part of the drawn stations that entered."""
        return self.received / self.planned if self.planned else 0.0

    def meets(self, threshold: float) -> bool:
        """Whether response reaches the threshold overall and in every stratum."""
        return self.rate >= threshold and all(each.rate >= threshold for each in self.response)


def count_quickly(results: ProtocolResults, level: float = 0.95) -> QuickCount:
    """Estimate every contestant's share. Raises DesignProblem before there are two stations."""
    if len(results.stratum) < 2:
        raise DesignProblem("There are not two results yet.")
    received = results.received
    response = tuple(
        Response(each.code, each.population, each.planned, int(got))
        for each, got in zip(results.strata, received, strict=True)
    )
    shares = tuple(_share(results, column, level) for column in range(len(results.contestants)))
    return QuickCount(
        shares, response, sum(each.planned for each in results.strata), int(received.sum()),
        results.set_aside, level,
    )  # fmt: skip


def _share(results: ProtocolResults, column: int, level: float) -> Share:
    votes = results.votes[:, column]
    lowest, highest = _bounds(results, votes)
    return Share(
        results.contestants[column],
        _ratio(results, votes, level, adjusted=True),
        _ratio(results, votes, level, adjusted=False),
        lowest,
        highest,
    )


def _ratio(results: ProtocolResults, votes: Floats, level: float, *, adjusted: bool) -> Estimate:
    """Adjusted: each stratum weighs by its stations. Raw: as drawn, missing strata thin."""
    population = np.array([each.population for each in results.strata], dtype=np.float64)
    planned = np.array([each.planned for each in results.strata], dtype=np.float64)
    base = results.received if adjusted else planned
    weights = population[results.stratum] / base[results.stratum]
    design = make_design(
        len(votes), strata=results.stratum, weights=weights, fpc=_population(results)
    )
    return estimate_ratio(design, votes, results.below, level=level)


def _population(results: ProtocolResults) -> Floats:
    """Stations per row's stratum; a stratum of one station was drawn whole, a fraction of 1."""
    return np.array([results.strata[each].population for each in results.stratum], dtype=np.float64)


def _bounds(results: ProtocolResults, votes: Floats) -> tuple[float, float]:
    """The share if everyone at the stations that did not enter had voted one way.

    A missing station is given the mean denominator of its stratum (of all, where its stratum
    has none).
    """
    received = results.received
    weight = np.array([each.population / max(each.planned, 1) for each in results.strata])
    overall = float(results.below.mean())
    sums = np.bincount(results.stratum, weights=results.below, minlength=len(received))
    mean = np.where(received > 0, sums / np.maximum(received, 1), overall)
    planned = np.array([each.planned for each in results.strata])
    missing = float(np.sum(weight * np.maximum(planned - received, 0) * mean))
    above = float(np.sum(weight[results.stratum] * votes))
    below = float(np.sum(weight[results.stratum] * results.below)) + missing
    return above / below, (above + missing) / below


def against_official(
    share: Share, official: float, contestants: int, *, response_met: bool
) -> Verdict:
    """Hold an official share against the quick count.

    Inconsistent only where response suffices, the figure lies outside the interval made
    simultaneous over all contestants compared (Bonferroni), raw and adjusted alike, and what is
    missing cannot bring it back. Consistent where it lies inside the interval.
    """
    if share.estimate.low <= official <= share.estimate.high:
        return "consistent"
    outside = all(
        not _inside(_simultaneous(each, contestants), official)
        for each in (share.estimate, share.raw)
    )
    reach = share.estimate.margin
    bounded = share.lowest - reach <= official <= share.highest + reach
    if response_met and outside and not bounded:
        return "inconsistent"
    return "cannot determine"


def against_threshold(share: Share, threshold: float, *, response_met: bool) -> str:
    """``above``, ``below`` or ``cannot determine``, by the interval and the bounds alike."""
    lowest = min(share.estimate.low, share.raw.low, share.lowest)
    highest = max(share.estimate.high, share.raw.high, share.highest)
    if response_met and lowest > threshold:
        return "above"
    if response_met and highest < threshold:
        return "below"
    return "cannot determine"


def _simultaneous(estimate: Estimate, contestants: int) -> tuple[float, float]:
    from analytics.intervals import t_quantile

    alpha = (1 - estimate.level) / max(contestants, 1)
    reach = float(t_quantile(alpha, estimate.df)) * estimate.se
    return estimate.value - reach, estimate.value + reach


def _inside(interval: tuple[float, float], value: float) -> bool:
    return interval[0] <= value <= interval[1]


def converge(
    results: ProtocolResults, contestant: int, at: Sequence[int], level: float = 0.95
) -> tuple[Estimate, ...]:
    """The estimate as it stood after each number of stations in ``at`` (two or more)."""
    return tuple(
        _ratio(_first(results, count), results.votes[:count, contestant], level, adjusted=True)
        for count in at if count >= 2
    )  # fmt: skip


def _first(results: ProtocolResults, count: int) -> ProtocolResults:
    return ProtocolResults(
        results.contestants, results.strata, results.stratum[:count], results.votes[:count],
        results.below[:count],
    )  # fmt: skip
