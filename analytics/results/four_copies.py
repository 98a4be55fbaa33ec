"""Comparison of one station's results as up to four sources give them.

The observer's copy of the protocol, the copy posted at the station, what was entered at
tabulation, and what was published. A difference is a fact about two papers; whose mistake it is,
is not said here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from analytics.observation.protocols import MISSING
from analytics.results.station_figures import Columns, StationFigures
from analytics.survey.design import Ints, Truths

Hand = Literal["observed", "posted", "entered", "published"]
HANDS: tuple[Hand, ...] = ("observed", "posted", "entered", "published")
Figures = Mapping[str, int]
"""A protocol's figures by name: contestants, valid, invalid and so on."""
Outcome = Literal["equal", "differ", "only_earlier", "only_later"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
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
