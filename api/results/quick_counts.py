"""A round's quick counts as pages and JSON ask for them."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np

from analytics.numbers import Estimate
from analytics.observation.code_matrix import NOWHERE
from analytics.observation.ids import moment_of
from analytics.results.inclusion import Entry, Included, Inclusion, WhyNot, include
from analytics.results.quick_count import (
    QuickCount,
    SampledStratum,
    Share,
    against_threshold,
    converge,
    count_quickly,
)
from analytics.results.sampled_results import VoteDesign, vote_design
from analytics.survey.design import Ints
from analytics.survey.methods import method_of
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.export import number_out
from api.figures.reference_data import ContestFacts, SampleOfRound
from api.figures.unobserved import closed_at, refused_at
from api.results.of_contest import protocols_of, sample_of

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
    here = sample_of(edition, contest, drawn)
    rules = Inclusion(contest.contestants, contest.denominator, here.stratum)
    strata = [SampledStratum(each.code, each.population, each.drawn) for each in drawn.strata]
    included = include(protocols_of(edition, contest), rules, strata, design)
    closed, refused = _out_of_reach(edition, drawn, here.stratum, included)
    results = replace(
        included.results,
        closed=closed,
        refused=refused,
        outside=here.outside,
        frame=here.frame,
    )
    count = count_quickly(results) if results.carries else None
    return ContestCounted(
        contest,
        replace(included, results=results),
        count,
        edition.reference.mission.response_threshold,
    )


def _out_of_reach(
    edition: Edition, drawn: SampleOfRound, stratum: Mapping[int, int], included: Included
) -> tuple[Ints, Ints]:
    """The stations drawn of each stratum that did not open, and those that let nobody in, where
    no result of theirs entered. ``stratum`` is of those that vote in the contest, by place."""
    closed = stratum.keys() & closed_at(edition)
    refused = (stratum.keys() & refused_at(edition, drawn.kind)) - closed

    def counted(places: Set[int]) -> Ints:
        at = np.array(sorted(places), dtype=np.int64)
        silent = [stratum[each] for each in at[~included.has_entered(at)].tolist()]
        return np.bincount(np.array(silent, dtype=np.int64), minlength=len(drawn.strata))

    return counted(closed), counted(refused)


def running(counted: ContestCounted, contestant: int) -> list[tuple[datetime, Estimate]]:
    """The estimate as results came in, at some forty moments from that on at which response
    reached the mission's threshold."""
    arrivals = counted.included.arrivals
    total = len(arrivals)
    step = max(total // STEPS, 1)
    at = sorted({*range(min(20, total), total + 1, step), total})
    found = converge(counted.included.results, contestant, at, counted.threshold)
    return [(moment_of(int(arrivals[count - 1])), each) for count, each in found]


WITHHELD = "Response is below the mission's threshold, overall or in a class of stratum."


def contest_out(edition: Edition, counted: ContestCounted) -> dict[str, Any]:
    """A quick count: shares, and response by stratum. Below the response that the mission asks
    for each share is null, with its bounds beside it, and ``withheld`` says why."""
    count, contest, drawn = counted.count, counted.contest, edition.reference.drawn
    design = counted.included.results.design
    names = dict(contest.contestants)
    return {
        "contest": {"code": contest.code, "name": contest.name},
        "denominator": contest.denominator,
        "thresholds": [{"name": name, "share": share} for name, share in contest.thresholds],
        "response_threshold": counted.threshold,
        "may_speak": counted.may_speak,
        "withheld": None if counted.may_speak else WITHHELD,
        "design": {
            "method": None if drawn is None else method_of(drawn.sample.method),
            "classes": design.classes,
            "why": design.why or None,
        },
        "planned": None if count is None else count.planned,
        "received": len(counted.included.arrivals),
        "set_aside": counted.included.results.set_aside,
        "shares": []
        if count is None
        else [_share_out(each, names, counted) for each in count.shares],
        "strata": []
        if count is None
        else [
            {
                "code": each.stratum,
                "population": each.population,
                "planned": each.planned,
                "received": each.received,
                "refused": each.refused,
                "closed": each.closed,
                "missing": each.missing,
                "rate": each.rate,
            }
            for each in count.response
        ],
    }


def entries_out(edition: Edition, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Reports of a quick count, each with why it entered or not."""
    places = edition.reference.places
    return [
        {
            "report": each.report,
            "entered": each.entered,
            "why_not": each.why_not,
            "station": places[each.place].code if each.place >= 0 else None,
        }
        for each in entries
    ]


def _share_out(share: Share, names: Mapping[str, str], counted: ContestCounted) -> dict[str, Any]:
    """One contestant's share, and on which side of each threshold it lies: never who won."""
    return {
        "contestant": share.contestant,
        "name": names.get(share.contestant, share.contestant),
        "number": number_out(share.estimate, "votes") if counted.may_speak else None,
        "raw": number_out(share.raw, "votes") if counted.may_speak else None,
        "lowest": share.lowest,
        "highest": share.highest,
        "thresholds": [
            {
                "name": name,
                "share": line,
                "verdict": against_threshold(share, line, response_met=counted.may_speak),
            }
            for name, line in counted.contest.thresholds
        ],
    }


MOST_TOLD = 1_000_000
ELSEWHERE = UUID(int=0)
"""Stands for the station of reports of no station."""


@dataclass(frozen=True)
class LeftOut:
    """A result that did not enter, why, and its station: empty where none is known."""

    report: UUID
    why_not: WhyNot | None
    code: str
    name: str


@dataclass(frozen=True)
class ContestShown:
    """A contest's quick count as a page shows it.

    ``left_out`` are the first results that did not enter and that somebody should look at,
    ``more`` how many others there are; ``running`` is the estimate of the contestant who leads as
    results came in, where there is an estimate; ``classes``, ``ruled`` and ``why`` describe the
    classes of response.
    """

    contest: ContestFacts
    count: QuickCount | None
    received: int
    planned: int
    set_aside: int
    may_speak: bool
    threshold: float
    classes: str
    ruled: bool
    why: str
    left_out: tuple[LeftOut, ...]
    more: int
    beside: tuple[int, int]
    running: tuple[tuple[datetime, Estimate], ...]

    @property
    def order(self) -> list[int]:
        """The contestants by their shares, the largest first."""
        shares = self.count.shares if self.count else ()
        return sorted(range(len(shares)), key=lambda at: -shares[at].estimate.value)


@dataclass(frozen=True)
class CountPage:
    """A quick count as JSON with so many of its reports.

    ``after`` is the station that the next come after, and how many of its reports were given.
    ``known`` is false where there is no station of the id that was named.
    """

    contest: ContestFacts
    count: QuickCount | None
    may_speak: bool
    content: Mapping[str, Any]
    after: tuple[UUID, int] | None = None
    known: bool = True


@figure
def contests_shown(edition: Edition, most: int) -> tuple[ContestShown, ...]:
    """Every contest of the round where a sample was drawn, with at most so many left out."""
    return tuple(_shown(edition, each, most) for each in quick_counts(edition))


@figure
def areas_drawn(edition: Edition) -> dict[str, str]:
    """The names of the areas that the main sample drew, by the codes of its strata."""
    return edition.reference.areas_drawn


@figure
def whole_count(edition: Edition, code: str) -> dict[str, Any] | None:
    """A contest as it is frozen, with every report; None where none of this code is counted."""
    counted = counted_of(edition, code)
    if counted is None:
        return None
    reports = entries_out(edition, counted.included.entries)
    return {"sequence": edition.clock, **contest_out(edition, counted), "reports": reports}


@figure
def count_page(
    edition: Edition, code: str, behind: tuple[UUID, int] | None, limit: int
) -> CountPage | None:
    """The same with so many of its reports, station by station, behind one."""
    counted = counted_of(edition, code)
    if counted is None:
        return None
    first, skip = (NOWHERE, 0) if behind is None else (_place(edition, behind[0]), behind[1])
    if first is None:
        return CountPage(counted.contest, counted.count, counted.may_speak, {}, known=False)
    skip = min(skip, MOST_TOLD)
    found = list(islice(counted.included.since(first), skip, skip + limit + 1))
    shown, after = found[:limit], None
    if len(found) > limit:
        last = shown[-1].place
        told = sum(each.place == last for each in shown) + (skip if last == first else 0)
        after = _station(edition, last), told
    content = {
        "sequence": edition.clock,
        **contest_out(edition, counted),
        "reports": entries_out(edition, shown),
    }
    return CountPage(counted.contest, counted.count, counted.may_speak, content, after)


def counted_of(edition: Edition, code: str) -> ContestCounted | None:
    """A contest of the round, counted."""
    return next((each for each in quick_counts(edition) if each.contest.code == code), None)


def _station(edition: Edition, place: int) -> UUID:
    return edition.reference.places[place].id if place >= 0 else ELSEWHERE


def _place(edition: Edition, station: UUID) -> int | None:
    if station == ELSEWHERE:
        return NOWHERE
    at = edition.reference.place_at(station)
    return None if at < 0 else at


def _shown(edition: Edition, counted: ContestCounted, most: int) -> ContestShown:
    count, included = counted.count, counted.included
    design = included.results.design
    shown = ContestShown(
        contest=counted.contest,
        count=count,
        received=len(included.arrivals),
        planned=int(included.results.planned.sum()),
        set_aside=included.results.set_aside if count else 0,
        may_speak=counted.may_speak,
        threshold=counted.threshold,
        classes=design.classes,
        ruled=design.ruled,
        why=design.why,
        left_out=tuple(_left_out(edition, each) for each in included.left_out[:most]),
        more=max(len(included.left_out) - most, 0),
        beside=included.beside,
        running=(),
    )
    if not counted.may_speak:
        return shown
    return replace(shown, running=tuple(running(counted, shown.order[0])))


def _left_out(edition: Edition, each: Entry) -> LeftOut:
    place = edition.reference.places[each.place] if each.place >= 0 else None
    return LeftOut(
        each.report, each.why_not, place.code if place else "", place.name if place else ""
    )
