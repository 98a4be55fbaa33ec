"""Rules O1 to O6, C1 to C6 and L1 to L8: findings in, paragraphs out, in five languages."""

import re
from dataclasses import replace

import pytest

from analytics.numbers import Domain
from analytics.statements.blocks import Bound, ExemptText, Heading, Paragraph, isolated, plain
from analytics.statements.findings import Finding
from schemas.mission import Kind
from tests.analytics.statements.five import (
    FIVE,
    WORDED,
    composed,
    found,
    in_five,
    read,
    section,
    sentences_of,
)
from tests.analytics.statements.found import a_finding, count, share

ABROAD = {"kind": Kind.INTERNATIONAL, "part": "visits"}
REMEDY, EQUAL = ("obl:20",), ("obl:6",)


def good(name: str, number: object, **more: object) -> Finding:
    return found(name, number, polarity="positive", **more)  # type: ignore[arg-type]


def zero(name: str, **more: object) -> Finding:
    return good(name, share(600, 600, low=0.995, high=1), severity=3, **more)


def assessed(value: int) -> Finding:
    return a_finding("VO-OVERALL", share(value, 600), polarity="positive", severity=1)


def place_of(words: str, text: str) -> int:
    assert words in text, text
    return text.index(words)


def test_o1_stages_stand_in_time_order_and_never_in_one_paragraph() -> None:
    made = composed([
        found("SEAL", share(60, 600), stage="counting"),
        found("CROWD", share(60, 600)),
        found("CAMP", share(60, 600), stage="opening"),
    ])  # fmt: skip
    headings = [each.section for each in made.blocks if isinstance(each, Heading)]
    here = [each for each in headings if each in ("opening", "voting", "counting")]
    assert here == ["opening", "voting", "counting"]
    for block in made.blocks:
        if isinstance(block, Paragraph) and block.section == "voting":
            codes = {e.finding for e in block.text if isinstance(e, Bound) and e.finding}
            assert all(each.startswith("voting/") for each in codes)


@pytest.mark.parametrize("language", FIVE)
def test_o2_a_stage_is_told_in_its_order(language: str) -> None:
    asked = Domain(in_five(("where one was made",) * 5), 100)
    made = composed([
        found("CAMP", share(40, 120, domain=asked, not_asked=480), standards=REMEDY),
        zero("SEAL"),
        found("INTIM", share(12, 600), severity=3),
        found("CROWD", share(60, 600), standards=EQUAL),
        assessed(570),
    ])  # fmt: skip
    text = " ".join(section(made, "voting", language))
    clause = {name: in_five(words[0])[language] for name, words in WORDED.items()}
    noun = in_five(WORDED["SEAL"][1])[language]
    order = [
        re.search(r"VO-OVERALL|good or very good|bon ou très bon|جيد|buena|boa", text),
        re.search(re.escape(clause["CROWD"]), text, re.IGNORECASE),
        re.search(re.escape(clause["INTIM"]), text, re.IGNORECASE),
        re.search(re.escape(noun), text, re.IGNORECASE),
        re.search(re.escape(clause["CAMP"]), text, re.IGNORECASE),
    ]
    starts = [each.start() for each in order if each]
    assert len(starts) == len(order), text
    assert starts == sorted(starts), text


@pytest.mark.parametrize(
    ("share_good", "grave", "good_leads"),
    [(570, 0, True), (520, 0, False), (570, 40, False), (570, 12, True)],
)
def test_o6_good_news_leads_only_where_all_is_good_and_nothing_grave_is_frequent(
    share_good: int, grave: int, good_leads: bool
) -> None:
    findings = [
        assessed(share_good),
        good("CAMP", share(590, 600)),
        good("SEAL", share(585, 600)),
        found("CROWD", share(60, 600)),
    ]
    if grave:
        findings.append(found("INTIM", share(grave, 600), severity=3))
    for language in FIVE:
        told = section(composed(findings), "conclusions", language)
        first = in_five(WORDED["CAMP"][0])[language].casefold() in told[0].casefold()
        assert first is good_leads, told


def test_good_news_stands_in_the_conclusions_or_in_its_stage_and_never_in_both() -> None:
    made = composed([
        good("CAMP", share(590, 600)),
        good("SEAL", share(585, 600)),
        found("CROWD", share(60, 600)),
    ])  # fmt: skip
    for language in FIVE:
        clause = in_five(WORDED["CAMP"][0])[language].casefold()
        told = [" ".join(section(made, each, language)) for each in ("conclusions", "voting")]
        assert [clause in each.casefold() for each in told] == [True, False]


LEAD = found("CROWD", share(100, 1000))
BESIDE = found("CROWD", count(12, 80), **ABROAD)


