"""What a statement must say: disclaimers, sections, consultation, standards, evidence."""

import pytest

from analytics.statements import LintInput, MissionRegisters, StatedDeparture, lint_statement
from analytics.statements.blocks import Disclaimer, FindingLine, FindingList, Heading, PlainText
from analytics.statements.lint import Case as IncidentCase
from analytics.statements.lint import Consultation
from schemas.mission import Kind, MissionState
from schemas.statement import StatementKind
from tests.analytics.statements.lint.statement import (
    BEFORE,
    Case,
    count,
    fact,
    fires_once_at_its_words,
    found_in,
    paragraph,
    snapshot_of,
)

N = {"a": count(3, 40), "i": fact(8), "r": fact(8)}
SAID = (PlainText(text="…"),)


def rules(*blocks: object, **options: object) -> list[str]:
    given = LintInput({"en": (*BEFORE, *blocks)}, **options)  # type: ignore[arg-type]
    return [each.rule for each in lint_statement(given)]


def disclaimer(about: str) -> Disclaimer:
    return Disclaimer(about=about, text=SAID, origin="fixed")  # type: ignore[arg-type]


def test_a_preliminary_statement_says_that_the_process_is_not_complete_a_final_one_not() -> None:
    without = LintInput({"en": [each for each in BEFORE if each.type != "disclaimer"]})
    assert [each.rule for each in lint_statement(without)] == ["disclaimer.missing"]
    final = LintInput(without.texts, kind=StatementKind.FINAL)
    assert lint_statement(final) == ()


@pytest.mark.parametrize("state", [MissionState.EXPLORATORY, MissionState.WITHDRAWN])
def test_a_mission_that_explores_or_withdrew_says_so(state: MissionState) -> None:
    standing = MissionRegisters(state=state)
    assert rules(standing=standing) == ["disclaimer.missing"]
    assert rules(disclaimer(str(state)), standing=standing) == []


def test_a_demonstration_and_a_named_mission_say_what_they_are() -> None:
    assert rules(demonstration=True) == ["disclaimer.missing"]
    assert rules(disclaimer("demonstration"), demonstration=True) == []
    about = paragraph("It was invited.", section="about")
    assert rules(about, mission=Kind.DOMESTIC) == ["disclaimer.missing"]
    assert rules(about, disclaimer("not_endorsement"), mission=Kind.DOMESTIC) == []
    assert rules(disclaimer("not_endorsement"), mission=Kind.DOMESTIC) == ["disclaimer.missing"]


def heading(section: str) -> Heading:
    return Heading(level=2, text=(PlainText(text=section),), id=section, section=section)


def test_a_section_without_content_and_one_that_its_kind_needs_are_found() -> None:
    assert rules(heading("finance")) == ["section.silent"]
    assert rules(heading("finance"), paragraph("", section="finance")) == ["section.silent"]
    day = Heading(level=2, text=(PlainText(text="Day"),), id="day", section="day")
    stage = day.model_copy(update={"level": 3, "id": "stage", "section": "stage"})
    assert rules(day, stage, paragraph("It was so.", section="stage")) == []
    assert rules(day, stage) == ["section.silent", "section.silent"]
    said = paragraph("Finance was not observed.", section="finance")
    assert rules(heading("finance"), said) == []
    assert rules(heading("finance"), said, required=("finance", "women")) == ["section.silent"]


def test_departures_on_record_are_said() -> None:
    standing = MissionRegisters(departures=(StatedDeparture("dop:12", "No access."),))
    assert rules(standing=standing) == ["section.silent"]
    said = paragraph("It departs from one principle.", section="departures")
    assert rules(heading("departures"), said, standing=standing) == []


def test_a_mission_from_abroad_says_whom_of_the_citizen_observers_it_heard_and_when() -> None:
    blocks = (disclaimer("not_endorsement"), paragraph("It was invited.", section="about"))
    abroad = {"mission": Kind.INTERNATIONAL}
    assert rules(*blocks, **abroad, consulted=()) == ["citizen.consulted"]
    nameless = (Consultation("Civic Count"),)
    assert rules(*blocks, **abroad, consulted=nameless) == ["citizen.consulted"]
    heard = (Consultation("Civic Count", "2027-03-15"),)
    assert rules(*blocks, **abroad, consulted=heard) == []
    assert rules(*blocks, **abroad, consulted=(), not_consulted_because="There are none.") == []
    assert rules(*blocks, mission=Kind.DOMESTIC, consulted=()) == []


def findings(*standards: str) -> FindingList:
    line = FindingLine(
        finding="VO-ID",
        polarity="negative",
        severity=2,
        text=(PlainText(text="It was so."),),
        standards=standards,
    )
    return FindingList(stage="voting", observers="domestic", items=(line,), id="here")


def test_a_finding_names_a_standard_that_some_instrument_or_the_mission_holds() -> None:
    assert rules(findings()) == ["standard.missing"]
    assert rules(findings("dop:99")) == ["standard.missing"]
    assert rules(findings("dop:12b", "coc:7")) == []
    assert rules(findings("law:45")) == ["standard.missing"]
    assert rules(findings("law:45"), own_standards={"law:45"}) == []


