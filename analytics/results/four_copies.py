"""One station's results from four hands, and where they differ.

The observer's copy of the protocol, the copy posted at the station, what was entered at
tabulation, and what was published. A difference is a fact about two papers; whose mistake it is,
is not said here.
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

Hand = Literal["observed", "posted", "entered", "published"]
HANDS: tuple[Hand, ...] = ("observed", "posted", "entered", "published")
Figures = Mapping[str, int]
"""A protocol's figures by name: contestants, valid, invalid and so on."""
Outcome = Literal["equal", "differ", "only_earlier", "only_later"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""What can become of a station between two hands of which at least one gave it."""


@dataclass(frozen=True)
class Difference:
    """A figure of a station on which two hands differ; ``change`` is the later less the earlier."""

    station: str
    figure: str
    earlier: Hand
    later: Hand
    before: int
    after: int

    @property
    def change(self) -> int:
        """By how much the later hand has more."""
        return self.after - self.before


@dataclass(frozen=True)
class Compared:
    """Two hands: stations that both gave, that agree throughout, and that only one gave."""

    earlier: Hand
    later: Hand
    both: int
    equal: int
    only_earlier: int
    only_later: int


@dataclass(frozen=True)
class Comparison:
    """All pairs of hands, and every difference between two of them."""

    pairs: tuple[Compared, ...]
    differences: tuple[Difference, ...]

    def changes(self, earlier: Hand, later: Hand) -> dict[str, int]:
        """What each figure gained in all between two hands, over the stations both gave."""
        gained: Counter[str] = Counter()
        for each in self.differences:
            if (each.earlier, each.later) == (earlier, later):
                gained[each.figure] += each.change
        return dict(gained)


PAIRS: tuple[tuple[Hand, Hand], ...] = tuple(combinations(HANDS, 2))
Copies = Mapping[Hand, Figures]
"""One station's copies, by hand."""


@dataclass(frozen=True)
class OfStation:
    """One station's copies held against one another: of each of :data:`PAIRS` what became of it,
    and every difference."""

    pairs: tuple[Outcome | None, ...]
    differences: tuple[Difference, ...]


def compare_station(station: str, copies: Copies) -> OfStation:
    """A figure that one of two hands leaves out is not compared."""
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
    return OfStation(tuple(outcomes), tuple(sorted(differences, key=_figure)))


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


class StandingComparison:
    """Stations' copies held against one another, kept up station by station."""

    def __init__(self) -> None:
        self._stations: dict[str, OfStation] = {}
        self._differing: dict[str, OfStation] = {}
        self._order: list[str] = []
        """The stations where something differs."""
        self._counts: Counter[tuple[int, Outcome]] = Counter()

    def put(self, station: str, copies: Copies | None) -> None:
        """A station's copies as they stand now; None of one that is not compared any more."""
        before = self._stations.pop(station, None)
        if self._differing.pop(station, None) is not None:
            del self._order[bisect_left(self._order, station)]
        if before is not None:
            self._count(before, -1)
        if copies is None:
            return
        found = self._stations[station] = compare_station(station, copies)
        self._count(found, 1)
        if found.differences:
            self._differing[station] = found
            insort(self._order, station)

    def _count(self, of: OfStation, sign: int) -> None:
        for pair, outcome in enumerate(of.pairs):
            if outcome is not None:
                self._counts[pair, outcome] += sign

    @property
    def pairs(self) -> tuple[Compared, ...]:
        """Every pair of hands. A station that only one of two gave is counted, for its absence may
        be what matters."""
        pairs = []
        for at, (earlier, later) in enumerate(PAIRS):
            equal, differ, only_earlier, only_later = (
                self._counts[at, outcome] for outcome in OUTCOMES
            )
            pairs.append(Compared(earlier, later, equal + differ, equal, only_earlier, only_later))
        return tuple(pairs)

    def differing(self, most: int, behind: str = "") -> list[OfStation]:
        """At most so many of the stations where something differs, by code behind one."""
        start = bisect_right(self._order, behind)
        return [self._differing[code] for code in self._order[start : start + most]]

    @property
    def found(self) -> Comparison:
        """All of them. Differences are in order of station and figure."""
        every = self.differing(len(self._order))
        return Comparison(self.pairs, tuple(one for each in every for one in each.differences))


def compare_results(given: Mapping[Hand, Mapping[str, Figures]]) -> Comparison:
    """Compare results by hand and station, four ways or as many as there are."""
    standing = StandingComparison()
    for station in {code for copies in given.values() for code in copies}:
        here = {hand: copies[station] for hand, copies in given.items() if station in copies}
        standing.put(station, here)
    return standing.found
