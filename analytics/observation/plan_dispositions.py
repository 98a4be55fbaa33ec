"""Dispositions of a matched plan, over columns: counted by group, and the call list.

Tests compare it with a loop over single reports (tests/analytics/observation/one_by_one.py).
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KIND_INDEX, KINDS
from analytics.observation.coverage import GRACE
from analytics.observation.dispositions import (
    By,
    Conflict,
    Disposition,
    ExpectedReportState,
    Plan,
    Tally,
)
from analytics.observation.expected_reports import ENDED_BY_REASON, WITHDRAWN, Matched
from analytics.observation.ids import micro, moment_of, positions
from analytics.observation.unobserved import REASONS
from analytics.survey.design import Ints, Truths
from schemas.mission import Kind

NEVER = int(np.iinfo(np.int64).max)
DISPOSITIONS, FATES = tuple(Disposition), tuple(ExpectedReportState)


@dataclass(frozen=True, eq=False)
class LateTeams:
    """The teams to call, in the order of calling: the number of each one's deployment among
    ``names``, which are sorted, since when it is overdue, in microseconds since 1970, and whether
    it is ``beside`` the samples."""

    names: Sequence[str]
    deployment: Ints
    overdue: Ints
    beside: Truths

    def __len__(self) -> int:
        return len(self.deployment)

    def but(self, resting: Collection[str]) -> "LateTeams":
        """Without these deployments."""
        return self._of(~np.isin(self.deployment, positions(self.names, [*resting])))

    def after(self, beside: int, overdue: int, name: str) -> "LateTeams":
        """Those that are called after a place in the order."""
        number = bisect_right(self.names, name)
        same = (self.overdue == overdue) & (self.deployment >= number)
        later = (self.beside == beside) & ((self.overdue > overdue) | same)
        return self._of((self.beside > beside) | later)

    def _of(self, kept: Truths) -> "LateTeams":
        return LateTeams(self.names, self.deployment[kept], self.overdue[kept], self.beside[kept])


@dataclass(frozen=True, eq=False)
class Disposed:
    """Every plan and its disposition at one moment, by team, checklist, place and deployment.

    ``fates`` counts the expected reports of each by state, shape (plans, states), and is 0 where
    all was cancelled before anything came; ``overdue`` is since when the first that is missing is
    overdue, in microseconds since 1970 (:data:`NEVER`); ``word`` an index into
    :data:`DISPOSITIONS`.
    """

    matched: Matched
    fates: Ints
    overdue: Ints
    word: NDArray[np.int8]

    @cached_property
    def stands(self) -> Truths:
        """Which plans there are still."""
        there: Truths = self.fates.sum(axis=1) > 0
        return there

    def column(self, name: str) -> Ints:
        """What all expected reports of a plan have in common, by the name of its column."""
        expected = self.matched.expected
        taken: NDArray[Any] = getattr(expected, name)[expected.plans.first]
        return taken.astype(np.int64)

    def tally(self, by: By = "nation") -> tuple[Tally, ...]:
        """Plans and reports of each group, in order of the group."""
        names, group = self._groups(by)
        stands, many = self.stands, len(names)
        place = group[stands] * len(DISPOSITIONS) + self.word[stands]
        plans = np.bincount(place, minlength=many * len(DISPOSITIONS)).reshape(
            many, len(DISPOSITIONS)
        )
        reports = np.stack(
            [np.bincount(group, weights=each, minlength=many) for each in self.fates.T], axis=1
        )
        found = [
            Tally(names[at], _counter(DISPOSITIONS, plans[at]), _counter(FATES, reports[at]))
            for at in np.flatnonzero(plans.sum(axis=1)).tolist()
        ]
        return tuple(sorted(found, key=lambda each: str(each.group)))

    def _groups(self, by: By) -> tuple[Sequence[Hashable], Ints]:
        expected = self.matched.expected
        if by == "nation":
            return ("nation",), np.zeros(len(self.word), dtype=np.int64)
        if by == "area":
            area = self.column("area") + 1
            return range(-1, int(area.max(initial=0))), area
        lists: dict[str, tuple[str, Sequence[Hashable]]] = {
            "stage": ("stage", expected.stages),
            "checklist": ("checklist", expected.checklists),
            "kind": ("kind", KINDS),
            "observer": ("team", expected.teams),
        }
        name, names = lists[by]
        return names, self.column(name)

    def to_call(
        self,
        count: int,
        sampled: Collection[int] = (),
        areas: Collection[int] | None = None,
        resting: Collection[str] = (),
    ) -> list[Plan]:
        """The first so many to call, in these areas: teams of sampled stations first, then who is
        overdue the longest; not the deployments that are ``resting`` till their next call."""
        plans = self._to_call(areas, resting)
        drawn = np.array([*sampled], dtype=np.int64)
        beside = ~np.isin(self.column("place")[plans], drawn)
        order = np.lexsort((self.overdue[plans], beside))
        return [self.plan(at) for at in plans[order[:count]].tolist()]

    def count_to_call(
        self, areas: Collection[int] | None = None, resting: Collection[str] = ()
    ) -> int:
        """How many :meth:`to_call` has in all."""
        return len(self._to_call(areas, resting))

    def late_teams(self, sampled: Collection[int] = ()) -> LateTeams:
        """The deployments of which something is overdue: those with a place among ``sampled``
        first, then who is overdue the longest."""
        plans, names = self._late(None), self.matched.expected.deployments
        of, drawn = self.column("deployment")[plans], np.array([*sampled], dtype=np.int64)
        since = np.full(len(names), NEVER, dtype=np.int64)
        np.minimum.at(since, of, self.overdue[plans])
        is_beside = np.ones(len(names), dtype=np.bool_)
        is_beside[of[np.isin(self.column("place")[plans], drawn)]] = False
        own = np.unique(of)
        own = own[np.lexsort((since[own], is_beside[own]))]
        return LateTeams(names, own, since[own], is_beside[own])

    def late_plans(self, deployments: Ints) -> list[list[Plan]]:
        """Of each of these deployments, by its number, the plans of which something is overdue,
        the longest overdue first."""
        plans = self._late(None)
        plans = plans[np.argsort(self.overdue[plans], kind="stable")]
        of = self.column("deployment")[plans]
        return [
            [self.plan(at) for at in plans[of == each].tolist()] for each in deployments.tolist()
        ]

    def _to_call(self, areas: Collection[int] | None, resting: Collection[str]) -> Ints:
        plans = self._late(areas)
        if not resting:
            return plans
        rest = positions(self.matched.expected.deployments, [*resting])
        return plans[~np.isin(self.column("deployment")[plans], rest[rest >= 0])]

    def late_of(
        self, deployments: Collection[str], areas: Collection[int] | None = None
    ) -> list[Plan]:
        """Of these deployments the plans that would be called for, in these areas."""
        plans = self._late(areas)
        at = positions(self.matched.expected.deployments, [*deployments])
        own = plans[np.isin(self.column("deployment")[plans], at[at >= 0])]
        return [self.plan(each) for each in own.tolist()]

    def _late(self, areas: Collection[int] | None) -> Ints:
        """The plans of which something is overdue, in these areas."""
        quiet = (
            DISPOSITIONS.index(Disposition.WITHDRAWN),
            DISPOSITIONS.index(Disposition.COMPLETE),
        )
        wanted = (self.overdue < NEVER) & ~np.isin(self.word, quiet)
        if areas is not None:
            wanted &= np.isin(self.column("area"), np.array([*areas], dtype=np.int64))
        return np.flatnonzero(wanted)

    def plan(self, at: int) -> Plan:
        """One plan in words."""
        expected = self.matched.expected
        one = int(expected.plans.first[at])
        place, overdue = int(expected.place[one]), int(self.overdue[at])
        return Plan(
            deployment=expected.deployments[expected.deployment[one]],
            observer=expected.teams[expected.team[one]],
            checklist=expected.checklists[expected.checklist[one]],
            stage=expected.stages[expected.stage[one]],
            kind=KINDS[expected.kind[one]],
            place=None if place < 0 else place,
            area=int(expected.area[one]),
            fates=_counter(FATES, self.fates[at]),
            overdue=None if overdue == NEVER else moment_of(overdue),
            disposition=DISPOSITIONS[self.word[at]],
        )

    def planned_at(self, places: Ints, kind: Kind) -> dict[str, dict[ExpectedReportState, Truths]]:
        """By checklist, whether what these places were to send by one kind of observers is in
        each state, shape (places,); no checklist of which nothing was planned. Each place is given
        once."""
        own = np.flatnonzero((self.column("kind") == KIND_INDEX[kind]) & self.stands)
        place, checklist = self.column("place")[own], self.column("checklist")[own]
        at = np.full(max(place.max(initial=-1), places.max(initial=-1)) + 2, -1)
        at[places] = np.arange(len(places))
        found = {}
        for number, name in enumerate(self.matched.expected.checklists):
            here = own[(checklist == number) & (at[place] >= 0)]
            station = at[self.column("place")[here]]
            if len(here):
                has = np.zeros((len(places), len(FATES)), dtype=np.bool_)
                for fate in range(len(FATES)):
                    has[station[self.fates[here, fate] > 0], fate] = True
                found[name] = {fate: has[:, each] for each, fate in enumerate(FATES)}
        return found


def dispose(
    matched: Matched,
    *,
    as_of: datetime,
    unheard: Mapping[str, datetime] | None = None,
    conflicts: Collection[Conflict] = (),
    grace: timedelta = GRACE,
) -> Disposed:
    """How every plan stands.

    ``unheard`` gives each deployment whose last call found nobody the moment of that call: it is
    unreachable where nothing of it came since. ``conflicts`` are places and checklists on which
    teams say different things. What a cancelled plan still asked for is nobody's any more.
    """
    expected, since = matched.expected, micro(as_of - grace)
    of, many = expected.plans.of, len(expected.plans)
    met = matched.met >= 0
    open_ = ~met & (matched.ended == 0)
    late = open_ & (expected.due < since)
    lost = _lost(matched, unheard or {})[expected.deployment[expected.plans.first]]
    differs = np.bincount(of[_differing(matched, conflicts)], minlength=many) > 0

    def count(rows: Truths) -> Ints:
        return np.bincount(of[rows], minlength=many)

    overdue, missed = np.full(many, NEVER, dtype=np.int64), count(late)
    np.minimum.at(overdue, of[late], expected.due[late])
    by_fate = {
        ExpectedReportState.RECEIVED: count(met),
        ExpectedReportState.AWAITED: count(open_ & ~late),
        ExpectedReportState.MISSING: np.where(lost, 0, missed),
        ExpectedReportState.UNREACHABLE: np.where(lost, missed, 0),
        ExpectedReportState.WITHDRAWN: count(~met & (expected.ended == WITHDRAWN)),
        **{
            ExpectedReportState(reason): count(matched.ended == ENDED_BY_REASON + number)
            for number, reason in enumerate(REASONS)
        },
    }
    is_late, words = missed > 0, DISPOSITIONS.index
    word = np.select(
        [
            differs,
            by_fate[ExpectedReportState.WITHDRAWN] > 0,
            *(by_fate[ExpectedReportState(reason)] > 0 for reason in REASONS),
            count(open_) == 0,
            lost & is_late,
            by_fate[ExpectedReportState.RECEIVED] > 0,
            is_late,
        ],
        [
            words(Disposition.CONFLICT),
            words(Disposition.WITHDRAWN),
            *(words(Disposition(reason)) for reason in REASONS),
            words(Disposition.COMPLETE),
            words(Disposition.UNREACHABLE),
            words(Disposition.PARTIAL),
            words(Disposition.MISSING),
        ],
        words(Disposition.AWAITED),
    ).astype(np.int8)
    fates = np.stack([by_fate[each] for each in FATES], axis=1)
    return Disposed(matched, fates, overdue, word)


def _lost(matched: Matched, unheard: Mapping[str, datetime]) -> Truths:
    """Of each deployment whether the last call found nobody, and nothing came since."""
    expected, came = matched.expected, matched.record["came"]
    called = np.full(len(expected.deployments), NEVER, dtype=np.int64)
    if unheard:
        at = positions(expected.deployments, [*unheard])
        called[at[at >= 0]] = np.array([*map(micro, unheard.values())])[at >= 0]
    lost: Truths = called < NEVER
    mine = matched.came[lost[expected.deployment[matched.came]]]
    deployment = expected.deployment[mine]
    since = came[matched.met[mine]] >= called[deployment]
    lost[deployment[since]] = False
    return lost


def _differing(matched: Matched, conflicts: Collection[Conflict]) -> Ints:
    """The expected reports that were met at a place where teams say different things."""
    checklists, places = matched.expected.checklists, matched.record["place"]
    keys = [
        place * len(checklists) + checklists.index(name)
        for place, name in conflicts
        if name in checklists
    ]
    came = matched.came
    place = places[matched.met[came]].astype(np.int64)
    key = place * len(checklists) + matched.expected.checklist[came]
    return came[np.isin(key, np.array(keys, dtype=np.int64)) & (place >= 0)]


def _counter(names: Sequence[Any], counts: NDArray[Any]) -> Counter[Any]:
    return Counter({name: int(many) for name, many in zip(names, counts, strict=True) if many})
