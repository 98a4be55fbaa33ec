"""Matrices of codes made of a few reports, for tests."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.observation.code_matrix import KINDS, NOWHERE, CodeMatrix
from schemas.mission import Kind
from schemas.report import ReportStatus

STATUSES = tuple(ReportStatus)
ROW = np.dtype(
    [
        ("id", "V16"),
        ("received", np.int64),
        ("changed", np.int64),
        ("status", np.int8),
        ("place", np.int32),
        ("area", np.int32),
        ("kind", np.int8),
        ("team", np.int32),
        ("visit", np.int32),
        ("arrived", np.int64),
        ("assigned", np.bool_),
    ]
)


@dataclass(frozen=True)
class Said:
    """One report: what it says, byte by byte, and where it comes from."""

    codes: bytes
    kind: Kind = Kind.DOMESTIC
    place: int = NOWHERE
    area: int = NOWHERE
    assigned: bool = False
    status: ReportStatus = ReportStatus.RECEIVED
    arrived: int = NOWHERE
    visit: int | None = None
    team: int = 0
    changed: int = 0


def matrix_of(
    indicators: tuple[str, ...], reports: Sequence[Said], *, assigned_alone: bool = False
) -> CodeMatrix:
    """A matrix of reports that were received one after another."""
    rows = np.array(
        [
            (
                at.to_bytes(16),
                at,
                each.changed or at,
                STATUSES.index(each.status),
                each.place,
                each.area,
                KINDS.index(each.kind),
                each.team,
                1_000_000 + at if each.visit is None else each.visit,
                each.arrived,
                each.assigned,
            )
            for at, each in enumerate(reports, 1)
        ],
        dtype=ROW,
    )
    codes = np.frombuffer(b"".join([each.codes for each in reports]), dtype=np.uint8)
    return CodeMatrix.of(
        indicators,
        codes.reshape(len(reports), len(indicators)),
        rows,
        np.arange(len(reports)),
        assigned_alone=assigned_alone,
    )