def test_a_finding_in_a_paragraph_names_its_standard_in_the_record() -> None:
    numbers = {"a": {**count(3, 40), "finding": "VO-ID"}}
    text = paragraph("It was so at {{a|three}} of them.", numbers)
    named = {"VO-ID": {"standards": ["obl:18"], "polarity": "negative", "severity": 2}}
    bare = {"VO-ID": {**named["VO-ID"], "standards": []}}
    assert [each.rule for each in found_in([text], numbers, findings=bare)] == ["standard.missing"]
    assert found_in([text], numbers, findings=named) == ()


AGAINST = {
    "en": ("This is contrary to the law.", "contrary to the law", "{} of Article 12."),
    "fr": ("C'est contraire à la loi.", "contraire à la loi", "{}, article 12."),
    "es": ("Es contrario a la ley.", "contrario a la ley", "{}, artículo 12."),
    "pt": ("É contrário à lei.", "contrário à lei", "{}, artigo 12."),
    "ar": ("وهذا مخالف للقانون.", "مخالف للقانون", "{}، المادة 12."),
}


@pytest.mark.parametrize("language", AGAINST)
def test_contrary_to_the_law_names_the_article_in_every_language(language: str) -> None:
    broken, words, with_article = AGAINST[language]
    mended = with_article.format(broken[:-1])
    fires_once_at_its_words(Case("standard.missing", language, broken, words, mended))


def test_a_code_on_the_face_of_the_text_is_found() -> None:
    fires_once_at_its_words(
        Case(
            "standard.missing",
            "en",
            "This bears on [[obl:19]].",
            "obl:19",
            "This bears on the security of the person.",
        )
    )


UNVERIFIED = {"i": IncidentCase("Case 7", "one source", verified=False)}
TOLD = {"i": IncidentCase("Case 7", "told", verified=True, seen_by_observers=False)}
VERIFIED = {"i": IncidentCase("Case 7", "documented", verified=True)}
SEEN = {
    "en": ("Campaigning was seen in {{i|eight}} cases.", "seen"),
    "fr": ("De la propagande a été constatée dans {{i|huit}} cas.", "constatée"),
    "es": ("Se constató propaganda en {{i|ocho}} casos.", "constató"),
    "pt": ("Constatou-se propaganda em {{i|oito}} casos.", "Constatou"),
    "ar": ("شوهدت الدعاية في {{i|8}} حالات.", "شوهدت"),
}


def test_a_case_that_is_not_verified_stays_out() -> None:
    text = "There were {{i|eight}} cases of campaigning."
    wrong, right = {"cases": UNVERIFIED}, {"cases": VERIFIED}
    case = Case("incident.unverified", "en", text, "eight", text, N, wrong=wrong, right=right)
    fires_once_at_its_words(case)


@pytest.mark.parametrize("language", SEEN)
def test_what_was_told_is_not_said_to_be_seen_in_any_language(language: str) -> None:
    text, words = SEEN[language]
    wrong, right = {"cases": TOLD}, {"cases": VERIFIED}
    case = Case("incident.unverified", language, text, words, text, N, wrong=wrong, right=right)
    fires_once_at_its_words(case)


def test_no_rate_is_made_of_cases() -> None:
    broken = "Campaigning was verified in {{i|8%}} of them."
    mended = "Campaigning was verified in {{i|eight}} cases."
    options = {"cases": VERIFIED}
    fires_once_at_its_words(
        Case("incident.unverified", "en", broken, "8%", mended, N, options=options)
    )


def test_nobody_can_be_recognised_by_name_or_telephone() -> None:
    options = {"private_names": ("Ana Example",)}
    broken, mended = "The chair, Ana Example, left.", "The chair left."
    case = Case("incident.unverified", "en", broken, "Ana Example", mended, options=options)
    fires_once_at_its_words(case)
    broken = "The chair, [[+000 555 010 203]], left."
    fires_once_at_its_words(Case("incident.unverified", "en", broken, "+000 555 010 203", mended))


def test_a_required_section_that_is_left_with_an_empty_paragraph_is_asked_for_by_title() -> None:
    empty = paragraph("", section="limits", id="limits")
    texts = {"en": (*BEFORE, empty)}
    (problem,) = lint_statement(LintInput(texts, required=("limits",)))
    assert (problem.rule, "What this does not say" in problem.message) == ("section.silent", True)
    said = paragraph("It says so.", section="limits", id="limits")
    assert rules(said, required=("limits",)) == []


def test_a_correction_need_not_tell_all_that_is_grave() -> None:
    grave = {"polarity": "negative", "severity": 3, "phrase": {"en": "violence"}}
    numbers = {"v": count(3, 400)}
    given = {"findings": {"v": grave}, "snapshot": snapshot_of(numbers)}
    assert "balance" in [each.rule for each in lint_statement(LintInput({"en": BEFORE}, **given))]
    of = LintInput({"en": BEFORE}, kind=StatementKind.CORRECTION, **given)
    assert "balance" not in [each.rule for each in lint_statement(of)]
