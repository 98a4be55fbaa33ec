"""Figures of stations as each source gives them, and where the copies of one station differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from analytics.observation.protocols import FIGURES, MISSING, Protocols
from analytics.survey.design import Ints, Truths

Columns = Mapping[str, Ints]
Given = tuple[int, Mapping[str, int], Mapping[str, int]]
"""A place, its figures and its votes."""


@dataclass(frozen=True)
class StationFigures:
    """``place`` is ascending, each place once. ``figures`` are columns by the name of a figure,
    ``votes`` by a contestant's code; :data:`MISSING` where the source says nothing."""

    place: Ints
    figures: Columns
    votes: Columns

    def __len__(self) -> int:
        return len(self.place)

    @property
    def columns(self) -> Columns:
        """All of them. Of a figure and a contestant of one name, the contestant's."""
        return {**self.figures, **self.votes}

    def at(self, places: Ints) -> tuple[Ints, Truths]:
        """The rows of places, and whether there is one; elsewhere the row means nothing."""
        rows = np.searchsorted(self.place, places)
        there = rows < len(self)
        there[there] = self.place[rows[there]] == places[there]
        return np.where(there, rows, 0), there


def figures_of(given: Iterable[Given]) -> StationFigures:
    """Figures that were read one station after another, each place once."""
    lines = sorted(given, key=lambda line: line[0])
    return StationFigures(
        np.array([place for place, _, _ in lines], dtype=np.int64),
        _columns([figures for _, figures, _ in lines]),
        _columns([votes for _, _, votes in lines]),
    )


def _columns(said: Sequence[Mapping[str, int]]) -> Columns:
    names = sorted({name for each in said for name in each})
    return {
        name: np.array([each.get(name, MISSING) for each in said], dtype=np.int64) for name in names
    }


def newest_copies(protocols: Protocols, contestants: Sequence[tuple[str, str]]) -> StationFigures:
    """The protocol that came last of each station, of reports that count: what it says of voters
    and votes."""
    used = protocols.counted & (protocols["place"] >= 0)
    order = protocols.order[used[protocols.order]]
    place = protocols["place"][order]
    rows = order[_opens(place[::-1])[::-1]]
    names = {"registered": "registered", "valid": "valid", "invalid": "invalid", "cast": "in_box"}
    votes, said = protocols.votes(contestants)
    votes = np.where(said, votes, MISSING)
    return StationFigures(
        protocols["place"][rows].astype(np.int64),
        {name: protocols[own][rows] for name, own in names.items()},
        {code: votes[rows, at] for at, (code, _) in enumerate(contestants)},
    )


def copies_alike(protocols: Protocols, contestants: Sequence[tuple[str, str]]) -> StationFigures:
    """One copy of each station, of whole protocols in reports that count: of two that differ
    neither is used. A contestant who is not named has no votes."""
    order = protocols.order
    used = protocols["complete"] & protocols.counted & (protocols["place"] >= 0)
    order = order[used[order]]
    votes, _ = protocols.votes(contestants)
    said = np.column_stack([votes[order], *(protocols[name][order] for name in FIGURES)])
    opens = _opens(protocols["place"][order])
    starts = np.flatnonzero(opens)
    station = np.cumsum(opens) - 1
    differs = (said != said[starts][station]).any(axis=1)
    rows = order[starts[~np.isin(np.arange(len(starts)), station[differs])]]
    return StationFigures(
        protocols["place"][rows].astype(np.int64),
        {name: protocols[name][rows] for name in FIGURES},
        {code: votes[rows, at] for at, (code, _) in enumerate(contestants)},
    )


def _opens(place: Ints) -> Truths:
    """Where another place begins, in rows that lie together by place."""
    opens = np.ones(len(place), dtype=np.bool_)
    opens[1:] = place[1:] != place[:-1]
    return opens


Hand = Literal["observed", "posted", "entered", "published"]
HANDS: tuple[Hand, ...] = ("observed", "posted", "entered", "published")
Figures = Mapping[str, int]
"""A protocol's figures by name: contestants, valid, invalid and so on."""
Outcome = Literal["equal", "differ", "only_earlier", "only_later"]
"""What can become of a station between two sources of which at least one gave it."""


