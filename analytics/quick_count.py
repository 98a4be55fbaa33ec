"""The quick count: shares of the vote from the results of sampled stations, and what they say.

Combined stratified ratio Σw·votes/Σw·denominator (Cochran, 6.11) with the finite population of
each stratum. It checks official figures; it never declares a winner (dop:6). A sampled station is
never replaced: one that was closed is out of the frame, one that was not reached is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analytics.design import Design, DesignProblem, Floats, Ints, make_design, post_stratify
from analytics.estimates import estimate_ratio
from analytics.intervals import t_quantile
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
    what shares are out of, by the law of the contest. ``refused`` and ``closed`` count drawn
    stations of each stratum that would not say, and that did not open. ``classes`` are
    post-strata of the rows, ``class_sizes`` the stations that the frame has of each.
    """

    contestants: tuple[str, ...]
    strata: tuple[SampledStratum, ...]
    stratum: Ints
    votes: Floats
    below: Floats
    set_aside: int = 0
    """Sampled stations whose results came but do not enter: held, quarantined, in conflict."""
    refused: Ints | None = None
    closed: Ints | None = None
    classes: Ints | None = None
    class_sizes: Floats | None = None

    @property
    def received(self) -> Ints:
        """Stations received per stratum."""
        return np.bincount(self.stratum, minlength=len(self.strata)).astype(np.int64)

    @property
    def expected(self) -> Ints:
        """Stations drawn per stratum that opened."""
        planned = np.array([each.planned for each in self.strata], dtype=np.int64)
        return planned if self.closed is None else planned - self.closed

    @property
    def population(self) -> Floats:
        """Stations per stratum that opened: those closed stand for others of the frame."""
        planned = np.array([max(each.planned, 1) for each in self.strata])
        population = np.array([each.population for each in self.strata], dtype=np.float64)
        return np.asarray(population * self.expected / planned)

    def response(self) -> tuple["Response", ...]:
        """How much has come in of each stratum."""
        none = np.zeros(len(self.strata), dtype=np.int64)
        refused = none if self.refused is None else self.refused
        closed = none if self.closed is None else self.closed
        return tuple(
            Response(each.code, each.population, each.planned, *map(int, came))
            for each, *came in zip(self.strata, self.received, refused, closed, strict=True)
        )

    def check(self) -> None:
        """Raise :class:`DesignProblem` for results that cannot be."""
        if self.votes.shape != (len(self.stratum), len(self.contestants)):
            raise DesignProblem("votes: a row a station and a column a contestant are needed.")
        figures = np.column_stack([self.votes, self.below])
        if not np.all(np.isfinite(figures)) or np.any(figures < 0):
            raise DesignProblem("votes: they must be numbers, and none below 0.")
        over = np.flatnonzero(self.received > self.expected)
        if len(over):
            code = self.strata[int(over[0])].code
            raise DesignProblem(f"Stratum {code}: more results than stations that were drawn.")


@dataclass(frozen=True)
class Response:
    """How much of one stratum has come in; ``closed`` stations are no longer waited for."""

    stratum: str
    population: int
    planned: int
    received: int
    refused: int = 0
    closed: int = 0

    @property
    def missing(self) -> int:
        """Drawn stations that opened and whose results did not enter, refused or not."""
        return self.planned - self.closed - self.received

    @property
    def rate(self) -> float:
        """The part that entered of the drawn stations that opened."""
        expected = self.planned - self.closed
        return self.received / expected if expected else 1.0


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
    closed: int = 0

    @property
    def rate(self) -> float:
        """The part that entered of the drawn stations that opened."""
        expected = self.planned - self.closed
        return self.received / expected if expected else 0.0

    def meets(self, threshold: float) -> bool:
        """Whether response reaches the threshold overall and in every stratum."""
        return self.rate >= threshold and all(each.rate >= threshold for each in self.response)


