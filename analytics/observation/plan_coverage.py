"""Coverage of a matched plan by group, and how reports came in against it.

Tests compare it with a loop over single reports (tests/analytics/observation/one_by_one.py).
"""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KIND_INDEX, KINDS
from analytics.observation.coverage import GRACE, ArrivalCurve, By, Coverage, by_need
from analytics.observation.expected_reports import CANCELLED, ENDED_BY_REASON, WITHDRAWN, Matched
from analytics.observation.ids import MICROSECOND, micro, moment_of
from analytics.observation.record import STATUS_INDEX
from analytics.observation.unobserved import REASONS
from analytics.survey.design import Ints, Truths
from schemas.mission import Kind
from schemas.report import ReportStatus

MOST_PIECES = 480
"""Five days in quarters of an hour: more steps than a picture has room for."""
QUARTER = 15 * 60 * 1_000_000
"""Every zone is so many microseconds times a whole number from another."""
UTC_ZONE = ZoneInfo("UTC")
_HELD, _FLAGGED = STATUS_INDEX[ReportStatus.HELD], STATUS_INDEX[ReportStatus.FLAGGED]
_SUPERSEDED = STATUS_INDEX[ReportStatus.SUPERSEDED]
Groups = tuple[Sequence[Hashable], Ints, Ints]
"""The names of groups, and the group of each expected report and of each report."""


def cover(
    matched: Matched,
    by: By = "area",
    *,
    as_of: datetime,
    grace: timedelta = GRACE,
    areas: Collection[int] | None = None,
    kind: Kind | None = None,
    zone: tzinfo = UTC_ZONE,
) -> tuple[Coverage, ...]:
    """Coverage by group, least covered first, then by how many are missing; in these areas, of one
    kind of observers or of both.

    Groups are area indexes, stages, checklists, kinds, teams, or the hour of ``zone`` that a report
    was due in; ``nation`` is the one group of everything. What came unplanned in a group stands
    beside it, last where nothing was planned there.
    """
    expected, record = matched.expected, matched.record
    names, due, came = _GROUPS[by](matched, zone)
    many, beside = len(names), matched.beside
    status = record["status"]
    is_met, ended = matched.met >= 0, matched.ended
    inside = _within(expected.area, areas) & _of_kind(expected.kind, kind)
    within = _within(record["area"][beside], areas) & _of_kind(record["kind"][beside], kind)
    met = np.where(is_met, status[matched.met] if len(record) else 0, -1)
    missing = inside & ~is_met & (ended == 0)
    of = {
        "received": inside & is_met,
        "missing": missing,
        "withdrawn": inside & ~is_met & (ended == WITHDRAWN),
        "cancelled": inside & ~is_met & (ended == CANCELLED),
        "held": inside & (met == _HELD),
        "flagged": inside & (met == _FLAGGED),
        "set_aside": inside & is_met & ~record.counted[matched.met]
        if len(record)
        else inside & False,
        "late": missing & (expected.due < micro(as_of - grace)),
    }
    of |= {
        name: inside & (ended == ENDED_BY_REASON + reason) for reason, name in enumerate(REASONS)
    }
    counts = {name: np.bincount(due[rows], minlength=many) for name, rows in of.items()}
    group, said = came[within], status[beside][within]
    is_ahead = (np.arange(len(beside)) >= len(matched.unplanned))[within]
    counts["unplanned"] = np.bincount(group[~is_ahead], minlength=many)
    counts["ahead"] = np.bincount(group[is_ahead], minlength=many)
    counts["held"] += np.bincount(group[said == _HELD], minlength=many)
    counts["flagged"] += np.bincount(group[said == _FLAGGED], minlength=many)
    any_of = sum(counts.values())
    del counts["cancelled"]
    counts["expected"] = counts["received"] + counts["missing"] + counts["refused"]
    found = np.flatnonzero(any_of).tolist()
    rows = [
        Coverage(group=names[at], **{name: int(each[at]) for name, each in counts.items()})
        for at in found
    ]
    return tuple(sorted(rows, key=by_need))


def national(
    matched: Matched, *, as_of: datetime, grace: timedelta = GRACE, kind: Kind | None = None
) -> Coverage:
    """Coverage of the whole plan, of one kind of observers or of both; all zero where there is
    neither plan nor report."""
    rows = cover(matched, "nation", as_of=as_of, grace=grace, kind=kind)
    return rows[0] if rows else Coverage("nation", 0, 0, 0, 0, 0, 0, 0, 0)


def as_it_was(matched: Matched, moment: datetime) -> Matched:
    """A match without what came after a moment: how far the plan was met then, by what is known of
    the reports now. A newer version of a report that had come by then has met it then."""
    record, at = matched.record, micro(moment)
    if not len(record):
        return matched
    later = record["came"] > at
    later[later] = ~_sent_before(matched, later, at)
    met = np.where((matched.met >= 0) & later[matched.met], -1, matched.met)
    unplanned, ahead = (rows[~later[rows]] for rows in (matched.unplanned, matched.ahead))
    return replace(matched, met=met, unplanned=unplanned, ahead=ahead)


