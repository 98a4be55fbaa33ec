"""The quick count against the textbook, and with stations that are closed, missing or refused."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analytics.results.quick_count import ProtocolResults, SampledStratum, converge, count_quickly
from analytics.survey.design import DesignProblem

STRATA = (SampledStratum("town", 400, 20), SampledStratum("land", 900, 30))
LAND = np.arange(50) % 5 >= 2


def results(received: int = 50) -> ProtocolResults:
    """Fifty stations drawn, the first of which came; the land votes otherwise, and later."""
    rng = np.random.default_rng(3)
    below = np.round(rng.uniform(300, 1500, 50))
    first = np.round(below * (np.where(LAND, 0.6, 0.4) + rng.normal(0, 0.05, 50)))
    whole = ProtocolResults(
        ("first", "second"),
        STRATA,
        LAND.astype(np.int64),
        np.column_stack([first, below - first]),
        below,
    )
    return replace(
        whole,
        stratum=whole.stratum[:received],
        votes=whole.votes[:received],
        below=whole.below[:received],
    )


def by_hand(r: ProtocolResults, column: int = 0) -> tuple[float, float]:
    """Cochran's combined ratio and its variance, written out stratum by stratum."""
    above = below = variance = 0.0
    for h, each in enumerate(r.strata):
        here = r.stratum == h
        above += each.population * r.votes[here, column].mean()
        below += each.population * r.below[here].mean()
    share = above / below
    for h, each in enumerate(r.strata):
        d = (r.votes[:, column] - share * r.below)[r.stratum == h]
        f = len(d) / each.population
        variance += each.population**2 * (1 - f) * d.var(ddof=1) / len(d)
    return share, float(np.sqrt(variance)) / below


def test_a_share_is_the_combined_ratio_of_the_textbook() -> None:
    found = count_quickly(results())
    for column, share in enumerate(found.shares):
        value, se = by_hand(results(), column)
        assert share.estimate.value == pytest.approx(value, rel=1e-12)
        assert share.estimate.se == pytest.approx(se, rel=1e-12)
        assert share.estimate.margin == pytest.approx(stats.t.ppf(0.975, 48) * se, rel=1e-9)
        assert (share.estimate.n, share.estimate.missing, share.estimate.population) == (
            50,
            0,
            1300,
        )
    assert sum(each.estimate.value for each in found.shares) == pytest.approx(1)


def test_with_everything_received_raw_is_adjusted_and_there_is_nothing_to_bound() -> None:
    for share in count_quickly(results()).shares:
        assert share.raw == share.estimate
        assert share.lowest == pytest.approx(share.estimate.value)
        assert share.highest == pytest.approx(share.estimate.value)


def test_a_stratum_that_answers_less_is_raised_to_its_size_and_the_raw_share_shows_it() -> None:
    late = results()
    kept = ~LAND | (np.arange(50) < 25)
    late = replace(late, stratum=late.stratum[kept], votes=late.votes[kept], below=late.below[kept])
    share = count_quickly(late).shares[0]
    assert share.estimate.value == pytest.approx(by_hand(late)[0], rel=1e-12)
    assert share.raw.value < share.estimate.value - 0.02
    assert share.lowest < share.raw.value < share.highest


def test_the_bounds_give_the_missing_stations_wholly_to_one_side() -> None:
    r = results(45)
    share, weights = count_quickly(r).shares[0], np.array([20.0, 30.0])
    mean = [r.below[r.stratum == h].mean() for h in (0, 1)]
    missing = sum(
        w * (each.planned - came) * m
        for w, each, came, m in zip(weights, STRATA, r.received, mean, strict=True)
    )
    above, below = (float(np.sum(weights[r.stratum] * each)) for each in (r.votes[:, 0], r.below))
    assert share.lowest == pytest.approx(above / (below + missing))
    assert share.highest == pytest.approx((above + missing) / (below + missing))


def test_a_closed_station_is_out_of_the_frame_and_a_refusal_is_missing() -> None:
    r = replace(results(45), closed=np.array([2, 1]), refused=np.array([0, 1]))
    found = count_quickly(r)
    town, land = found.response
    assert (town.planned, town.received, town.closed, town.missing) == (20, 18, 2, 0)
    assert (land.planned, land.received, land.refused, land.missing) == (30, 27, 1, 2)
    assert town.rate == 1
    assert found.rate == pytest.approx(45 / 47)
    smaller = (SampledStratum("town", 360, 18), SampledStratum("land", 870, 29))
    assert found.shares[0].estimate.value == pytest.approx(
        by_hand(replace(r, strata=smaller))[0], rel=1e-12
    )


def test_post_strata_bring_back_a_class_of_station_that_answered_less() -> None:
    r = results()
    large = (r.below > 900).astype(np.int64)
    sizes = np.array([500.0, 800.0])
    share = count_quickly(replace(r, classes=large, class_sizes=sizes)).shares[0]
    w = np.array([20.0, 30.0])[r.stratum]
    w = w * (sizes / np.bincount(large, weights=w))[large]
    assert share.estimate.value == pytest.approx(
        np.sum(w * r.votes[:, 0]) / np.sum(w * r.below), rel=1e-12
    )
    assert share.raw.value == pytest.approx(by_hand(r)[0], rel=1e-12)


