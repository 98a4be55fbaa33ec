"""How votes are added up for every way to draw: weights, classes of response, and why."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.results.quick_count import ProtocolResults, SampledStratum, converge, count_quickly
from analytics.results.sampled_results import WHY, vote_design
from analytics.survey.design import DesignProblem
from analytics.survey.draw import DrawnStratum, FrameUnit
from analytics.survey.methods import RULES, Method, Plan, select

AREAS = (DrawnStratum("a", 10, 2), DrawnStratum("b", 4, 2), DrawnStratum("c", 6, 0))


def test_strata_are_their_own_classes_and_need_no_reason() -> None:
    strata = [DrawnStratum("north", 10, 2), DrawnStratum("south", 4, 2)]
    found = vote_design(RULES["stratified"], strata)
    assert (found.classes, found.names, found.why) == ("strata", ("north", "south"), "")
    assert found.weight.tolist() == [5, 2]


@pytest.mark.parametrize("method", ["simple", "systematic"])
def test_without_strata_response_has_one_class_and_says_why(method: Method) -> None:
    strata = (
        [DrawnStratum("", 14, 4)]
        if method == "simple"
        else [DrawnStratum("1", 10, 3), DrawnStratum("2", 4, 1)]
    )
    found = vote_design(RULES[method], strata)
    assert (found.names, set(found.weight)) == (("",), {3.5})
    assert found.why == WHY["none"]


def test_areas_are_units_of_which_the_least_response_is_not_asked_one_by_one() -> None:
    found = vote_design(RULES["two-stage"], AREAS)
    assert found.weight == pytest.approx([3 / 2 * 5, 3 / 2 * 2, 0])
    assert found.by_area
    assert not found.ruled
    assert "Areas were drawn" in found.why


def of_areas(stratum: list[int]) -> ProtocolResults:
    """Results from stations of the areas ``stratum`` numbers."""
    rng = np.random.default_rng(5)
    below = np.round(rng.uniform(300, 900, len(stratum)))
    strata = tuple(SampledStratum(s.code, s.population, s.drawn) for s in AREAS)
    return ProtocolResults(
        ("first",),
        strata,
        np.array(stratum),
        np.round(below * rng.uniform(0.3, 0.7, len(below)))[:, None],
        below,
        drawn=vote_design(RULES["two-stage"], AREAS),
    )


def test_a_share_of_areas_is_the_ratio_by_chance_and_varies_between_areas() -> None:
    results = of_areas([0, 1, 0, 1])
    w = np.array([7.5, 3, 7.5, 3])
    votes, below = results.votes[:, 0], results.below
    share = np.sum(w * votes) / np.sum(w * below)
    scores = w * (votes - share * below) / np.sum(w * below)
    totals = np.array([scores[[0, 2]].sum(), scores[[1, 3]].sum()])
    found = count_quickly(results)
    (said,) = found.shares
    assert said.raw.value == pytest.approx(share, rel=1e-12)
    assert said.raw.se == pytest.approx(np.sqrt(2 * np.sum((totals - totals.mean()) ** 2)))
    assert (said.raw.df, said.raw.n, said.raw.population) == (1, 4, 20)
    assert (found.planned, found.population) == (4, 20)
    assert [each.stratum for each in found.response] == ["a", "b"]


def test_what_is_missing_of_an_area_is_made_up_for_by_the_others_of_it() -> None:
    results = of_areas([0, 1, 1])
    w = np.array([15, 3, 3])
    (share,) = count_quickly(results).shares
    assert share.estimate.value == pytest.approx(
        np.sum(w * results.votes[:, 0]) / np.sum(w * results.below), rel=1e-12
    )
    assert share.estimate.missing == 1
    assert share.lowest < share.raw.value < share.highest
    assert count_quickly(results).meets(0.75)
    assert not count_quickly(results).meets(0.76)


def test_results_of_one_area_are_no_quick_count_yet() -> None:
    with pytest.raises(DesignProblem, match="two results"):
        count_quickly(of_areas([0, 0]))
    assert [count for count, _ in converge(of_areas([0, 0, 1]), 0, [1, 2, 3], 0.0)] == [3]


def test_classes_by_size_are_thirds_from_small_to_large() -> None:
    frame = [FrameUnit(f"{at:03}", str(200 + 7 * at)) for at in range(120)]
    drawn = select(frame, Plan(30, 4, "pps"))
    found = vote_design(drawn.method, drawn.strata)
    planned = np.array([each.drawn for each in drawn.strata])
    assert np.bincount(found.group, planned).tolist() == [10, 10, 10]
    ends = [tuple(map(int, name.split("–"))) for name in found.names]
    assert ends[0][0] == 200
    assert all(one[1] < two[0] for one, two in pairwise(ends))
    assert found.ruled


def test_classes_by_size_add_up_to_the_weight_of_what_was_drawn() -> None:
    frame = [FrameUnit(f"{at:03}", str(200 + 7 * at)) for at in range(120)]
    drawn = select(frame, Plan(30, 4, "pps"))
    chosen = [at for at, each in enumerate(drawn.strata) if each.drawn][::2]
    rng = np.random.default_rng(3)
    below = rng.uniform(100, 900, len(chosen))
    results = ProtocolResults(
        ("first",),
        tuple(SampledStratum(s.code, s.population, s.drawn) for s in drawn.strata),
        np.array(chosen),
        (below / 2)[:, None],
        below,
        drawn=vote_design(drawn.method, drawn.strata),
    )
    raised = results.weights * results.raised
    group = results.design.group[results.stratum]
    assert np.bincount(group, raised) == pytest.approx(results.stood_for[0])


@given(st.lists(st.integers(1, 9), min_size=2, max_size=40), st.data())
def test_every_method_counts_what_it_drew(sizes: list[int], data: st.DataObject) -> None:
    method = data.draw(st.sampled_from([each for each in RULES if each != "two-stage"]))
    frame = [FrameUnit(f"{at:03}", str(size)) for at, size in enumerate(sizes)]
    least = 2 * len(set(sizes)) if method == "stratified" else 2
    if least > len(frame):
        return
    drawn = select(frame, Plan(data.draw(st.integers(least, len(frame))), 1, method))
    found = vote_design(drawn.method, drawn.strata)
    planned = np.array([each.drawn for each in drawn.strata])
    assert np.sum(found.weight[planned > 0] * planned[planned > 0]) > 0
    if found.finite:
        assert np.sum(found.weight * planned) == pytest.approx(len(frame))
    assert len(np.unique(found.group)) == len(found.names)


def test_a_rule_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match="no known method"):
        vote_design("by hand", AREAS)
