"""Systematic, by size, at two stages; allocations; how many stations are needed."""

import hashlib
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.survey.allocation import allocate_equally, allocate_neyman, stations_needed
from analytics.survey.draw import (
    DrawnStratum,
    SampleProblem,
    allocate,
    draw_by_size,
    draw_systematically,
    draw_two_stages,
    expected_margin,
    random_start,
)

SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 60), min_size=1)
CODES = [f"s{at:03}" for at in range(97)]


def test_the_start_is_the_hash_that_anyone_can_compute() -> None:
    digest = hashlib.sha256(b"42:systematic").hexdigest()
    assert random_start(42, "systematic") == Fraction(int(digest, 16), 2**256)


def test_a_systematic_sample_has_one_station_of_each_stretch_of_the_list() -> None:
    drawn = [CODES.index(each.code) for each in draw_systematically(CODES, 10, seed=42)]
    assert [int(at * 10 / 97) for at in drawn] == list(range(10))
    assert {each.chance for each in draw_systematically(CODES, 10, 42)} == {Fraction(10, 97)}


def test_a_draw_is_the_same_again_and_another_with_another_seed() -> None:
    once = draw_systematically(CODES, 10, 1)
    assert once == draw_systematically(CODES, 10, 1)
    assert len({tuple(draw_systematically(CODES, 10, seed)) for seed in range(40)}) > 5


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=40), st.data())
def test_a_draw_by_size_has_n_stations_and_chances_that_add_up_to_n(
    sizes: list[int], data: st.DataObject
) -> None:
    n, seed = data.draw(st.integers(1, len(sizes))), data.draw(st.integers(0, 99))
    frame = [(str(at), size) for at, size in enumerate(sizes)]
    drawn = draw_by_size(frame, n, seed)
    assert len(drawn) == n == len({each.code for each in drawn})
    assert all(0 < each.chance <= 1 for each in drawn)


def test_stations_are_drawn_as_often_as_their_size_says() -> None:
    frame = [("a", 10), ("b", 20), ("c", 30), ("d", 40)]
    seen = Counter(each.code for seed in range(4000) for each in draw_by_size(frame, 2, seed))
    for code, size in frame:
        assert seen[code] / 4000 == pytest.approx(size / 50, abs=0.04)


def test_a_station_larger_than_the_step_is_taken_for_certain() -> None:
    drawn = {each.code: each for each in draw_by_size([("a", 1), ("b", 98), ("c", 1)], 2, 7)}
    assert drawn["b"].weight == 1.0
    assert (drawn.get("a") or drawn["c"]).weight == 2.0


def test_two_stages_multiply_their_chances() -> None:
    areas = {f"a{at}": [f"a{at}-{each}" for each in range(at + 1)] for at in range(6)}
    drawn = draw_two_stages(areas, 3, 2, seed=9)
    assert len(drawn) == 3
    for area, chosen in drawn.items():
        assert len(chosen) == min(2, len(areas[area]))
        assert chosen[0].chance == Fraction(1, 2) * Fraction(len(chosen), len(areas[area]))


@pytest.mark.parametrize(
    ("frame", "n"), [([("a", 1)], 2), ([("a", 1)], 0), ([("a", 1), ("a", 2)], 1), ([("a", 0)], 1)]
)
def test_draws_that_cannot_be_are_refused(frame: list[tuple[str, int]], n: int) -> None:
    with pytest.raises(SampleProblem):
        draw_by_size(frame, n, 1)


@given(SIZES, st.data())
def test_every_allocation_adds_up_to_n_within_its_strata(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    least = sum(min(2, size) for size in sizes.values())
    n = data.draw(st.integers(least, sum(sizes.values())))
    spreads = {code: data.draw(st.floats(0, 5)) for code in sizes}
    for given_ in (allocate_equally(sizes, n), allocate_neyman(sizes, spreads, n)):
        assert sum(given_.values()) == n
        assert all(0 <= given_[code] <= sizes[code] for code in sizes)
    assert all(given_[code] >= min(2, sizes[code]) for code in sizes)


def test_equal_and_neyman_shares_are_those_of_the_book() -> None:
    assert allocate_equally({"a": 3, "b": 50, "c": 50}, 24) == {"a": 3, "b": 11, "c": 10}
    assert allocate_neyman({"a": 100, "b": 100}, {"a": 1.0, "b": 3.0}, 40) == {"a": 10, "b": 30}
    assert allocate_neyman({"a": 10, "b": 30}, {"a": 0.0, "b": 0.0}, 8) == {"a": 2, "b": 6}


@pytest.mark.parametrize("margin", [0.01, 0.03, 0.2])
def test_the_stations_needed_are_the_fewest_that_reach_the_margin(margin: float) -> None:
    sizes = {"a": 800, "b": 2000, "c": 1047}

    def reached(n: int) -> float:
        shares = allocate(sizes, n)
        return expected_margin(DrawnStratum(code, sizes[code], shares[code]) for code in sizes)

    needed = stations_needed(sizes, margin)
    assert reached(needed) <= margin < reached(needed - 1)


def test_a_larger_design_effect_needs_more_stations() -> None:
    assert stations_needed({"": 4000}, 0.03, deff=2.0) > stations_needed({"": 4000}, 0.03)
    with pytest.raises(SampleProblem):
        stations_needed({"": 4000}, 0)
