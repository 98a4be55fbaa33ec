"""Rules N1 to N10 and the plural: findings in, sentences out, in five languages."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from analytics.numbers import Domain, Number
from analytics.statements import compose_statement
from analytics.statements.blocks import Bound, Paragraph, plain
from analytics.statements.facts import Incidents, ObserverFacts
from analytics.statements.findings import Finding
from analytics.statements.merging import Group
from analytics.statements.paragraphs import ParagraphOfFindings
from analytics.statements.registers import MissionRegisters
from schemas.mission import Kind
from tests.analytics.statements.five import (
    FIVE,
    Words,
    composed,
    found,
    in_five,
    printer,
    read,
    section,
    sentences_of,
)
from tests.analytics.statements.found import count, share
from tests.analytics.statements.mission import COVERAGE, facts


def paragraph(language: str, *findings: Finding) -> str:
    made = ParagraphOfFindings(printer(language))
    for each in findings:
        made.group(Group((each,)), "")
    return read(plain(made.text(with_standards=False)))


def in_each(*findings: Finding) -> dict[str, str]:
    return {language: paragraph(language, *findings) for language in FIVE}


@pytest.mark.parametrize(
    ("rule", "number", "said"),
    [
        (
            "N1 whole percent, N2 the margin where both ends are the rounded interval",
            share(114, 1000, low=0.09, high=0.131),
            ("11% ±2", "11 % ±2", "11% ±2", "11 % ±2", "11% ±2"),
        ),
        (
            "N2 else the interval",
            share(106, 1000, low=0.083, high=0.132),
            ("11% (8–13%)", "11 % (8–13 %)", "11% (8%–13%)", "11 % (8–13 %)", "11% (8–13%)"),
        ),
        (
            "N2 a lower end that rounds to nothing",
            share(8, 1000, low=0.003, high=0.018),
            ("1% (no more than 2%)", "1 % (au plus 2 %)", "1% (لا أكثر من 2%)",
             "1 % (como máximo 2 %)", "1% (no máximo 2%)"),
        ),
        (
            "N2 a value that rounds to nothing",
            share(2, 585, low=0.0004, high=0.012),
            ("fewer than 1% of polling stations (two of 585)",
             "moins de 1 % des bureaux de vote (deux sur 585)",
             "أقل من 1% من مراكز الاقتراع (اثنين من أصل 585)",
             "menos del 1 % de las mesas de votación (dos de 585)",
             "menos de 1% das mesas de voto (duas de 585)"),
        ),
        (
            "N3 nearly all is never 100%",
            share(998, 1000, low=0.993, high=0.9997),
            ("at more than 99% (no less than 99.3%)", "dans plus de 99 % (au moins 99,3 %)",
             "في أكثر من 99% (لا أقل من 99.3%)",
             "aglomeración en más del 99 % (como mínimo 99,3 %)",
             "em mais de 99% (no mínimo 99,3%)"),
        ),
        (
            "N3 all has a word",
            count(40, 40),
            ("at all of the 40", "dans la totalité des 40", "في كلٍّ من مراكز الاقتراع الـ40",
             "en la totalidad de las 40", "na totalidade das 40"),
        ),
        (
            "N4 one to nine in words, in the gender of what is counted",
            count(1, 40),
            ("at one of the 40", "dans un des 40", "في واحد من مراكز الاقتراع الـ40",
             "en una de las 40", "em uma das 40"),
        ),
        (
            "N4 two",
            count(2, 40),
            ("at two of the 40", "dans deux des 40", "في اثنين من مراكز الاقتراع الـ40",
             "en dos de las 40", "em duas das 40"),
        ),
        (
            "N4 ten in figures",
            count(10, 40),
            ("at 10 of the 40", "dans 10 des 40", "في 10 من مراكز الاقتراع الـ40",
             "en 10 de las 40", "em 10 das 40"),
        ),
    ],
)  # fmt: skip
def test_a_number_is_printed_by_its_rule(rule: str, number: Number, said: Words) -> None:
    told = in_each(found("CROWD", number))
    for language, words in in_five(said).items():
        assert words in told[language], (rule, told[language])


def test_n4_no_sentence_begins_with_a_figure() -> None:
    for _, text in everything_said():
        begins = [each for each in sentences_of(text) if re.match(r"\d", each)]
        assert begins == [], text


@pytest.mark.parametrize(
    ("language", "said"),
    in_five((
        "Closing was followed at 598 of the 650 drawn by lot",
        "Les observateurs ont suivi la clôture dans 598 des 650 tirés au sort",
        "وتابع المراقبون الإغلاق في 598 من المراكز الـ650 المسحوبة بالقرعة",
        "Se siguió el cierre en 598 de las 650 sorteadas",
        "Os observadores acompanharam o encerramento em 598 das 650 sorteadas",
    )).items(),
)  # fmt: skip
def test_n5_a_group_that_was_named_has_the_article(language: str, said: str) -> None:
    made = composed(
        [found("CROWD", share(60, 620)), found("CAMP", share(90, 598), stage="closing")]
    )
    assert section(made, "closing", language)[0].startswith(said)


def test_n6_what_is_missing_is_said_only_where_it_is_more_than_a_fifth() -> None:
    for missing, told in ((120, False), (140, True)):
        number = replace(share(60, 500), missing=missing)
        text = " ".join(section(composed([found("CROWD", number)]), "voting", "en"))
        assert ("is not known" in text) is told


def test_n7_the_level_of_confidence_stands_in_the_footnote_and_with_zeros() -> None:
    made = composed([found("CROWD", share(60, 620))])
    for language in FIVE:
        assert "95" in section(made, "method", language)[0]
        assert "95" not in " ".join(section(made, "voting", language))


def test_n8_no_number_is_bound_twice_in_one_paragraph_of_a_stage() -> None:
    made = composed([found("CROWD", share(60, 620)), found("CAMP", share(62, 620))])
    for block in made.blocks:
        if isinstance(block, Paragraph) and block.section == "voting":
            whole = [each.text for each in block.text if isinstance(each, Bound)]
            assert len(whole) == len(set(whole))


def test_n10_a_merge_and_a_word_for_a_number_are_bound() -> None:
    made = composed([found("CROWD", count(3, 74)), found("CAMP", count(9, 79))])
    bound = [
        each.text
        for block in made.blocks
        if isinstance(block, Paragraph) and block.section == "voting"
        for each in block.text
        if isinstance(each, Bound)
    ]
    assert "nine" in bound


ONE = Domain(dict.fromkeys(FIVE, "where one was"), 1)


def everything_said() -> Iterator[tuple[str, str]]:
    """The texts of statements in which everything is one, and of a usual one, by language."""
    one = ObserverFacts(Kind.DOMESTIC, 1, 1, 1)
    registers = MissionRegisters(
        accreditations={"issued": 1}, women=1, gender_said=1, withdrawn=1, plans=1, denied=1
    )
    single = [
        found("SEAL", count(1, 1), severity=3),
        found("CROWD", count(1, 1, domain=ONE, not_asked=40), severity=3),
        found("CAMP", count(1, 1), severity=3, kind=Kind.INTERNATIONAL),
        found("INTIM", count(1, 1), severity=3, stage="counting"),
        found("CROWD", count(1, 1), of_access=True, stage="closing"),
        found("CAMP", count(1, 1), of_access=True, stage="closing", kind=Kind.INTERNATIONAL),
    ]
    coverage = replace(COVERAGE, expected=1, received=1, missing=0)
    for findings, who, plan in (
        (single, replace(facts(), observers=(one,), standing=registers), coverage),
        ([found("CROWD", share(1, 585)), found("SEAL", share(60, 600))], facts(), COVERAGE),
    ):
        made = compose_statement(
            who,
            findings,
            coverage=[plan],
            incidents=[Incidents("Sealing", 1, 1, 0, 0)],
            languages=FIVE,
        )
        for language, blocks in made.texts.items():
            for block in blocks:
                if isinstance(block, Paragraph):
                    yield language, read(plain(block.text))


PLURALS = {
    "en": r"(polling stations|stations|places|observers|organisations|counts|observations|reports"
    r"|accreditations|assignments)",
    "fr": r"(bureaux|lieux|observateurs|organisations|dépouillements|observations|rapports"
    r"|accréditations|affectations)",
    "es": r"(mesas|lugares|observadores|organizaciones|escrutinios|observaciones|informes"
    r"|acreditaciones|asignaciones)",
    "pt": r"(mesas|locais|observadores|organizações|contagens|observações|relatórios"
    r"|acreditações|afetações)",
    "ar": r"(مراكز|مواقع|مراقبين|منظمات|مشاهدات|تقارير)",
}
ONES = {
    "en": r"(1|one)",
    "fr": r"(1|un|une)",
    "es": r"(1|uno|una)",
    "pt": r"(1|um|uma)",
    "ar": r"(1|2)",
}


def test_no_sentence_has_one_before_a_plural() -> None:
    for language, text in everything_said():
        wrong = re.search(rf"(?<![\w.,–]){ONES[language]} {PLURALS[language]}", text)
        assert wrong is None, text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("one organisation", "two organisations", "three organisations", "11 organis")),
        ("fr", ("d'une organisation", "de deux organisations", "de trois organ", "de 11 organ")),
        ("es", ("de una organización", "de dos organizaciones", "de tres organ", "de 11 organ")),
        ("pt", ("de uma organização", "de duas organizações", "de três organ", "de 11 organ")),
        ("ar", ("من منظمة واحدة؛", "من منظمتين؛", "من 3 منظمات؛", "من 11 منظمة؛")),
    ],
)
def test_a_noun_has_the_form_that_its_number_asks_for(
    language: str, said: tuple[str, str, str, str]
) -> None:
    for number, words in zip((1, 2, 3, 11), said, strict=True):
        who = replace(facts(), observers=(ObserverFacts(Kind.DOMESTIC, 40, number, 1),))
        made = compose_statement(who, [found("CROWD", share(60, 600))], languages=(language,))
        assert words in " ".join(section(made, "about", language))


@pytest.mark.parametrize(
    ("language", "said"),
    in_five((
        "Voting was observed at one place that teams could reach; the figures speak of no others.",
        "Le vote a été observé dans un lieu où les équipes ont pu se rendre ; les chiffres ne "
        "disent rien des autres.",
        "رُصد التصويت في موقع واحد تمكنت الفرق من بلوغه؛ ولا تتحدث الأرقام عن مواقع أخرى.",
        "La votación se observó en un lugar al que pudieron llegar los equipos; las cifras no "
        "hablan de otros.",
        "A votação foi observada em um local a que as equipas conseguiram chegar; os números não "
        "falam de outros.",
    )).items(),
)  # fmt: skip
def test_a_stage_that_was_seen_at_one_place_says_one_place(language: str, said: str) -> None:
    made = composed([found("SEAL", count(1, 1), severity=3)])
    assert section(made, "voting", language)[0].startswith(said)
