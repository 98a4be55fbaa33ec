"""Whose a judgement is, in which words, of how much, and how evenly good and bad are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from analytics.statements import LintInput, lint_statement
from analytics.statements.blocks import Disclaimer, Heading, PlainText
from schemas.mission import Scope
from tests.analytics.statements.lint.statement import (
    BEFORE,
    Case,
    count,
    estimate,
    fires_once_at_its_words,
    found_in,
    paragraph,
    snapshot_of,
)

N: dict[str, dict[str, Any]] = {"e": estimate(0.12, 0.10, 0.14)}


def test_a_headline_and_an_assessment_that_nobody_has_written_are_found() -> None:
    empty = Heading(level=1, text=(), id="headline", section="headline", origin="person")
    (problem,) = lint_statement(LintInput({"en": (empty, *BEFORE[1:])}))
    assert (problem.rule, problem.message) == ("verdict.machine", "The headline is not written.")
    nothing = paragraph("", section="assessment", id="assessment")
    (problem,) = lint_statement(LintInput({"en": (*BEFORE[:2], nothing)}))
    assert (problem.rule, problem.block) == ("verdict.machine", "assessment")


JUDGED = {
    "en": ("Voting was orderly.", "orderly"),
    "fr": ("Le vote était calme.", "calme"),
    "es": ("La votación fue tranquila.", "tranquila"),
    "pt": ("A votação foi calma.", "calma"),
    "ar": ("كان التصويت هادئًا.", "هادئ"),
}
GRADED = {
    "en": ("This falls short of equal suffrage.", "falls short of"),
    "fr": ("Cela n'est pas conforme à l'égalité du suffrage.", "n'est pas conforme"),
    "es": ("Esto no satisface la igualdad del sufragio.", "no satisface"),
    "pt": ("Isto fica aquém da igualdade do sufrágio.", "fica aquém"),
    "ar": ("ولا يفي ذلك بالمساواة في الاقتراع.", "ولا يفي"),
}
QUANTITY = {
    "en": ("In isolated cases ({{e|12% ±2}}) it was so.", "In isolated cases"),
    "fr": ("Dans des cas isolés ({{e|12\u202f% ±2}}).", "Dans des cas isolés"),
    "es": ("En casos aislados ({{e|12\u202f% ±2}}).", "En casos aislados"),
    "pt": ("Em casos isolados ({{e|12% ±2}}).", "Em casos isolados"),
    "ar": ("وقع ذلك في حالات متفرقة ({{e|12% ±2}}).", "في حالات متفرقة"),
}
JUDGEMENTS = [
    (language, *said[language]) for said in (JUDGED, GRADED, QUANTITY) for language in said
]


@pytest.mark.parametrize(("language", "text", "words"), JUDGEMENTS)
def test_a_rule_judges_grades_and_quantifies_nothing_that_nobody_accepted(
    language: str, text: str, words: str
) -> None:
    composed = paragraph(text, N, origin="composed")
    found = found_in([composed], N, language)
    assert [(each.rule, each.words) for each in found] == [("verdict.machine", words)]
    for origin in ("accepted", "person"):
        signed = composed.model_copy(update={"origin": origin})
        assert found_in([signed], N, language) == ()


def test_sections_that_only_a_person_can_write_are_written_by_one() -> None:
    text = paragraph("The Commission sat in public.", section="administration", origin="composed")
    assert [each.rule for each in found_in([text])] == ["verdict.machine"]
    assert found_in([text.model_copy(update={"origin": "accepted"})]) == ()


BANNED = {
    "en": ("There was fraud.", "fraud"),
    "fr": ("Il y a eu une fraude.", "fraude"),
    "es": ("Se vio un fraude.", "fraude"),
    "pt": ("Viu-se uma fraude.", "fraude"),
    "ar": ("شوهد تزوير في المركز.", "تزوير"),
}
FREE = {
    "en": ("The election looked free and fair.", "free and fair"),
    "fr": ("Ce furent des élections libres et équitables.", "libres et équitables"),
    "es": ("Hubo elecciones libres y justas.", "libres y justas"),
    "pt": ("Houve eleições livres e justas.", "livres e justas"),
    "ar": ("انتخابات حرة ونزيهة.", "حرة ونزيهة"),
}
HEDGES = {
    "en": ("It was generally so.", "generally"),
    "fr": ("Ce fut globalement le cas.", "globalement"),
    "es": ("Fue así en general.", "en general"),
    "pt": ("Foi assim em geral.", "em geral"),
    "ar": ("كان ذلك بشكل عام.", "بشكل عام"),
}


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [(language, *said[language]) for said in (BANNED, FREE) for language in said],
)
def test_banned_words_are_errors_whoever_wrote_them(language: str, text: str, words: str) -> None:
    fires_once_at_its_words(Case("word.banned", language, text, words, "Sarelia."))
    fixed = paragraph(text, origin="fixed")
    assert found_in([fixed], None, language) == ()


@pytest.mark.parametrize("language", HEDGES)
def test_hedges_are_errors_of_a_rule_and_warnings_to_a_person(language: str) -> None:
    text, words = HEDGES[language]
    for origin, level in (("composed", "error"), ("person", "warning")):
        (problem,) = found_in([paragraph(text, origin=origin)], None, language)  # type: ignore[arg-type]
        assert (problem.rule, problem.level, problem.words) == ("word.banned", level, words)
    kept = "The head of mission wishes this word to stand, as agreed with all who signed."
    reasons = {("word.banned", "here"): kept}
    assert found_in([paragraph(text)], None, language, reasons=reasons) == ()


def test_a_hedge_before_a_number_is_found_and_the_same_word_elsewhere_is_not() -> None:
    (problem,) = found_in([paragraph("It was so at about {{e|12%}}.", N)], N)
    assert (problem.rule, problem.words) == ("word.banned", "about")
    assert found_in([paragraph("Voters knew about it at {{e|12%}}.", N)], N) == ()


def test_a_person_of_a_full_mission_may_say_it_of_the_whole() -> None:
    text = paragraph("The process was peaceful.", section="assessment", id="second")
    assert found_in([text]) == ()
    elsewhere = text.model_copy(update={"section": "voting"})
    assert [each.rule for each in found_in([elsewhere])] == ["word.banned"]
    boxes = paragraph("Transparent ballot boxes were used.")
    assert found_in([boxes]) == ()


def test_a_limited_mission_says_its_scope_and_assesses_no_whole() -> None:
    limited = {"scope": Scope.LIMITED}
    blocks = [each for each in BEFORE if each.section != "assessment"]
    said = Disclaimer(about="scope", text=(PlainText(text="…"),), id="scope", origin="fixed")
    (problem,) = lint_statement(LintInput({"en": blocks}, **limited))
    assert (problem.rule, problem.block) == ("scope.overall", "")
    assert lint_statement(LintInput({"en": [*blocks, said]}, **limited)) == ()
    (problem,) = lint_statement(LintInput({"en": [*BEFORE, said]}, **limited))
    assert (problem.rule, problem.block) == ("scope.overall", "assessment")


WHOLE = {
    "en": ("The election as a whole went on.", "The election as a whole"),
    "fr": ("L'élection dans son ensemble continue.", "L'élection dans son ensemble"),
    "es": ("La elección en su conjunto sigue.", "La elección en su conjunto"),
    "pt": ("A eleição no seu conjunto continua.", "A eleição no seu conjunto"),
    "ar": ("تستمر الانتخابات ككل.", "الانتخابات ككل"),
}


@pytest.mark.parametrize("language", WHOLE)
def test_the_whole_is_not_spoken_of_by_a_limited_mission_in_any_language(language: str) -> None:
    text, words = WHOLE[language]
    said = Disclaimer(about="scope", text=(PlainText(text="…"),), id="scope", origin="fixed")
    blocks = [*(each for each in BEFORE if each.section != "assessment"), said, paragraph(text)]
    found = lint_statement(LintInput({language: blocks}, scope=Scope.EXPERT))
    rules = [(each.rule, each.words) for each in found if each.rule != "word.banned"]
    assert rules == [("scope.overall", words)]


def finding(polarity: str, severity: int) -> dict[str, Any]:
    named = {
        "indicator": f"VO-{severity}",
        "polarity": polarity,
        "severity": severity,
        "kind": "domestic",
    }
    return {**named, "standards": ["obl:18"], "phrase": {"en": "it was so"}}


@dataclass(frozen=True)
class Chosen:
    """A choice of an analyst, as the lint reads it."""

    code: str
    chosen: bool
    reason: str = ""


NUMBERS = {
    "grave": estimate(0.02, 0.01, 0.04, finding="grave"),
    "bad": estimate(0.12, 0.10, 0.14, finding="bad"),
    "good": estimate(0.97, 0.95, 0.98, finding="good"),
}
FINDINGS = {
    "grave": finding("negative", 3),
    "bad": finding("negative", 2),
    "good": finding("positive", 2),
}


def balance(text: str, *codes: str, **options: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    findings: Mapping[str, Any] = {code: FINDINGS[code] for code in codes}
    texts = {"en": (*BEFORE, paragraph(text, NUMBERS))}
    given = LintInput(texts, snapshot_of(NUMBERS), findings=findings, **options)
    return [(each.rule, each.level, each.numbers) for each in lint_statement(given)]


def test_a_grave_finding_that_was_seen_is_never_left_out() -> None:
    text = "It was so at {{bad|12% ±2}}, well at {{good|97% (95–98%)}}"
    assert balance(f"{text}.", *FINDINGS) == [("balance", "error", ("grave",))]
    assert balance(f"{text}, gravely at {{{{grave|2% (1–4%)}}}}.", *FINDINGS) == []


def test_a_grave_finding_that_another_kind_saw_too_is_told_once() -> None:
    text = "It was so at {{bad|12% ±2}}, well at {{good|97% (95–98%)}}."
    same = {"indicator": "VO-BAD", "severity": 3}
    findings = {code: {**each, **same} for code, each in FINDINGS.items() if code != "good"}
    findings["good"] = FINDINGS["good"]
    texts = {"en": (*BEFORE, paragraph(text, NUMBERS))}
    assert lint_statement(LintInput(texts, snapshot_of(NUMBERS), findings=findings)) == ()


def test_good_and_bad_are_both_told_where_there_are_both() -> None:
    good, bad = "At {{good|97% (95–98%)}} it was so.", "At {{bad|12% ±2}} it was so."
    assert balance(good, "good", "bad") == [("balance", "warning", ("bad",))]
    assert balance(bad, "good", "bad") == [("balance", "warning", ("good",))]
    assert balance(f"{good} {bad}", "good", "bad") == []
    assert balance(good, "good") == []


def test_a_finding_is_left_out_for_a_reason() -> None:
    text = "At {{good|97% (95–98%)}} it was so, at {{grave|2% (1–4%)}} it was grave."
    silent = (Chosen("bad", chosen=False),)
    assert balance(text, *FINDINGS, choices=silent) == [("balance", "warning", ("bad",))]
    reasoned = (Chosen("bad", chosen=False, reason="It is in the annex."),)
    assert balance(text, *FINDINGS, choices=reasoned) == []


def test_what_stands_in_a_merge_is_in_the_text() -> None:
    merged = {"m": {**count(3, 40), "query": {"members": ["grave"]}}, **NUMBERS}
    text = paragraph("At {{m|three}} it was grave, at {{good|97% (95–98%)}} it was well.", merged)
    findings = {code: FINDINGS[code] for code in ("grave", "good")}
    assert found_in([text], merged, findings=findings) == ()


def test_a_judgement_in_several_languages_is_one_item_with_the_words_of_each() -> None:
    texts = {
        "en": (*BEFORE, paragraph("It was generally so. It was largely not so.")),
        "fr": (*BEFORE, paragraph("C’était généralement ainsi.")),
    }
    both, alone = lint_statement(LintInput(texts))
    assert (both.languages, alone.languages) == (("en", "fr"), ("en",))
    assert dict(both.words_in) == {"en": "generally", "fr": "généralement"}
