"""The plan as columns: every report that is expected, held against the one that met it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KINDS, NOWHERE
from analytics.observation.record import STATUS_INDEX, STATUSES, Record
from analytics.observation.unobserved import OBSERVED, REFUSED, Unobserved
from analytics.survey.design import Ints, Truths
from schemas.report import ReportStatus

Ended = Literal["", "withdrawn", "cancelled"]
"""A plan that was withdrawn for security asks for nothing more, and is counted as such; one that
was cancelled, or replaced by another, asks for nothing more."""
ENDED: tuple[Ended, ...] = ("", "withdrawn", "cancelled")
WITHDRAWN, CANCELLED = 1, 2
ENDED_BY_REASON = len(ENDED)
"""Behind them comes why a station could not be observed
(:data:`analytics.observation.unobserved.REASONS`)."""


@dataclass(frozen=True, eq=False)
class ExpectedReports:
    """Expected reports, shape (reports,). ``place`` is −1 of a team that goes where it likes in
    ``area``; ``contest`` −1 of a checklist that does not count per contest; ``due`` in microseconds
    since 1970; ``kind`` an index into :data:`analytics.observation.code_matrix.KINDS`, ``ended``
    into :data:`ENDED`; ``checklist``, ``stage``, ``team`` and ``deployment`` into the lists. Teams
    and deployments are sorted by name.
    """

    place: NDArray[np.int32]
    area: NDArray[np.int32]
    checklist: NDArray[np.int16]
    stage: NDArray[np.int8]
    due: NDArray[np.int64]
    kind: NDArray[np.int8]
    team: NDArray[np.int32]
    deployment: NDArray[np.int32]
    ended: NDArray[np.int8]
    contest: NDArray[np.int16]
    checklists: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    deployments: Sequence[str] = ()

    @classmethod
    def from_columns(
        cls,
        columns: dict[str, Any],
        checklists: tuple[str, ...],
        stages: tuple[str, ...],
        teams: tuple[str, ...],
        deployments: Sequence[str],
    ) -> "ExpectedReports":
        """Of columns of whatever whole numbers, by name; those without ``contest`` are of none."""
        columns = {"contest": np.full(len(columns["due"]), NOWHERE)} | columns
        given: dict[str, Any] = {
            name: np.asarray(columns[name], dtype=kind) for name, kind in _TYPES.items()
        }
        return cls(
            **given, checklists=checklists, stages=stages, teams=teams, deployments=deployments
        )

    def __len__(self) -> int:
        return len(self.due)

    @cached_property
    def queues(self) -> "Queues":
        """What waits for each team's reports."""
        return Queues.of(self)

    @cached_property
    def plans(self) -> "Plans":
        """Which expected reports are of one plan."""
        rank = np.argsort(np.argsort(np.array([*self.checklists, ""]), kind="stable"))
        keys: tuple[Any, ...] = self.deployment, self.place, rank[self.checklist], self.team
        order = np.lexsort(keys)
        begins = np.zeros(len(order), dtype=np.bool_)
        begins[:1] = True
        for each in keys:
            column = each[order]
            begins[1:] |= column[1:] != column[:-1]
        of = np.empty(len(order), dtype=np.int32)
        of[order] = np.cumsum(begins) - 1
        return Plans(of, order[begins])


def withdrawn_from(expected: ExpectedReports, places: int) -> Truths:
    """Of each place whether the observers of each kind were withdrawn from it for security, and no
    others of that kind are sent there: shape (kinds, places)."""
    withdrawn, standing = (np.zeros((len(KINDS), places), dtype=np.bool_) for _ in range(2))
    for found, ended in ((withdrawn, WITHDRAWN), (standing, 0)):
        rows = np.flatnonzero((expected.ended == ended) & (expected.place >= 0))
        found[expected.kind[rows], expected.place[rows]] = True
    return np.asarray(withdrawn & ~standing)


