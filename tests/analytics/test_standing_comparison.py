"""Copies kept up station by station: what comes of it is what a comparison of everything gives."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from analytics.results.four_copies import (
    HANDS,
    Compared,
    Comparison,
    Copies,
    Difference,
    Figures,
    Hand,
    StandingComparison,
)

FIGURES = st.dictionaries(st.sampled_from(["A", "B", "valid"]), st.integers(0, 2), max_size=3)
COPIES = st.none() | st.dictionaries(st.sampled_from(HANDS), FIGURES, max_size=4)
NEWS = st.lists(st.tuples(st.sampled_from(["1", "2", "3"]), COPIES), max_size=12)


def compared(given: dict[Hand, dict[str, Figures]]) -> Comparison:
    """Hand against hand over all stations, as the definition says it."""
    pairs, differences = [], list[Difference]()
    for earlier, later in combinations(HANDS, 2):
        first, second = given.get(earlier, {}), given.get(later, {})
        both = first.keys() & second.keys()
        found = [
            Difference(code, name, earlier, later, first[code][name], second[code][name])
            for code in both
            for name in first[code].keys() & second[code].keys()
            if first[code][name] != second[code][name]
        ]
        differ = len({each.station for each in found})
        only = (len(first.keys() - second.keys()), len(second.keys() - first.keys()))
        pairs.append(Compared(earlier, later, len(both), len(both) - differ, *only))
        differences += found
    order = sorted(
        differences,
        key=lambda each: (
            each.station,
            each.figure,
            HANDS.index(each.earlier),
            HANDS.index(each.later),
        ),
    )
    return Comparison(tuple(pairs), tuple(order))


@given(NEWS)
def test_what_is_kept_up_is_what_a_comparison_of_everything_gives(
    news: list[tuple[str, Copies | None]],
) -> None:
    standing, last = StandingComparison(), dict[str, Copies | None]()
    for station, copies in news:
        standing.put(station, copies)
        last[station] = copies
        given: dict[Hand, dict[str, Figures]] = {}
        for code, held in last.items():
            for hand, figures in (held or {}).items():
                given.setdefault(hand, {})[code] = figures
        assert standing.found == compared(given)
