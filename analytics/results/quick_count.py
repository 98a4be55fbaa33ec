"""The quick count: shares of the vote from the results of sampled stations, and what they say.

Combined ratio Σw·votes/Σw·denominator (Cochran, 6.11) by the design of the draw: strata with
their finite populations, or the areas or stations drawn first where chances differ. It checks
official figures; it never declares a winner (dop:6).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import starmap
from typing import Literal

import numpy as np

from analytics.numbers import Estimate
from analytics.results.sampled_results import ProtocolResults, Response, SampledStratum
from analytics.survey.design import Design, DesignProblem, Floats, make_design, post_stratify
from analytics.survey.estimates import estimate_ratios
from analytics.survey.intervals import t_quantile

__all__ = [
    "ProtocolResults",
    "QuickCount",
    "Response",
    "SampledStratum",
    "Share",
    "Verdict",
    "against_official",
    "against_threshold",
    "count_quickly",
]

Verdict = Literal["consistent", "inconsistent", "cannot determine"]


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
    """What the sample says. ``response`` has a line per class, and ``ruled`` says whether the
    least response is asked of each; ``population`` is the stations of the frame that vote in the
    contest."""

    shares: tuple[Share, ...]
    response: tuple[Response, ...]
    planned: int
    received: int
    set_aside: int
    level: float
    closed: int = 0
    population: int = 0
    ruled: bool = True

    @property
    def rate(self) -> float:
        """The part that entered of the drawn stations that opened."""
        expected = self.planned - self.closed
        return self.received / expected if expected else 0.0

    def meets(self, threshold: float) -> bool:
        """Whether response reaches the threshold overall and in every class that is a stratum."""
        classes = self.response if self.ruled else ()
        return self.rate >= threshold and all(each.rate >= threshold for each in classes)


def count_quickly(results: ProtocolResults, level: float = 0.95) -> QuickCount:
    """Estimate every contestant's share.

    Raises :class:`DesignProblem` before there are two stations, or two of the areas drawn first,
    and for results that cannot be.
    """
    results.check()
    if results.units < 2:
        raise DesignProblem("There are not two results yet.")
    response = results.response()
    estimates, raw = (_ratios(results, level, adjusted=each) for each in (True, False))
    bounds = _bounds(results)
    shares = tuple(starmap(Share, zip(results.contestants, estimates, raw, *bounds, strict=True)))
    return QuickCount(
        shares,
        response,
        sum(each.planned for each in response),
        len(results.stratum),
        results.set_aside,
        level,
        sum(each.closed for each in response),
        int(results.stations.sum()),
        results.design.ruled,
    )


def _ratios(results: ProtocolResults, level: float, *, adjusted: bool) -> tuple[Estimate, ...]:
    """The share of each contestant."""
    design = _design(results, adjusted=adjusted)
    found = estimate_ratios(design, results.votes, results.below, level)
    received = len(results.stratum)
    drawn = int(results.expected.sum())
    population = round(float(results.population.sum()))
    return tuple(
        replace(
            each,
            n=received,
            missing=drawn - received,
            population=population,
            unit="vote",
            drawn=drawn,
        )
        for each in found
    )


def _design(results: ProtocolResults, *, adjusted: bool) -> Design:
    """Adjusted: each class weighs by the stations it stands for. Raw: as drawn."""
    design = _drawn(results, results.weights * (results.raised if adjusted else 1.0))
    if adjusted and results.classes is not None and results.class_sizes is not None:
        return post_stratify(design, results.classes, results.class_sizes)
    return design


def _drawn(results: ProtocolResults, weights: Floats) -> Design:
    """The stations received as they were drawn. Of unequal chances the first units count as drawn
    with replacement, which states too much."""
    group = results.design.group[results.stratum]
    if results.design.finite:
        population = results.population[group]
        return make_design(len(weights), strata=group, weights=weights, fpc=population)
    units = results.stratum if results.design.by_area else None
    return make_design(len(weights), psu=units, weights=weights)


def _bounds(results: ProtocolResults) -> tuple[list[float], list[float]]:
    """Each share, at least and at most, if everyone at the stations that did not enter had voted
    one way.

    A missing station is given the mean denominator of its class (of all, where its class has
    none).
    """
    group = results.design.group
    expected, received = results.stood_for
    votes, below = (results.votes.T @ results.weights).tolist(), results.below * results.weights
    whole = float(below.sum())
    sums = np.bincount(group[results.stratum], weights=below, minlength=len(received))
    overall = whole / float(np.sum(received))
    mean = np.where(received > 0, sums / np.where(received > 0, received, 1.0), overall)
    missing = float(np.sum(np.maximum(expected - received, 0) * mean))
    out_of = whole + missing
    return [each / out_of for each in votes], [(each + missing) / out_of for each in votes]


def against_official(
    share: Share, official: float, contestants: int, *, response_met: bool
) -> Verdict:
    """Compare an official share with the quick count. Below the least response nothing is said.

    Inconsistent only where the figure lies outside the interval made simultaneous over all
    contestants compared (Bonferroni), raw and adjusted alike, and what is missing cannot bring it
    back. Consistent where it lies inside the interval.
    """
    if not response_met:
        return "cannot determine"
    if share.estimate.low <= official <= share.estimate.high:
        return "consistent"
    ranges = (
        *(simultaneous(each, contestants) for each in (share.estimate, share.raw)),
        _with_missing(share, contestants),
    )
    inside = any(low <= official <= high for low, high in ranges)
    return "cannot determine" if inside else "inconsistent"


def against_threshold(
    share: Share, threshold: float, *, response_met: bool, contestants: int = 1
) -> str:
    """``above``, ``below`` or ``cannot determine``, by the intervals and the bounds alike."""
    ranges = (
        *(simultaneous(each, contestants) for each in (share.estimate, share.raw)),
        _with_missing(share, contestants),
    )
    if response_met and all(low > threshold for low, _ in ranges):
        return "above"
    if response_met and all(high < threshold for _, high in ranges):
        return "below"
    return "cannot determine"


def _reach(estimate: Estimate, contestants: int) -> float:
    """The margin that holds for all contestants at once, by Bonferroni."""
    alpha = (1 - estimate.level) / max(contestants, 1)
    return float(t_quantile(alpha, estimate.df)) * estimate.se


def simultaneous(estimate: Estimate, contestants: int) -> tuple[float, float]:
    """The range of a share that holds for all contestants at once."""
    reach = _reach(estimate, contestants)
    return estimate.value - reach, estimate.value + reach


def _with_missing(share: Share, contestants: int) -> tuple[float, float]:
    """From the lowest share that missing stations allow to the highest, with the margin."""
    reach = _reach(share.estimate, contestants)
    return share.lowest - reach, share.highest + reach


def converge(
    results: ProtocolResults,
    contestant: int,
    at: Sequence[int],
    threshold: float,
    level: float = 0.95,
) -> tuple[tuple[int, Estimate], ...]:
    """The estimate as it stood after each number of stations in ``at`` that can carry one: two or
    more, something to divide by, and the least response (``threshold``) reached by then."""
    one = replace(results, votes=results.votes[:, [contestant]])
    first = ((count, _first(one, count)) for count in at)
    return tuple(
        (count, _ratios(early, level, adjusted=True)[0])
        for count, early in first
        if early.carries and early.meets(threshold)
    )


def _first(results: ProtocolResults, count: int) -> ProtocolResults:
    """The results as they were after so many stations; by class once each has one."""
    classes = None if results.classes is None else results.classes[:count]
    sizes = results.class_sizes
    if classes is not None and sizes is not None:
        came = np.bincount(classes, minlength=len(sizes)) > 0
        classes = classes if np.all(came | (sizes == 0)) else None
    return replace(
        results,
        stratum=results.stratum[:count],
        votes=results.votes[:count],
        below=results.below[:count],
        classes=classes,
    )