@dataclass(frozen=True, eq=False)
class Plans:
    """Plans in the order of team, checklist, place and deployment. ``of`` is each expected report's
    plan; ``first`` one expected report of each, which has what all of a plan have in common."""

    of: NDArray[np.int32]
    first: Ints

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, eq=False)
class Queues:
    """Expected reports in queues by team, checklist and contest, and by place, the first due first.

    ``key`` names each queue, in order, ``first`` and ``many`` say which of ``waiting`` are in it.
    """

    key: Ints
    first: Ints
    many: Ints
    waiting: Ints
    places: int
    checklists: int
    contests: int

    @classmethod
    def of(cls, expected: ExpectedReports) -> "Queues":
        """The queues of a plan."""
        places = int(expected.place.max(initial=NOWHERE)) + 2
        checklists = int(expected.checklist.max(initial=NOWHERE)) + 1
        contests = int(expected.contest.max(initial=NOWHERE)) + 2
        form = expected.checklist.astype(np.int64) * contests + expected.contest + 1
        team = expected.team.astype(np.int64)
        desk: Ints = team * (checklists * contests) + form
        key = desk * places + (expected.place + 1)
        # Of those due together the one that stands last comes first.
        last = -np.arange(len(expected))
        waiting = np.lexsort((last, expected.due, key))
        names, first, many = np.unique(key[waiting], return_index=True, return_counts=True)
        return cls(names, first, many, waiting, places, checklists, contests)

    def desks(self, team: Ints, checklist: Ints, contest: Ints) -> Ints:
        """A number for each team, checklist and contest; −1 where no report of these is due."""
        known = (checklist < self.checklists) & (contest < self.contests - 1)
        form = checklist * self.contests + contest + 1
        return np.where(known, team * (self.checklists * self.contests) + form, NOWHERE)

    def take(self, desk: Ints, place: Ints) -> Ints:
        """What each of these reports meets, who come in this order at each queue; −1 nothing."""
        found = np.full(len(desk), NOWHERE, dtype=np.int64)
        known = (place < self.places - 1) & (desk >= 0)
        key = np.where(known, desk * self.places + place + 1, NOWHERE)
        order = np.argsort(key, kind="stable")
        sorted_key = key[order]
        if not len(self.key) or not len(order):
            return found
        begins = np.flatnonzero(np.append(True, sorted_key[1:] != sorted_key[:-1]))
        many = np.diff(np.append(begins, len(order)))
        rank = np.arange(len(order)) - np.repeat(begins, many)
        queue = np.minimum(np.searchsorted(self.key, sorted_key), len(self.key) - 1)
        meets = (self.key[queue] == sorted_key) & (rank < self.many[queue])
        found[order[meets]] = self.waiting[self.first[queue[meets]] + rank[meets]]
        return found


_TYPES = {
    "place": np.int32,
    "area": np.int32,
    "checklist": np.int16,
    "stage": np.int8,
    "due": np.int64,
    "kind": np.int8,
    "team": np.int32,
    "deployment": np.int32,
    "ended": np.int8,
    "contest": np.int16,
}


NEVER_JUDGED = "all"
"""The stage of a report of which no rules say one."""
_SUPERSEDED = STATUS_INDEX[ReportStatus.SUPERSEDED]


@dataclass(frozen=True, eq=False)
class Matched:
    """``met`` is the position in the record of the report that met each expected one, −1 where it
    is missing; ``unplanned`` are the positions of those that met nothing, ``ahead`` of those dated
    ahead, whose visit is yet to come.

    ``stage`` is each report's stage as an index into ``stages``. ``ended`` says of each expected
    report that was not met why nothing more is expected, as :data:`ENDED`, or
    :data:`ENDED_BY_REASON` and the reason why its station could not be observed.
    """

    expected: ExpectedReports
    record: Record
    met: Ints
    unplanned: Ints
    stages: tuple[str, ...]
    stage: NDArray[np.int8]
    ended: NDArray[np.int8]
    ahead: Ints

    @cached_property
    def beside(self) -> Ints:
        """The reports that met nothing: first the unplanned ones, then those dated ahead."""
        return np.concatenate([self.unplanned, self.ahead])

    @cached_property
    def came(self) -> Ints:
        """The expected reports that were met."""
        return np.flatnonzero(self.met >= 0)

    @cached_property
    def missing(self) -> Ints:
        """The expected reports that were not, those of plans that ended included."""
        return np.flatnonzero(self.met < 0)

    @cached_property
    def due(self) -> Ints:
        """The expected reports that coverage expects: met, missing, or of a station that let
        nobody in."""
        refused = self.ended == ENDED_BY_REASON + REFUSED
        return np.flatnonzero((self.met >= 0) | (self.ended == 0) | refused)


