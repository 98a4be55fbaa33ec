"""The record: every report of a mission's round as one row of a table that never changes.

A change makes another record.

Figures are pure functions of it. It is equal whether it was read at once or followed step by
step (:meth:`Record.snapshot`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import NOWHERE, CodeMatrix
from analytics.observation.ids import ID, NO_IDS, Ids
from analytics.observation.protocols import ProtocolRow, Protocols
from analytics.survey.design import Ints, Truths
from schemas.report import COUNTED, ReportStatus

T = TypeVar("T")
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
        ("contest", np.int16),
        ("arrived", np.int64),
        ("finished", np.int64),
        ("came", np.int64),
        ("assigned", np.bool_),
        ("counts_from", np.int64),
    ]
)
"""One report. ``received`` is the mission's clock at its receipt, ``changed`` that of its last
change; ``status`` an index into :data:`STATUSES`, ``kind`` into
:data:`analytics.observation.code_matrix.KINDS`, ``checklist``, ``rules`` and ``team`` into the
record's own lists, ``place`` and ``area`` into those of the reference data, ``contest`` into the
contests of the round, in its own order; ``visit`` numbers the
visits of a record, a report without one has a visit of its own; ``arrived`` and
``finished`` in Unix seconds,
``came`` in microseconds since 1970; ``assigned`` says whether the deployment plan sent the team to
this very place; ``counts_from`` the moment from which a report dated ahead counts, in microseconds
since 1970, 0 of one that counts at once. −1 is unknown."""
_COUNTED = np.array([each in COUNTED for each in STATUSES])
_NAMED = {"id", "checklist", "rules", "team", "visit"}
_PLAIN = [name for name in ROW.names or () if name not in _NAMED]
NO_ROWS: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class MatrixShape:
    """How a checklist's matrix is made: its indicators, those of the newest rules first, and
    whether of a visit's reports only those of its first contest count."""

    indicators: tuple[str, ...]
    first_contest: bool = False


@dataclass(frozen=True)
class Coded:
    """The codes of one checklist's reports: ``at`` are rows of a batch, ``codes`` a byte for each
    and indicator, shape (rows, indicators), in the order of the matrix's indicators."""

    at: Ints
    codes: NDArray[np.uint8]


def no_ids() -> NDArray[np.void]:
    """An empty column of ids."""
    return np.zeros(0, dtype=ID)


@dataclass(frozen=True)
class Batch:
    """Reports that changed, up to ``clock``. ``rows`` index the batch's own lists, each id stands
    once; ``visits`` is each row's visit (the report's own id where it has none).

    ``gone`` are ids of reports that are another round's now, ``protocols`` those of the rows that
    have one.
    """

    rows: NDArray[np.void]
    clock: int
    visits: NDArray[np.void]
    checklists: tuple[str, ...] = ()
    rules: tuple[UUID, ...] = ()
    teams: tuple[str, ...] = ()
    codes: Mapping[str, Coded] = field(default_factory=dict)
    protocols: Iterable[ProtocolRow] = ()
    gone: NDArray[np.void] = field(default_factory=no_ids)


