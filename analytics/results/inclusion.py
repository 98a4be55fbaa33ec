"""Which protocols enter a contest's quick count, and why the others do not.

One result a station: two teams with the same figures enter once; with different figures neither
enters, until somebody has asked. A pure function over the columns of all protocols
(:mod:`analytics.observation.protocols`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.observation.protocols import MISSING, STATUSES, Protocols
from analytics.results.sampled_results import ProtocolResults, SampledStratum, VoteDesign
from analytics.survey.design import Ints, Truths
from schemas.election import Denominator
from schemas.report import ReportStatus

WhyNot = Literal["held", "set_aside", "not_sampled", "incomplete", "conflict", "same"]
WHY_NOT: tuple[WhyNot, ...] = get_args(WhyNot)
ENTERED = len(WHY_NOT)
"""Stands where a result entered."""
WAITING = frozenset({"held", "set_aside", "incomplete", "conflict"})
"""Why a sampled station's result came and still does not count."""
_HELD, _SET_ASIDE, _NOT_SAMPLED, _INCOMPLETE, _CONFLICT, _SAME = range(len(WHY_NOT))
_LEFT_OUT = np.array([each in WAITING for each in WHY_NOT] + [False])


@dataclass(frozen=True)
class Entry:
    """Whether one report entered the quick count, and if not, why."""

    report: UUID
    place: int
    entered: bool
    why_not: WhyNot | None


@dataclass(frozen=True)
class Inclusion:
    """The rules by which protocols enter a contest's quick count: its contestants as (code,
    name), what shares are out of, and the stratum of each sampled place."""

    contestants: Sequence[tuple[str, str]]
    denominator: str
    stratum: Mapping[int, int]


