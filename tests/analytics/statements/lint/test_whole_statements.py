"""Three whole statements break none of the 25 rules; without their authors the first one does."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from analytics.statements import LintInput, MissionRegisters, freeze, lint_statement
from analytics.statements.lint import Consultation, Contest, Correction, Polling, Response
from schemas.mission import Kind
from schemas.statement import StatementKind
from tests.analytics.statements.lint.statement import GATES, NOON
from tests.analytics.statements.lint.whole import (
    CORRECTION,
    CORRECTION_NUMBERS,
    FINDINGS,
    NUMBERS,
    PRELIMINARY,
    QUICK_COUNT,
    QUICK_FINDINGS,
    QUICK_NUMBERS,
    Lines,
    Numbers,
    blocks_of,
    table,
)

ANNEX = table(
    "Voting, every indicator",
    ("finding", "x of n", "obligation"),
    [("Booths did not ensure secrecy", "{{VO-SECRECY|61 of 622}}", "secret ballot")],
    NUMBERS,
)


def a_statement(lines: Lines, numbers: Numbers, **given: Any) -> LintInput:
    known = LintInput({"en": blocks_of(lines, numbers)}, freeze(numbers), gates=GATES)
    return replace(known, **given)


def preliminary(lines: Lines = PRELIMINARY) -> LintInput:
    given = a_statement(
        lines,
        NUMBERS,
        findings=FINDINGS,
        mission=Kind.INTERNATIONAL,
        standing=MissionRegisters(unobserved={"refused": 7}),
        consulted=(Consultation("Sarelia Civic Count", "2027-03-15"),),
        polling=Polling("the first round", datetime(2027, 3, 14, 6, tzinfo=UTC), NOON),
        response=Response(0.8, 0.97, {"the north": 0.91}),
        required=("legal", "administration", "women", "finance", "voting", "observers", "about"),
    )
    return replace(given, texts={"en": (*given.texts["en"], ANNEX)})


def test_a_preliminary_statement_of_an_international_mission_breaks_no_rule() -> None:
    assert lint_statement(preliminary()) == ()


def test_without_its_authors_its_judgements_are_nobodys() -> None:
    lines = PRELIMINARY
    given = preliminary()
    nobodys = [
        block.model_copy(update={"origin": "composed"}) if mark == "P" else block
        for block, (mark, _, _) in zip(given.texts["en"], lines, strict=False)
    ]
    found = lint_statement(replace(given, texts={"en": nobodys}))
    assert Counter(each.rule for each in found)["verdict.machine"] >= 7
    assert {each.rule for each in found} == {"verdict.machine"}


def test_a_citizen_groups_quick_count_breaks_no_rule() -> None:
    given = a_statement(
        QUICK_COUNT,
        QUICK_NUMBERS,
        findings=QUICK_FINDINGS,
        mission=Kind.DOMESTIC,
        contests={"pres": Contest({"en": "presidential election"}, "valid")},
        response=Response(0.8, 0.952, {"the north": 0.88}),
        gates=replace(
            GATES,
            quick_count_persons=("cyd", "dan"),
            official_source="Commission, 16 March",
            official_sha256="ab" * 32,
        ),
    )
    assert lint_statement(given) == ()


def test_a_correction_breaks_no_rule() -> None:
    row = Correction("21 of 126", "18 of 122", "Four reports were sent twice.", "stands")
    given = a_statement(
        CORRECTION,
        CORRECTION_NUMBERS,
        kind=StatementKind.CORRECTION,
        mission=Kind.INTERNATIONAL,
        gates=replace(GATES, corrections=(row,), linked=True),
    )
    assert lint_statement(given) == ()