def test_response_is_asked_overall_and_of_every_stratum() -> None:
    found = count_quickly(results(45))
    assert [each.received for each in found.response] == [18, 27]
    assert found.meets(0.9)
    assert not found.meets(0.91)
    uneven = replace(
        results(),
        stratum=np.array([1] * 30 + [0] * 12),
        votes=results().votes[:42],
        below=results().below[:42],
    )
    assert count_quickly(uneven).rate > 0.8
    assert not count_quickly(uneven).meets(0.8)


def test_the_running_estimate_ends_at_the_estimate() -> None:
    series = converge(results(), 0, [1, 2, 10, 30, 50], 0.0)
    assert [count for count, _ in series] == [2, 10, 30, 50]
    whole, last = count_quickly(results()).shares[0].estimate, series[-1][1]
    for name in ("value", "se", "low", "high", "n", "df", "missing", "population"):
        assert getattr(last, name) == pytest.approx(getattr(whole, name), rel=1e-9)
    assert series[0][1].margin > last.margin


def test_no_point_of_the_curve_is_of_a_moment_when_too_little_had_come() -> None:
    """Overall and in each stratum: forty of fifty, and sixteen of the twenty in town."""
    counts = [count for count, _ in converge(results(), 0, range(51), 0.8)]
    assert counts[0] >= 40
    assert counts == list(range(counts[0], 51))
    early = count_quickly(results(counts[0] - 1))
    assert not early.meets(0.8)
    assert count_quickly(results(counts[0])).meets(0.8)


def test_votes_of_nothing_are_no_share() -> None:
    nothing = replace(results(), votes=results().votes * 0, below=results().below * 0)
    assert converge(nothing, 0, [2, 50], 0.0) == ()
    assert converge(results(), 0, [], 0.0) == ()


def test_the_running_estimate_uses_classes_once_each_has_come() -> None:
    classes = np.zeros(50, dtype=np.int64)
    classes[30:] = 1
    classed = replace(results(), classes=classes, class_sizes=np.array([500.0, 800.0]))
    early, late = converge(classed, 0, [20, 50], 0.0)
    (_, early), (_, late) = converge(classed, 0, [20, 50], 0.0)
    (_, plain), (_, other) = converge(results(), 0, [20, 50], 0.0)
    assert (early.value, early.se) == pytest.approx((plain.value, plain.se))
    assert late.se != pytest.approx(other.se)
    assert late == count_quickly(classed).shares[0].estimate


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"votes": np.ones((50, 3))}, "a column a contestant"),
        ({"below": np.full(50, np.nan)}, "must be numbers"),
        ({"votes": -np.ones((50, 2))}, "none below 0"),
        ({"closed": np.array([1, 0])}, "Stratum town: more results than stations"),
        ({"below": np.zeros(50)}, "denominator adds up to 0"),
    ],
)
def test_results_that_cannot_be_are_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(DesignProblem, match=said):
        count_quickly(replace(results(), **wrong))  # type: ignore[arg-type]


def test_one_result_is_no_quick_count() -> None:
    with pytest.raises(DesignProblem, match="two results"):
        count_quickly(results(1))
    assert count_quickly(results(2)).shares[0].estimate.df == 1


def domain(inside: Any, outside: list[int], frame: list[int]) -> ProtocolResults:
    """What came of the stations that vote in a contest."""
    whole = results()
    return replace(
        whole,
        stratum=whole.stratum[inside],
        votes=whole.votes[inside],
        below=whole.below[inside],
        outside=np.array(outside),
        frame=np.array(frame),
        drawn=whole.design,
    )


def test_a_contest_of_one_stratum_is_counted_as_that_stratum_by_itself() -> None:
    found = count_quickly(domain(LAND, [20, 0], [0, 900]))
    whole = results()
    alone = replace(
        whole,
        strata=STRATA[1:],
        stratum=np.zeros(30, dtype=np.int64),
        votes=whole.votes[LAND],
        below=whole.below[LAND],
    )
    expected = count_quickly(alone)
    assert [each.estimate for each in found.shares] == [each.estimate for each in expected.shares]
    assert (found.planned, found.received, found.population) == (30, 30, 900)
    assert [each.stratum for each in found.response] == ["land"]
    assert found.meets(1.0)


def test_stations_drawn_that_do_not_vote_in_a_contest_are_neither_expected_nor_missing() -> None:
    inside = ~LAND | (np.cumsum(LAND) <= 15)
    found = count_quickly(domain(inside, [0, 15], [400, 430]))
    told = [(each.population, each.planned, each.received, each.missing) for each in found.response]
    assert told == [(400, 20, 20, 0), (430, 15, 15, 0)]
    assert found.rate == 1.0
    for share in found.shares:
        assert share.estimate.population == 400 + 450
        assert share.estimate.missing == 0
        assert share.lowest == pytest.approx(share.estimate.value)
    weight = np.where(LAND, 30.0, 20.0)[inside]
    votes, below = results().votes[inside], results().below[inside]
    value = float(weight @ votes[:, 0] / (weight @ below))
    assert found.shares[0].raw.value == pytest.approx(value)
    assert found.shares[0].estimate.value == pytest.approx(value)