@pytest.mark.parametrize(
    ("language", "said"),
    in_five((
        "It was overcrowded at 10% ±1 of polling stations. International observers noted it at 12 "
        "of the 80 polling stations where this was observed. The two figures are not to be "
        "compared: one is an estimate for all polling stations, the other counts those visited.",
        "Il y avait un encombrement dans 10 % ±1 des bureaux de vote. Les observateurs "
        "internationaux l'ont constaté dans 12 des 80 bureaux de vote où cela a pu être observé. "
        "Ces deux chiffres ne se comparent pas : l'un est une estimation pour l'ensemble des "
        "bureaux de vote, l'autre dénombre ceux qui ont été visités.",
        "كان هناك اكتظاظ في 10% ±1 من مراكز الاقتراع. وسجّل المراقبون الدوليون ذلك في 12 من مراكز "
        "الاقتراع الـ80 التي أمكن فيها رصد ذلك. وهذان رقمان من نوعين مختلفين: فالأول تقدير لجميع "
        "مراكز الاقتراع، والثاني عدد لما زاره المراقبون منها.",
        "Había aglomeración en el 10 % ±1 de las mesas de votación. Los observadores "
        "internacionales lo constataron en 12 de las 80 mesas de votación donde pudo observarse. "
        "Las dos cifras no son comparables: una es una estimación para todas las mesas de "
        "votación, la otra cuenta las visitadas.",
        "Havia sobrelotação em 10% ±1 das mesas de voto. Os observadores internacionais "
        "constataram-no em 12 das 80 mesas de voto onde tal pôde ser observado. Os dois números "
        "não são comparáveis: um é uma estimativa para todas as mesas de voto, o outro conta as "
        "visitadas.",
    )).items(),
)  # fmt: skip
def test_c1_c3_the_other_kind_gets_one_sentence_and_a_warning_where_it_lies_outside(
    language: str, said: str
) -> None:
    text = " ".join(section(composed([LEAD, BESIDE]), "voting", language))
    assert said in text


def test_c1_without_thirty_answers_or_where_the_text_is_silent_the_other_kind_is_left() -> None:
    for other in (
        replace(BESIDE, number=count(4, 29), n=29),
        found("CAMP", count(12, 80), **ABROAD),
    ):
        text = " ".join(section(composed([LEAD, other]), "voting", "en"))
        assert "International" not in text


def test_c2_two_kinds_are_never_pooled_nor_said_to_confirm_each_other() -> None:
    for language in FIVE:
        text = " ".join(section(composed([LEAD, BESIDE]), "voting", language))
        assert not re.search(r"\bboth\b|confirm|les deux catégories|ambos|كلاهما", text)
        assert "112" not in text


def test_c3_inside_the_interval_nothing_warns() -> None:
    inside = replace(BESIDE, number=count(8, 80))
    text = " ".join(section(composed([LEAD, inside]), "voting", "en"))
    assert "at eight of the 80" in text
    assert "not to be compared" not in text


GRAVE_ABROAD = [
    found("SEAL", count(3, 80), severity=3, **ABROAD),
    found("INTIM", count(9, 85), severity=3, **ABROAD),
]


@pytest.mark.parametrize(
    ("language", "said"),
    in_five((
        "International observers noted intimidation and broken seals, each at three to nine of "
        "the more than 70 polling stations where this could be observed.",
        "Les observateurs internationaux ont constaté des cas d'intimidation et des scellés "
        "brisés, chaque fois dans trois à neuf des bureaux de vote où cela pouvait être observé "
        "(plus de 70).",
        "وسجّل المراقبون الدوليون كلًّا من الترهيب وكسر الأختام في ما بين 3 و9 من مراكز الاقتراع "
        "التي أمكن فيها رصد ذلك، وعددها يزيد على 70.",
        "Los observadores internacionales constataron intimidación y precintos rotos, en cada "
        "caso en tres a nueve de las más de 70 mesas de votación donde podía observarse.",
        "Os observadores internacionais constataram intimidação e selos quebrados, em cada caso "
        "em três a nove das mais de 70 mesas de voto onde tal podia ser observado.",
    )).items(),
)  # fmt: skip
def test_what_is_grave_and_the_other_kind_saw_is_one_bound_number(language: str, said: str) -> None:
    made = composed([found("CROWD", share(60, 600)), *GRAVE_ABROAD])
    assert said in " ".join(section(made, "voting", language))
    entry = made.numbers["merge/voting/other-1"]
    assert entry["members"] == [GRAVE_ABROAD[1].code, GRAVE_ABROAD[0].code]


def test_c6_an_isolated_grave_finding_stands_beside_a_good_assessment() -> None:
    made = composed([assessed(570), found("INTIM", share(12, 600), severity=3)])
    text = " ".join(section(made, "voting", "en"))
    assert place_of("good or very good", text) < place_of("voters were intimidated", text)


def test_l3_no_two_sentences_of_a_paragraph_begin_with_the_same_five_words() -> None:
    many = [
        found(name, share(60 + 30 * at, 600), standards=REMEDY) for at, name in enumerate(WORDED)
    ]
    counts = [found(name, count(20 + at, 80), stage="closing") for at, name in enumerate(WORDED)]
    for language in ("en", "fr", "es", "pt"):
        for code in ("conclusions", "voting", "closing"):
            for text in section(composed([*many, *counts]), code, language):
                begins = [" ".join(each.split()[:5]) for each in sentences_of(text)]
                assert len(begins) == len(set(begins)), text


