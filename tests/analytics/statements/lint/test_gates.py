"""The gates before review, approval and release."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from analytics.statements import LintInput, lint_statement
from analytics.statements.blocks import Block, Figure
from analytics.statements.lint import Correction, Gates
from schemas.statement import StatementKind
from tests.analytics.statements.lint.statement import (
    BEFORE,
    GATES,
    NOON,
    Case,
    estimate,
    fires_once_at_its_words,
    found_in,
    paragraph,
    snapshot_of,
)

CLOSED = replace(
    GATES,
    heads=("cyd",),
    quick_count_persons=("cyd", "dan"),
    official_source="Commission, 16 March",
    official_sha256="ab" * 32,
)
RIGHT = Correction("21 of 126", "18 of 122", "Four reports were sent twice.", "stands")


def gates(closed: Gates = CLOSED, **changes: Any) -> list[tuple[str, str]]:
    given = LintInput({"en": BEFORE}, gates=replace(closed, **changes))
    return [(each.rule, each.message) for each in lint_statement(given)]


def test_a_statement_whose_gates_are_closed_is_released() -> None:
    assert gates() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"reviewed_by": None},
        {"approved_by": ("ada",), "heads": ()},
        {"approved_by": ("ben",), "heads": ()},
        {"heads": ("cyd", "eve")},
        {"embargo_until": datetime(2027, 3, 16, 11, tzinfo=UTC)},
        {"time_zone": ""},
        {"place": ""},
        {"issued_at": None},
        {"authority_copy": False},
        {"languages": ("en", "fr")},
        {"readers": {}},
        {"quick_count_persons": ("cyd",)},
        {"official_sha256": "ab"},
    ],
)
def test_each_open_gate_is_named_once(changes: dict[str, Any]) -> None:
    ((rule, message),) = gates(**changes)
    assert rule == "release.gates"
    assert message


def test_what_is_due_at_release_does_not_keep_from_review() -> None:
    early = Gates(before="review", writers={"ada"}, place="Ilmar City", issued_at=NOON)
    assert gates(early) == []
    assert len(gates(early, place="")) == 1
    assert len(gates(early, before="approval")) == 1
    assert len(gates(early, languages=("en", "fr"))) == 1


def test_a_correction_lists_old_new_cause_and_effect_and_is_linked() -> None:
    def corrected(*rows: Correction, linked: bool = True) -> int:
        closed = replace(CLOSED, corrections=rows, linked=linked)
        given = LintInput({"en": BEFORE}, kind=StatementKind.CORRECTION, gates=closed)
        return len(lint_statement(given))

    assert corrected(RIGHT) == 0
    assert corrected() == 1
    assert corrected(replace(RIGHT, cause="")) == 1
    assert corrected(replace(RIGHT, effect="slightly different")) == 1
    assert corrected(RIGHT, linked=False) == 1


N = {"e": estimate(0.12, 0.10, 0.14)}


def test_languages_hold_the_same_blocks_and_numbers() -> None:
    def in_french(*blocks: Block) -> list[tuple[str, str]]:
        english = (*BEFORE, paragraph("It was so at {{e|12% ±2}}.", N))
        texts = {"en": english, "fr": (*BEFORE, *blocks)}
        found = lint_statement(LintInput(texts, snapshot_of(N)))
        return [(each.rule, each.language) for each in found]

    assert in_french(paragraph("C'était dans {{e|12\u202f% ±2}}.", N)) == []
    assert in_french() == [("release.gates", "fr")]
    assert in_french(paragraph("C'était.", N)) == [("release.gates", "fr")]


def test_a_language_that_was_not_changed_with_another_asks_for_a_reason_by_its_first_words() -> (
    None
):
    texts = {"en": BEFORE, "fr": BEFORE}
    (last,) = BEFORE[-1:]
    given = LintInput(texts, behind={last.id: ["fr"]}, reasons={})
    (problem,) = lint_statement(given)
    assert (problem.rule, problem.level, problem.language) == ("release.gates", "warning", "fr")
    assert "” was changed after this" in problem.message
    reason = "The French says it so already, as the editor of it has read both texts."
    assert lint_statement(replace(given, reasons={("release.gates", last.id): reason})) == ()


def test_a_figure_has_an_alternative_text() -> None:
    drawn = Figure(picture="squares", title="So", alternative="", rows=(), id="here")
    assert [each.rule for each in found_in([drawn])] == ["release.gates"]
    assert found_in([drawn.model_copy(update={"alternative": "It was so."})]) == ()


WON = {
    "en": ("Candidate A won.", "won"),
    "fr": ("Le candidat A a gagné.", "a gagné"),
    "es": ("El candidato A ganó.", "ganó"),
    "pt": ("O candidato A venceu.", "venceu"),
    "ar": ("فاز المرشح الأول.", "فاز"),
}


@pytest.mark.parametrize("language", WON)
def test_no_winner_is_named_in_any_language(language: str) -> None:
    text, words = WON[language]
    fires_once_at_its_words(Case("release.gates", language, text, words, "Sarelia."))
