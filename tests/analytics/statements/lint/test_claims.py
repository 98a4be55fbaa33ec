"""What a sentence claims: days, contests, zeros, silence, comparisons, contradictions."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from analytics.statements import LintInput, MissionRegisters, lint_statement
from analytics.statements.lint import Contest, Polling
from analytics.statements.templates import TEMPLATES
from tests.analytics.statements.lint.statement import (
    BEFORE,
    Case,
    count,
    estimate,
    fact,
    fires_once_at_its_words,
    found_in,
    paragraph,
    snapshot_of,
)


def of(indicator: str, polarity: str = "negative", **more: Any) -> dict[str, Any]:
    return {"indicator": indicator, "polarity": polarity, "kind": "domestic", **more}


NONE = estimate(0.0, 0.0, 0.006, n=611, seen=0, query=of("VO-STUFF"), finding="z")
N: dict[str, dict[str, Any]] = {
    "e": estimate(0.12, 0.10, 0.14),
    "z": NONE,
    "c": count(0, 58, query=of("CO-FALS")),
    "access": estimate(0.97, 0.95, 0.98, query=of("AC-OBS", "positive"), finding="access"),
    "missing": fact(48, holds={"refused": 7, "missing": 41}),
    "apart": fact(41, holds={"missing": 41}),
    "A": estimate(0.498, 0.495, 0.501, speaks="votes", unit="vote", query={"contest": "pres"}),
    "B": estimate(0.346, 0.343, 0.349, speaks="votes", unit="vote", query={"contest": "parl"}),
    "home": {**estimate(0.12, 0.10, 0.14, query=of("VO-ID")), "finding": "home"},
    "guest": {**count(9, 40, query={**of("VO-ID"), "kind": "international"}), "finding": "guest"},
}
BEGUN = Polling(
    "the run-off", datetime(2027, 4, 11, 6, tzinfo=UTC), datetime(2027, 4, 12, tzinfo=UTC)
)
EARLY = Polling(
    "the run-off", datetime(2027, 4, 11, 6, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
)


def test_nothing_is_said_of_polling_before_it_began() -> None:
    text = "It was so at {{e|12% ±2}} of polling stations."
    wrong, right = {"polling": EARLY}, {"polling": BEGUN}
    words = "It was so at 12% ±2 of polling stations."
    fires_once_at_its_words(
        Case("day.not-begun", "en", text, words, text, N, wrong=wrong, right=right)
    )


def test_no_number_holds_reports_that_are_dated_ahead() -> None:
    text = "It was so at {{e|12% ±2}} of polling stations."
    case = Case("day.not-begun", "en", text, "12% ±2", text, N, wrong={"ahead": {"e": 2}})
    fires_once_at_its_words(case)


CONTESTS = {
    "pres": Contest({"en": "presidential election"}, "valid"),
    "parl": Contest({"en": "parliamentary election"}, "valid"),
}


def test_two_contests_in_one_sentence_are_both_named() -> None:
    broken = "The leading shares are {{A|49.8% ±0.3}} and {{B|34.6% ±0.3}} of valid votes."
    mended = (
        "In the presidential election it is {{A|49.8% ±0.3}}, in the parliamentary election "
        "{{B|34.6% ±0.3}} of valid votes."
    )
    words = "The leading shares are 49.8% ±0.3 and 34.6% ±0.3 of valid votes."
    options = {"contests": CONTESTS}
    fires_once_at_its_words(Case("contest.mixed", "en", broken, words, mended, N, options=options))


def test_a_share_is_of_what_its_contest_counts() -> None:
    of_cast = {"contest": "pres", "denominator": "cast"}
    numbers = {
        "A": {**N["A"], "query": of_cast},
        "V": {**N["A"], "query": {**of_cast, "denominator": "valid"}},
    }
    text = "The share is {{%s|49.8%% ±0.3}}."
    options = {"contests": CONTESTS}
    case = Case(
        "contest.mixed", "en", text % "A", "49.8% ±0.3", text % "V", numbers, options=options
    )
    fires_once_at_its_words(case)


NEVER = {
    "en": ("Stuffing did not occur.", "did not occur", "Stuffing was not seen."),
    "fr": ("Le bourrage n'a pas eu lieu.", "n'a pas eu lieu", "Le bourrage est resté invisible."),
    "es": ("El relleno no ocurrió.", "no ocurrió", "El relleno no se vio."),
    "pt": ("O enchimento não ocorreu.", "não ocorreu", "O enchimento não se viu."),
    "ar": ("لم يحدث حشو للصناديق.", "لم يحدث", "لم يُشاهد حشو للصناديق."),
}
ABSENT = {
    "en": ("There was no stuffing at {{z|611}} places ({{z|0.6%}}).", "There was no stuffing"),
    "fr": ("Il n'y a eu aucun bourrage ({{z|611}}, {{z|0,6\u202f%}}).", "Il n'y a eu aucun"),
    "es": ("No hubo relleno ({{z|611}}, {{z|0,6\u202f%}}).", "No hubo"),
    "pt": ("Não houve enchimento ({{z|611}}, {{z|0,6%}}).", "Não houve"),
    "ar": ("لم يكن هناك حشو ({{z|611}}، {{z|0.6%}}).", "لم يكن هناك"),
}


@pytest.mark.parametrize("language", NEVER)
def test_what_was_not_seen_is_not_said_not_to_have_been_in_any_language(language: str) -> None:
    broken, words, mended = NEVER[language]
    fires_once_at_its_words(Case("zero.claim", language, broken, words, mended, N))


@pytest.mark.parametrize("language", ABSENT)
def test_there_was_none_is_not_said_of_a_zero_in_any_language(language: str) -> None:
    broken, words = ABSENT[language]
    mended = (
        "Sarelia ({{z|611}}, {{z|0.6%}})."
        if language in ("en", "ar")
        else "Sarelia ({{z|611}}, {{z|0,6%}})."
    )
    fires_once_at_its_words(Case("zero.claim", language, broken, words, mended, N))


def test_a_zero_of_a_sample_says_its_upper_limit_and_one_of_a_count_its_n() -> None:
    broken = "Stuffing was not seen at any of {{z|611}} polling stations."
    mended = f"{broken[:-1]}; it could have been at no more than {{{{z|0.6%}}}}."
    fires_once_at_its_words(Case("zero.claim", "en", broken, "611", mended, N))
    broken = "Falsified figures were {{c|not}} seen."
    mended = "Falsified figures were {{c|not}} seen at {{c|58}} places."
    fires_once_at_its_words(Case("zero.claim", "en", broken, "not", mended, N))


def test_the_level_of_confidence_is_said_once() -> None:
    once = "At 95% confidence it is no more than {{z|0.6%}} of {{z|611}}."
    (problem,) = found_in([paragraph(f"{once} {once}", N)], N)
    assert (problem.rule, problem.words) == ("zero.claim", "confidence")
    assert found_in([paragraph(once, N)], N) == ()


def test_good_access_is_not_said_beside_refusals() -> None:
    text = "Observers could work at {{access|97% (95–98%)}} of polling stations."
    refused = {"standing": MissionRegisters(unobserved={"refused": 7})}
    none = {"standing": MissionRegisters()}
    fires_once_at_its_words(
        Case("silence.read", "en", text, "97% (95–98%)", text, N, wrong=refused, right=none)
    )


MISSING = {
    "en": "Of the others, {{%s|48}} are missing.",
    "fr": "Des autres, {{%s|48}} sont manquants.",
    "es": "De las otras, faltan {{%s|48}}.",
    "pt": "Das outras, faltam {{%s|48}}.",
    "ar": "ومن البقية {{%s|48}} مفقودة.",
}


@pytest.mark.parametrize("language", MISSING)
def test_who_was_refused_is_not_called_missing_in_any_language(language: str) -> None:
    broken = MISSING[language] % "missing"
    mended = (MISSING[language] % "apart").replace("48", "41")
    fires_once_at_its_words(Case("silence.read", language, broken, "48", mended, N))


COMPARED = {
    "en": ("It was more frequent than in the south.", "more frequent than in"),
    "fr": ("C'était plus fréquent que dans le sud.", "plus fréquent que"),
    "es": ("Fue más frecuente que en el sur.", "más frecuente que"),
    "pt": ("Foi mais frequente do que no sul.", "mais frequente do que"),
    "ar": ("كان ذلك أكثر مما كان في الجنوب.", "أكثر مما"),
}


@pytest.mark.parametrize("language", COMPARED)
def test_nothing_is_compared_without_a_test_in_any_language(language: str) -> None:
    broken, words = COMPARED[language]
    fires_once_at_its_words(Case("compare.untested", language, broken, words, "Sarelia.", N))


@pytest.mark.parametrize("language", TEMPLATES)
def test_saying_that_two_figures_are_not_to_be_compared_compares_nothing(language: str) -> None:
    words = re.sub(r"\{\w+\}", "Sarelia", TEMPLATES[language]["T22"])
    found = found_in([paragraph(words, N)], N, language)
    assert "compare.untested" not in {each.rule for each in found}


def test_contrast_and_superlatives_compare_too() -> None:
    for words in ("In contrast", "Most frequently"):
        text = f"{words}, it was so at {{{{e|12% ±2}}}} of polling stations."
        mended = "It was so at {{e|12% ±2}} of polling stations."
        fires_once_at_its_words(Case("compare.untested", "en", text, words, mended, N))


def test_two_kinds_of_observers_are_never_joined() -> None:
    broken = "Both kinds saw it: {{home|12% ±2}} and {{guest|9 of 40}} observed."
    mended = "Citizens saw it at {{home|12% ±2}}. Guests saw it at {{guest|9 of 40}} observed."
    findings = {"home": {"standards": ["obl:18"]}, "guest": {"standards": ["obl:18"]}}
    case = Case(
        "compare.untested", "en", broken, "Both kinds", mended, N, options={"findings": findings}
    )
    found = case.lint(broken, {})
    assert [(each.rule, each.words) for each in found] == [("compare.untested", "Both kinds")]


def finding(indicator: str, polarity: str, severity: int = 2) -> dict[str, Any]:
    named = {"indicator": indicator, "polarity": polarity, "severity": severity}
    return {**named, "kind": "domestic", "standards": ["obl:18"], "phrase": {"en": indicator}}


def test_a_good_assessment_and_a_grave_finding_do_not_stand_without_a_word() -> None:
    numbers = {
        "ok": {
            **estimate(0.94, 0.92, 0.96),
            "finding": "ok",
            "query": of("VO-OVERALL", "positive"),
        },
        "bad": {**estimate(0.12, 0.10, 0.14), "finding": "bad", "query": of("VO-STUFF")},
    }
    findings = {"ok": finding("VO-OVERALL", "positive"), "bad": finding("VO-STUFF", "negative", 3)}
    text = paragraph(
        "It was good at {{ok|94% ±2}} and stuffed at {{bad|12% ±2}} of polling stations.", numbers
    )
    (problem,) = found_in([text], numbers, findings=findings)
    assert (problem.rule, problem.level) == ("contradiction", "warning")
    why = "Stuffing was seen in one region alone, which the second conclusion says by name."
    reasons = {("contradiction", "here"): why}
    assert found_in([text], numbers, findings=findings, reasons=reasons) == ()
    findings["bad"] = finding("VO-STUFF", "negative", 2)
    assert found_in([text], numbers, findings=findings) == ()


def test_one_thing_has_one_n_in_a_section() -> None:
    numbers = {"p": count(9, 40, query=of("VO-ID")), "q": count(9, 44, query=of("VO-ID"))}
    broken = paragraph("It was so in {{p|9 of 40}}, and in {{q|9 of 44}}.", numbers)
    (problem,) = found_in([broken], numbers)
    assert (problem.rule, problem.level, problem.words) == ("contradiction", "warning", "9 of 44")
    assert found_in([paragraph("It was so in {{p|9 of 40}}.", numbers)], numbers) == ()


def test_a_contradiction_is_said_once_however_often_the_text_says_it() -> None:
    numbers = {
        "p": count(9, 40, query=of("VO-ID")),
        "q": count(9, 44, query=of("VO-ID")),
        "good": count(44, 44, query=of("VO-ID", "positive")),
    }
    again = "It was so in {{p|9 of 40}}, in {{q|9 of 44}}, and in {{q|9 of 44}} once more."
    texts = [paragraph(again, numbers, section=each) for each in ("voting", "conclusions")]
    (problem,) = found_in(texts, numbers)
    assert problem.numbers == ("p", "q")
    (mended,) = [paragraph("It was so in {{p|9 of 40}}.", numbers)]
    assert found_in([mended, mended], numbers) == ()


def test_a_number_of_two_values_is_said_once_in_a_language() -> None:
    numbers = {"e": {"measure": "estimate"}}
    wrong = "C'était {{e|13\u202f%}}, oui {{e|13\u202f%}}."
    texts = {
        "en": (*BEFORE, paragraph("It was {{e|12%}}.", numbers)),
        "fr": (*BEFORE, paragraph(wrong, numbers)),
        "pt": (*BEFORE, paragraph("Era {{e|13%}}.", numbers)),
    }
    found = [each for each in lint_statement(LintInput(texts)) if each.rule == "contradiction"]
    assert [each.languages for each in found] == [("fr", "pt")]


def test_a_number_is_the_same_in_every_language() -> None:
    numbers = {"e": {"measure": "estimate"}}
    texts = {
        "en": (*BEFORE, paragraph("It was {{e|12%}}.", numbers)),
        "fr": (*BEFORE, paragraph("C'était {{e|13\u202f%}}.", numbers)),
    }
    (problem,) = lint_statement(LintInput(texts))
    assert (problem.rule, problem.level, problem.language) == ("contradiction", "error", "fr")
    texts["fr"] = (*BEFORE, paragraph("C'était {{e|12\u202f%}}.", numbers))
    assert lint_statement(LintInput(texts, snapshot_of({}))) == ()


def test_several_findings_said_in_one_number_are_one_range_everywhere() -> None:
    members = ["a", "b"]
    numbers = {
        "a": estimate(0.09, 0.08, 0.11),
        "b": estimate(0.10, 0.09, 0.12),
        "m": {"measure": "fact", "text": "9–10%", "value": 0.1, "n": 600, "members": members,
              "query": {"members": members}},
    }  # fmt: skip
    english = "They were noted at {{m|9–10%}} of polling stations, of more than {{m|600}}."
    french = "Notés dans {{m|%s\u202f%%}} des bureaux, de plus de {{m|600}}."
    texts = {
        "en": (*BEFORE, paragraph(english, numbers)),
        "fr": (*BEFORE, paragraph(french % "9–10", numbers)),
    }
    assert [each.rule for each in lint_statement(LintInput(texts, snapshot_of(numbers)))] == []
    texts["fr"] = (*BEFORE, paragraph(french % "10", numbers))
    (problem,) = lint_statement(LintInput(texts, snapshot_of(numbers)))
    assert (problem.rule, problem.level, problem.language) == ("contradiction", "error", "fr")
