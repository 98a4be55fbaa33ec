"""How many numbers a text says: what is proposed is what is composed, and stays within its bars."""

from dataclasses import replace

import pytest

from analytics.statements import Composed, Incidents, compose_statement
from analytics.statements.findings import Finding
from analytics.statements.numbers_said import numbers_besides, numbers_in_blocks
from analytics.statements.proposing import MOST_NUMBERS, numbers_proposed
from schemas.mission import Kind
from tests.analytics.statements.five import FIVE
from tests.analytics.statements.found import a_finding, count, share
from tests.analytics.statements.mission import facts
from tests.analytics.statements.test_votes import a_contest, a_share

CONTESTS = [
    a_contest(a_share("A", 49.9, 0.4), a_share("B", 30, 1), lines=(("a majority", 0.5),)),
    replace(a_contest(a_share("L", 37, 1), a_share("M", 33, 1)), code="a", name="Assembly"),
]
VERIFIED = [Incidents("Campaigning", 2, 1, 1, 0), Incidents("Violence", 1, 1, 0, 0)]


def many() -> list[Finding]:
    """More shortcomings than a text has room for, in three stages."""
    return [
        a_finding(
            f"{stage[0]}{n}",
            count(20 + n, 120) if stage == "opening" else share(90 + 25 * n, 600),
            stage=stage,
            standards=(f"obl:{n}",),
        )
        for stage in ("opening", "voting", "counting")
        for n in range(9)
    ]


def made(findings: list[Finding], own: Kind = Kind.DOMESTIC) -> Composed:
    return compose_statement(
        replace(facts(), kind=own),
        findings,
        quick_counts=CONTESTS,
        incidents=VERIFIED,
        languages=FIVE,
    )


@pytest.mark.parametrize("own", list(Kind))
def test_the_numbers_that_are_proposed_are_those_that_each_language_says(own: Kind) -> None:
    statement = made(many(), own)
    proposed = numbers_proposed(many(), own, numbers_besides(CONTESTS, 0.8, VERIFIED, own))
    assert proposed <= MOST_NUMBERS[own is Kind.DOMESTIC]
    for language in FIVE:
        assert len(numbers_in_blocks(statement.texts[language])) == proposed


def test_basis_quick_count_and_incidents_take_room_from_findings() -> None:
    besides = numbers_besides(CONTESTS, 0.8, VERIFIED, Kind.DOMESTIC)
    assert numbers_proposed(many(), Kind.DOMESTIC, besides) <= 25
    said = numbers_in_blocks(made(many()).blocks)
    assert {"basis/voting", "quick/p/A", "quick/p/stations", "incidents/Violence/cases"} <= said


def test_a_number_that_is_said_again_is_one_and_what_was_set_is_none() -> None:
    only = [a_finding("VO-GROUP", share(66, 624))]
    statement = compose_statement(facts(), only)
    assert numbers_in_blocks(statement.blocks) == {only[0].code, "basis/voting"}


def test_the_conclusions_say_ten_numbers_at_most_and_six_paragraphs_with_the_quick_count() -> None:
    for own in Kind:
        statement = made(many(), own)
        here = [each for each in statement.blocks if each.section == "conclusions"]
        assert len(numbers_in_blocks(here)) <= 10
        assert len(here) - 1 <= 6
