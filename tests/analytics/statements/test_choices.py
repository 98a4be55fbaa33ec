"""Which findings enter the text: rules S1 to S10, and what an analyst chose."""

from dataclasses import replace
from typing import Any

import pytest

from analytics.numbers import Domain
from analytics.statements.choices import Choice, Place, Proposal
from analytics.statements.findings import Finding
from analytics.statements.proposing import numbers_proposed, propose, selected
from schemas.mission import Kind
from tests.analytics.statements.found import a_finding, count, share

COMPLAINT = Domain({"en": "where a complaint was made"}, 68)


def placed(*findings: Finding) -> list[tuple[str, Place]]:
    return [(each.rule, each.place) for each in propose(findings)]


@pytest.mark.parametrize(
    ("finding", "rule", "place"),
    [
        (a_finding("VO-VIOL", share(1, 600), severity=3), "S1", "conclusions"),
        (a_finding("VO-VIOL", count(1, 8), severity=3), "S1", "stage"),
        (a_finding("VO-GROUP", share(66, 624)), "S2", "conclusions"),
        (a_finding("VO-OPEN", share(24, 621)), "S2", "annex"),
        (a_finding("VO-CROWD", share(51, 627), severity=1), "S3", "annex"),
        (a_finding("VO-ACCESS", share(236, 618), severity=1), "S3", "conclusions"),
        (a_finding("VO-ID", share(598, 619), polarity="positive"), "S4", "annex"),
        (a_finding("VO-ID", share(570, 619), polarity="positive"), "S4", "annex"),
        (
            a_finding(
                "VO-STUFF", share(611, 611, low=0.994, high=1), severity=3, polarity="positive"
            ),
            "S5",
            "stage",
        ),
        (
            a_finding(
                "VO-STUFF", share(100, 100, low=0.963, high=1), severity=3, polarity="positive"
            ),
            "S5",
            "annex",
        ),
        (a_finding("VO-STUFF", count(30, 30), severity=3, polarity="positive"), "S5", "stage"),
        (a_finding("VO-STUFF", count(29, 29), severity=3, polarity="positive"), "S5", "annex"),
        (
            a_finding("DR-REFUSE", share(9, 68, domain=COMPLAINT, not_asked=559)),
            "S6",
            "stage",
        ),
        (
            a_finding("DR-REFUSE", share(9, 30, domain=COMPLAINT, not_asked=970), severity=1),
            "S6",
            "annex",
        ),
        (a_finding("CO-NOPOST", count(21, 126)), "S7", "conclusions"),
        (a_finding("CO-NOPOST", count(4, 12)), "S7", "stage"),
        (a_finding("CO-NOPOST", count(1, 126)), "S7", "annex"),
        (a_finding("AC-OBS", share(2, 636), of_access=True), "S8", "stage"),
        (a_finding("CO-NOPOST", count(4, 9)), "few", "annex"),
    ],
)
def test_each_rule_puts_a_finding_in_its_place(finding: Finding, rule: str, place: str) -> None:
    assert placed(finding) == [(rule, place)]


def test_what_lies_outside_a_sample_is_left_to_the_annex_where_an_estimate_stands() -> None:
    sampled = a_finding("VO-GROUP", share(66, 624))
    outside = a_finding("VO-GROUP", count(9, 45), part="visits")
    abroad = a_finding("VO-GROUP", count(9, 45), part="visits", kind=Kind.INTERNATIONAL)
    assert placed(sampled, outside, abroad)[1:] == [("S10", "annex"), ("C1", "stage")]


def test_a_pattern_that_an_analyst_names_lifts_a_rare_shortcoming_into_its_stage() -> None:
    rare = a_finding("VO-OPEN", share(24, 621))
    named = Choice(rare.code, chosen=True, significance="pattern", reason="in one region")
    (proposal,) = propose([rare], [named])
    assert (proposal.rule, proposal.place) == ("S2", "stage")


def codes(findings: list[Finding], *choices: Choice) -> list[tuple[str, Place]]:
    return [(each.indicator, place) for each, place in selected(findings, choices)]


def test_a_choice_stands_against_what_was_proposed() -> None:
    group, opened = a_finding("VO-GROUP", share(66, 624)), a_finding("VO-OPEN", share(24, 621))
    assert codes([group, opened]) == [("VO-GROUP", "conclusions")]
    swapped: list[Any] = [Choice(group.code, chosen=False), Choice(opened.code, chosen=True)]
    assert codes([group, opened], *swapped) == [("VO-OPEN", "stage")]


def test_once_one_was_chosen_nothing_else_enters_but_what_is_always_said() -> None:
    group, opened = a_finding("VO-GROUP", share(66, 624)), a_finding("VO-OPEN", share(90, 621))
    grave = a_finding("VO-STUFF", share(3, 611), severity=3)
    refused = a_finding("AC-OBS", share(2, 636), of_access=True)
    every = [group, opened, grave, refused]
    assert {each for each, _ in codes(every)} == {"VO-GROUP", "VO-OPEN", "VO-STUFF", "AC-OBS"}
    left = Choice(group.code, chosen=False)
    assert {each for each, _ in codes(every, left)} == {"VO-OPEN", "VO-STUFF", "AC-OBS"}
    chosen = Choice(opened.code, chosen=True)
    assert {each for each, _ in codes(every, chosen)} == {"VO-OPEN", "VO-STUFF", "AC-OBS"}


