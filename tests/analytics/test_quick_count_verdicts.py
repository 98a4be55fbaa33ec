"""Published quick counts get the verdict that their own figures carry."""

import pytest

from analytics.numbers import Estimate
from analytics.results.quick_count import Share, against_official, against_threshold
from analytics.survey.intervals import t_quantile


def published(value: float, margin: float, lowest: float = 0, highest: float = 0) -> Share:
    """A share in percent with its 95 % margin; bounds where results were missing."""
    se = margin / float(t_quantile(0.05, 500.0))
    each = Estimate(
        value=value,
        se=se,
        low=value - margin,
        high=value + margin,
        level=0.95,
        n=600,
        df=500.0,
        deff=None,
        method="t",
    )
    return Share("one", each, each, lowest or value, highest or value)


GHANA = [(published(50.98, 1.20), 51.302), (published(47.66, 1.19), 47.359)]
RIVERS = [(published(21.7, 5.0), 44.2), (published(50.8, 10.6), 33.4)]
IMO = (published(88.1, 3.8), 77.1)
ZIMBABWE = (published(50.7, 2.0), 50.8)


@pytest.mark.parametrize(("share", "official"), [*GHANA, ZIMBABWE])
def test_ghana_and_zimbabwe_are_consistent(share: Share, official: float) -> None:
    assert against_official(share, official, 12, response_met=True) == "consistent"


@pytest.mark.parametrize(("share", "official"), [*RIVERS, IMO])
def test_rivers_and_imo_are_inconsistent(share: Share, official: float) -> None:
    assert against_official(share, official, 4, response_met=True) == "inconsistent"


@pytest.mark.parametrize("share", [GHANA[0][0], ZIMBABWE[0]])
def test_a_range_on_both_sides_of_half_cannot_say_who_passed_it(share: Share) -> None:
    assert against_threshold(share, 50, response_met=True) == "cannot determine"


def test_mexico_cannot_determine_because_too_few_came() -> None:
    """6,307 of 7,787 came, 81 %, and of one class of station 66 %: just outside is no finding."""
    just_outside = published(53.0, 0.25)
    assert against_official(just_outside, 53.4, 5, response_met=False) == "cannot determine"


def test_outside_one_interval_but_inside_the_one_for_all_is_no_finding() -> None:
    share = published(40, 2)
    assert against_official(share, 42.2, 1, response_met=True) == "inconsistent"
    assert against_official(share, 42.2, 8, response_met=True) == "cannot determine"


def test_what_is_missing_may_bring_a_figure_back() -> None:
    alone, missing = published(40, 2), published(40, 2, lowest=36, highest=43)
    assert against_official(alone, 44, 2, response_met=True) == "inconsistent"
    assert against_official(missing, 44, 2, response_met=True) == "cannot determine"
    assert against_official(missing, 46, 2, response_met=True) == "inconsistent"


def test_raw_and_adjusted_must_agree() -> None:
    adjusted, raw = published(40, 2), published(43, 2)
    share = Share("one", adjusted.estimate, raw.raw, 40, 40)
    assert against_official(share, 44, 1, response_met=True) == "cannot determine"
    assert against_threshold(share, 42.5, response_met=True) == "cannot determine"


def test_a_threshold_is_passed_only_where_missing_stations_cannot_change_it() -> None:
    clear, missing = published(54, 1.5), published(54, 1.5, lowest=51, highest=57)
    assert against_threshold(clear, 50, response_met=True) == "above"
    assert against_threshold(clear, 60, response_met=True) == "below"
    assert against_threshold(clear, 50, response_met=False) == "cannot determine"
    assert against_threshold(missing, 50, response_met=True) == "cannot determine"
