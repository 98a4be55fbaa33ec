"""Answers of a record's reports to some questions: a column of indices into distinct texts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import KINDS
from analytics.observation.ids import ID
from analytics.observation.record import Record
from analytics.survey.design import Floats, Ints, Truths
from schemas.mission import Kind

UNSAID = -1
"""Stands where a report said nothing."""
Spoken = tuple[str | None, bytes]
"""A text, and the ids of the reports that say it, one behind the other; None: they say nothing."""


@dataclass(frozen=True)
class Answers:
    """``said`` has an element a report of a record, an index into ``texts`` or :data:`UNSAID`.

    A text is a JSON list of answers in the order of the questions. ``ids`` are the reports,
    ``clock`` is that up to which they were read.
    """

    texts: tuple[str, ...]
    said: NDArray[np.int32]
    ids: NDArray[np.void]
    clock: int

    def over(self, record: Record) -> "Answers":
        """The same for the reports of another record; of those that are new nothing is known."""
        ids = record["id"]
        said = np.full(len(ids), UNSAID, dtype=np.int32)
        if _begins_with(ids, self.ids):
            said[: len(self.said)] = self.said
        else:
            at = record.find(self.ids)
            said[at[at >= 0]] = self.said[at >= 0]
        return replace(self, said=said, ids=ids)

    def with_texts(self, spoken: Iterable[Spoken], record: Record) -> "Answers":
        """With what reports of the record say now; others are left out."""
        texts = {text: at for at, text in enumerate(self.texts)}
        said = self.said.copy()
        for text, reports in spoken:
            at = record.find(np.frombuffer(reports, dtype=ID))
            said[at[at >= 0]] = UNSAID if text is None else texts.setdefault(text, len(texts))
        return replace(self, texts=tuple(texts), said=said, clock=record.clock)


NO_ANSWERS = Answers((), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=ID), 0)
"""Before anything was read."""


def _begins_with(ids: NDArray[np.void], first: NDArray[np.void]) -> bool:
    numbers = np.ascontiguousarray(ids[: len(first)]).view(np.int64)
    return np.array_equal(numbers, np.ascontiguousarray(first).view(np.int64))


def count_texts(record: Record, answers: Answers) -> list[tuple[str, Kind, str, int]]:
    """How many counting reports of each checklist and kind of observer say each text."""
    rows = np.flatnonzero(record.counted & (answers.said != UNSAID))
    kinds, texts = len(KINDS), max(len(answers.texts), 1)
    key = record["checklist"][rows].astype(np.int64) * kinds + record["kind"][rows]
    many = np.bincount(key * texts + answers.said[rows])
    found = np.flatnonzero(many)
    return [
        (
            record.checklists[at // texts // kinds],
            KINDS[at // texts % kinds],
            answers.texts[at % texts],
            count,
        )
        for at, count in zip(found.tolist(), many[found].tolist(), strict=True)
    ]


@dataclass(frozen=True)
class StaffSums:
    """Reports that named both figures; those ``set_aside`` named what cannot be, and count for
    nothing else. What is by place is of the assigned visits, but for ``stations``, which counts
    the places of all."""

    reports: int
    set_aside: int
    women: float
    staff: float
    stations: int
    sent_at: Ints
    women_at: Floats
    staff_at: Floats


def sum_staff(place: Ints, sent: Truths, staff: Floats, women: Floats, *, places: int) -> StaffSums:
    """Sums over reports, an element each: where it is from, whether its team was sent there, and
    its figures. ``places`` are all there are."""
    fit = (staff > 0) & (women >= 0) & (women <= staff)
    own = fit & sent
    return StaffSums(
        len(place),
        int(np.count_nonzero(~fit)),
        float(women[fit].sum()),
        float(staff[fit].sum()),
        len(np.unique(place[fit])),
        np.bincount(place[own], minlength=places),
        np.bincount(place[own], women[own], minlength=places).astype(np.float64),
        np.bincount(place[own], staff[own], minlength=places).astype(np.float64),
    )