def test_nobody_leaves_a_grave_finding_that_was_seen_to_the_annex() -> None:
    grave = a_finding("VO-STUFF", share(1, 611), severity=3)
    assert codes([grave], Choice(grave.code, chosen=False)) == [("VO-STUFF", "stage")]


def test_every_proposal_says_its_basis() -> None:
    (said,) = propose([a_finding("VO-GROUP", share(66, 624))])
    assert said == Proposal(
        "voting/VO-GROUP/domestic/sample",
        "S2",
        "Severity 2, at 5% or more, or a pattern that an analyst names.",
        "conclusions",
    )


def test_what_is_proposed_together_is_counted_as_the_numbers_that_say_it() -> None:
    alike = [a_finding("VO-GROUP", share(66, 624)), a_finding("OP-SEC", share(61, 622))]
    assert [each.place for each in propose(alike)] == ["conclusions", "conclusions"]
    assert numbers_proposed(alike) == 2  # the merge, and where voting was followed
    assert numbers_proposed([*alike, a_finding("VO-STUFF", share(1, 611), severity=3)]) == 3


def test_a_stage_has_eight_findings_at_most_but_for_what_is_grave() -> None:
    many = [
        a_finding(f"V{n}", share(100 + 30 * n, 600), standards=(f"obl:{n}",)) for n in range(12)
    ]
    rules = placed(*many)
    assert rules.count(("room", "annex")) == 4
    assert all(each != ("room", "annex") for each in rules[4:])
    grave = [replace(each, severity=3) for each in many]
    assert all(rule == "S1" for rule, _ in placed(*grave))


ALIKE = {"standards": ("obl:7",)}


def proposed(*findings: Finding) -> list[str]:
    return [each.indicator for each, _ in selected(findings)]


def rules_of(*findings: Finding) -> dict[str, str]:
    proposals = propose(findings)
    return {each.indicator: one.rule for each, one in zip(findings, proposals, strict=True)}


def test_of_one_standard_the_worst_and_the_most_frequent_of_a_stage_are_proposed() -> None:
    worst = a_finding("VO-STUFF", share(60, 600), severity=3)
    often, third = a_finding("VO-GROUP", share(180, 600)), a_finding("OP-SEC", share(120, 600))
    elsewhere = a_finding("CO-NOPOST", share(90, 600), stage="counting")
    other = a_finding("VO-INK", share(90, 600), standards=("obl:6",))
    found = rules_of(third, often, worst, elsewhere, other)
    assert found == {
        "OP-SEC": "standard",
        "VO-GROUP": "S2",
        "VO-STUFF": "S1",
        "CO-NOPOST": "S2",
        "VO-INK": "S2",
    }


def test_nothing_grave_gives_way_to_what_is_more_frequent_of_its_standard() -> None:
    grave = [a_finding(code, share(40 + n, 600), severity=3) for n, code in enumerate("ABC")]
    assert set(rules_of(*grave, a_finding("D", share(300, 600))).values()) == {"S1", "S2"}


def test_what_may_be_isolated_is_not_proposed_unless_it_is_grave_or_a_pattern() -> None:
    edge = a_finding("VO-INK", share(33, 600, low=0.04, high=0.07))
    assert placed(edge) == [("edge", "annex")]
    assert placed(replace(edge, severity=3)) == [("S1", "conclusions")]
    named = Choice(edge.code, chosen=True, significance="pattern", reason="in one region")
    assert [(each.rule, each.place) for each in propose([edge], [named])] == [("S2", "stage")]


def test_of_what_went_well_two_are_proposed_that_certainly_did_and_each_at_one_stage() -> None:
    def well(code: str, low: float, stage: str = "voting") -> Finding:
        number = share(590, 600, low=low, high=0.99)
        return a_finding(code, number, polarity="positive", stage=stage)

    voting = [well("A", 0.97), well("B", 0.97), well("C", 0.97), well("D", 0.93)]
    counting = [
        well("A", 0.97, "counting"),
        well("E", 0.97, "counting"),
        well("F", 0.97, "counting"),
    ]
    proposals = propose([*voting, *counting])
    rules = [each.rule if each.place == "annex" else "said" for each in proposals]
    assert rules == ["said", "said", "room", "edge", "twice", "said", "said"]


def test_what_went_wrong_too_often_to_be_left_out_unsaid_is_not_called_good() -> None:
    fault = a_finding("VO-TECH", share(30, 600, low=0.04, high=0.06))
    good = [
        a_finding(code, share(580, 600, low=0.95, high=0.98), polarity="positive")
        for code in ("VO-TECH", "VO-ID", "VO-ROLL")
    ]
    assert proposed(fault, *good) == ["VO-ID", "VO-ROLL"]


@pytest.mark.parametrize(("seen", "rule"), [(8, "same"), (20, "S1")])
def test_of_the_other_kind_what_is_grave_is_proposed_where_the_estimate_does_not_say_it(
    seen: int, rule: str
) -> None:
    lead = a_finding("VO-VIOL", share(12, 600, low=0.01, high=0.03), severity=3)
    abroad = {"kind": Kind.INTERNATIONAL, "part": "visits"}
    other = a_finding("VO-VIOL", count(seen, 400), severity=3, **abroad)
    alone = a_finding("VO-BUY", count(1, 400), severity=3, **abroad)
    assert [each for each, _ in placed(lead, other, alone)] == ["S1", rule, "S1"]
    back = Choice(other.code, chosen=True)
    assert other in [each for each, _ in selected([lead, other], [back])]
