"""Pictures that are kept up station by station are those of all stations looked at anew."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.figures.reference_data import ContestFacts
from api.figures.standing_look import Line, Looked, StandingLook, look

CONTEST = ContestFacts("president", "President", "valid", (), (("A", "Ada"), ("B", "Bo")))
COUNT = some.integers(0, 900)
LINE = some.none() | some.builds(
    lambda code, registered, invalid, a, b, blank: (
        f"{code:03}",
        {} if blank else {"registered": registered, "invalid": invalid},
        {"A": a, "B": b},
    ),
    some.integers(0, 9),
    some.integers(0, 2000),
    COUNT,
    COUNT,
    COUNT,
    some.booleans(),
)
NEWS = some.dictionaries(some.integers(0, 9), LINE, max_size=6)


def same(one: Looked | None, other: Looked | None) -> bool:
    if one is None or other is None:
        return one is other
    assert np.array_equal(one.cells.cells, other.cells.cells)
    for mine, theirs in ((one.turnout, other.turnout), (one.share, other.share)):
        assert (mine.seen, mine.stations, mine.highest) == (
            theirs.seen,
            theirs.stations,
            theirs.highest,
        )
        assert mine.p == pytest.approx(theirs.p, abs=1e-9)
        assert mine.expected == pytest.approx(theirs.expected)
    assert sorted(map(str, one.high)) == sorted(map(str, other.high))
    cells = one.cells
    plain = [
        replace(each, cells=cells, turnout=one.turnout, share=one.share, high=())
        for each in (one, other)
    ]
    return plain[0] == plain[1]


@given(some.lists(NEWS, min_size=1, max_size=6))
def test_pictures_kept_up_are_those_of_everything(batches: list[dict[int, Line | None]]) -> None:
    standing, now = StandingLook("observed", CONTEST), dict[int, Line]()
    for news in batches:
        standing.put(news)
        for at, line in news.items():
            now.pop(at, None)
            if line is not None:
                now[at] = line
        lines = [now[at] for at in sorted(now)]
        assert same(standing.found, look("observed", lines, CONTEST))


def test_when_another_leads_its_share_is_looked_at_of_every_station() -> None:
    standing = StandingLook("observed", CONTEST)
    figures = {"registered": 1000, "invalid": 0}
    standing.put({0: ("a", figures, {"A": 300, "B": 200})})
    first = standing.found
    standing.put({1: ("b", figures, {"A": 100, "B": 400})})
    second = standing.found
    assert first is not None
    assert second is not None
    assert (first.contestant, second.contestant) == ("A", "B")
    assert second.share.stations == 2
