"""The record: every report of a mission's round as one row of a table that never changes. A change
makes another record.

What figures say is made of it by pure functions. It is equal whether it was read at once or
followed step by step (:meth:`Record.snapshot`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.observation.ids import ID, NO_IDS, Ids
from analytics.survey.design import Ints, Truths
from schemas.report import COUNTED, ReportStatus

STATUSES: tuple[ReportStatus, ...] = tuple(ReportStatus)
STATUS_INDEX = {status: index for index, status in enumerate(STATUSES)}
ROW = np.dtype(
    [
        ("id", ID),
        ("received", np.int64),
        ("changed", np.int64),
        ("version", np.int32),
        ("status", np.int8),
        ("checklist", np.int16),
        ("rules", np.int32),
        ("place", np.int32),
        ("area", np.int32),
        ("kind", np.int8),
        ("team", np.int32),
        ("visit", np.int32),
        ("arrived", np.int64),
        ("came", np.int64),
        ("assigned", np.bool_),
    ]
)
"""One report. ``received`` is the mission's clock at its receipt, ``changed`` that of its last
change; ``status`` an index into :data:`STATUSES`, ``kind`` into
:data:`analytics.observation.code_matrix.KINDS`, ``checklist``, ``rules`` and ``team`` into the
record's own lists, ``place`` and ``area`` into those of the reference data; ``visit`` numbers the
visits of a record, a report without one has a visit of its own; ``arrived`` in Unix seconds,
``came`` in microseconds since 1970; ``assigned`` says whether the deployment plan sent the team to
this very place. −1 is unknown."""
_COUNTED = np.array([each in COUNTED for each in STATUSES])


@dataclass(frozen=True)
class Coded:
    """The codes of one checklist's reports: ``at`` are rows of a batch, ``codes`` a byte for each
    and indicator, shape (rows, indicators), in the order of the matrix's indicators."""

    at: Ints
    codes: NDArray[np.uint8]


@dataclass(frozen=True)
class Batch:
    """Reports that changed, up to ``clock``. ``rows`` index the batch's own lists, each id stands
    once; ``visits`` is each row's visit (the report's own id where it has none).

    ``gone`` are ids of reports that are another round's now. ``protocols`` are those of the rows
    that have one, as the protocols take them.
    """

    rows: NDArray[np.void]
    clock: int
    visits: NDArray[np.void]
    checklists: tuple[str, ...] = ()
    rules: tuple[UUID, ...] = ()
    teams: tuple[str, ...] = ()
    codes: Mapping[str, Coded] = field(default_factory=dict)
    protocols: Sequence[Any] = ()
    gone: NDArray[np.void] = field(default_factory=lambda: np.zeros(0, dtype=ID))


@dataclass(frozen=True)
class Record:
    """The reports of a round in the order of their receipt, up to ``clock``.

    ``matrices`` holds what was judged, by checklist
    (:class:`analytics.observation.code_matrix.CodeMatrix`); ``protocols`` the results protocols
    (:class:`analytics.results.protocols.Protocols`, which lie a floor above).
    """

    rows: NDArray[np.void] = field(default_factory=lambda: np.zeros(0, dtype=ROW))
    clock: int = 0
    checklists: tuple[str, ...] = ()
    rules: tuple[UUID, ...] = ()
    teams: tuple[str, ...] = ()
    matrices: Mapping[str, Any] = field(default_factory=dict)
    protocols: Any = None
    ids: Ids = NO_IDS
    """Where each report stands."""
    visits: Ids = NO_IDS
    """The number of each visit."""
    _team_at: Mapping[str, int] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        """How many reports came."""
        return len(self.rows)

    def __getitem__(self, column: str) -> NDArray[Any]:
        """A column by its name, shape (reports,)."""
        return np.ascontiguousarray(self.rows[column])

    @property
    def counted(self) -> Truths:
        """Which reports count by their status, shape (reports,)."""
        counted: Truths = _COUNTED[self.rows["status"]]
        return counted

    def of(self, checklist: str) -> Ints:
        """The positions of a checklist's reports; none where it is unknown."""
        if checklist not in self.checklists:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.rows["checklist"] == self.checklists.index(checklist))

    def find(self, ids: NDArray[np.void]) -> Ints:
        """The position of each report by its id, −1 where it did not come."""
        return self.ids.find(ids)