@dataclass(frozen=True)
class Included:
    """The results that enter, in order of arrival, and what became of each report.

    ``arrivals`` are when each came, in microseconds since 1970; ``entered`` are their places,
    ascending. ``reports``, ``places`` and ``why`` (an index into :data:`WHY_NOT`, or
    :data:`ENTERED`) have an element a report, station by station: as they came, those that could
    enter last.
    """

    results: ProtocolResults
    arrivals: Ints
    entered: Ints
    reports: NDArray[np.void]
    places: Ints
    why: NDArray[np.int8]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What became of every report."""
        return tuple(self._entries(np.arange(len(self.why))))

    @cached_property
    def left_out(self) -> tuple[Entry, ...]:
        """Those that did not enter and that somebody should look at, by station and report."""
        found = self._entries(np.flatnonzero(_LEFT_OUT[self.why]))
        return tuple(sorted(found, key=lambda each: (each.place, each.report)))

    @property
    def beside(self) -> tuple[int, int]:
        """How many came from stations that were not drawn, and how many said the same again."""
        many = np.bincount(self.why, minlength=ENTERED + 1)
        return int(many[_NOT_SAMPLED]), int(many[_SAME])

    def since(self, place: int) -> Iterator[Entry]:
        """What became of each report, station by station from one on."""
        first = int(np.searchsorted(self.places, place))
        return self._entries(np.arange(first, len(self.places)))

    def has_entered(self, places: Ints) -> Truths:
        """Of each place whether a result of it entered."""
        return np.isin(places, self.entered)

    def _entries(self, rows: Ints) -> Iterator[Entry]:
        for at in rows.tolist():
            why = int(self.why[at])
            told = None if why == ENTERED else WHY_NOT[why]
            report = UUID(bytes=self.reports[at].tobytes())
            yield Entry(report, int(self.places[at]), told is None, told)


def include(
    protocols: Protocols,
    rules: Inclusion,
    strata: Sequence[SampledStratum],
    drawn: VoteDesign | None = None,
) -> Included:
    """Sort out which of these protocols enter. ``drawn`` says how stations count where not each
    stratum by itself."""
    order = protocols.order
    place = protocols["place"][order].astype(np.int64)
    votes, said = protocols.votes(rules.contestants)
    votes, said = votes[order], said[order]
    below = _below(protocols, rules.denominator)[order]
    stratum = _strata_of(place, rules.stratum)
    whole = protocols["complete"][order] & _names_all(protocols["valid"][order], votes, said)
    counted, status = protocols.counted[order], protocols["status"][order]
    why = _why_not(status, counted, stratum, whole & (below != MISSING))
    fit = np.flatnonzero(why == ENTERED)
    figures = np.column_stack([votes, *(protocols[name][order] for name in ("valid", "invalid"))])
    why[fit] = _of_those_that_fit(place[fit], figures[fit])
    enters = np.flatnonzero(why == ENTERED)
    arrived = enters[np.argsort(protocols.arrival[order[enters]])]
    results = ProtocolResults(
        contestants=tuple(code for code, _ in rules.contestants),
        strata=tuple(strata),
        stratum=stratum[arrived],
        votes=np.asfortranarray(votes[arrived], dtype=np.float64),
        below=below[arrived].astype(np.float64),
        set_aside=_waiting(place, why, stratum >= 0),
        drawn=drawn,
    )
    could = np.zeros(len(why), dtype=np.bool_)
    could[fit] = True
    told = np.lexsort((could, place))
    return Included(
        results,
        protocols["came"][order[arrived]],
        place[enters],
        protocols["id"][order[told]],
        place[told],
        why[told],
    )


def _strata_of(place: Ints, stratum: Mapping[int, int]) -> Ints:
    """The stratum of each place; −1 of one that was not drawn."""
    size = max(int(place.max(initial=-1)), max(stratum, default=-1)) + 2
    of_place = np.full(size, -1, dtype=np.int64)
    of_place[np.fromiter(stratum, np.int64, len(stratum))] = [*stratum.values()]
    return np.asarray(of_place[place])


def _why_not(
    status: NDArray[np.int8], counted: Truths, stratum: Ints, whole: Truths
) -> NDArray[np.int8]:
    """Why each report by itself does not enter; :data:`ENTERED` where it could."""
    held = status == STATUSES.index(ReportStatus.HELD)
    found = np.select(
        [held, ~counted, stratum < 0, ~whole],
        [_HELD, _SET_ASIDE, _NOT_SAMPLED, _INCOMPLETE],
        ENTERED,
    )
    return found.astype(np.int8)


def _of_those_that_fit(place: Ints, figures: Ints) -> NDArray[np.int8]:
    """What becomes of protocols that could enter, which are in order of place and arrival: the
    first enters where all of its station say the same."""
    opens = np.ones(len(place), dtype=np.bool_)
    opens[1:] = place[1:] != place[:-1]
    starts = np.flatnonzero(opens)
    if not len(starts):
        return np.zeros(0, dtype=np.int8)
    station = np.cumsum(opens) - 1
    differs = (figures != figures[starts][station]).any(axis=1)
    conflict = np.logical_or.reduceat(differs, starts)[station]
    return np.where(conflict, _CONFLICT, np.where(opens, ENTERED, _SAME)).astype(np.int8)


def _waiting(place: Ints, why: NDArray[np.int8], drawn: Truths) -> int:
    """How many of the stations drawn sent what does not count, and nothing that does."""
    waiting = np.unique(place[drawn & _LEFT_OUT[why]])
    return int(np.count_nonzero(~np.isin(waiting, place[why == ENTERED])))


def _names_all(valid: Ints, votes: Ints, said: Truths) -> Truths:
    """Whether every contestant's votes are known: written down, or none because the others'
    already make up the valid votes. A blank is never taken for a zero otherwise."""
    whole = said.any(axis=1) & (votes.sum(axis=1) == valid)
    return np.asarray(said.all(axis=1) | whole)


def _below(protocols: Protocols, denominator: str) -> Ints:
    """What a share is out of; :data:`MISSING` where a protocol does not say, which is not 0."""
    valid, in_box = protocols["valid"], protocols["in_box"]
    if denominator == Denominator.REGISTERED:
        return _sum(protocols["registered"], _or_none(protocols["supplementary"]))
    if denominator == Denominator.CAST:
        return np.where(in_box != MISSING, in_box, _sum(valid, protocols["invalid"]))
    return np.asarray(valid)


def _sum(one: Ints, other: Ints) -> Ints:
    either = (one == MISSING) | (other == MISSING)
    return np.where(either, MISSING, np.where(either, 0, one) + np.where(either, 0, other))


def _or_none(figure: Ints) -> Ints:
    return np.where(figure == MISSING, 0, figure)
