"""The quick count in a statement: published cases, and what is said before there is enough."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from analytics.numbers import Estimate
from analytics.results.quick_count import QuickCount, Response, Share
from analytics.statements import ContestCount, LintInput, draft_problems, plain
from analytics.statements.blocks import Block, Disclaimer, Heading, Paragraph, Sentences, Verdict
from analytics.statements.ledger import Ledger
from analytics.statements.votes import quick_counts
from schemas.election import Denominator


def a_share(name: str, percent: float, margin: float) -> Share:
    value, reach = percent / 100, margin / 100
    estimate = Estimate(
        value=value,
        se=reach / 1.96,
        low=value - reach,
        high=value + reach,
        level=0.95,
        n=990,
        df=900.0,
        deff=None,
        method="t",
    )
    return Share(name, estimate, estimate, value, value)


def a_contest(
    *shares: Share,
    received: int = 990,
    official: dict[str, float] | None = None,
    lines: tuple[tuple[str, float], ...] = (),
) -> ContestCount:
    response = (Response("all", 30_000, 1000, received),)
    count = QuickCount(tuple(shares), response, 1000, received, 0, 0.95)
    return ContestCount("p", "President", Denominator.VALID, count, official, lines)


def said(contest: ContestCount) -> list[Block]:
    return list(quick_counts([contest], 0.8, Ledger("en"), Sentences("en")))


def verdicts(blocks: Sequence[Block]) -> list[tuple[str, str, str]]:
    return [(b.contestant, b.against, b.verdict) for b in blocks if isinstance(b, Verdict)]


def test_ghana_2020_is_consistent_with_the_figures_and_cannot_determine_a_majority() -> None:
    contest = a_contest(
        a_share("NPP", 50.98, 1.20),
        a_share("NDC", 47.66, 1.19),
        official={"NPP": 0.51302, "NDC": 0.47359},
        lines=(("an absolute majority", 0.5),),
    )
    assert verdicts(said(contest)) == [
        ("NPP", "official", "consistent"),
        ("NPP", "threshold", "cannot_determine"),
        ("NDC", "official", "consistent"),
    ]
    below = said(contest)[-1]
    assert isinstance(below, Paragraph)
    assert "lies below 50%, the line of an absolute majority" in plain(below.text)


def test_rivers_2023_is_inconsistent() -> None:
    contest = a_contest(
        a_share("APC", 21.7, 5.0), a_share("LP", 50.8, 10.6), official={"APC": 0.442, "LP": 0.334}
    )
    assert [each[2] for each in verdicts(said(contest))] == ["inconsistent", "inconsistent"]


def test_shares_have_one_decimal_their_range_and_what_they_are_out_of() -> None:
    _, basis, share = said(a_contest(a_share("A", 49.74, 0.44)))
    assert isinstance(basis, Paragraph)
    assert isinstance(share, Paragraph)
    assert "share of valid votes, from the results of 990 of 1,000 sampled" in plain(basis.text)
    assert plain(share.text) == "A: 49.7% (49.3–50.2%)."
    even = said(a_contest(a_share("A", 49.7, 0.4)))[-1]
    assert isinstance(even, Paragraph)
    assert plain(even.text) == "A: 49.7% ±0.4, 49.3–50.1%."


def test_under_the_mission_s_response_counts_the_reason_and_bounds_are_given_and_no_share() -> None:
    share = replace(a_share("A", 49.7, 0.4), lowest=0.348, highest=0.648)
    heading, paragraph, bounds = said(a_contest(share, received=700))
    assert isinstance(heading, Heading)
    assert isinstance(paragraph, Paragraph)
    assert isinstance(bounds, Paragraph)
    text = plain(paragraph.text) + plain(bounds.text)
    assert "700 of 1,000 sampled stations" in text
    assert "under the response that this mission asks for, 80%" in text
    assert "A has between 34.8% and 64.8%" in text
    assert "49.7" not in text


def test_contestants_stand_in_the_order_of_the_ballot_and_nobody_wins() -> None:
    blocks = said(a_contest(a_share("Second", 20, 1), a_share("First", 70, 1)))
    text = " ".join(plain(b.text) for b in blocks if isinstance(b, Paragraph))
    assert text.index("Second") < text.index("First")
    assert "win" not in text


@pytest.mark.parametrize("official", [None, {"A": 0.5}])
def test_the_section_keeps_the_rules_of_the_lint(official: dict[str, float] | None) -> None:
    contest = a_contest(a_share("A", 49.7, 0.4), official=official, lines=(("a run-off", 0.5),))
    early = Disclaimer(about="before_completion", text=())
    assert draft_problems(LintInput({"en": [early, *said(contest)]})) == ()
