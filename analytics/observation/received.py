"""Counts of a record's reports by status, place and rules; and the newest reports."""

from collections import Counter
from datetime import datetime
from uuid import UUID

import numpy as np

from analytics.observation.code_matrix import KIND_INDEX, KINDS
from analytics.observation.ids import KEY, micro, moment_of
from analytics.observation.record import STATUS_INDEX, STATUSES, Record
from analytics.survey.design import Ints, Truths
from schemas.mission import Kind
from schemas.report import ReportStatus


def statuses(record: Record) -> Counter[ReportStatus]:
    """How many reports have each status."""
    counts = np.bincount(record["status"], minlength=len(STATUSES)).tolist()
    return Counter({status: many for status, many in zip(STATUSES, counts, strict=True) if many})


def came(record: Record) -> int:
    """How many reports came: of those of one visit the newest."""
    return int((record["status"] != STATUS_INDEX[ReportStatus.SUPERSEDED]).sum())


def judged(record: Record) -> Counter[UUID]:
    """How many each revision of the rules has judged."""
    rules = record["rules"]
    counts = np.bincount(rules[rules >= 0], minlength=len(record.rules)).tolist()
    return Counter({each: many for each, many in zip(record.rules, counts, strict=True) if many})


def last(record: Record, as_of: datetime) -> datetime | None:
    """When the last of those came that had come by then."""
    came = record["came"]
    came = came[came <= micro(as_of)]
    return moment_of(int(came.max())) if len(came) else None


def counted(
    record: Record, checklist: str, without: Ints | None = None
) -> Counter[tuple[int, Kind]]:
    """How many of a checklist count, by area and kind of observer; ``without`` are rows of the
    record that are left out."""
    rows = record.of(checklist)
    rows = rows[record.counted[rows]]
    rows = rows if without is None else rows[~np.isin(rows, without)]
    keys = record["area"][rows].astype(np.int64) * len(KINDS) + record["kind"][rows]
    found, many = np.unique(keys, return_counts=True)
    return Counter(
        {
            (key // len(KINDS), KINDS[key % len(KINDS)]): count
            for key, count in zip(found.tolist(), many.tolist(), strict=True)
        }
    )


def came_on(record: Record, checklist: str) -> bool:
    """Whether any report came on a checklist, those that are held included."""
    rows = record.of(checklist)
    return bool((record["status"][rows] != STATUS_INDEX[ReportStatus.SUPERSEDED]).any())


def places(record: Record, kind: Kind) -> set[int]:
    """The places from which a kind of observer reported."""
    return _places(record, record["kind"] == KIND_INDEX[kind])


def aside(record: Record, checklist: str, kind: Kind) -> set[int]:
    """The places of a checklist's reports that are held, or in quarantine."""
    here = np.zeros(len(record), dtype=np.bool_)
    here[record.of(checklist)] = True
    here &= (record["kind"] == KIND_INDEX[kind]) & ~record.counted
    return _places(record, here & (record["status"] != STATUS_INDEX[ReportStatus.SUPERSEDED]))


def _places(record: Record, rows: Truths) -> set[int]:
    place = record["place"][rows]
    return set(np.unique(place[place >= 0]).tolist())


def newest(record: Record, count: int, as_of: datetime, here: Truths | None = None) -> Ints:
    """The positions of the reports that came last by then, the newest first; of these alone."""
    came = record["came"]
    wanted = came <= micro(as_of)
    rows = np.flatnonzero(wanted if here is None else wanted & here)
    if len(rows) > count:
        since = np.partition(came[rows], len(rows) - count)[len(rows) - count]
        rows = rows[came[rows] >= since]
    order = np.lexsort((record["id"][rows].view(KEY), came[rows]))
    return rows[order[::-1][:count]]
