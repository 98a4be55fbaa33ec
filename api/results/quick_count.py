"""The quick counts of a round: a sample's results, and what they say of every contest."""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from analytics.numbers import Estimate
from analytics.observation.moments import moment_of
from analytics.results.convergence import converge
from analytics.results.inclusion import Included, Inclusion, include
from analytics.results.quick_count import QuickCount, SampledStratum, count_quickly
from analytics.results.vote_design import VoteDesign, vote_design
from analytics.survey.design import Ints
from api.figures.coverage import closed_at, refused_at
from api.figures.edition import Edition
from api.figures.reference_data import ContestFacts, SampleOfRound

STEPS = 40
"""Points of a convergence curve."""


@dataclass(frozen=True)
class ContestCounted:
    """A contest's quick count.

    ``count`` is None before two results with a denominator, of two areas where areas were drawn.
    """

    contest: ContestFacts
    included: Included
    count: QuickCount | None
    threshold: float

    @property
    def may_speak(self) -> bool:
        """Whether response reaches the mission's threshold, overall and in every stratum."""
        return self.count is not None and self.count.meets(self.threshold)


def quick_counts(edition: Edition) -> tuple[ContestCounted, ...]:
    """Every contest of the round, where a sample was drawn."""

    def make() -> tuple[ContestCounted, ...]:
        drawn = edition.reference.drawn
        if drawn is None:
            return ()
        design = vote_design(drawn.sample.method, drawn.strata)
        return tuple(
            _counted(edition, contest, drawn, design)
            for contest in edition.reference.polling.contests
        )

    return edition.cached("quick counts", make)


def _counted(
    edition: Edition, contest: ContestFacts, drawn: SampleOfRound, design: VoteDesign
) -> ContestCounted:
    rules = Inclusion(contest.contestants, contest.denominator, drawn.stratum)
    strata = [SampledStratum(each.code, each.population, each.drawn) for each in drawn.strata]
    included = include(edition.record.protocols, rules, strata, design)
    closed, refused = _out_of_reach(edition, drawn, included)
    results = replace(included.results, closed=closed, refused=refused)
    count = count_quickly(results) if results.carries else None
    return ContestCounted(
        contest,
        replace(included, results=results),
        count,
        edition.reference.mission.response_threshold,
    )


def _out_of_reach(edition: Edition, drawn: SampleOfRound, included: Included) -> tuple[Ints, Ints]:
    """The stations drawn of each stratum that did not open, and those that let nobody in, where
    no result of theirs entered."""
    closed = drawn.stratum.keys() & closed_at(edition)
    refused = (drawn.stratum.keys() & refused_at(edition, drawn.kind)) - closed

    def counted(places: Set[int]) -> Ints:
        at = np.array(sorted(places), dtype=np.int64)
        silent = [drawn.stratum[each] for each in at[~included.has_entered(at)].tolist()]
        return np.bincount(np.array(silent, dtype=np.int64), minlength=len(drawn.strata))

    return counted(closed), counted(refused)


def running(counted: ContestCounted, contestant: int) -> list[tuple[datetime, Estimate]]:
    """The estimate as results came in, at some forty moments."""
    arrivals = counted.included.arrivals
    total = len(arrivals)
    step = max(total // STEPS, 1)
    at = sorted({*range(min(20, total), total + 1, step), total})
    found = converge(counted.included.results, contestant, at)
    return [(moment_of(int(arrivals[count - 1])), each) for count, each in found]
