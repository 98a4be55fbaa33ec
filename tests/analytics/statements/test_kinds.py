"""Kinds of statement: their sections in order, what they must say, and what is silent."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from analytics.statements import (
    Composed,
    CorrectedNumber,
    Incidents,
    LeftOut,
    compose_statement,
    plain,
)
from analytics.statements.blocks import Block, Bound, Disclaimer, Heading, Paragraph, Table
from analytics.statements.kinds import sections_of
from analytics.statements.templates import TEMPLATES
from schemas.mission import Kind, Scope
from schemas.statement import StatementKind
from tests.analytics.statements.mission import facts, some_findings

FIVE = tuple(TEMPLATES)


def composed(
    kind: StatementKind = StatementKind.PRELIMINARY, who: Kind = Kind.DOMESTIC, **given: object
) -> Composed:
    of = replace(facts(), kind=who)
    return compose_statement(of, some_findings(), kind=kind, languages=FIVE, **given)  # type: ignore[arg-type]


def sections(blocks: Sequence[Block]) -> list[str]:
    return [each.section for each in blocks if isinstance(each, Heading)]


@pytest.mark.parametrize("kind", StatementKind)
@pytest.mark.parametrize("who", Kind)
def test_a_statement_has_the_sections_of_its_kind_in_their_order(
    kind: StatementKind, who: Kind
) -> None:
    asked = [each.code for each in sections_of(kind, who)]
    found = sections(composed(kind, who).blocks)
    assert found[0] == "headline"
    assert found[1:] == [each for each in asked if each in found]
    required = {each.code for each in sections_of(kind, who) if each.required}
    assert required <= set(found)


@pytest.mark.parametrize("who", Kind)
@pytest.mark.parametrize("kind", StatementKind)
def test_each_language_has_the_same_blocks_and_numbers(kind: StatementKind, who: Kind) -> None:
    made = composed(kind, who)

    def shape(blocks: Sequence[Block]) -> list[tuple[str, str, str, str]]:
        return [(each.id, each.type, each.section, each.origin) for each in blocks]

    def numbers(blocks: Sequence[Block]) -> list[set[str]]:
        return [
            {piece.number_id for piece in each.text if isinstance(piece, Bound)}
            for each in blocks
            if isinstance(each, Heading | Paragraph | Disclaimer)
        ]

    for blocks in made.texts.values():
        assert shape(blocks) == shape(made.blocks)
        assert numbers(blocks) == numbers(made.blocks)
    assert len({each.id for each in made.blocks}) == len(made.blocks)


def test_what_a_person_writes_is_empty_until_somebody_does() -> None:
    blocks = composed(who=Kind.INTERNATIONAL).blocks
    waiting = [(each.id, plain(each.text)) for each in blocks if each.origin == "person"]  # type: ignore[union-attr]
    assert waiting == [("headline", ""), ("assessment", "")]


SILENT = {
    "en": "The legal framework was not observed by this mission.",
    "fr": "La mission n'a pas observé le cadre juridique.",
    "ar": "لم ترصد البعثة الإطار القانوني.",
    "es": "La misión no observó el marco jurídico.",
    "pt": "A missão não observou o quadro jurídico.",
}


@pytest.mark.parametrize("language", FIVE)
def test_a_required_section_without_content_says_that_it_was_not_observed(language: str) -> None:
    text = text_of(composed(who=Kind.INTERNATIONAL), "legal_framework-1", language)
    assert text == SILENT[language]


def text_of(made: Composed, block: str, language: str = "en") -> str:
    (found,) = [each for each in made.texts[language] if each.id == block]
    assert isinstance(found, Paragraph)
    return plain(found.text)


@pytest.mark.parametrize("language", TEMPLATES)
def test_verified_cases_of_one_kind_are_not_said_to_be_among_themselves(language: str) -> None:
    sorts = [Incidents("Sealing", 1, 1, 0, 0), Incidents("Campaigning", 2, 2, 0, 0)]
    told = []
    for given in (sorts[:1], sorts):
        made = compose_statement(facts(), some_findings(), incidents=given, languages=(language,))
        (block,) = (each for each in made.texts[language] if each.id == "incidents-1")
        assert isinstance(block, Paragraph)
        told.append([each.text for each in block.text if isinstance(each, Bound)])
    assert told == [["1"], ["3", "2", "1"]]


def test_a_section_that_a_person_left_out_names_who_and_why() -> None:
    left = {"media": LeftOut("H. Ode", "The monitors report next week.")}
    made = composed(who=Kind.INTERNATIONAL, left_out=left)
    assert text_of(made, "media-1") == "Media: left out by H. Ode: The monitors report next week."


@pytest.mark.parametrize(
    ("kind", "scope", "about"),
    [
        (StatementKind.PRELIMINARY, Scope.FULL, {"before_completion", "not_endorsement"}),
        (StatementKind.INTERIM, Scope.LIMITED, {"before_completion", "scope", "not_endorsement"}),
        (StatementKind.FINAL, Scope.EXPERT, {"scope", "not_endorsement"}),
        (StatementKind.PRESENCE, Scope.FULL, {"not_endorsement"}),
        (StatementKind.CORRECTION, Scope.FULL, set()),
    ],
)
def test_a_kind_says_its_limits(kind: StatementKind, scope: Scope, about: set[str]) -> None:
    made = compose_statement(facts(scope), some_findings(), kind=kind)
    assert {each.about for each in made.blocks if isinstance(each, Disclaimer)} == about


def test_a_correction_lists_old_and_new_side_by_side_with_the_effect() -> None:
    corrected = [
        CorrectedNumber("CO-NOPOST", "Conclusions", "21 of 126", "18 of 122", "21; 18", "stands"),
        CorrectedNumber("CO-ALL", "Counting", "83%", "82%", "83; 82", "changes", "assessed"),
    ]
    made = composed(StatementKind.CORRECTION, corrected=corrected)
    (table,) = [each for each in made.blocks if isinstance(each, Table)]
    rows = [[plain(cell) for cell in row] for row in table.rows]
    assert rows == [
        ["Conclusions", "21 of 126", "18 of 122", "21; 18", "stands"],
        ["Counting", "83%", "82%", "83; 82", "changes to: assessed"],
    ]


def test_a_correction_names_places_and_words_as_each_language_does() -> None:
    corrected = CorrectedNumber(
        *("CO-ALL", "Counting", "83%", "82%", "83; 82", "changes", "assessed"),
        places={"fr": "Dépouillement"},
        words_in={"fr": "évalué"},
    )
    made = composed(StatementKind.CORRECTION, corrected=[corrected])
    said = {}
    for language, blocks in made.texts.items():
        (table,) = [each for each in blocks if isinstance(each, Table)]
        said[language] = [plain(table.rows[0][at]) for at in (0, 4)]
    assert said["fr"][0] == "Dépouillement"
    assert said["fr"][1].endswith("évalué")
    assert said["es"][0] == "Counting"


@pytest.mark.parametrize("language", FIVE)
def test_a_statement_has_one_footnote_on_method_and_without_a_sample_another(
    language: str,
) -> None:
    made = composed()
    notes = [
        each
        for each in made.texts[language]
        if isinstance(each, Paragraph) and each.section == "method"
    ]
    assert len(notes) == 1
    assert "±" in plain(notes[0].text)
    counts = compose_statement(facts(), some_findings(reporting=300), languages=(language,))
    assert "±" not in text_of(counts, "method-1", language)


@pytest.mark.parametrize("language", FIVE)
def test_every_template_is_there_in_every_language(language: str) -> None:
    variants = re.compile(r"\.(?:in|f|nom|one|open)$|^range$|^which\.|^gender\.|^T16\.next\.")
    asked = {name for name in TEMPLATES["en"] if not variants.search(name)}
    assert sorted(asked - set(TEMPLATES[language])) == []


def test_conclusions_hold_at_most_six_paragraphs_and_ten_numbers() -> None:
    made = composed()
    lead = [each for each in made.blocks if isinstance(each, Paragraph) and each.role == "lead"]
    numbers = {p.number_id for each in lead for p in each.text if isinstance(p, Bound)}
    assert 1 <= len(lead) <= 6
    assert len(numbers) <= 10
