"""Findings that are said together: rules M1 to M7, and the order O1 to O6."""

from analytics.numbers import Domain
from analytics.statements.finding_sorts import leading_kind
from analytics.statements.merging import (
    merge_good,
    merge_shortcomings,
    merge_zeros,
    more_than,
    shared_upper_end,
    upper_limit,
)
from analytics.statements.ordering import order_key
from schemas.mission import Kind
from tests.analytics.statements.found import a_finding, count, share

CROWD = a_finding("VO-CROWD", share(51, 627), severity=1)
UNAUTH = a_finding("VO-UNAUTH", share(44, 625), severity=1, standards=("obl:18",))
CAMP = a_finding("VO-CAMP", share(38, 626), severity=1, standards=("obl:10",))
GROUP = a_finding("VO-GROUP", share(66, 624))
SECRET = a_finding("OP-SEC", share(61, 622))
INK = a_finding("VO-INK", share(60, 620), standards=("obl:6",))


def indicators(groups: object) -> list[list[str]]:
    return [[each.indicator for each in group.findings] for group in groups]  # type: ignore[attr-defined]


def test_m1_merges_like_shortcomings_of_one_obligation_within_three_points() -> None:
    assert indicators(merge_shortcomings([GROUP, SECRET, INK])) == [
        ["VO-GROUP", "OP-SEC"],
        ["VO-INK"],
    ]
    assert indicators(merge_shortcomings([CROWD, UNAUTH, CAMP])) == [
        ["VO-CROWD", "VO-UNAUTH", "VO-CAMP"]
    ]


def test_m1_never_merges_counts_domains_severities_or_what_is_further_apart() -> None:
    asked = Domain({"en": "where a complaint was made"}, 600)
    apart = [
        a_finding("A", share(66, 624)),
        a_finding("B", share(100, 624)),
        a_finding("C", count(66, 624)),
        a_finding("D", share(66, 624, domain=asked, not_asked=200)),
        a_finding("E", share(66, 624), severity=1),
        a_finding("F", share(66, 624), stage="counting"),
        a_finding("G", share(66, 624), kind=Kind.INTERNATIONAL),
    ]
    assert indicators(merge_shortcomings(apart)) == [[each.indicator] for each in apart]


def test_what_an_analyst_merged_is_said_together() -> None:
    codes = (GROUP.code, INK.code)
    assert indicators(merge_shortcomings([GROUP, SECRET, INK], [codes])) == [
        ["VO-GROUP", "VO-INK"],
        ["OP-SEC"],
    ]


def test_a_merge_whose_values_print_alike_has_the_largest_upper_end() -> None:
    alike = [
        a_finding("VO-SIG", share(8, 598, low=0.006, high=0.026), severity=3),
        a_finding("VO-BUY", share(6, 610, low=0.004, high=0.021), severity=3),
    ]
    assert shared_upper_end(alike) == 3
    assert shared_upper_end([GROUP, SECRET]) is None


def test_m2_merges_good_findings_and_leaves_a_single_one_to_the_annex() -> None:
    good = [
        a_finding(code, share(seen, 620), polarity="positive")
        for code, seen in (("VO-ID", 598), ("VO-INK", 590), ("VO-TECH", 589), ("VO-SHORT", 616))
    ]
    assert indicators(merge_good(good)) == [["VO-TECH", "VO-INK", "VO-ID"]]
    assert merge_good(good[:1]) == []


def test_m3_merges_zeros_with_the_smallest_n_rounded_down_and_the_largest_limit() -> None:
    zeros = [
        a_finding("VO-STUFF", share(611, 611, low=0.9952, high=1), severity=3, polarity="positive"),
        a_finding(
            "VO-CAROUSEL", share(604, 604, low=0.9941, high=1), severity=3, polarity="positive"
        ),
    ]
    (group,) = merge_zeros(zeros)
    assert (group.rule, more_than(group.findings), upper_limit(group.findings)) == ("M3", 600, 0.6)
    far = a_finding("CO-FALS", share(300, 300, low=0.99, high=1), severity=3, polarity="positive")
    assert indicators(merge_zeros([*zeros, far])) == [["VO-STUFF", "VO-CAROUSEL"], ["CO-FALS"]]


def test_m4_zeros_without_a_sample_are_merged_by_themselves() -> None:
    seen = [
        a_finding(code, count(117, 117), severity=3, polarity="positive")
        for code in ("CO-SEAL", "CO-FALS")
    ]
    (group,) = merge_zeros(seen)
    assert group.rule == "M4"


def ordered(*findings: object) -> list[str]:
    return [each.indicator for each in sorted(findings, key=order_key)]  # type: ignore[attr-defined, type-var]


def test_o3_a_small_sample_does_not_lead_by_a_high_value() -> None:
    wide = a_finding("WIDE", share(4, 35, low=0.05, high=0.25))
    sure = a_finding("SURE", share(66, 624, low=0.083, high=0.132))
    grave = a_finding("GRAVE", share(5, 600), severity=3)
    assert ordered(wide, sure, grave) == ["GRAVE", "SURE", "WIDE"]


def test_o4_estimates_stand_before_counts() -> None:
    assert ordered(a_finding("COUNT", count(90, 100)), GROUP) == ["VO-GROUP", "COUNT"]


def test_o5_conditional_findings_rank_by_their_share_of_all() -> None:
    asked = Domain({"en": "where a complaint was made"}, 106)
    some = a_finding("DR-REFUSE", share(11, 106, domain=asked), ranked_share=0.016)
    assert ordered(some, GROUP) == ["VO-GROUP", "DR-REFUSE"]


def test_who_has_a_sample_leads_and_else_the_mission_s_own_observers() -> None:
    abroad = a_finding("VO-GROUP", share(9, 90), kind=Kind.INTERNATIONAL)
    home = a_finding("VO-GROUP", count(9, 90))
    assert leading_kind([abroad, home], Kind.DOMESTIC) is Kind.INTERNATIONAL
    assert leading_kind([home], Kind.DOMESTIC) is Kind.DOMESTIC
