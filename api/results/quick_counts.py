"""A round's quick counts as pages and JSON ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from analytics.numbers import Estimate
from analytics.observation.code_matrix import NOWHERE
from analytics.results.inclusion import Entry, WhyNot
from analytics.results.quick_count import QuickCount
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.reference_data import ContestFacts
from api.results.json import contest_out, entries_out
from api.results.quick_count import ContestCounted, quick_counts, running

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
    drawn, design = edition.reference.drawn, included.results.design
    shown = ContestShown(
        contest=counted.contest,
        count=count,
        received=len(included.arrivals),
        planned=sum(each.drawn for each in drawn.strata) if drawn else 0,
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
