"""Findings: under a standard, positive and negative, with the way they came about."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.numbers import Beside, Estimate, ObservedCount
from analytics.observation.irregularity_rates import Rate
from analytics.statements.findings import (
    Finding,
    complement,
    find,
    gravest_first,
    is_telling,
    without_folded,
)
from schemas.checklist import Definition, Indicator, Question, Source
from schemas.mission import Kind
from tests.analytics.observation.matrices import counted_rate

INDICATOR = Indicator(
    code="VO-GROUP",
    stage="all",
    severity=2,
    standards=("obl:7", "obl:12"),
    phrase={"en": "group voting took place", "fr": "du vote de groupe a eu lieu"},
    positive_phrase={"en": "voters voted one by one"},
    sources=(Source(question="group"),),
)
DEFINITION = Definition(
    name="voting",
    version="3",
    title={"en": "Voting"},
    languages=("en",),
    stage="voting",
    questions=(
        Question(name="group", type="select_one", path="/g", label={"en": "Group voting?"}),
        Question(name="other", type="text", path="/o", label={"en": "Other?"}),
    ),
    indicators=(INDICATOR,),
    checks=(),
)


BESIDE = Beside(told=1, not_observed=2, unanswered=3, not_applicable=4, not_asked=5)


def a_rate(seen: int = 23, of: int = 164, **changes: object) -> Rate:
    rate = counted_rate(
        seen, of, kind=Kind.INTERNATIONAL, stage="all", unit="observation", beside=BESIDE
    )
    return replace(rate, **changes)  # type: ignore[arg-type]


def an_estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(
        value=value,
        se=0.01,
        low=low,
        high=high,
        level=0.95,
        n=981,
        df=900.0,
        deff=None,
        method="beta",
        seen=round(981 * value),
    )


def only(*rates: Rate) -> Finding:
    (finding,) = find(rates, DEFINITION, rules="r7", sequence=41)
    return finding


def test_a_finding_names_its_standards_and_one_without_any_cannot_be() -> None:
    finding = only(a_rate())
    assert finding.standards == ("obl:7", "obl:12")
    with pytest.raises(ValueError, match="names none"):
        replace(finding, standards=())


def test_a_finding_says_how_it_was_computed_and_what_was_asked() -> None:
    finding = only(a_rate())
    assert finding.query["as_of_sequence"] == 41
    assert (finding.query["rules"], finding.query["told"]) == ("r7", 1)
    assert finding.wording == {"group": {"en": "Group voting?"}}
    assert finding.version == "3"


def test_an_indicator_of_all_stages_belongs_to_the_stage_of_its_checklist() -> None:
    assert only(a_rate()).stage == "voting"


def test_what_was_rare_is_a_positive_finding_and_what_was_seen_still_a_negative_one() -> None:
    negative, positive = find([a_rate(3, 164)], DEFINITION)
    assert (negative.polarity, negative.number) == (
        "negative",
        ObservedCount(3, 164, 164, unit="observation", beside=BESIDE),
    )
    assert (positive.polarity, positive.number) == (
        "positive",
        ObservedCount(161, 164, 164, unit="observation", beside=BESIDE),
    )
    assert positive.phrase == {"en": "voters voted one by one"}


def test_what_touches_the_integrity_of_the_vote_is_never_turned_into_good_news() -> None:
    assert only(a_rate(1, 981, severity=3)).polarity == "negative"


def test_none_seen_is_a_positive_finding_only() -> None:
    assert only(a_rate(0, 164)).polarity == "positive"


def test_none_seen_in_a_handful_of_observations_concludes_nothing() -> None:
    assert find([a_rate(0, 12)], DEFINITION) == ()


def test_what_nobody_could_observe_and_rates_of_areas_are_no_findings() -> None:
    assert find([a_rate(0, 0), a_rate(area=4)], DEFINITION) == ()


def test_the_reports_in_which_it_was_seen_are_kept_with_the_finding() -> None:
    (finding,) = find([a_rate()], DEFINITION, reports=lambda rate: (UUID(int=rate.seen),))
    assert finding.reports == (UUID(int=23),)


def test_a_phrase_missing_in_a_language_is_said_in_english() -> None:
    finding = only(a_rate())
    assert finding.says("fr") == "du vote de groupe a eu lieu"
    assert finding.says("ar") == "group voting took place"


def test_the_gravest_comes_first_then_the_most_frequent_then_what_went_right() -> None:
    often, rare = only(a_rate(60)), only(a_rate(20))
    grave = replace(rare, severity=3, code="z")
    right = only(a_rate(0))
    ordered = gravest_first([right, rare, often, grave])
    assert ordered == (grave, often, rare, right)


def test_a_grave_finding_is_told_however_rare_and_a_lesser_one_when_more_than_isolated() -> None:
    assert is_telling(replace(only(a_rate()), severity=3, ranked_share=0.002))
    assert not is_telling(replace(only(a_rate()), ranked_share=0.03))
    assert is_telling(replace(only(a_rate()), ranked_share=9 / 38))
    assert not is_telling(replace(only(a_rate()), severity=3, ranked_share=None))


shares = st.floats(0, 1)


@given(st.tuples(shares, shares, shares))
def test_the_contrary_of_the_contrary_is_the_number_again(numbers: tuple[float, ...]) -> None:
    low, value, high = sorted(numbers)
    number = an_estimate(value, low, high)
    twice = complement(complement(number))
    assert isinstance(twice, Estimate)
    assert (twice.low, twice.value, twice.high) == pytest.approx((low, value, high))
    contrary = complement(number)
    assert isinstance(contrary, Estimate)
    assert contrary.low <= contrary.value <= contrary.high


def test_what_lies_outside_a_sample_is_folded_where_the_sample_s_estimate_is_no_finding() -> None:
    nothing = replace(an_estimate(0.0, 0.0, 0.2), n=12, seen=0)
    sample = a_rate(0, 12, part="sample", number=nothing, why_count=None)
    outside = a_rate(1, 4)
    assert without_folded(find([sample, outside], DEFINITION)) == []
    assert without_folded(find([outside], DEFINITION))
    grave = replace(outside, severity=3)
    (told,) = find([sample, grave], with_severity(3))
    assert without_folded([told]) == [told]


def test_a_refusal_alone_is_a_finding_though_no_report_answered() -> None:
    refused = ObservedCount(1, 1, 1, unit="station")
    rate = a_rate(0, 0, number=refused, by_station=refused, ranked_share=1.0)
    (found,) = find([rate], DEFINITION)
    assert (found.polarity, found.number) == ("negative", refused)


def with_severity(severity: int) -> Definition:
    """The checklist, its irregularity of this severity."""
    indicator = INDICATOR.model_copy(update={"severity": severity})
    return DEFINITION.model_copy(update={"indicators": (indicator,)})
