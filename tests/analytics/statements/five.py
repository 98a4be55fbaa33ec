"""Findings worded in five languages, and the sentences that they become, as they are read."""

import re
from collections.abc import Sequence
from dataclasses import replace

from analytics.numbers import Number
from analytics.statements import Composed, compose_statement
from analytics.statements.blocks import Paragraph, plain
from analytics.statements.choices import Choice
from analytics.statements.findings import Finding
from analytics.statements.ledger import Ledger
from analytics.statements.printing import Printer
from analytics.statements.speech import Speech
from schemas.mission import Kind
from tests.analytics.statements.found import a_finding
from tests.analytics.statements.mission import facts

FIVE = ("en", "fr", "ar", "es", "pt")
Words = tuple[str, str, str, str, str]
WORDED: dict[str, tuple[Words, Words]] = {
    "SEAL": (
        ("seals were broken", "les scellés étaient brisés", "كانت الأختام مكسورة",
         "los precintos estaban rotos", "os selos estavam quebrados"),
        ("broken seals", "des scellés brisés", "كسر الأختام", "precintos rotos", "selos quebrados"),
    ),
    "CROWD": (
        ("it was overcrowded", "il y avait un encombrement", "كان هناك اكتظاظ",
         "había aglomeración", "havia sobrelotação"),
        ("overcrowding", "un encombrement", "الاكتظاظ", "aglomeración", "sobrelotação"),
    ),
    "CAMP": (
        ("campaigning took place", "de la propagande a eu lieu", "جرت دعاية انتخابية",
         "hubo propaganda electoral", "houve propaganda eleitoral"),
        ("campaigning", "de la propagande électorale", "الدعاية الانتخابية",
         "propaganda electoral", "propaganda eleitoral"),
    ),
    "INTIM": (
        ("voters were intimidated", "des électeurs ont été intimidés", "تعرض ناخبون للترهيب",
         "se intimidó a votantes", "houve intimidação de eleitores"),
        ("intimidation", "des cas d'intimidation", "الترهيب", "intimidación", "intimidação"),
    ),
}  # fmt: skip
"""A clause and a noun of each, in the order of the languages."""


def in_five(words: Words) -> dict[str, str]:
    """Words by language."""
    return dict(zip(FIVE, words, strict=True))


def found(name: str, number: Number, **more: object) -> Finding:
    """A finding of one of the worded indicators."""
    clause, noun = WORDED[name]
    made = a_finding(name, number, **more)  # type: ignore[arg-type]
    return replace(made, phrase=in_five(clause), noun=in_five(noun))


def printer(language: str) -> Printer:
    """A printer with an empty ledger."""
    return Printer(Speech(language), Ledger(language))


def read(text: str) -> str:
    """Without the marks that keep numbers in their order, a narrow space as a space."""
    return re.sub("[\u2066-\u2069]", "", text).replace("\u202f", " ")


def composed(
    findings: Sequence[Finding], choices: Sequence[Choice] = (), own: Kind = Kind.DOMESTIC
) -> Composed:
    """A statement of these findings in the five languages."""
    of = replace(facts(), kind=own)
    return compose_statement(of, findings, choices=choices, languages=FIVE)


def section(statement: Composed, code: str, language: str) -> list[str]:
    """The paragraphs of a section as they are read."""
    return [
        read(plain(each.text))
        for each in statement.texts[language]
        if isinstance(each, Paragraph) and each.section == code
    ]


def sentences_of(text: str) -> list[str]:
    """The sentences of a paragraph."""
    return [each for each in re.split(r"(?<=[.؟!])\s+", text) if each]
