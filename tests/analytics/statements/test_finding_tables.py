"""Findings in figures and tables: told apart where two checklists asked, drawn where enough did."""

from dataclasses import replace

from analytics.statements.blocks import Figure, Sentences, Table, plain
from analytics.statements.finding_tables import numbers_of
from analytics.statements.ledger import Ledger
from analytics.statements.method_annex import response_table
from schemas.mission import Kind
from tests.analytics.statements.found import a_finding, count
from tests.analytics.statements.mission import COVERAGE

TITLES = {"counting": {"en": "Counting"}, "results": {"en": "Results protocol"}}


def test_what_two_checklists_asked_is_told_apart_by_their_titles() -> None:
    counted_once = a_finding("CO-ARITH", count(3, 83), kind=Kind.INTERNATIONAL, stage="counting")
    typed = replace(counted_once, code="results/CO-ARITH", checklist="results", number=count(1, 24))
    alone = a_finding("CO-SEAL", count(2, 80), kind=Kind.INTERNATIONAL, stage="counting")
    found = list(numbers_of([counted_once, typed, alone], Ledger("en"), Sentences("en"), TITLES))
    (figure,) = [each for each in found if isinstance(each, Figure)]
    (table,) = [each for each in found if isinstance(each, Table)]
    named = {
        "The fault CO-ARITH was seen (Counting)",
        "The fault CO-ARITH was seen (Results protocol)",
        "The fault CO-SEAL was seen",
    }
    assert {row.label for row in figure.rows} == named
    assert {plain(row[0]) for row in table.rows} == named


def test_what_fewer_than_ten_answered_stands_in_the_table_alone() -> None:
    one, nine, ten = (
        a_finding(code, count(1, of), kind=Kind.INTERNATIONAL)
        for code, of in (("VO-ONE", 1), ("VO-NINE", 9), ("VO-TEN", 10))
    )
    found = list(numbers_of([one, nine, ten], Ledger("en"), Sentences("en"), {}))
    (figure,) = [each for each in found if isinstance(each, Figure)]
    (table,) = [each for each in found if isinstance(each, Table)]
    assert [row.label for row in figure.rows] == ["The fault VO-TEN was seen"]
    assert len(table.rows) == 3
    few = list(numbers_of([one, nine], Ledger("en"), Sentences("en"), {}))
    assert [type(each) for each in few] == [Table]


def test_reports_planned_and_received_stand_by_the_titles_of_checklists_that_were_planned() -> None:
    planned, never = COVERAGE, replace(COVERAGE, group="incident", expected=0)
    table = response_table(
        [planned, never], Ledger("en"), Sentences("en"), {"voting": {"en": "The vote"}}
    )
    assert [plain(row[0]) for row in table.rows] == ["The vote"]
