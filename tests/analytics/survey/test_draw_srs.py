"""A draw adds up, and anyone can make it again with a hash function alone."""

import hashlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.survey.draw import (
    DrawnStratum,
    FrameUnit,
    SampleProblem,
    allocate,
    draw,
    expected_margin,
    frame_hash,
)

PUBLISHED = ("030", "045", "082", "001", "038", "002")
FRAME = [FrameUnit(f"{number:03}", "abc"[number % 3]) for number in range(90)]
SIZES = st.dictionaries(st.text("abcdefgh", min_size=1), st.integers(1, 400), min_size=1)


@given(SIZES, st.data())
def test_an_allocation_adds_up_and_leaves_no_stratum_with_too_few(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    least = sum(min(2, size) for size in sizes.values())
    n = data.draw(st.integers(least, sum(sizes.values())))
    shares = allocate(sizes, n)
    assert sum(shares.values()) == n
    assert all(min(2, sizes[code]) <= shares[code] <= sizes[code] for code in sizes)


@given(SIZES, st.data())
def test_without_a_minimum_no_stratum_is_a_whole_station_from_its_share(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    n = data.draw(st.integers(1, sum(sizes.values())))
    shares = allocate(sizes, n, minimum=0)
    assert all(
        abs(shares[each] - n * size / sum(sizes.values())) < 1 for each, size in sizes.items()
    )


def test_rounding_would_lose_stations_and_the_largest_remainder_does_not() -> None:
    sizes = {"a": 24, "b": 24, "c": 24, "d": 24, "e": 4}
    assert sum(round(10 * size / 100) for size in sizes.values()) == 8
    assert allocate(sizes, 10, minimum=0) == {"a": 3, "b": 3, "c": 2, "d": 2, "e": 0}
    assert allocate({"a": 1, "b": 1, "c": 1}, 2, minimum=0) == {"a": 1, "b": 1, "c": 0}


def test_a_stratum_gets_its_minimum_but_never_more_than_it_has() -> None:
    assert allocate({"large": 1000, "small": 3, "one": 1}, 20) == {
        "large": 17,
        "small": 2,
        "one": 1,
    }
    with pytest.raises(SampleProblem, match="too few"):
        allocate({"a": 10, "b": 10}, 3)
    for n in (0, -1, 21):
        with pytest.raises(SampleProblem, match="cannot be drawn from 20"):
            allocate({"a": 10, "b": 10}, n)


def test_a_hash_function_alone_draws_the_same_sample() -> None:
    drawn = draw(FRAME, 12, seed=42)
    by_hand: list[str] = []
    for stratum in "abc":
        codes = [unit.code for unit in FRAME if unit.stratum == stratum]
        codes.sort(key=lambda code: hashlib.sha256(f"42:{code}".encode()).hexdigest())
        by_hand += codes[:4]
    assert drawn.codes == tuple(by_hand)
    assert drawn.strata[0] == DrawnStratum("a", 30, 4)


def test_the_draw_is_the_published_one() -> None:
    """Fixed for ever: a change of these codes would be a change of the published rule."""
    assert draw(FRAME, 6, seed=7).codes == PUBLISHED
    assert draw(FRAME, 6, seed=8).codes != PUBLISHED


def test_the_order_of_the_frame_changes_neither_draw_nor_hash() -> None:
    again = draw(FRAME[::-1], 12, seed=42)
    assert again == draw(FRAME, 12, seed=42)
    lines = "".join(f"{unit.code}\t{unit.stratum}\n" for unit in FRAME)
    assert again.frame_sha256 == hashlib.sha256(lines.encode()).hexdigest()
    assert frame_hash(FRAME[1:]) != again.frame_sha256


def test_every_station_is_drawn_about_as_often() -> None:
    seen = dict.fromkeys((unit.code for unit in FRAME), 0)
    for seed in range(600):
        for code in draw(FRAME, 30, seed).codes:
            seen[code] += 1
    far = math.sqrt(600 * (1 / 3) * (2 / 3)) * 4
    assert all(abs(times - 200) < far for times in seen.values())


def test_a_frame_that_cannot_be_drawn_from_is_refused() -> None:
    with pytest.raises(SampleProblem, match="1 codes twice, such as 001"):
        draw([FrameUnit("001"), FrameUnit("001"), FrameUnit("002")], 2, 1)
    with pytest.raises(SampleProblem, match="a tab or a line break"):
        draw([FrameUnit("1\t2"), FrameUnit("3")], 2, 1)


def test_the_expected_margin_is_that_of_stations_not_of_voters() -> None:
    (one,) = draw([FrameUnit(str(each)) for each in range(3847)], 1000, 42).strata
    by_hand = 1.959963984540054 * math.sqrt((1 - 1000 / 3847) * 0.25 / 1000)
    assert expected_margin([one]) == pytest.approx(by_hand, rel=1e-12)
    assert expected_margin([one], deff=4) == pytest.approx(2 * by_hand)
    assert expected_margin([DrawnStratum("all", 50, 50)]) == 0
    with pytest.raises(SampleProblem, match="Nothing was drawn from stratum 'b'"):
        expected_margin([one, DrawnStratum("b", 10, 0)])
