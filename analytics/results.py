"""One station's results from four hands, and where they differ.

The observer's copy of the protocol, the copy posted at the station, what was entered at
tabulation, and what was published. A difference is a fact about two papers; whose mistake it is,
is not said here.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

Hand = Literal["observed", "posted", "entered", "published"]
HANDS: tuple[Hand, ...] = ("observed", "posted", "entered", "published")
Figures = Mapping[str, int]
"""A protocol's figures by name: contestants, valid, invalid and so on."""


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


def compare_results(given: Mapping[Hand, Mapping[str, Figures]]) -> Comparison:
    """Compare results by hand and station, four ways or as many as there are.

    A figure that one of two hands leaves out is not compared; a station that only one gave is
    counted, for its absence may be what matters. Differences are in order of station and figure.
    """
    pairs, differences = [], list[Difference]()
    for earlier, later in combinations(HANDS, 2):
        first, second = given.get(earlier, {}), given.get(later, {})
        both = sorted(first.keys() & second.keys())
        found = [
            each for code in both
            for each in _differences(code, earlier, later, first[code], second[code])
        ]  # fmt: skip
        differ = {each.station for each in found}
        pairs.append(
            Compared(earlier, later, len(both), len(both) - len(differ),
                     len(first.keys() - second.keys()), len(second.keys() - first.keys()))
        )  # fmt: skip
        differences += found
    order = sorted(differences, key=lambda each: (
        each.station, each.figure, HANDS.index(each.earlier), HANDS.index(each.later),
    ))  # fmt: skip
    return Comparison(tuple(pairs), tuple(order))


def _differences(
    station: str, earlier: Hand, later: Hand, first: Figures, second: Figures
) -> list[Difference]:
    return [
        Difference(station, name, earlier, later, first[name], second[name])
        for name in sorted(first.keys() & second.keys()) if first[name] != second[name]
    ]  # fmt: skip
