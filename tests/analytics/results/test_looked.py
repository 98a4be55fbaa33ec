"""Pictures of one source's results are those of its stations one by one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from analytics.results.forensics import SourcePictures, look
from analytics.results.station_figures import figures_of

PEOPLE = (("A", "Ann"), ("B", "Bob"))
CODES = [f"{at:03}" for at in range(10)]
Four = tuple[int, int, int, int]
Line = tuple[int, dict[str, int], dict[str, int]]


def looked(lines: Sequence[Line]) -> SourcePictures | None:
    return look("published", figures_of(lines), PEOPLE, CODES)


def line(place: int, votes: dict[str, int], **figures: int) -> Line:
    return place, {"registered": 1000, "valid": 500, "cast": 510} | figures, votes


@pytest.mark.parametrize(
    ("wrong", "votes"),
    [({"registered": -1}, {"A": 1}), ({"valid": 0}, {"A": 1}), ({}, {"B": 1})],
)
def test_a_station_whose_figures_are_missing_or_cannot_be_is_counted_and_left_out(
    wrong: dict[str, int], votes: dict[str, int]
) -> None:
    found = looked([line(1, {"A": 300, "B": 200}), line(2, votes, **wrong)])
    assert found is not None
    assert (found.contestant, found.name) == ("A", "Ann")
    assert (found.stations, found.left_out) == (1, 1)


def test_no_votes_are_nothing_to_look_at_and_all_left_out_is_no_error() -> None:
    assert looked([]) is None
    assert looked([line(1, {"A": 0})]) is None
    found = looked([(1, {}, {"A": 5})])
    assert found is not None
    assert (found.stations, found.left_out, found.high) == (0, 1, ())


def plain_four(figures: Mapping[str, int], votes: Mapping[str, int], code: str) -> Four | None:
    """Registered, cast, valid and a list's votes; None where one is missing or cannot be."""
    registered, valid = figures.get("registered"), figures.get("valid")
    if registered is not None:
        registered += figures.get("supplementary", 0)
    if valid is None and votes:
        valid = sum(votes.values())
    cast = figures.get("cast", figures.get("in_box"))
    if cast is None and valid is not None and "invalid" in figures:
        cast = valid + figures["invalid"]
    if registered is None or valid is None or cast is None or code not in votes:
        return None
    four = (registered, cast, valid, votes[code])
    return four if min(four) >= 0 and votes[code] <= valid else None


COUNT = some.integers(-1, 900)
NAMES = ("registered", "supplementary", "valid", "cast", "in_box", "invalid")
FIGURES: Any = some.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, COUNT))
VOTES: Any = some.fixed_dictionaries({}, optional=dict.fromkeys("AB", COUNT))


@given(some.dictionaries(some.integers(0, 9), some.tuples(FIGURES, VOTES), max_size=8))
def test_the_stations_looked_at_are_those_whose_figures_can_be(
    given_: dict[int, tuple[dict[str, int], dict[str, int]]],
) -> None:
    found = looked([(place, *said) for place, said in given_.items()])
    totals = Counter[str]()
    for _, votes in given_.values():
        totals.update(votes)
    leading = max(sorted(totals), key=lambda code: totals[code], default="")
    if not totals[leading]:
        assert found is None
        return
    assert found is not None
    fours = [plain_four(*said, leading) for said in given_.values()]
    usable = [each for each in fours if each is not None]
    assert (found.contestant, found.stations) == (leading, len(usable))
    assert found.left_out == len(given_) - len(usable)
    placed = [each for each in usable if each[0] > 0 and each[2] > 0]
    assert found.cells.without == len(usable) - len(placed)
    assert found.cells.beyond == sum(cast > registered for registered, cast, _, _ in placed)
    high = sum(registered > 0 and cast / registered >= 0.95 for registered, cast, _, _ in usable)
    assert len(found.high) == high
    voted = [each for each in usable if each[2] >= 100 and 0 < each[3] < each[2]]
    assert found.share.stations == len(voted)
