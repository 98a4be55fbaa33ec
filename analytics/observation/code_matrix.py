"""Readings: what every report of one checklist says, one byte per report and indicator.

The matrix is folded forward: whoever follows the mission's clock hands over the rows that
changed, in any order and as often as they like, and the newest word on each report stands.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from operator import attrgetter
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.survey.design import Ints, Truths
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus

KINDS: tuple[Kind, ...] = (Kind.DOMESTIC, Kind.INTERNATIONAL)
KIND_INDEX = {kind: index for index, kind in enumerate(KINDS)}
NOWHERE = -1
"""The place or area of a report that could not be placed; the arrival that nobody noted."""

_ROW = np.dtype(
    [
        ("sequence", np.int64),
        ("version", np.int32),
        ("place", np.int32),
        ("area", np.int32),
        ("kind", np.uint8),
        ("arrived", np.int64),
        ("counted", np.bool_),
        ("assigned", np.bool_),
        ("standing", np.bool_),
        ("received", np.int64),
    ]
)


_OF: dict[str, Callable[["Reading"], int]] = {
    name: attrgetter(name) for name in _ROW.names or () if name not in {"kind", "standing"}
}
_OF["kind"] = lambda each: KIND_INDEX[each.kind]
"""How a column is read from a reading; ``standing`` is ``counted`` as it was said."""


@dataclass(slots=True)
class Reading:
    """One report as it stands at ``sequence``, the mission's clock when it last changed.

    Not frozen, because that makes it three times as dear, and a million are made; nobody
    changes one.

    ``place`` and ``area`` are indexes into the reader's own lists, ``arrived`` the arrival
    in Unix seconds. ``counted`` is whether its status lets it speak
    (:data:`schemas.report.COUNTED`); ``codes`` holds one byte per indicator. ``assigned`` is
    whether it comes from the deployment that the sample sent to this station: only such
    reports may become an estimate. ``received`` is the mission's clock at its receipt, which never
    changes.
    """

    sequence: int
    report: UUID
    version: int
    codes: bytes
    counted: bool
    kind: Kind
    place: int = NOWHERE
    area: int = NOWHERE
    visit: UUID | None = None
    arrived: int = NOWHERE
    assigned: bool = False
    received: int = 0


class Readings:
    """The growing matrix of one checklist. Rows are reports, columns its indicators.

    With ``assigned_alone``, of several visits to a place only the first of the team that was sent
    there counts, and of a place where nobody was sent none.
    """

    def __init__(self, indicators: tuple[str, ...], *, assigned_alone: bool = False) -> None:
        if len(set(indicators)) != len(indicators):
            raise ValueError("indicators: each may stand only once")
        self.indicators, self.assigned_alone = indicators, assigned_alone
        self.sequence = 0
        """The newest clock reading folded so far: ask for what changed after it."""
        self.folds = 0
        """How often something changed: ask :meth:`changed_after` for what did since."""
        self._slots: dict[int, int] = {}
        self._reports: list[UUID] = []
        self._ids = bytearray()
        self._visits: list[UUID] = []
        self._folded = np.zeros(0, dtype=np.int64)
        self._rows = np.zeros(0, dtype=_ROW)
        self._codes = np.zeros((0, len(indicators)), dtype=np.uint8)

    def __len__(self) -> int:
        """How many reports are known, counted or not."""
        return len(self._slots)

    def fold(self, rows: Iterable[Reading], order: tuple[str, ...] | None = None) -> int:
        """Take in what is new and return how many reports changed.

        A row replaces what is held of its report when its (sequence, version) is higher, so
        corrections, quarantine and its end, new codes under new rules and late arrivals need
        no case of their own, and folding twice changes nothing. ``order`` names the
        indicators of these codes where it is not this matrix's own; unknown ones become new
        columns. Raises ValueError where a row's codes have another length.
        """
        columns = self._columns(order)
        newest = self._newest(rows, len(columns))
        if not newest:
            return 0
        slots, news = self._slots_of(newest), newest.values()
        self._reserve(len(self._slots))
        self.folds += 1
        self._folded[slots] = self.folds
        self._rows[slots] = _columns_of(news)
        said = np.frombuffer(b"".join([each.codes for each in news]), dtype=np.uint8)
        self._codes[slots] = 0
        self._codes[slots[:, None], columns] = said.reshape(len(newest), len(columns))
        if self.assigned_alone:
            self._choose()
        self.sequence = max(self.sequence, int(self._rows["sequence"][slots].max()))
        return len(newest)

    def _choose(self) -> None:
        """Let the assigned visits alone count. What one report brings may silence others."""
        rows = self._rows[: len(self)]
        counted = _of_first_visits(rows, self._visits)
        self._folded[: len(self)][counted != rows["counted"]] = self.folds
        rows["counted"] = counted

    def _columns(self, order: tuple[str, ...] | None) -> NDArray[np.intp]:
        if order is None or order == self.indicators:
            return np.arange(len(self.indicators))
        added = tuple(each for each in order if each not in self.indicators)
        if added:
            self.indicators += added
            self._codes = np.pad(self._codes, ((0, 0), (0, len(added))))
        place = {code: column for column, code in enumerate(self.indicators)}
        return np.array([place[each] for each in order], dtype=np.intp)

    def _newest(self, rows: Iterable[Reading], width: int) -> dict[int, Reading]:
        newest: dict[int, Reading] = {}
        for row in rows:
            if len(row.codes) != width:
                raise ValueError(f"codes: {len(row.codes)} in report {row.report}, not {width}")
            held = newest.setdefault(row.report.int, row)
            if held is not row and (row.sequence, row.version) > (held.sequence, held.version):
                newest[row.report.int] = row
        known = self._slots
        old = [
            number
            for number, row in newest.items()
            if number in known and not self._is_news(row, known[number])
        ]
        for number in old:
            del newest[number]
        return newest

    def _is_news(self, row: Reading, slot: int) -> bool:
        held = self._rows[slot]
        return (row.sequence, row.version) > (int(held["sequence"]), int(held["version"]))

    def _slots_of(self, newest: Mapping[int, Reading]) -> NDArray[np.intp]:
        """Where each report stands; a new one comes last."""
        slots, visits = self._slots, self._visits
        added = {number: row.report for number, row in newest.items() if number not in slots}
        slots.update(zip(added, count(len(slots))))
        self._reports += added.values()
        visits += added.values()
        self._ids += b"".join([number.to_bytes(16) for number in added])
        found = [slots[number] for number in newest]
        for slot, row in zip(found, newest.values(), strict=True):
            visits[slot] = row.visit or row.report
        return np.array(found, dtype=np.intp)

    def _reserve(self, size: int) -> None:
        room = len(self._rows)
        if size <= room:
            return
        more = max(size, 2 * room, 64) - room
        self._rows = np.concatenate([self._rows, np.zeros(more, dtype=_ROW)])
        self._folded = np.concatenate([self._folded, np.zeros(more, dtype=np.int64)])
        self._codes = np.pad(self._codes, ((0, more), (0, 0)))

    @property
    def codes(self) -> NDArray[np.uint8]:
        """The codes, shape (reports, indicators). A view: do not write."""
        return self._codes[: len(self)]

    def __getitem__(self, column: str) -> NDArray[np.int64]:
        """A column of the reports by name: sequence, version, place, area, kind
        (index into :data:`KINDS`), received or arrived (Unix seconds), shape (reports,).
        """
        taken: NDArray[np.int64] = self._rows[column][: len(self)].astype(np.int64)
        return taken

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Which reports speak: neither held, quarantined nor superseded, nor silenced by the
        checklist's own rule on repeated visits."""
        taken: NDArray[np.bool_] = self._rows["counted"][: len(self)]
        return taken

    @property
    def assigned(self) -> NDArray[np.bool_]:
        """Which reports come from the deployment that the sample sent."""
        taken: NDArray[np.bool_] = self._rows["assigned"][: len(self)]
        return taken

    @property
    def reports(self) -> Sequence[UUID]:
        """The reports' ids, in the order of the rows. A view: do not write."""
        return self._reports

    def ids(self, rows: NDArray[np.int64]) -> NDArray[np.void]:
        """The reports' ids of these rows, sixteen bytes each."""
        taken: NDArray[np.void] = np.frombuffer(self._ids, dtype="V16")[rows]
        return taken

    @property
    def visits(self) -> Sequence[UUID]:
        """The visit of each; a report without one is its own. A view: do not write."""
        return self._visits

    def changed_after(self, fold: int) -> NDArray[np.int64]:
        """The rows that changed after so many folds."""
        return np.flatnonzero(self._folded[: len(self)] > fold)

    def take(self, column: str, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """A column as above, of some rows."""
        taken: NDArray[np.int64] = self._rows[column][rows].astype(np.int64)
        return taken

    def nbytes(self) -> int:
        """Bytes the codes take: at most twice one per code, by doubling."""
        return self._codes.nbytes

    def snapshot(self) -> Mapping[UUID, tuple[object, ...]]:
        """What stands of each report, in no order: equal however the rows came."""
        return {
            report: (
                self._visits[slot],
                *self._rows[slot].item(),
                tuple(zip(self.indicators, self._codes[slot].tolist(), strict=True)),
            )
            for slot, report in enumerate(self._reports)
        }


def _columns_of(readings: Collection[Reading]) -> NDArray[np.void]:
    """Readings as rows of the matrix, made a column at a time: that takes half as long."""
    rows, many = np.empty(len(readings), dtype=_ROW), len(readings)
    for name, of in _OF.items():
        rows[name] = np.fromiter(map(of, readings), dtype=_ROW[name], count=many)
    rows["standing"] = rows["counted"]
    return rows


def _of_first_visits(rows: NDArray[np.void], visits: Sequence[UUID]) -> NDArray[np.bool_]:
    """Which rows are of the first visit to their place by the team that was sent there.

    First is who arrived first; an arrival that nobody noted is last, among equals the clock says.
    """
    able = np.flatnonzero(rows["standing"] & rows["assigned"] & (rows["place"] >= 0))
    own = rows[able]
    arrived = np.where(own["arrived"] == NOWHERE, np.iinfo(np.int64).max, own["arrived"])
    order = np.lexsort((own["sequence"], arrived, own["place"]))
    able, place = able[order], own["place"][order]
    _, first, at = np.unique(place, return_index=True, return_inverse=True)
    chosen = able[first][at]
    same = able == chosen
    for each in np.flatnonzero(~same).tolist():
        same[each] = visits[able[each]] == visits[chosen[each]]
    counted = np.zeros(len(rows), dtype=np.bool_)
    counted[able[same]] = True
    return counted


SPEAKS: Truths = np.array([each in COUNTED for each in ReportStatus])
"""Whether a report of each status counts; a status column numbers :class:`ReportStatus`."""


@dataclass(frozen=True, eq=False)
class CodeMatrix:
    """What every report of one checklist says: a byte per report and indicator, shape
    (reports, indicators). It never changes; a change makes another one.

    ``columns`` are the record's rows (:data:`analytics.observation.record.ROW`), ``row`` says
    which of them the matrix has. ``counted`` is which reports speak: neither held, quarantined
    nor superseded, nor silenced by the checklist's rule on repeated visits.
    """

    indicators: tuple[str, ...]
    codes: NDArray[np.uint8]
    columns: NDArray[np.void]
    row: Ints
    assigned_alone: bool = False
    _read: dict[str, Ints] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        indicators: tuple[str, ...],
        codes: NDArray[np.uint8],
        columns: NDArray[np.void],
        positions: Ints,
        *,
        assigned_alone: bool = False,
    ) -> "CodeMatrix":
        """The matrix of the reports at ``positions`` among ``columns``, with a row of codes each.

        With ``assigned_alone``, of several visits to a place only the first of the team that was
        sent there counts, and of a place where nobody was sent none. Raises ValueError where an
        indicator stands twice, or the shapes do not fit.
        """
        if len(set(indicators)) != len(indicators):
            raise ValueError("indicators: each may stand only once")
        if codes.shape != (len(positions), len(indicators)):
            raise ValueError(f"codes {codes.shape}: {len(positions)} × {len(indicators)}")
        return cls(indicators, codes, columns, positions, assigned_alone)

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
        """Which reports speak."""
        speak: Truths = SPEAKS[self.columns["status"][self.row]]
        return self._of_first_visits(speak) if self.assigned_alone else speak

    def _of_first_visits(self, speak: Truths) -> Truths:
        """Which are of the first visit to their place by the team that was sent there.

        First is who arrived first; an arrival that nobody noted is last, among equals the clock
        says.
        """
        able = np.flatnonzero(speak & self.assigned & (self["place"] >= 0))
        place, arrived = self["place"][able], self["arrived"][able]
        arrived = np.where(arrived == NOWHERE, np.iinfo(np.int64).max, arrived)
        order = np.lexsort((self["sequence"][able], arrived, place))
        able, place = able[order], place[order]
        _, first, at = np.unique(place, return_index=True, return_inverse=True)
        counted = np.zeros(len(self), dtype=np.bool_)
        counted[able[self.visits[able] == self.visits[able[first][at]]]] = True
        return counted


AnyMatrix = CodeMatrix | Readings