@dataclass(frozen=True)
class Difference:
    """A figure on which two sources differ; ``change`` is the later less the earlier."""

    station: str
    figure: str
    earlier: Hand
    later: Hand
    before: int
    after: int

    @property
    def change(self) -> int:
        """By how much the later source has more."""
        return self.after - self.before


@dataclass(frozen=True)
class CopiesCompared:
    """Two sources: stations that both gave, that agree throughout, and that only one gave."""

    earlier: Hand
    later: Hand
    both: int
    equal: int
    only_earlier: int
    only_later: int


PAIRS: tuple[tuple[Hand, Hand], ...] = tuple(combinations(HANDS, 2))
Copies = Mapping[Hand, Figures]
"""One station's copies, by source."""


@dataclass(frozen=True)
class StationCopies:
    """One station's copies held against one another: of each of :data:`PAIRS` what became of it,
    and every difference."""

    pairs: tuple[Outcome | None, ...]
    differences: tuple[Difference, ...]


def compare_station(station: str, copies: Copies) -> StationCopies:
    """A figure that one of two sources leaves out is not compared."""
    outcomes, differences = [], list[Difference]()
    for earlier, later in PAIRS:
        first, second = copies.get(earlier), copies.get(later)
        found = (
            []
            if first is None or second is None
            else _differences(station, earlier, later, first, second)
        )
        outcomes.append(_outcome(first, second, found))
        differences += found
    return StationCopies(tuple(outcomes), tuple(sorted(differences, key=_figure)))


def _outcome(
    first: Figures | None, second: Figures | None, found: Sequence[Difference]
) -> Outcome | None:
    if first is None or second is None:
        return None if first is second else "only_later" if first is None else "only_earlier"
    return "differ" if found else "equal"


def _figure(each: Difference) -> tuple[str, int, int]:
    return each.figure, HANDS.index(each.earlier), HANDS.index(each.later)


def _differences(
    station: str, earlier: Hand, later: Hand, first: Figures, second: Figures
) -> list[Difference]:
    return [
        Difference(station, name, earlier, later, first[name], second[name])
        for name in sorted(first.keys() & second.keys())
        if first[name] != second[name]
    ]


@dataclass(frozen=True)
class Comparison:
    """All pairs of sources, and the stations where something differs (places, ascending)."""

    pairs: tuple[CopiesCompared, ...]
    differing: Ints
    copies: Mapping[Hand, StationFigures]

    def of_station(self, place: int, code: str) -> StationCopies:
        """One station's copies held against one another."""
        return compare_station(code, _copies_of(self.copies, place))


def compare_copies(copies: Mapping[Hand, StationFigures], places: Ints) -> Comparison:
    """Compare the copies of these places (ascending), four ways or as many as there are. A station
    that only one of two sources gave is counted, for its absence may be what matters."""
    rows = {hand: each.at(places) for hand, each in copies.items()}
    nobody = np.zeros(len(places), dtype=np.bool_)
    there = {hand: rows[hand][1] if hand in rows else nobody for hand in HANDS}
    differing, pairs = nobody.copy(), []
    for earlier, later in PAIRS:
        one, other = there[earlier], there[later]
        both = one & other
        differ = nobody.copy()
        if both.any():
            at = rows[earlier][0][both], rows[later][0][both]
            differ[both] = _differ(copies[earlier].columns, copies[later].columns, *at)
        differing |= differ
        counts = (both, both & ~differ, one & ~other, other & ~one)
        pairs.append(
            CopiesCompared(earlier, later, *(int(np.count_nonzero(each)) for each in counts))
        )
    return Comparison(tuple(pairs), places[differing], copies)


def _differ(these: Columns, those: Columns, one: Ints, other: Ints) -> Truths:
    """Of pairs of rows whether they differ on a figure that both name."""
    found = np.zeros(len(one), dtype=np.bool_)
    for name in these.keys() & those.keys():
        first, second = these[name][one], those[name][other]
        found |= (first != second) & (first != MISSING) & (second != MISSING)
    return found


def _copies_of(copies: Mapping[Hand, StationFigures], place: int) -> dict[Hand, Figures]:
    found: dict[Hand, Figures] = {}
    for hand, each in copies.items():
        (row,), (there,) = each.at(np.array([place]))
        if there:
            said = {name: int(column[row]) for name, column in each.columns.items()}
            found[hand] = {name: figure for name, figure in said.items() if figure != MISSING}
    return found
