"""Counts of answers: who was present, who refused, how it was rated, women among the staff."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from analytics.numbers import Estimate
from analytics.observation.answers import StaffSums, count_texts, sum_staff
from analytics.observation.code_matrix import KINDS
from analytics.observation.drawn_sample import drawn_for
from analytics.survey.design import DesignProblem
from analytics.survey.estimates import estimate_ratio
from api.database.stored_json import read_json
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.export import number_out
from api.figures.unobserved import gone_from
from schemas.mission import Kind
from schemas.report import LARGEST_COUNT

PRESENT = ("chair_present", "agents_present", "citizens_present", "present")
REFUSED = ("refused_by",)
RATED = ("rating", "grasp")
LOOKED_AWAY = "not_observed"
ASKED = (*PRESENT, *REFUSED, *RATED)


@dataclass(frozen=True)
class AnswerCounts:
    """One question of one checklist: of how many reports that looked, how many said each."""

    checklist: str
    question: str
    kind: Kind
    of: int
    counts: dict[str, int]


@figure
def answered(edition: Edition, sections: Sequence[str] = ()) -> list[AnswerCounts]:
    """Every question that was answered, of the round, in the order of checklists. ``sections``
    are the stages of whoever is bounded to some."""
    sums: defaultdict[tuple[str, str, Kind], Counter[str | None]] = defaultdict(Counter)
    for checklist, kind, text, reports in count_texts(edition.record, edition.answers(ASKED)):
        for question, said in zip(ASKED, read_json(text), strict=True):
            if chosen := _chosen(said):
                sums[checklist, question, kind].update(dict.fromkeys((None, *chosen), reports))
    order = {name: at for at, name in enumerate(edition.reference.checklists)}
    found = [
        _answered(*key, counts)
        for key, counts in sums.items()
        if key[0] in order and _may_see(edition, key[0], sections)
    ]
    return sorted(found, key=lambda each: (order[each.checklist], each.question, each.kind))


def _chosen(said: Any) -> set[str]:
    """The options that an answer names; nothing where it is of another shape."""
    if isinstance(said, str):
        return {said}
    if not isinstance(said, list):
        return set()
    return {
        each if isinstance(each, str) else orjson.dumps(each).decode()
        for each in said
        if each is not None
    }


def _may_see(edition: Edition, checklist: str, sections: Sequence[str]) -> bool:
    rules = edition.reference.newest(checklist)
    return not sections or (rules is not None and rules.definition.stage in sections)


def _answered(
    checklist: str, question: str, kind: Kind, counts: Mapping[str | None, int]
) -> AnswerCounts:
    """Whoever did not look is not among those that the count is of."""
    said = {name: count for name, count in counts.items() if name and name != LOOKED_AWAY}
    of = counts.get(None, 0) - counts.get(LOOKED_AWAY, 0)
    return AnswerCounts(checklist, question, kind, max(of, *said.values(), 0), said)


def answered_out(found: AnswerCounts) -> dict[str, Any]:
    """One question's counts as JSON."""
    return {
        "checklist": found.checklist,
        "question": found.question,
        "kind": found.kind,
        "of": found.of,
        "counts": found.counts,
    }


OF_STAFF = ("officials", "officials_women")


@dataclass(frozen=True)
class WomenAmongStaff:
    """Women of the staff seen by one kind of observer, in sums over reports.

    ``estimate`` is of all stations, where the sample of this kind allows it. ``set_aside``
    reports named more women than staff, or fewer than none.
    """

    kind: Kind
    women: int
    staff: int
    stations: int
    set_aside: int
    estimate: Estimate | None


@figure
def women_among_staff(edition: Edition) -> list[WomenAmongStaff]:
    """A row a kind of observer that said it; the two are never pooled."""
    return edition.cached("women among staff", lambda: _by_kind(edition))


def _by_kind(edition: Edition) -> list[WomenAmongStaff]:
    return [
        WomenAmongStaff(
            kind,
            int(said.women),
            int(said.staff),
            said.stations,
            said.set_aside,
            _estimate(edition, said, kind),
        )
        for kind, said in _sums_of(edition).items()
        if said.reports
    ]


def _sums_of(edition: Edition) -> dict[Kind, StaffSums]:
    """What each kind of observers said, of places that are known, in reports that count."""
    record, answers = edition.record, edition.answers(OF_STAFF)
    places = len(edition.reference.places)
    by_text = np.array([_figures(each) for each in answers.texts]).reshape(-1, len(OF_STAFF))
    rows = np.flatnonzero(record.counted & (record["place"] >= 0) & (answers.said >= 0))
    figures = by_text[answers.said[rows]]
    named = ~np.isnan(figures).any(axis=1)
    rows, (staff, women) = rows[named], figures[named].T
    place, sent, kinds = (record[each][rows] for each in ("place", "assigned", "kind"))
    found = {}
    for index, kind in enumerate(KINDS):
        own = kinds == index
        found[kind] = sum_staff(place[own], sent[own], staff[own], women[own], places=places)
    return found


def _figures(text: str) -> list[float]:
    """The answers as figures: NaN of what is no number; one that is larger than any cannot be."""
    said = json.loads(text, parse_int=float, parse_float=float)
    return [
        math.nan if not isinstance(each, float) else each if abs(each) <= LARGEST_COUNT else -1.0
        for each in said
    ]


def _estimate(edition: Edition, said: StaffSums, kind: Kind) -> Estimate | None:
    """The ratio of sums over the stations drawn, of the assigned visits to each, where enough of
    them came."""
    sample = drawn_for(edition.reference.drawn_samples, kind)
    if sample is None or not len(sample):
        return None
    came = said.sent_at[sample.place] > 0
    threshold = edition.reference.mission.response_threshold
    if not sample.responds(came, gone_from(edition, sample) & ~came, threshold):
        return None
    women, staff = (
        np.where(came, each[sample.place], np.nan) for each in (said.women_at, said.staff_at)
    )
    try:
        return estimate_ratio(sample.whole, women, staff)
    except DesignProblem:
        return None


def women_out(found: WomenAmongStaff) -> dict[str, Any]:
    """One kind's women among staff as JSON."""
    return {
        "kind": found.kind,
        "women": found.women,
        "staff": found.staff,
        "stations": found.stations,
        "set_aside": found.set_aside,
        "estimate": None if found.estimate is None else number_out(found.estimate),
    }
