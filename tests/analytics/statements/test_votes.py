"""The quick count in a statement: published cases, and what is said before there is enough."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from analytics.numbers import Estimate
from analytics.results.quick_count import QuickCount, Response, Share
from analytics.statements import ContestCount, LintInput, draft_problems, plain
from analytics.statements.blocks import Block, Disclaimer, Heading, Paragraph, Table, Verdict
from analytics.statements.ledger import Ledger
from analytics.statements.printing import Printer
from analytics.statements.speech import Speech
from analytics.statements.votes import bounds, in_conclusions, quick_counts
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
    return list(quick_counts([contest], 0.8, printer()))


def printer() -> Printer:
    return Printer(Speech("en"), Ledger("en"))


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
        ("", "official", "consistent"),
        ("NPP", "threshold", "cannot_determine"),
    ]
    (table,) = tables(said(contest))
    assert cells(table) == [
        ["NPP", "51.0% ±1.2", "51.3%", "consistent"],
        ["NDC", "47.7% ±1.2", "47.4%", "consistent"],
    ]
    below = said(contest)[-1]
    assert isinstance(below, Paragraph)
    assert "The whole of the range, 46.5% to 48.9%, lies below 50%." in plain(below.text)


def tables(blocks: Sequence[Block]) -> list[Table]:
    return [each for each in blocks if isinstance(each, Table)]


def cells(table: Table) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in table.rows]


def test_rivers_2023_is_inconsistent() -> None:
    contest = a_contest(
        a_share("APC", 21.7, 5.0), a_share("LP", 50.8, 10.6), official={"APC": 0.442, "LP": 0.334}
    )
    assert [each[2] for each in verdicts(said(contest))] == ["inconsistent", "inconsistent"]


def test_a_figure_between_the_two_ranges_names_the_wider_one() -> None:
    contest = a_contest(
        *(a_share("A", 49.8, 0.31), a_share("B", 34.6, 0.3), a_share("C", 9.6, 0.2)),
        a_share("D", 6.0, 0.1),
        received=1000,
        official={"A": 0.5015, "B": 0.345, "C": 0.096, "D": 0.06},
    )
    assert verdicts(said(contest)) == [("A", "official", "cannot_determine")]
    (verdict,) = [each for each in said(contest) if isinstance(each, Verdict)]
    text = plain(verdict.text)
    assert "lies outside our range, 49.5% to 50.1%, and inside the range that holds" in text
    assert "for all shares together, 49.4% to 50.2%: the quick count cannot determine" in text
    assert "missing" not in text


def test_shares_have_one_decimal_their_range_and_what_they_are_out_of() -> None:
    text, table = said(a_contest(a_share("A", 49.74, 0.44)))
    assert isinstance(text, Paragraph)
    assert plain(text.text) == (
        "Estimates are shares of valid votes, from the results of 990 of 1,000 polling stations."
    )
    assert isinstance(table, Table)
    assert table.columns == ("Candidate or list", "Our estimate")
    assert cells(table) == [["A", "49.7% (49.3–50.2%)"]]


def test_a_range_on_both_sides_of_a_line_is_told_once_and_determines_nothing() -> None:
    *_, verdict = said(a_contest(a_share("A", 49.9, 0.4), lines=(("the first round", 0.5),)))
    assert isinstance(verdict, Verdict)
    assert plain(verdict.text).endswith(
        "The range, 49.5% to 50.3%, lies on both sides of 50%; the quick count cannot determine "
        "whether the line for “the first round” is passed."
    )


def test_under_the_mission_s_response_counts_the_reason_and_bounds_are_given_and_no_share() -> None:
    contest = a_contest(replace(a_share("A", 49.7, 0.4), lowest=0.348, highest=0.648), received=700)
    paragraph, table = said(contest)
    assert isinstance(paragraph, Paragraph)
    assert isinstance(table, Table)
    assert plain(paragraph.text) == (
        "Results came from 700 of 1,000; below 80% overall or in a class of polling stations no "
        "estimate is published."
    )
    assert table.columns == ("Candidate or list", "At least", "At most")
    assert cells(table) == [["A", "34.8%", "64.8%"]]
    assert list(bounds([contest], 0.8, printer())) == []


def test_contestants_stand_in_the_order_of_the_ballot_and_nobody_wins() -> None:
    blocks = said(a_contest(a_share("Second", 20, 1), a_share("First", 70, 1)))
    (table,) = tables(blocks)
    assert [row[0] for row in cells(table)] == ["Second", "First"]
    assert "win" not in " ".join(plain(b.text) for b in blocks if isinstance(b, Paragraph))


def test_key_findings_name_the_quick_count_and_rank_nobody() -> None:
    near = a_contest(a_share("A", 49.9, 0.4), a_share("B", 30, 1), lines=(("a majority", 0.5),))
    other = replace(a_contest(a_share("L", 37, 1)), name="Assembly")
    (text,) = in_conclusions([near, other], 0.8, printer())
    assert plain(text) == (
        "President: the quick count rests on the results of 990 of 1,000 polling stations; its "
        "estimates, shares of valid votes, stand in the table below. A: 49.9% ±0.4. The range, "
        "49.5% to 50.3%, lies on both sides of 50%; the quick count cannot determine whether the "
        "line for “a majority” is passed. Assembly: the quick count rests on the results of 990 of "
        "1,000 polling stations; its estimates, shares of valid votes, stand in the table below."
    )


def test_key_findings_give_no_estimate_under_the_mission_s_response() -> None:
    (text,) = in_conclusions([a_contest(a_share("A", 49.7, 0.4), received=700)], 0.8, printer())
    assert plain(text).startswith("President: the quick count publishes no estimate. Results came")
    assert "49" not in plain(text)


@pytest.mark.parametrize(("official", "said_of"), [(0.50, []), (0.55, ["A"])])
def test_what_would_change_is_said_of_who_is_near_a_line_or_differs(
    official: float, said_of: list[str]
) -> None:
    contest = a_contest(a_share("A", 49.7, 0.4), a_share("B", 30, 1))
    contest = replace(contest, official={"A": official, "B": 0.3})
    told = [plain(each.text)[0] for each in bounds([contest], 0.8, printer())]  # type: ignore[union-attr]
    assert told == said_of


@pytest.mark.parametrize("official", [None, {"A": 0.5}])
def test_the_section_keeps_the_rules_of_the_lint(official: dict[str, float] | None) -> None:
    contest = a_contest(a_share("A", 49.7, 0.4), official=official, lines=(("a run-off", 0.5),))
    early = Disclaimer(about="before_completion", text=())
    assert draft_problems(LintInput({"en": [early, *said(contest)]})) == ()


NAMES = {"en": "President", "fr": "Présidence", "ar": "الرئاسة", "es": "Presidencia"}


@pytest.mark.parametrize(
    ("language", "title", "candidate", "line"),
    [
        ("en", "President", "Lantern", "first round"),
        ("fr", "Présidence", "Lanterne", "premier tour"),
        ("ar", "الرئاسة", "\u2066Lantern\u2069", "\u2066first round\u2069"),
        ("es", "Presidencia", "Lantern", "first round"),
        ("pt", "President", "Lantern", "first round"),
    ],
)
def test_what_is_voted_on_is_called_as_the_language_calls_it_else_as_it_was_given(
    language: str, title: str, candidate: str, line: str
) -> None:
    contest = replace(
        a_contest(a_share("A", 49.7, 0.5), lines=(("first round", 0.5),)),
        titles={each: name for each, name in NAMES.items() if each != "en"},
        names={"A": "Lantern"},
        names_in={"A": {"fr": "Lanterne"}},
        threshold_names={"first round": {"fr": "premier tour"}},
    )
    own = Printer(Speech(language), Ledger(language))
    heading, _, table, verdict, *_ = quick_counts([contest, contest], 0.8, own)
    assert isinstance(heading, Heading)
    assert isinstance(verdict, Verdict)
    assert isinstance(table, Table)
    assert plain(heading.text) == title
    assert title not in table.title
    assert plain(verdict.text).startswith(candidate)
    assert line in plain(verdict.text)
