"""What the registers hold stands in the statement, and a lint holds it to that."""

from dataclasses import replace

import pytest

from analytics.statements import (
    LintInput,
    MissionRegisters,
    NotedCondition,
    StatedDeparture,
    compose_statement,
    draft_problems,
    lint_statement,
    plain,
)
from analytics.statements.blocks import Block, Disclaimer, Heading
from analytics.statements.lint import sentences
from schemas.mission import MissionState
from tests.analytics.statements.mission import facts, some_findings

FULL = MissionRegisters(
    departures=(StatedDeparture("dop:19", "We could not reach 2 regions."),),
    conditions=(
        NotedCondition("b", "partly", "2026-11-08", "Tabulation was closed to us at 3 centres."),
    ),
    consulted=("Lantern Watch",),
    funders=("The Harbour Fund",),
    citizenships=12,
    women=40,
    gender_said=90,
    withdrawn=3,
    plans=200,
    denied=7,
    accreditations={"issued": 80, "refused": 2, "applied": 8},
)


def written(standing: MissionRegisters) -> tuple[Block, ...]:
    made = compose_statement(replace(facts(), standing=standing), some_findings())
    given = LintInput({"en": made.blocks}, made.snapshot, standing=standing)
    assert draft_problems(given) == ()
    return made.blocks


def said(blocks: tuple[Block, ...]) -> str:
    return " ".join(plain(text) for _, text in sentences(blocks))


@pytest.mark.parametrize(
    "words",
    [
        "dop:19: We could not reach 2 regions.",
        "Tabulation was closed to us at 3 centres.",
        "Accreditations asked for: 90; issued: 80; refused: 2.",
        "Reports that access was denied or restricted: 7.",
        "withdrawn for the safety of observers: 3 of 200;",
        "Women among the observers who stated their gender: 40 of 90.",
        "hold 12 citizenships",
        "consulted before this statement: Lantern Watch.",
        "paid for by The Harbour Fund.",
    ],
)
def test_every_register_has_its_sentence(words: str) -> None:
    assert words in said(written(FULL))


def test_where_nothing_is_on_record_no_section_stands_empty() -> None:
    sections = {each.section for each in written(MissionRegisters()) if isinstance(each, Heading)}
    assert not sections & {"departures", "conditions"}


def test_a_statement_that_keeps_departures_to_itself_is_not_released() -> None:
    blocks = written(MissionRegisters())
    found = lint_statement(LintInput({"en": blocks}, standing=FULL))
    assert ("section.silent", "departures") in {(each.rule, each.section) for each in found}


@pytest.mark.parametrize("state", [MissionState.EXPLORATORY, MissionState.WITHDRAWN])
def test_a_mission_that_explores_or_has_withdrawn_says_so(
    state: MissionState,
) -> None:
    standing = MissionRegisters(state=state, withdrawal_reason="Our teams were not safe.")
    blocks = written(standing)
    assert state in {each.about for each in blocks if isinstance(each, Disclaimer)}
    given = LintInput({"en": written(MissionRegisters())}, standing=standing)
    assert [each.rule for each in draft_problems(given)] == ["disclaimer.missing"]
