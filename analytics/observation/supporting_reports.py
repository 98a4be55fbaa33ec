"""The reports beneath a number: those in which its irregularity was seen.

A refused entry answers the indicators of access of the checklist that was due, so the case that
reported it stands among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from analytics.observation.code_matrix import KINDS, CodeMatrix
from analytics.observation.drawn_sample import AreaGroups, DrawnSample, drawn_for, sent_by
from analytics.observation.irregularity_rates import Part, Rate
from analytics.observation.record import Record
from analytics.observation.unobserved import Refusals
from analytics.survey.design import Ints
from schemas.codes import STATUS_MASK, Status
from schemas.mission import Kind


@dataclass(frozen=True)
class SupportingReports:
    """Which reports are meant: those in which an irregularity was seen, by one kind of observers
    or any, in one part of their visits or all; in one area, or all."""

    indicator: str
    kind: Kind | None = None
    part: Part | None = None
    area: int | None = None


def reports_behind(
    record: Record,
    matrix: CodeMatrix,
    refused: Refusals | None,
    rate: Rate,
    *,
    samples: Sequence[DrawnSample] = (),
) -> tuple[UUID, ...]:
    """The reports in which the irregularity of a rate was seen, those of a refused entry among
    them: what its number links to."""
    seen = matrix.ids(rows_behind(matrix, rate, samples=samples))
    cases = record["id"][refusals_behind(record, refused, rate, samples=samples)]
    return tuple(UUID(bytes=each.tobytes()) for each in (*seen, *cases))


def rows_behind(
    matrix: CodeMatrix,
    rate: Rate | SupportingReports,
    *,
    samples: Sequence[DrawnSample] = (),
    areas: AreaGroups | None = None,
) -> Ints:
    """The reports in which it was seen, as rows of the matrix. Areas are counted only where
    ``rate`` is of one."""
    status = matrix.codes[:, matrix.indicators.index(rate.indicator)] & np.uint8(STATUS_MASK)
    rows = np.flatnonzero(matrix.counted & (status == Status.IRREGULAR))
    kept = np.zeros(len(rows), dtype=np.bool_)
    for kind in KINDS if rate.kind is None else (rate.kind,):
        own = matrix.take("kind", rows) == KINDS.index(kind)
        sent = sent_by(drawn_for(samples, kind), matrix)[rows]
        kept |= own & (sent if rate.part == "sample" else ~sent if rate.part else True)
    if rate.area is not None:
        area = matrix.take("area", rows)
        kept &= (areas.group(area) if areas else np.zeros_like(area)) == rate.area
    return rows[kept]


def refusals_behind(
    record: Record,
    refusals: Refusals | None,
    rate: Rate | SupportingReports,
    *,
    samples: Sequence[DrawnSample] = (),
    areas: AreaGroups | None = None,
) -> Ints:
    """The reports of refused entry that answer a rate's irregularity, as rows of the record."""
    if refusals is None or rate.indicator not in refusals.indicators:
        return np.zeros(0, dtype=np.int64)
    rows = refusals.saying
    place, kinds, kept = record["place"][rows], record["kind"][rows], np.zeros(len(rows), np.bool_)
    for kind in KINDS if rate.kind is None else (rate.kind,):
        sample = drawn_for(samples, kind)
        drawn = np.isin(place, sample.place) if sample else np.zeros(len(rows), np.bool_)
        own = kinds == KINDS.index(kind)
        kept |= own & (drawn if rate.part == "sample" else ~drawn if rate.part else True)
    if rate.area is not None:
        area = record["area"][rows]
        kept &= (areas.group(area) if areas else np.zeros_like(area)) == rate.area
    return rows[kept]