def _sent_before(matched: Matched, rows: Truths, at: int) -> Truths:
    """Which of these reports take the place of one of the same visit that had come by then."""
    record = matched.record
    visit, checklist, contest = (
        record[name].astype(np.int64) for name in ("visit", "checklist", "contest")
    )
    contests = int(contest.max(initial=0)) + 2
    key = (visit * len(record.checklists) + checklist) * contests + contest + 1
    old = (record["status"] == _SUPERSEDED) & (record["came"] <= at)
    found: Truths = np.isin(key[rows], key[old])
    return found


def _of_kind(column: NDArray[Any], kind: Kind | None) -> Truths:
    if kind is None:
        return np.ones(len(column), dtype=np.bool_)
    found: Truths = column == KIND_INDEX[kind]
    return found


def _within(area: NDArray[Any], areas: Collection[int] | None) -> Truths:
    if areas is None:
        return np.ones(len(area), dtype=np.bool_)
    return np.isin(area, np.array([*areas], dtype=np.int64))


def _nation(matched: Matched, zone: tzinfo) -> Groups:
    return ("nation",), np.zeros_like(matched.met), np.zeros_like(matched.beside)


def _by_area(matched: Matched, zone: tzinfo) -> Groups:
    due, came = matched.expected.area, matched.record["area"][matched.beside]
    last = max(due.max(initial=-1), came.max(initial=-1))
    return range(-1, int(last) + 1), due.astype(np.int64) + 1, came.astype(np.int64) + 1


def _by_stage(matched: Matched, zone: tzinfo) -> Groups:
    names = tuple(dict.fromkeys((*matched.expected.stages, *matched.stages)))
    into = np.array([names.index(each) for each in matched.stages], dtype=np.int64)
    came = into[matched.stage[matched.beside]]
    return names, matched.expected.stage.astype(np.int64), came


def _by_kind(matched: Matched, zone: tzinfo) -> Groups:
    return KINDS, *_column(matched, "kind")


def _by_checklist(matched: Matched, zone: tzinfo) -> Groups:
    return matched.record.checklists, *_column(matched, "checklist")


def _by_team(matched: Matched, zone: tzinfo) -> Groups:
    return matched.record.teams, *_column(matched, "team")


def _column(matched: Matched, name: str) -> tuple[Ints, Ints]:
    due: Ints = getattr(matched.expected, name).astype(np.int64)
    return due, matched.record[name][matched.beside].astype(np.int64)


def _by_hour(matched: Matched, zone: tzinfo) -> Groups:
    came = matched.record["came"][matched.beside]
    both = np.concatenate([matched.expected.due, came]) // QUARTER
    quarters, at = np.unique(both, return_inverse=True)
    hours = [
        moment_of(each * QUARTER).astimezone(zone).replace(minute=0, second=0, microsecond=0)
        for each in quarters.tolist()
    ]
    names = tuple(dict.fromkeys(hours))
    index = {hour: number for number, hour in enumerate(names)}
    into = np.array([index[each] for each in hours], dtype=np.int64)[at]
    return names, into[: len(matched.met)], into[len(matched.met) :]


_GROUPS: dict[By, Callable[[Matched, tzinfo], Groups]] = {
    "nation": _nation,
    "area": _by_area,
    "stage": _by_stage,
    "checklist": _by_checklist,
    "kind": _by_kind,
    "observer": _by_team,
    "hour": _by_hour,
}


def arrivals(
    due: Ints, came: Ints, *, as_of: datetime, step: timedelta = timedelta(minutes=15)
) -> ArrivalCurve:
    """The arrival curve against plan, from the first moment to the last due, in steps; up to
    ``as_of`` or the last moment known, over more than five days in longer steps. ``due`` and
    ``came`` in microseconds since 1970.

    Raises ValueError where ``step`` is not positive.
    """
    if step <= timedelta(0):
        raise ValueError("step: must be longer than nothing")
    plan, came = np.sort(due), np.sort(came[came <= micro(as_of)])
    ends = [int(each[-1]) for each in (came, plan) if len(each)]
    until = min([micro(as_of), *([max(ends)] if ends else [])])
    here = came[: np.searchsorted(came, until, side="right")]
    first = min([until, *(int(each[0]) for each in (plan, here) if len(each))])
    last = max([until, *(int(each[-1]) for each in (plan,) if len(each))])
    wide = step // MICROSECOND
    while last - first > MOST_PIECES * wide:
        wide *= 2
    pieces = -((first - last) // wide)
    moments = first + np.arange(pieces + 1, dtype=np.int64) * wide
    past = np.append(moments[moments < until], until)
    return ArrivalCurve(
        moments=tuple(moment_of(each) for each in moments.tolist()),
        planned=tuple(np.searchsorted(plan, moments, side="right").tolist()),
        received=tuple(np.searchsorted(here, past, side="right").tolist()),
        as_of=moment_of(until),
        behind=_behind(plan, len(here), until),
    )


def _behind(plan: Ints, came: int, until: int) -> timedelta | None:
    """None where the plan is empty, or has not begun and nothing came, or all has come."""
    if came >= len(plan) or (not came and plan[came] > until):
        return None
    return (until - int(plan[came])) * MICROSECOND
