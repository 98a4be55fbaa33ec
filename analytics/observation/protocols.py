"""The results protocols of a record as frozen columns: a row a report, its votes in a sparse table.

They are made from the answers of reports; a change gives new columns.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import NOWHERE
from analytics.observation.ids import ID, Ids
from analytics.survey.design import Ints, Truths
from schemas.report import COUNTED, LARGEST_COUNT, ReportStatus

FIGURES = ("registered", "supplementary", "signatures", "in_box", "valid", "invalid")
"""The figures of a protocol beside its votes, by the names of their questions."""
MISSING = int(np.iinfo(np.int64).min)
"""Stands where a protocol does not say a figure, which is not 0."""
UNSAID = -1
"""Stands where a protocol has no votes under a name."""
STATUSES = tuple(ReportStatus)
ROW = np.dtype(
    [
        ("id", ID),
        ("place", np.int32),
        ("status", np.int8),
        ("came", np.int64),
        ("complete", np.bool_),
        *((name, np.int64) for name in FIGURES),
        ("counts_from", np.int64),
        ("contest", np.int16),
    ]
)
NO_ROWS = np.zeros(0, dtype=ROW)
_PLAIN = ("place", "status", "came", "complete", "counts_from", "contest")


class ProtocolRow(NamedTuple):
    """A report as it stands now: its id, its place (−1: unknown), its status, when it came in
    microseconds since 1970, and the answers that make up its protocol; None where it has none.
    ``counts_from`` and ``contest`` as of :data:`analytics.observation.record.ROW`."""

    report: bytes
    place: int
    status: ReportStatus
    came: int
    answers: Mapping[str, Any] | None
    counts_from: int = 0
    contest: int = NOWHERE


@dataclass(frozen=True)
class Protocols:
    """Protocols, one row each. What is missing is left out, not 0.

    ``rows`` are of the type :data:`ROW`; ``complete`` is false where a line of votes has no name
    or no count, or a name stands twice. Votes lie row by row: those of row i are from
    ``starts[i]`` to ``starts[i + 1]``, each the index of what the observer wrote in ``names``, and
    a count.
    """

    rows: NDArray[np.void]
    starts: Ints
    names: tuple[str, ...]
    name: NDArray[np.int32]
    count: Ints

    @classmethod
    def empty(cls) -> "Protocols":
        """Of a mission to which none came."""
        return cls(
            NO_ROWS,
            np.zeros(1, dtype=np.int64),
            (),
            np.zeros(0, dtype=np.int32),
            np.zeros(0, dtype=np.int64),
        )

    def with_rows(
        self, changed: Iterable[ProtocolRow], gone: NDArray[np.void] = NO_ROWS["id"]
    ) -> "Protocols":
        """These with reports as they stand now, and without those whose ids are ``gone``; each
        report is named once."""
        more, reports = _read(changed, self.names)
        stay = Ids.of(np.concatenate([reports, gone])).find(self.rows["id"]) < 0
        return self._only(stay)._and(more)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, column: str) -> NDArray[Any]:
        return self.rows[column]

    @cached_property
    def counted(self) -> Truths:
        """Which of them are of reports that count."""
        counts = np.array([each in COUNTED for each in STATUSES])
        return np.asarray(counts[self.rows["status"]] & (self.rows["counts_from"] == 0))

    def due(self, at: int) -> "Protocols":
        """The same at a moment: those of reports dated ahead whose time has come count."""
        come = (self.rows["counts_from"] > 0) & (self.rows["counts_from"] <= at)
        if not come.any():
            return self
        rows = self.rows.copy()
        rows["counts_from"][come] = 0
        return replace(self, rows=rows)

    def of_contest(self, contest: int, places: Truths) -> "Protocols":
        """Those of one contest, by its position in the round's own order, that are of no known
        place or of a place where it is voted on; ``places`` says so of each."""
        place = self.rows["place"]
        here = np.append(places, True)[place]
        return self._only((self.rows["contest"] == contest) & here)

    @cached_property
    def order(self) -> Ints:
        """The rows by place, then as they came, then by id."""
        words = self._words
        return np.lexsort((words[:, 1], words[:, 0], self.rows["came"], self.rows["place"]))

    @cached_property
    def arrival(self) -> Ints:
        """The place of each row among all as they came, then by id."""
        words = self._words
        found = np.empty(len(self), dtype=np.int64)
        found[np.lexsort((words[:, 1], words[:, 0], self.rows["came"]))] = np.arange(len(self))
        return found

    def written(self, names: Sequence[str]) -> Ints:
        """The votes under each of these names, a row a protocol and a column a name;
        :data:`UNSAID` where a protocol has none."""
        column = {name: at for at, name in reversed(list(enumerate(names)))}
        into = np.array([column.get(name, UNSAID) for name in self.names], dtype=np.int64)
        found = np.full((len(names), len(self)), UNSAID, dtype=np.int64)
        if len(self.name) and len(names):
            at = into[self.name]
            here = np.flatnonzero(at >= 0)
            found[at[here], self._row_of_vote[here]] = self.count[here]
        return found[[column[name] for name in names]].T

    def votes(self, contestants: Sequence[tuple[str, str]]) -> tuple[Ints, Truths]:
        """The votes of each contestant (code, name), whichever the observer wrote, 0 where
        neither, and whether either is there: a row a protocol and a column a contestant."""
        by_code = self.written([code for code, _ in contestants])
        by_name = self.written([name for _, name in contestants])
        votes = np.where(by_code >= 0, by_code, by_name)
        return np.maximum(votes, 0), votes >= 0

    def snapshot(self) -> list[tuple[Any, ...]]:
        """Every protocol as plain values, by id: the same however it came together."""
        names, rows = self.names, self.rows.tolist()
        return sorted(
            (*row, sorted((names[self.name[at]], int(self.count[at])) for at in range(start, end)))
            for row, start, end in zip(
                rows, self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True
            )
        )

    @property
    def _words(self) -> NDArray[Any]:
        """The ids as two numbers each, in whose order ids are."""
        return np.ascontiguousarray(self.rows["id"]).view(">u8").reshape(-1, 2).astype(np.uint64)

    @cached_property
    def _row_of_vote(self) -> Ints:
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def _only(self, rows: Truths) -> "Protocols":
        if rows.all():
            return self
        many = np.diff(self.starts)
        votes = np.repeat(rows, many)
        return Protocols(
            self.rows[rows], _starts(many[rows]), self.names, self.name[votes], self.count[votes]
        )

    def _and(self, more: "Protocols") -> "Protocols":
        if not len(more):
            return self
        return Protocols(
            np.concatenate([self.rows, more.rows]),
            np.concatenate([self.starts, more.starts[1:] + self.starts[-1]]),
            more.names,
            np.concatenate([self.name, more.name]),
            np.concatenate([self.count, more.count]),
        )


def _starts(many: Ints) -> Ints:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(many)])


def _read(
    changed: Iterable[ProtocolRow], names: Sequence[str]
) -> tuple[Protocols, NDArray[np.void]]:
    """The protocols among these rows, under these names and those that come with them; and the ids
    of all of these. They are read one after another: all their answers together are large."""
    votes, every, reports = _Votes(names), bytearray(), bytearray()
    columns = [array("q") for _ in (*_PLAIN, *FIGURES)]
    for each in changed:
        every += each.report
        if each.answers is None:
            continue
        reports += each.report
        whole = votes.read(each.answers.get("contestant_votes"))
        plain = each.place, _STATUS[each.status], each.came, whole, each.counts_from, each.contest
        said = (each.answers.get(name) for name in FIGURES)
        for column, figure in zip(columns, (*plain, *map(_figure, said)), strict=True):
            column.append(figure)
    rows = np.zeros(len(votes.many), dtype=ROW)
    rows["id"] = np.frombuffer(bytes(reports), dtype=ID)
    for name, column in zip((*_PLAIN, *FIGURES), columns, strict=True):
        rows[name] = column
    read = Protocols(
        rows,
        _starts(np.array(votes.many, dtype=np.int64)),
        tuple(votes.slots),
        np.array(votes.name, dtype=np.int32),
        np.array(votes.count, dtype=np.int64),
    )
    return read, np.frombuffer(bytes(every), dtype=ID)


def _figure(said: Any) -> int:
    known = isinstance(said, int) and -LARGEST_COUNT <= said <= LARGEST_COUNT
    return said if known else MISSING


class _Votes:
    """The votes of one protocol after another, in one table."""

    def __init__(self, names: Sequence[str]) -> None:
        self.slots = {name: at for at, name in enumerate(names)}
        self.many, self.name, self.count = array("q"), array("q"), array("q")

    def read(self, listed: Any) -> bool:
        """Take one protocol's lines; gives back whether all of them say something."""
        complete, votes, slots = True, dict[int, int](), self.slots
        for line in listed if isinstance(listed, list) else ():
            if not isinstance(line, dict):
                continue
            written, count = line.get("contestant"), line.get("votes")
            slot = slots.get(written) if type(written) is str else None
            if slot is None:
                slot = self._slot(written)
            if isinstance(count, int) and 0 <= count <= LARGEST_COUNT and slot not in votes:
                votes[slot] = count
            else:
                complete = False
        complete &= votes.pop(UNSAID, None) is None
        self.many.append(len(votes))
        self.name.extend(votes)
        self.count.extend(votes.values())
        return complete

    def _slot(self, written: Any) -> int:
        """The index of what an observer wrote; −1 of nothing."""
        name = str(written or "").strip()
        return self.slots.setdefault(name, len(self.slots)) if name else UNSAID


_STATUS = {status: at for at, status in enumerate(STATUSES)}
