"""Every method draws from one shape of frame, and says with which chance."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.survey.draw import (
    DrawnStratum,
    FrameUnit,
    SampleProblem,
    draw,
    draw_by_size,
    inclusion_by_size,
)
from analytics.survey.methods import RULES, Plan, margin_of, method_of, select, weighting

FRAME = [FrameUnit(f"{at:03}", "abc"[at % 3]) for at in range(90)]


def test_what_was_drawn_before_by_strata_is_drawn_again_bit_for_bit() -> None:
    now, before = select(FRAME, Plan(12, 42)), draw(FRAME, 12, 42)
    assert now == before


def test_the_usual_rule_of_proportional_strata_keeps_its_words() -> None:
    assert select(FRAME, Plan(12, 42)).method == "sha256(seed:code), smallest first, within strata"
    assert method_of(Plan(12, 42, allocation="equal").rule) == "stratified"
    with pytest.raises(ValueError, match="no known method"):
        method_of("by whim")


@pytest.mark.parametrize("method", RULES)
def test_every_method_draws_its_size_and_hashes_what_it_draws_by(method: str) -> None:
    sized = [FrameUnit(each.code, str(100 + at)) for at, each in enumerate(FRAME)]
    frame = sized if method == "pps" else FRAME
    drawn = select(frame, Plan(12, 42, method, each=6))  # type: ignore[arg-type]
    assert len(set(drawn.codes)) == 12 == sum(each.drawn for each in drawn.strata)
    assert sum(each.population for each in drawn.strata) == 90
    assert drawn == select(frame[::-1], Plan(12, 42, method, each=6))  # type: ignore[arg-type]
    assert 0 < margin_of(drawn.method, drawn.strata) < 1


@settings(max_examples=60)
@given(st.lists(st.integers(1, 300), min_size=2, max_size=40), st.data())
def test_the_chance_by_size_is_that_of_the_draw(sizes: list[int], data: st.DataObject) -> None:
    n = data.draw(st.integers(1, len(sizes)))
    drawn = draw_by_size([(str(at), size) for at, size in enumerate(sizes)], n, seed=1)
    counted = {size: sizes.count(size) for size in sizes}
    chances = inclusion_by_size(counted, n)
    assert sum(chances[size] * many for size, many in counted.items()) == n
    assert all(each.chance == chances[sizes[int(each.code)]] for each in drawn)


def test_weights_of_two_stages_are_areas_times_stations() -> None:
    strata = [DrawnStratum("a", 10, 2), DrawnStratum("b", 4, 2), DrawnStratum("c", 6, 0)]
    found = weighting(RULES["two-stage"], strata, np.array([0, 0, 1, 1]))
    assert found is not None
    assert found.chance == pytest.approx([2 / 3 * 1 / 5] * 2 + [2 / 3 * 1 / 2] * 2)
    assert (found.population, found.unit is not None) == (20, True)


def test_strata_say_their_own_weights() -> None:
    strata = [DrawnStratum("1", 10, 2), DrawnStratum("2", 4, 2)]
    assert weighting(RULES["stratified"], strata, np.array([0])) is None


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (Plan(13, 1, "two-stage", each=6), "cannot be 6 of each"),
        (Plan(62, 1, "two-stage", each=31), "fewer than 31"),
        (Plan(12, 1, "pps"), "whole number above 0"),
        (Plan(91, 1, "systematic"), "cannot be drawn from 90"),
        (Plan(12, 1, allocation="neyman"), "a spread of 0 or more"),
        (Plan(12, 1, allocation="minimum", minimum=5), "too few for 3 strata"),
    ],
)
def test_a_plan_that_cannot_be_says_why(plan: Plan, says: str) -> None:
    with pytest.raises(SampleProblem, match=says):
        select(FRAME, plan)


def test_kish_widens_the_margin_of_unequal_chances() -> None:
    even = margin_of(RULES["pps"], [DrawnStratum("50", 100, 10)])
    uneven = margin_of(RULES["pps"], [DrawnStratum("10", 50, 2), DrawnStratum("90", 50, 8)])
    assert even < uneven
    assert Fraction(10, 100) == inclusion_by_size({50: 100}, 10)[50]