def count_quickly(results: ProtocolResults, level: float = 0.95) -> QuickCount:
    """Estimate every contestant's share.

    Raises :class:`DesignProblem` before there are two stations, and for results that cannot be.
    """
    results.check()
    if len(results.stratum) < 2:
        raise DesignProblem("There are not two results yet.")
    response = results.response()
    designs = _design(results, adjusted=True), _design(results, adjusted=False)
    shares = tuple(
        _share(results, column, level, *designs) for column in range(len(results.contestants))
    )
    return QuickCount(
        shares, response, sum(each.planned for each in response), len(results.stratum),
        results.set_aside, level, sum(each.closed for each in response),
    )  # fmt: skip


def _share(
    results: ProtocolResults, column: int, level: float, adjusted: Design, raw: Design
) -> Share:
    votes = results.votes[:, column]
    as_drawn = _ratio(results, votes, level, raw)
    estimate = _ratio(results, votes, level, adjusted)
    return Share(results.contestants[column], estimate, as_drawn, *_bounds(results, votes))


def _ratio(results: ProtocolResults, votes: Floats, level: float, design: Design) -> Estimate:
    found = estimate_ratio(design, votes, results.below, level=level)
    missing = int(results.expected.sum()) - len(votes)
    return replace(found, missing=missing, population=round(float(results.population.sum())))


def _design(results: ProtocolResults, *, adjusted: bool) -> Design:
    """Adjusted: each stratum, and each class, weighs by its stations. Raw: as drawn."""
    base = results.received if adjusted else results.expected
    population, rows = results.population[results.stratum], len(results.stratum)
    weights = population / base[results.stratum]
    design = make_design(rows, strata=results.stratum, weights=weights, fpc=population)
    if adjusted and results.classes is not None and results.class_sizes is not None:
        return post_stratify(design, results.classes, results.class_sizes)
    return design


def _bounds(results: ProtocolResults, votes: Floats) -> tuple[float, float]:
    """The share if everyone at the stations that did not enter had voted one way.

    A missing station is given the mean denominator of its stratum (of all, where its stratum
    has none).
    """
    received, expected = results.received, results.expected
    weight = results.population / np.maximum(expected, 1)
    sums = np.bincount(results.stratum, weights=results.below, minlength=len(received))
    mean = np.where(received > 0, sums / np.maximum(received, 1), float(results.below.mean()))
    missing = float(np.sum(weight * (expected - received) * mean))
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
    ranges = (
        *(_simultaneous(each, contestants) for each in (share.estimate, share.raw)),
        _with_missing(share, contestants),
    )
    inside = any(low <= official <= high for low, high in ranges)
    return "inconsistent" if response_met and not inside else "cannot determine"


def against_threshold(
    share: Share, threshold: float, *, response_met: bool, contestants: int = 1
) -> str:
    """``above``, ``below`` or ``cannot determine``, by the intervals and the bounds alike."""
    ranges = (
        *(_simultaneous(each, contestants) for each in (share.estimate, share.raw)),
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


def _simultaneous(estimate: Estimate, contestants: int) -> tuple[float, float]:
    reach = _reach(estimate, contestants)
    return estimate.value - reach, estimate.value + reach


def _with_missing(share: Share, contestants: int) -> tuple[float, float]:
    """From the lowest share that missing stations allow to the highest, with the margin."""
    reach = _reach(share.estimate, contestants)
    return share.lowest - reach, share.highest + reach


def converge_one_by_one(
    results: ProtocolResults, contestant: int, at: Sequence[int], level: float = 0.95
) -> tuple[Estimate, ...]:
    """The estimate as it stood after each number of stations in ``at`` (two or more)."""
    found = []
    for count in at:
        if count >= 2:
            first = _first(results, count)
            design = _design(first, adjusted=True)
            found.append(_ratio(first, first.votes[:, contestant], level, design))
    return tuple(found)


def _first(results: ProtocolResults, count: int) -> ProtocolResults:
    """The results as they were after so many stations; by class once each has one."""
    classes = None if results.classes is None else results.classes[:count]
    sizes = results.class_sizes
    if classes is not None and sizes is not None:
        came = np.bincount(classes, minlength=len(sizes)) > 0
        classes = classes if np.all(came | (sizes == 0)) else None
    return replace(
        results, stratum=results.stratum[:count], votes=results.votes[:count],
        below=results.below[:count], classes=classes,
    )  # fmt: skip
