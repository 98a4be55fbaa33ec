"""Matching expected reports with those that came, over columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import NOWHERE
from analytics.observation.expected_reports import ExpectedReports, desks
from analytics.observation.record import STATUS_INDEX, STATUSES, Record
from analytics.survey.design import Ints
from schemas.report import ReportStatus

NEVER_JUDGED = "all"
"""The stage of a report of which no rules say one."""
_SUPERSEDED = STATUS_INDEX[ReportStatus.SUPERSEDED]


@dataclass(frozen=True, eq=False)
class Matched:
    """``met`` is the position in the record of the report that met each expected one, −1 where it
    is missing; ``unplanned`` are the positions of those that met nothing.

    ``stage`` is each report's stage as an index into ``stages``.
    """

    expected: ExpectedReports
    record: Record
    met: Ints
    unplanned: Ints
    stages: tuple[str, ...]
    stage: NDArray[np.int8]

    @cached_property
    def came(self) -> Ints:
        """The expected reports that were met."""
        return np.flatnonzero(self.met >= 0)

    @cached_property
    def missing(self) -> Ints:
        """The expected reports that were not, those of plans that ended included."""
        return np.flatnonzero(self.met < 0)


def match(expected: ExpectedReports, record: Record, stages: Mapping[UUID, str]) -> Matched:
    """Pair every planned report with one that came from the same team with that checklist.

    A report meets the plan of its own place first, then its team's plan for the area. A superseded
    report meets nothing: its newer version does. Counted reports are paired before held ones,
    earlier before later; of those that are equal in all that figures show, chance does not decide.
    ``stages`` gives the stage of each revision of rules. Raises ValueError where the record's lists
    of teams and checklists do not begin with the plan's.
    """
    for own, other in ((expected.teams, record.teams), (expected.checklists, record.checklists)):
        if own != other[: len(own)]:
            raise ValueError("the record's lists must begin with the plan's")
    names, stage = _stages(record, stages)
    able = np.flatnonzero(record["status"] != _SUPERSEDED)
    able = able[_precedence(record, able, names, stage)]
    desk = desks(record["team"][able], record["checklist"][able])
    place = record["place"][able].astype(np.int64)
    met = np.full(len(expected), NOWHERE, dtype=np.int64)
    queues = expected.queues
    placed = place >= 0
    at = np.full(len(able), NOWHERE, dtype=np.int64)
    at[placed] = queues.take(desk[placed], place[placed])
    left = at < 0
    at[left] = queues.take(desk[left], np.full(left.sum(), NOWHERE))
    met[at[at >= 0]] = able[at >= 0]
    return Matched(expected, record, met, np.sort(able[at < 0]), names, stage)


def _stages(record: Record, stages: Mapping[UUID, str]) -> tuple[tuple[str, ...], Any]:
    """The names of stages in order, and each report's; last of the rules' is that of none."""
    by_rules = [stages.get(each, NEVER_JUDGED) for each in record.rules]
    names = tuple(sorted({*by_rules, NEVER_JUDGED}))
    index = np.array([names.index(each) for each in [*by_rules, NEVER_JUDGED]], dtype=np.int8)
    return names, index[record["rules"]]


def _precedence(record: Record, rows: Ints, names: tuple[str, ...], stage: Any) -> Ints:
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