def test_l4_a_list_has_four_items_at_most_and_a_sentence_two_numbers() -> None:
    chosen = [
        replace(found(name, share(180 + at, 600), severity=1), code=f"voting/{at}")
        for at, name in enumerate([*WORDED, *WORDED])
    ]
    made = composed(chosen)
    sizes = [len(each["members"]) for each in made.numbers.values() if "members" in each]
    assert sizes
    assert max(sizes) <= 4
    for block in made.blocks:
        if isinstance(block, Paragraph) and block.section in ("conclusions", "voting"):
            numbers = [each for each in block.text if isinstance(each, Bound)]
            assert len(numbers) <= 2 * len(sentences_of(plain(block.text)))


RICH = [
    assessed(570),
    found("CROWD", share(100, 1000)),
    found("CAMP", share(60, 600), standards=REMEDY),
    found("INTIM", share(12, 600), severity=3),
    found("SEAL", share(2, 585, low=0.0004, high=0.012), severity=3, stage="counting"),
    found("CROWD", share(150, 600), stage="counting"),
    found("CAMP", count(20, 80), stage="closing"),
    good("SEAL", share(585, 600)),
    found("CROWD", count(12, 80), **ABROAD),
    found("SEAL", count(3, 80), severity=3, **ABROAD),
]  # fmt: skip
OF_FINDINGS = ("conclusions", "voting", "closing", "counting", "access")


@pytest.mark.parametrize("language", FIVE)
def test_l5_a_paragraph_begins_with_its_claim_and_reads_without_the_numbers(language: str) -> None:
    made = composed(RICH)
    words = [each[language].casefold() for one in WORDED.values() for each in map(in_five, one)]
    first = {code: section(made, code, language)[0] for code in ("voting", "closing", "counting")}
    for block in made.texts[language]:
        if not isinstance(block, Paragraph) or block.section not in OF_FINDINGS or not block.text:
            continue
        text = read(plain(block.text))
        if text not in first.values():  # which say where the stage was followed
            claim = sentences_of(text)[0].casefold()
            assert any(each in claim for each in words), text
        aloud = "".join(each.text for each in block.text if not isinstance(each, Bound))
        for sentence in sentences_of(re.sub("[\u2066-\u2069]", "", aloud)):
            assert len(re.findall(r"\w{2,}", sentence)) >= 3, (sentence, text)


@pytest.mark.parametrize("language", FIVE)
def test_l6_parentheses_hold_intervals_and_counts_alone(language: str) -> None:
    seen = 0
    for block in composed(RICH).texts[language]:
        if isinstance(block, Paragraph) and block.section in OF_FINDINGS:
            for held in re.findall(r"\(([^()]*)\)", plain(block.text)):
                seen += 1
                assert re.search(
                    r"\d|واحد|اثن|\bun[ae]?\b|\bone\b|\bdois\b|\btwo\b|deux|dos|duas", held
                ), held
    assert seen > 2


def test_l8_in_arabic_every_figure_and_every_latin_name_stands_in_an_isolate() -> None:
    made = composed([LEAD, BESIDE, *GRAVE_ABROAD])
    for block in made.texts["ar"]:
        if isinstance(block, Paragraph) and block.section in ("conclusions", "voting", "about"):
            outside = plain(block.text)
            while outside != (less := re.sub("[\u2066\u2067][^\u2066-\u2069]*\u2069", "", outside)):
                outside = less
            assert not re.search(r"[A-Za-z]", outside.replace("14 March 2027", "")), outside
            if block.section != "about":
                assert not re.search(r"\d", outside), outside


@pytest.mark.parametrize(
    ("language", "text", "mark"),
    [("ar", "3 من 4", "\u2067"), ("ar", "12% ±2", "\u2066"), ("en", "12% ±2", "")],
)
def test_l8_a_number_with_words_in_it_reads_from_their_side(
    language: str, text: str, mark: str
) -> None:
    number = Bound(number_id="a", mark="F1", text=text, value=text, measure="fact", query={})
    first = isolated(number, language)[0]
    assert (first.text if first is not number else "") == mark


@pytest.mark.parametrize(
    ("language", "name", "mark"),
    [("ar", "Lantern", "\u2066"), ("en", "حركة الفانوس", "\u2067"), ("fr", "Fanal", "")],
)
def test_l8_a_name_of_the_other_direction_is_apart(language: str, name: str, mark: str) -> None:
    piece = ExemptText(text=name, why="name")
    first = isolated(piece, language)[0]
    assert (first.text if first is not piece else "") == mark


def test_conclusions_leave_room_beside_what_is_grave_and_isolated_for_what_is_frequent() -> None:
    grave = [
        found(name, share(2, 585, low=0.0004, high=0.012), severity=3, stage=stage)
        for stage in ("voting", "counting")
        for name in ("SEAL", "INTIM")
    ]
    told = section(composed([*grave, found("CROWD", share(180, 600))]), "conclusions", "en")
    assert any("overcrowded" in each for each in told)
    assert sum(each.count("fewer than 1%") for each in told) == 2
    stages = [section(composed(grave), each, "en") for each in ("voting", "counting")]
    assert [" ".join(each).count("fewer than 1%") for each in stages] == [2, 2]