def match(
    expected: ExpectedReports,
    record: Record,
    stages: Mapping[UUID, str],
    unobserved: Unobserved | None = None,
) -> Matched:
    """Pair every planned report with one that came from the same team with that checklist, and,
    where it counts per contest, of the same contest. One that is held because its contest is not
    known has come all the same: it meets whichever contest's is still open.

    A report meets the plan of its own place first, then its team's plan for the area. A superseded
    report meets nothing: its newer version does; nor does one dated ahead, whose visit is yet to
    come. Counted reports are paired before held ones,
    earlier before later; of those that are equal in all that figures show, chance does not decide.
    ``stages`` gives the stage of each revision of rules, ``unobserved`` the stations that could not
    be observed: nothing more is expected of them. Raises ValueError where the record's lists
    of teams and checklists do not begin with the plan's.
    """
    for own, other in ((expected.teams, record.teams), (expected.checklists, record.checklists)):
        if own != other[: len(own)]:
            raise ValueError("the record's lists must begin with the plan's")
    names, stage = _stages(record, stages)
    stands, ahead = record["status"] != _SUPERSEDED, record["counts_from"] != 0
    able = np.flatnonzero(stands & ~ahead)
    able = able[_precedence(record, able, stage)]
    queues = expected.queues
    team, checklist = (record[name][able].astype(np.int64) for name in ("team", "checklist"))
    desk = queues.desks(team, checklist, _due_as(expected, record)[able])
    place = record["place"][able].astype(np.int64)
    met = np.full(len(expected), NOWHERE, dtype=np.int64)
    placed = place >= 0
    at = np.full(len(able), NOWHERE, dtype=np.int64)
    at[placed] = queues.take(desk[placed], place[placed])
    left = at < 0
    at[left] = queues.take(desk[left], np.full(left.sum(), NOWHERE))
    met[at[at >= 0]] = able[at >= 0]
    of_any = np.flatnonzero((at < 0) & (record["contest"][able] < 0))
    at[of_any] = _of_whichever_contest(expected, met, (team, checklist, place), of_any)
    met[at[of_any][at[of_any] >= 0]] = able[of_any][at[of_any] >= 0]
    ended = _ended(expected, met, unobserved)
    unplanned, dated_ahead = np.sort(able[at < 0]), np.flatnonzero(stands & ahead)
    return Matched(expected, record, met, unplanned, names, stage, ended, dated_ahead)


def _of_whichever_contest(
    expected: ExpectedReports, met: Ints, reports: tuple[Ints, Ints, Ints], rows: Ints
) -> Ints:
    """What these rows of ``reports`` (team, checklist, place), which are of no contest, meet of the
    protocols that are still open; −1 nothing."""
    still_open = np.flatnonzero((met < 0) & (expected.contest >= 0))
    found = np.full(len(rows), NOWHERE, dtype=np.int64)
    if not len(rows) or not len(still_open):
        return found
    columns = {name: getattr(expected, name)[still_open] for name in _TYPES}
    columns["contest"] = np.full(len(still_open), NOWHERE, dtype=np.int16)
    queues = replace(expected, **columns).queues
    team, checklist, place = (each[rows] for each in reports)
    desk = queues.desks(team, checklist, np.full(len(rows), NOWHERE))
    placed = np.flatnonzero(place >= 0)
    found[placed] = queues.take(desk[placed], place[placed])
    left = np.flatnonzero(found < 0)
    found[left] = queues.take(desk[left], np.full(len(left), NOWHERE))
    return np.where(found >= 0, still_open[found], NOWHERE)


def _ended(expected: ExpectedReports, met: Ints, unobserved: Unobserved | None) -> NDArray[np.int8]:
    if unobserved is None or not unobserved.any:
        return expected.ended
    reason = unobserved.reason(expected.place, expected.kind)
    here = (met < 0) & (expected.ended == 0) & (reason != OBSERVED)
    return np.where(here, ENDED_BY_REASON + reason, expected.ended).astype(np.int8)


def _due_as(expected: ExpectedReports, record: Record) -> Ints:
    """The contest that each report is due as: −1 of a checklist that does not count per contest."""
    per_contest = np.zeros(len(record.checklists), dtype=np.bool_)
    per_contest[expected.checklist[expected.contest >= 0]] = True
    contest = record["contest"].astype(np.int64)
    return np.where(per_contest[record["checklist"]], contest, NOWHERE)


def _stages(record: Record, stages: Mapping[UUID, str]) -> tuple[tuple[str, ...], Any]:
    """The names of stages in order, and each report's; last of the rules' is that of none."""
    by_rules = [stages.get(each, NEVER_JUDGED) for each in record.rules]
    names = tuple(sorted({*by_rules, NEVER_JUDGED}))
    index = np.array([names.index(each) for each in [*by_rules, NEVER_JUDGED]], dtype=np.int8)
    return names, index[record["rules"]]


def _precedence(record: Record, rows: Ints, stage: Any) -> Ints:
    """The order in which reports are paired: those that count first, then who came first. Of two
    that came in the same moment not chance decides: what is equal in all of this is alike in every
    figure."""
    beside, came = ~record.counted[rows], record["came"][rows]
    order = np.lexsort((came, beside))
    apart = np.diff(came[order]) != 0
    if apart.all():
        return order
    status = np.argsort(np.argsort([each.value for each in STATUSES]))[record["status"][rows]]
    ties = (stage[rows], status, *(record[name][rows] for name in ("kind", "area", "place")))
    return np.lexsort((*ties, came, beside))
