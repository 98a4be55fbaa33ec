"""Stations that could not be observed: refused, closed or unsafe, by place.

They are never missing: a plan for them asks for nothing more (:class:`Unobserved`), and a refused
entry answers the indicators of access of the checklist that was due (:func:`answered_by_refusals`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KINDS
from analytics.observation.record import Record
from analytics.survey.design import Ints, Truths
from schemas import checklist

REASONS: tuple[checklist.Unobserved, ...] = get_args(checklist.Unobserved)
REFUSED, CLOSED, UNSAFE = range(len(REASONS))
OBSERVED = -1
"""The reason of a station of which nobody said that it could not be observed."""
STAGES = ("opening", "voting", "closing", "counting", "tabulation")
"""The stages of polling in their order."""
MILLION = 1_000_000


@dataclass(frozen=True, eq=False)
class Said:
    """Reports that say of their station that it could not be observed, an element each: ``row`` in
    the record, ``reason`` an index into :data:`REASONS`, ``stage`` the one that the report names,
    an index into :data:`STAGES` (−1 none)."""

    row: Ints
    reason: Ints
    stage: Ints

    @classmethod
    def nothing(cls) -> "Said":
        """No such report."""
        return cls(*(np.zeros(0, dtype=np.int64) for _ in range(3)))


@dataclass(frozen=True, eq=False)
class Unobserved:
    """Of each place whether it could not be observed.

    ``refused`` has the shape (kinds, places), by the observers who were not let in; ``closed`` and
    ``unsafe`` (places,) hold for everybody. ``refusals`` are the reports that say that observers
    were not let in; ``saying`` are all that say anything of the kind, as rows of
    the record.
    """

    refused: Truths
    closed: Truths
    unsafe: Truths
    refusals: Said = field(default_factory=Said.nothing)
    saying: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @classmethod
    def nowhere(cls, places: int) -> "Unobserved":
        """Every place could be observed."""
        none = np.zeros(places, dtype=np.bool_)
        return cls(np.zeros((len(KINDS), places), dtype=np.bool_), none, none)

    @cached_property
    def any(self) -> bool:
        """Whether any place could not be observed."""
        return bool(self.refused.any() or self.closed.any() or self.unsafe.any())

    def reason(self, place: NDArray[Any], kind: NDArray[Any] | int) -> Ints:
        """Why observers of a kind could not observe at each place, an index into :data:`REASONS`,
        closed before refused before unsafe; :data:`OBSERVED` where nobody said so, or there is no
        place. ``kind`` is one for all, or one of each."""
        known = (place >= 0) & (place < len(self.closed))
        at = np.where(known, place, 0)
        if not len(self.closed):
            return np.full(len(place), OBSERVED, dtype=np.int64)
        found = np.select(
            [self.closed[at], self.refused[kind, at], self.unsafe[at]],
            [CLOSED, REFUSED, UNSAFE],
            OBSERVED,
        )
        return np.where(known, found, OBSERVED).astype(np.int64)


def unobserved(
    record: Record, said: Said, cases: Sequence[str], closed: Truths, unsafe: Truths
) -> Unobserved:
    """Which places could not be observed: what reports say that count, unless somebody observed
    there later (of a refused entry: observers of the same kind). What a refusal answers of the
    checklist that was due then (``refusals``) it answers all the same.

    ``closed`` and ``unsafe``, shape (places,), are those known without any report, such as of the
    register of stations and of no-go areas: no report undoes them. ``cases`` are checklists on
    which nobody observes.
    """
    places = len(closed)
    counted, place = record.counted[said.row], record["place"][said.row].astype(np.int64)
    use = np.flatnonzero(counted & (place >= 0))
    if not len(use):
        return replace(Unobserved.nowhere(places), closed=closed, unsafe=unsafe, saying=said.row)
    rows, reason, stage = said.row[use], said.reason[use], said.stage[use]
    place, kind, at = place[use], record["kind"][rows].astype(np.int64), moments(record, rows)
    rows_seen = observing(record, said.row, cases)
    last = np.full((len(KINDS), places), np.iinfo(np.int64).min, dtype=np.int64)
    seen = record["kind"][rows_seen], record["place"][rows_seen]
    np.maximum.at(last, seen, moments(record, rows_seen))
    later = np.where(reason == REFUSED, last[kind, place], last.max(axis=0)[place])
    holds = at >= later
    found = np.zeros((len(REASONS), len(KINDS), places), dtype=np.bool_)
    found[reason[holds], kind[holds], place[holds]] = True
    refusing = reason == REFUSED
    return Unobserved(
        found[REFUSED],
        closed | found[CLOSED].any(axis=0),
        unsafe | found[UNSAFE].any(axis=0),
        Said(rows[refusing], reason[refusing], stage[refusing]),
        said.row,
    )


def moments(record: Record, rows: Ints) -> Ints:
    """When each of these reports was made, in microseconds since 1970: at the arrival that it
    names, else when it came."""
    arrived = record["arrived"][rows]
    return np.where(arrived >= 0, arrived * MILLION, record["came"][rows])


def observing(record: Record, saying: Ints, cases: Sequence[str]) -> Ints:
    """The reports of places that count and observe something: neither ``cases`` nor those that say
    that nothing could be observed (``saying``), as rows of the record."""
    here = record.counted & (record["place"] >= 0)
    here[saying] = False
    for name in cases:
        here[record.of(name)] = False
    return np.flatnonzero(here)


@dataclass(frozen=True)
class DueChecklist:
    """A checklist that is filled at stations, with its stage, and which of its indicators are of
    the observers' own access."""

    name: str
    stage: str
    access: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Refusals:
    """Stations that answer a checklist's indicators of access by having refused entry: each place
    and kind of observers once, an element each, the indicators, and the reports that say so, as
    rows of the record."""

    place: Ints
    kind: Ints
    indicators: tuple[str, ...]
    saying: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def answered_by_refusals(
    record: Record,
    found: Unobserved,
    due: Sequence[DueChecklist],
    polling: tuple[int, int],
) -> Mapping[str, Refusals]:
    """By checklist, the stations whose refusal answers its indicators of access (as irregular).

    A refusal answers for the checklist that was due when it happened: that of the stage it names,
    else by the hour of ``polling`` (opens and closes, microseconds since 1970): opening before,
    voting between, counting after. Where no checklist of ``due`` is of that stage, the next stage's
    counts, else the one before. It answers where no report of that checklist counts from the place
    by that kind of observers.
    """
    said = found.refusals
    stage = said.stage.copy()
    at = moments(record, said.row)
    by_hour = np.searchsorted(np.array(polling), at, side="right")
    stage[stage < 0] = np.array([STAGES.index(each) for each in ("opening", "voting", "counting")])[
        by_hour[stage < 0]
    ]
    place, kind = (record[name][said.row].astype(np.int64) for name in ("place", "kind"))
    places = len(found.closed)
    answers = {}
    for each in due:
        here = np.isin(stage, _stands_in(each.stage, {one.stage for one in due}))
        own = kind * places + place
        here &= ~np.isin(own, _came(record, each.name, places))
        key = np.unique(own[here])
        answers[each.name] = Refusals(key % places, key // places, each.access, said.row[here])
    return answers


def _stands_in(stage: str, stages: set[str]) -> list[int]:
    """The stages that a checklist of one stage answers for, where there are checklists of
    ``stages``: its own, and those of which there is none, if it is the next after them, or the last
    of all."""
    known = sorted(STAGES.index(each) for each in stages if each in STAGES)
    if stage not in STAGES:
        return []
    own = STAGES.index(stage)
    nearest = [
        next((one for one in known if one >= each), known[-1]) for each in range(len(STAGES))
    ]
    return [each for each, one in enumerate(nearest) if one == own]


def _came(record: Record, checklist: str, places: int) -> Ints:
    """A key of the kind and place of each report of a checklist that counts."""
    rows = record.of(checklist)
    rows = rows[record.counted[rows] & (record["place"][rows] >= 0)]
    key: Ints = record["kind"][rows].astype(np.int64) * places + record["place"][rows]
    return key


def stations_by_reason(
    found: Unobserved, record: Record, cases: Sequence[str], places: Ints
) -> dict[str, int]:
    """How many of these places, and of those that reports say it of, could not be observed, by
    reason, each once; those at which something was observed are none."""
    said = record["place"][found.saying].astype(np.int64)
    silent = np.union1d(places, said[said >= 0])
    seen = record["place"][observing(record, found.saying, cases)]
    silent = silent[~np.isin(silent, seen)]
    reasons = np.stack([found.reason(silent, kind) for kind in range(len(KINDS))])
    closed, unsafe = (reasons == CLOSED).any(axis=0), (reasons == UNSAFE).any(axis=0)
    refused = (reasons == REFUSED).any(axis=0) & ~closed
    counts = {REFUSED: refused, CLOSED: closed, UNSAFE: unsafe & ~closed & ~refused}
    return {name: int(np.count_nonzero(counts[at])) for at, name in enumerate(REASONS)}