@dataclass(frozen=True)
class Record:
    """The reports of a round in the order of their receipt, up to ``clock``.

    ``matrices`` holds what was judged, by checklist; ``protocols`` the results protocols.
    """

    rows: NDArray[np.void] = field(default_factory=lambda: np.zeros(0, dtype=ROW))
    clock: int = 0
    checklists: tuple[str, ...] = ()
    rules: tuple[UUID, ...] = ()
    teams: tuple[str, ...] = ()
    shapes: Mapping[str, MatrixShape] = field(default_factory=dict)
    """How the matrix of each checklist is made."""
    matrices: Mapping[str, CodeMatrix] = field(default_factory=dict)
    protocols: Protocols = field(default_factory=Protocols.empty)
    ids: Ids = NO_IDS
    """The row of each report by its id."""
    visits: Ids = NO_IDS
    """The number of each visit."""
    _team_at: Mapping[str, int] = field(default_factory=dict, repr=False)

    @classmethod
    def empty(
        cls,
        shapes: Mapping[str, MatrixShape],
        *,
        checklists: tuple[str, ...] = (),
        teams: tuple[str, ...] = (),
    ) -> "Record":
        """A record without reports, whose lists begin with these names."""
        team_at = {each: at for at, each in enumerate(teams)}
        return cls(
            shapes=shapes,
            checklists=checklists,
            teams=teams,
            _team_at=team_at,
        )

    def __len__(self) -> int:
        """How many reports came."""
        return len(self.rows)

    def __getitem__(self, column: str) -> NDArray[Any]:
        """A column by its name, shape (reports,)."""
        return np.ascontiguousarray(self.rows[column])

    @cached_property
    def counted(self) -> Truths:
        """Which reports count, by their status and because they are not dated ahead, shape
        (reports,)."""
        counted: Truths = _COUNTED[self.rows["status"]] & (self.rows["counts_from"] == 0)
        return counted

    @cached_property
    def _dated_ahead(self) -> Ints:
        return np.flatnonzero(self.rows["counts_from"])

    def due(self, at: int) -> "Record":
        """The record at a moment, in microseconds since 1970: reports dated ahead whose time has
        come count from then on."""
        ahead = self._dated_ahead
        come = ahead[self.rows["counts_from"][ahead] <= at]
        if not len(come):
            return self
        rows = self.rows.copy()
        rows["counts_from"][come] = 0
        return replace(
            self,
            rows=rows,
            matrices={name: replace(each, columns=rows) for name, each in self.matrices.items()},
            protocols=self.protocols.due(at),
        )

    def of(self, checklist: str) -> Ints:
        """The positions of a checklist's reports; none where it is unknown."""
        if checklist not in self.checklists:
            return NO_ROWS
        return np.flatnonzero(self.rows["checklist"] == self.checklists.index(checklist))

    def find(self, ids: NDArray[np.void]) -> Ints:
        """The position of each report by its id, −1 where it did not come."""
        return self.ids.find(ids)

    def with_rows(self, batch: Batch) -> "Record":
        """The record with reports that changed: each takes the place of what is held of it where
        its (changed, version) is higher, a new one comes to its place in the order of receipt, and
        those that became another round's go. The same batch again changes nothing.

        Raises ValueError where codes have not as many columns as the checklist's matrix.
        """
        if not len(batch.rows) and not len(batch.gone):
            return replace(self, clock=max(self.clock, batch.clock))
        record, news = self._named(batch)
        held, at = self.rows, self.find(news["id"])
        known, added = np.flatnonzero(at >= 0), np.flatnonzero(at < 0)
        replaced = known[_newer(news[known], held[at[known]])]
        lost = self.find(batch.gone)
        stays = np.ones(len(held) + len(added), dtype=np.bool_)
        stays[lost[lost >= 0]] = False
        rows = np.concatenate([held, news[added]])
        rows[at[replaced]] = news[replaced]
        order = _in_order(rows["received"], stays)
        at[added] = len(held) + np.arange(len(added))
        placed = np.full(len(rows), NOWHERE, dtype=np.int64)
        placed[order] = np.arange(len(order))
        here = np.full(len(news), NOWHERE, dtype=np.int64)
        here[replaced], here[added] = placed[at[replaced]], placed[at[added]]
        if len(order) == len(rows) and (len(order) == 0 or (np.diff(order) > 0).all()):
            ids = self.ids.with_ids(news["id"][added], placed[at[added]])
        else:
            rows = rows[order]
            ids = Ids.of(rows["id"])
        placed[at[replaced]] = NOWHERE
        return replace(
            record,
            rows=rows,
            clock=max(self.clock, batch.clock),
            ids=ids,
            matrices=self._with_codes(rows, placed[: len(held)], here, batch.codes),
            protocols=self._with_protocols(batch),
        )

    def _named(self, batch: Batch) -> tuple["Record", NDArray[np.void]]:
        """The record with a batch's names in its lists, and the batch's rows as indices into
        them."""
        news = batch.rows.copy()
        checklists, checklist = _joined(self.checklists, batch.checklists)
        rules, by_rules = _joined(self.rules, batch.rules)
        team_at = {each: self._team_at.get(each, NOWHERE) for each in batch.teams}
        new = [each for each, at in team_at.items() if at == NOWHERE]
        team_at |= {each: len(self.teams) + at for at, each in enumerate(new)}
        team = np.array([*(team_at[each] for each in batch.teams), NOWHERE], dtype=np.int32)
        news["checklist"], news["team"] = checklist[news["checklist"]], team[news["team"]]
        news["rules"] = by_rules[news["rules"]]
        visits, news["visit"] = self.visits.numbered(batch.visits)
        record = replace(
            self,
            checklists=checklists,
            rules=rules,
            teams=(*self.teams, *new) if new else self.teams,
            visits=visits,
            _team_at={**self._team_at, **team_at} if new else self._team_at,
        )
        return record, news

    def _with_codes(
        self,
        rows: NDArray[np.void],
        placed: Ints,
        here: Ints,
        coded: Mapping[str, Coded],
    ) -> dict[str, CodeMatrix]:
        """The matrices over other rows: ``placed`` is where each row that was held is now (−1 where
        it is no more, or is given again), ``here`` where each row of the batch is (−1: no news)."""
        found = {}
        for name, shape in self.shapes.items():
            held, new = self.matrices.get(name), coded.get(name)
            old = NO_ROWS if held is None else placed[held.row]
            stays = np.flatnonzero(old >= 0)
            news = NO_ROWS if new is None else np.flatnonzero(here[new.at] >= 0)
            at = old[stays]
            codes = None if held is None else held.codes
            if codes is not None and len(stays) < len(codes):
                codes = codes[stays]
            if new is not None and len(news):
                at = np.concatenate([at, here[new.at[news]]])
                said = new.codes[news]
                codes = said if codes is None else np.concatenate([codes, said])
            if codes is None:
                continue
            if (np.diff(at) < 0).any():
                order = np.argsort(at, kind="stable")
                at, codes = at[order], codes[order]
            found[name] = CodeMatrix.of(
                shape.indicators, codes, rows, at, first_contest=shape.first_contest
            )
        return found

    def _with_protocols(self, batch: Batch) -> Protocols:
        gone = np.concatenate([batch.rows["id"], batch.gone])
        return self.protocols.with_rows(batch.protocols, gone)

    def snapshot(self) -> dict[UUID, tuple[Any, ...]]:
        """What the record holds of each report, by names: equal however it came about."""
        visits = np.zeros(len(self.visits), dtype=ID)
        visits[self.visits.numbers] = self.visits.keys.view(ID)
        rows = self.rows.copy()
        said = {
            name: dict(zip(each.row.tolist(), each.codes, strict=True))
            for name, each in self.matrices.items()
        }
        return {
            UUID(bytes=row["id"].tobytes()): (
                *row[_PLAIN].item(),
                self.checklists[row["checklist"]],
                self.rules[row["rules"]] if row["rules"] >= 0 else None,
                self.teams[row["team"]],
                visits[row["visit"]].tobytes(),
                {name: codes[at].tobytes() for name, codes in said.items() if at in codes},
            )
            for at, row in enumerate(rows)
        }

    @property
    def nbytes(self) -> int:
        """Bytes that it takes, without protocols and names."""
        codes = sum(each.codes.nbytes + each.row.nbytes for each in self.matrices.values())
        return int(self.rows.nbytes) + self.ids.nbytes + self.visits.nbytes + codes


def _joined(held: tuple[T, ...], more: tuple[T, ...]) -> tuple[tuple[T, ...], NDArray[np.int32]]:
    """A list with more of its kind, and the index of each of those; last −1, for none."""
    index = {each: at for at, each in enumerate(held)}
    found = [index.setdefault(each, len(index)) for each in more]
    return tuple(index), np.array([*found, NOWHERE], dtype=np.int32)


def _newer(news: NDArray[np.void], held: NDArray[np.void]) -> Truths:
    later = news["changed"] > held["changed"]
    same = news["changed"] == held["changed"]
    found: Truths = later | (same & (news["version"] > held["version"]))
    return found


def _in_order(received: Ints, stays: Truths) -> Ints:
    """The rows that stay in the order of their receipt."""
    kept = np.flatnonzero(stays)
    received = received[kept]
    if (np.diff(received) >= 0).all():
        return kept
    return kept[np.argsort(received, kind="stable")]
