"""Stations that could not be observed, as a mission's reports, registers and areas say."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np

from analytics.observation.code_matrix import KINDS, NOWHERE
from analytics.observation.drawn_sample import DrawnSample
from analytics.observation.expected_reports import withdrawn_from
from analytics.observation.ids import ids_of, micro
from analytics.observation.unobserved import (
    OBSERVED,
    REASONS,
    REFUSED,
    STAGES,
    DueChecklist,
    Refusals,
    Said,
    Unobserved,
    answered_by_refusals,
    stations_by_reason,
    unobserved,
)
from analytics.observation.voices import UNOBSERVED, Silence
from analytics.survey.design import Ints, Truths
from api.figures.edition import Edition
from schemas.checklist import CASES, STAGE_QUESTION
from schemas.checklist import Unobserved as Reason
from schemas.codes import Status
from schemas.mission import Kind

SAYING = """
SELECT r.id, r.checklist, v.answers FROM (
  SELECT r.id, r.checklist, r.version FROM report r WHERE r.mission_id = %(m)s
    AND r.changed > %(after)s AND r.changed <= %(until)s AND r.checklist = ANY(%(names)s)
    AND coalesce(r.round_id = %(round)s, NOT %(asked)s) OFFSET 0) r
JOIN report_version v ON v.mission_id = %(m)s AND v.report_id = r.id AND v.number = r.version
WHERE %(after)s > 0 OR EXISTS (SELECT FROM jsonb_each_text(v.answers) a
  WHERE a.key = ANY(%(questions)s) AND a.value = ANY(%(options)s))"""
Options = Mapping[str, Mapping[str, Reason]]
"""What each option says of the station, by question."""


def options_of(edition: Edition) -> dict[str, Options]:
    """By checklist what options of its questions say of a station, in any published version."""
    found: dict[str, dict[str, dict[str, Reason]]] = {}
    for each in edition.reference.rules.values():
        for question, options in each.definition.stations_unobserved().items():
            found.setdefault(each.definition.name, {}).setdefault(question, {}).update(options)
    return {**found}


def unobserved_stations(edition: Edition) -> Unobserved:
    """Which places could not be observed, and why."""

    def make() -> Unobserved:
        places = edition.reference.places
        return unobserved(
            edition.record, _said(edition), sorted(CASES), places.closed, places.no_go
        )

    return edition.cached("unobserved", make)


def _said(edition: Edition) -> Said:
    """The reports that say that their station could not be observed."""
    record, options = edition.record, options_of(edition)
    if not any(len(record.of(name)) for name in options):
        return Said.nothing()
    given = saying_of(edition)

    def news(after: int, until: int) -> dict[UUID, tuple[UUID, int, int] | None]:
        rows = edition.rows_of(SAYING, given | {"after": after, "until": until})
        return {report: _read(report, options[name], said) for report, name, said in rows}

    found = edition.followed("unobserved", news)
    row = record.find(ids_of([report for report, *_ in found]))
    reason, stage = (np.array([each[at] for each in found], dtype=np.int64) for at in (1, 2))
    here = row >= 0
    return Said(row[here], reason[here], stage[here])


def saying_of(edition: Edition) -> dict[str, Any]:
    """The parameters of :data:`SAYING`, but for the readings of the clock."""
    options = options_of(edition)
    return {
        "round": edition.reference.polling.round_id,
        "asked": edition.reference.asked,
        "names": [*options],
        "questions": [question for each in options.values() for question in each],
        "options": [option for each in options.values() for one in each.values() for option in one],
    }


def _read(report: UUID, options: Options, said: object) -> tuple[UUID, int, int] | None:
    """A report with its reason and stage; None where it says that the station was observed."""
    answers = said if isinstance(said, dict) else {}
    for question, each in options.items():
        answer = answers.get(question)
        reason = each.get(answer) if isinstance(answer, str) else None
        if reason is not None:
            stage = answers.get(STAGE_QUESTION)
            at = STAGES.index(stage) if stage in STAGES else NOWHERE
            return report, REASONS.index(reason), at
    return None


def refused_at(edition: Edition, kind: Kind) -> frozenset[int]:
    """Places that let no observers of a kind in."""
    found = unobserved_stations(edition).refused[KINDS.index(kind)]
    return frozenset(np.flatnonzero(found).tolist())


def closed_at(edition: Edition) -> frozenset[int]:
    """Places that did not open in the round, or moved away."""
    return frozenset(np.flatnonzero(unobserved_stations(edition).closed).tolist())


def unsafe_at(edition: Edition) -> frozenset[int]:
    """Places where it was not safe to be."""
    return frozenset(np.flatnonzero(unobserved_stations(edition).unsafe).tolist())


def refusals(edition: Edition) -> Mapping[str, Refusals]:
    """By checklist the stations whose refusal answers its indicators of access."""

    def make() -> Mapping[str, Refusals]:
        polling, found = edition.reference.polling, unobserved_stations(edition)
        due = []
        for name in edition.reference.checklists:
            rules = edition.reference.newest(name)
            if rules is not None and name not in CASES:
                access = [each.code for each in rules.definition.indicators if each.of_access]
                due.append(DueChecklist(name, rules.definition.stage, tuple(access)))
        hours = micro(polling.opens), micro(polling.closes)
        return answered_by_refusals(edition.record, found, due, hours)

    return edition.cached("refusals", make)


def gone_from(edition: Edition, sample: DrawnSample) -> Truths:
    """Which stations of a sample were closed: they are out of the frame."""
    return unobserved_stations(edition).closed[sample.place]


def silence(
    edition: Edition, checklist: str, indicators: Sequence[str], sample: DrawnSample
) -> Silence:
    """What is known of a sample's stations should no report of a checklist come from them."""
    known = Silence.of(len(sample), len(indicators))
    kind = KINDS.index(sample.kind)
    reason = unobserved_stations(edition).reason(sample.place, kind)
    reference = edition.reference
    withdrawn = withdrawn_from(reference.expected, len(reference.places))[kind, sample.place]
    known.voices[(reason != OBSERVED) | withdrawn] = UNOBSERVED
    answers = refusals(edition).get(checklist)
    if answers is not None:
        here = np.isin(sample.place, answers.place[answers.kind == kind])
        known.voices[here] = UNOBSERVED
        for each in answers.indicators:
            known.voices[here, indicators.index(each)] = Status.IRREGULAR
    return Silence(known.voices, gone_from(edition, sample) | withdrawn)


def stations_unobserved(edition: Edition) -> dict[str, int]:
    """How many stations that something was expected from, or that reports say it of, could not be
    observed, by reason."""

    def make() -> dict[str, int]:
        reference = edition.reference
        found = unobserved_stations(edition)
        return stations_by_reason(found, edition.record, sorted(CASES), reference.planned)

    return edition.cached("stations unobserved", make)


def closed_or_unsafe(edition: Edition) -> Ints:
    """The reports that say that their station was closed or unsafe, as rows of the record."""
    said = _said(edition)
    rows: Ints = said.row[said.reason != REFUSED]
    return rows
