"""A matrix of codes: what every report of one checklist says, a byte per report and indicator."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.survey.design import Ints, Truths
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus

KINDS: tuple[Kind, ...] = (Kind.DOMESTIC, Kind.INTERNATIONAL)
KIND_INDEX = {kind: index for index, kind in enumerate(KINDS)}
NOWHERE = -1
"""The place or area of a report that could not be placed; the arrival that nobody noted."""

SPEAKS: Truths = np.array([each in COUNTED for each in ReportStatus])
"""Whether a report of each status counts; a status column numbers :class:`ReportStatus`."""


@dataclass(frozen=True, eq=False)
class CodeMatrix:
    """What every report of one checklist says: a byte per report and indicator, shape
    (reports, indicators). It never changes; a change makes another one.

    ``columns`` are the record's rows (:data:`analytics.observation.record.ROW`), ``row`` says
    which of them the matrix has. ``counted`` is which reports count: neither held, quarantined
    nor superseded, nor dated ahead; with ``first_contest`` those of a visit's first contest alone.
    """

    indicators: tuple[str, ...]
    codes: NDArray[np.uint8]
    columns: NDArray[np.void]
    row: Ints
    first_contest: bool = False
    _read: dict[str, Ints] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        indicators: tuple[str, ...],
        codes: NDArray[np.uint8],
        columns: NDArray[np.void],
        positions: Ints,
        *,
        first_contest: bool = False,
    ) -> "CodeMatrix":
        """The matrix of the reports at ``positions`` among ``columns``, with a row of codes each.

        With ``first_contest``, of a visit whose reports are of several contests only those of the
        first one count: what was done is the same in all of them. Raises ValueError where an
        indicator is there twice, or the shapes do not fit.
        """
        if len(set(indicators)) != len(indicators):
            raise ValueError("indicators: each may stand only once")
        if codes.shape != (len(positions), len(indicators)):
            raise ValueError(f"codes {codes.shape}: {len(positions)} × {len(indicators)}")
        return cls(indicators, codes, columns, positions, first_contest)

    def __len__(self) -> int:
        """How many reports there are, counted or not."""
        return len(self.row)

    def __getitem__(self, column: str) -> Ints:
        """A column of the reports by name, shape (reports,): those of the record, and
        ``sequence``, the mission's clock when each last changed. Do not write."""
        if column not in self._read:
            name = "changed" if column == "sequence" else column
            self._read[column] = self.columns[name][self.row].astype(np.int64)
        return self._read[column]

    def take(self, column: str, rows: Ints) -> Ints:
        """A column as above, of some rows."""
        return self[column][rows]

    def ids(self, rows: Ints) -> NDArray[np.void]:
        """The reports' ids of these rows, sixteen bytes each."""
        taken: NDArray[np.void] = self.columns["id"][self.row[rows]]
        return taken

    @cached_property
    def assigned(self) -> Truths:
        """Which reports come from the deployment that the sample sent."""
        taken: Truths = self.columns["assigned"][self.row]
        return taken

    @property
    def visits(self) -> Ints:
        """The visit of each; a report without one is its own."""
        return self["visit"]

    @cached_property
    def counted(self) -> Truths:
        """Which reports count, as those of a visit were settled (``api/intake/settling.py``)."""
        speak: Truths = SPEAKS[self.columns["status"][self.row]]
        speak &= self.columns["counts_from"][self.row] == 0
        return self._of_first_contests(speak) if self.first_contest else speak

    def _of_first_contests(self, speak: Truths) -> Truths:
        """Which are of the first contest of their visit, in the round's own order."""
        able = np.flatnonzero(speak)
        _, at = np.unique(self.visits[able], return_inverse=True)
        first = np.full(int(at.max(initial=-1)) + 1, np.iinfo(np.int64).max)
        np.minimum.at(first, at, self["contest"][able])
        counted = np.zeros(len(self), dtype=np.bool_)
        counted[able[self["contest"][able] == first[at]]] = True
        return counted
