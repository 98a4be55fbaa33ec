"""Findings in, sentences out, in five languages: the model paragraph, and what was said worst."""

import re
from dataclasses import replace

import pytest

from analytics.numbers import Domain
from analytics.statements.blocks import plain
from analytics.statements.findings import Finding
from analytics.statements.ledger import Ledger
from analytics.statements.merging import Group
from analytics.statements.paragraphs import ParagraphOfFindings
from analytics.statements.printing import Printer
from analytics.statements.speech import Speech
from tests.analytics.statements.found import a_finding, count, share

FIVE = ("en", "fr", "ar", "es", "pt")
Words = tuple[str, str, str, str, str]


def in_five(words: Words) -> dict[str, str]:
    return dict(zip(FIVE, words, strict=True))


def worded(finding: Finding, phrase: Words, noun: Words | None = None) -> Finding:
    return replace(finding, phrase=in_five(phrase), noun=in_five(noun) if noun else {})


REMEDY = ("obl:20",)
COMPLAINT: Words = (
    "a complaint was made",
    "une plainte a été déposée",
    "قُدّمت شكوى",
    "se presentó una reclamación",
    "foi apresentada uma reclamação",
)
REFUSED: Words = (
    "it was not accepted",
    "elle n'a pas été acceptée",
    "لم تُقبل",
    "no se aceptó",
    "não foi aceite",
)
ASSISTED = worded(
    a_finding("VO-ASSIST", share(31, 617, low=0.035, high=0.07), standards=REMEDY),
    (
        "one person assisted more than one voter",
        "une même personne a assisté plus d'un électeur",
        "ساعد شخص واحد أكثر من ناخب",
        "una misma persona asistió a más de un votante",
        "a mesma pessoa assistiu mais de um eleitor",
    ),
)
ALIKE = tuple(
    worded(a_finding(code, share(seen, 626), severity=1, standards=REMEDY), words, words)
    for code, seen, words in (
        (
            "VO-CROWD",
            51,
            ("overcrowding", "un encombrement", "الاكتظاظ", "aglomeración", "sobrelotação"),
        ),
        (
            "VO-UNAUTH",
            44,
            (
                "unauthorised persons",
                "la présence de personnes non autorisées",
                "وجود أشخاص غير مخولين",
                "presencia de personas no autorizadas",
                "presença de pessoas não autorizadas",
            ),
        ),
        (
            "VO-CAMP",
            38,
            (
                "campaigning",
                "de la propagande électorale",
                "الدعاية الانتخابية",
                "propaganda electoral",
                "propaganda eleitoral",
            ),
        ),
    )
)
MADE = worded(a_finding("DR-MADE", share(68, 627, low=0.086, high=0.135)), COMPLAINT)
REFUSAL = worded(
    a_finding(
        "DR-REFUSE",
        share(9, 68, domain=Domain({"en": "where a complaint was made"}, 68), not_asked=559),
        standards=REMEDY,
    ),
    REFUSED,
)
MODEL = {
    "en": "One person assisted more than one voter at 5% (4–7%) of polling stations. "
    "Overcrowding, unauthorised persons and campaigning were each noted at 6 to 8%. A complaint "
    "was made at 11% (9–14%); at nine of these 68, it was not accepted. This bears on an effective "
    "remedy.",
    "fr": "Une même personne a assisté plus d'un électeur dans 5 % (4–7 %) des bureaux de vote. "
    "On a "
    "constaté un encombrement, la présence de personnes non autorisées et de la propagande "
    "électorale, chaque fois dans 6 à 8 %. Une plainte a été déposée dans 11 % (9–14 %) ; dans "
    "neuf "
    "de ces 68 bureaux, elle n'a pas été acceptée. Cela touche au droit à un recours effectif.",
    "ar": "ساعد شخص واحد أكثر من ناخب في 5% (4%–7%) من مراكز الاقتراع. وسُجّل كلٌّ من الاكتظاظ "
    "ووجود "
    "أشخاص غير مخولين والدعاية الانتخابية في ما بين 6% و8% منها. وقُدّمت شكوى في 11% (9%–14%) "
    "منها؛ "
    "وفي 9 من هذه المراكز الـ68 لم تُقبل. ويتصل ذلك بالحق في سبيل انتصاف فعّال.",
    "es": "Una misma persona asistió a más de un votante en el 5 % (4–7 %) de las mesas de "
    "votación. "
    "Se constataron aglomeración, presencia de personas no autorizadas y propaganda electoral, en "
    "cada caso en una proporción de entre el 6 y el 8 %. Se presentó una reclamación en el 11 % "
    "(9–14 %); en nueve de esas 68 mesas, no se aceptó. Esto atañe al derecho a un recurso "
    "efectivo.",
    "pt": "A mesma pessoa assistiu mais de um eleitor em 5% (4–7%) das mesas de voto. "
    "Constataram-se sobrelotação, presença de pessoas não autorizadas e propaganda eleitoral, em "
    "cada caso numa proporção de 6 a 8%. Foi apresentada uma reclamação em 11% (9–14%); em nove "
    "dessas 68 mesas, não foi aceite. Isto diz respeito ao direito a um recurso efetivo.",
}


def printer(language: str) -> Printer:
    return Printer(Speech(language), Ledger(language))


def read(text: str) -> str:
    """Without the marks that keep numbers in their order, a narrow space as a space."""
    return re.sub("[\u2066-\u2069]", "", text).replace("\u202f", " ")


@pytest.mark.parametrize("language", FIVE)
def test_the_model_paragraph_is_composed_in_each_language(language: str) -> None:
    paragraph = ParagraphOfFindings(printer(language))
    paragraph.group(Group((ASSISTED,)), "")
    paragraph.group(Group(ALIKE, "M1"), "merge/voting/alike-1")
    paragraph.conditional(REFUSAL, MADE)
    assert read(plain(paragraph.text())) == MODEL[language]


@pytest.mark.parametrize("language", FIVE)
def test_a_merge_is_one_number_with_its_members(language: str) -> None:
    made = printer(language)
    ParagraphOfFindings(made).group(Group(ALIKE, "M1"), "merge/voting/alike-1")
    entry = made.ledger.numbers["merge/voting/alike-1"]
    assert entry["members"] == [each.code for each in ALIKE]
    assert entry["query"]["members"] == entry["members"]


def test_every_number_in_arabic_stands_in_an_isolate() -> None:
    paragraph = ParagraphOfFindings(printer("ar"))
    paragraph.group(Group((ASSISTED,)), "")
    paragraph.group(Group(ALIKE, "M1"), "merge/voting/alike-1")
    paragraph.conditional(REFUSAL, MADE)
    outside = re.sub("\u2066[^\u2069]*\u2069", "", plain(paragraph.text()))
    assert not any(map(str.isdigit, outside))


STUFFING: tuple[Words, Words] = (
    (
        "ballot-box stuffing",
        "bourrage d'urne",
        "حشو لصناديق الاقتراع",
        "relleno de urnas",
        "enchimento de urnas",
    ),
    ("multiple voting", "vote multiple", "تصويت متكرر", "voto múltiple", "voto múltiplo"),
)
ZEROS = tuple(
    worded(
        a_finding(code, share(n, n, low=low, high=1), severity=3, polarity="positive"), noun, noun
    )
    for code, n, low, noun in (
        ("VO-STUFF", 611, 0.9952, STUFFING[0]),
        ("VO-CAROUSEL", 604, 0.9941, STUFFING[1]),
    )
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Ballot-box stuffing and multiple voting were not seen at any of the more than 600 "
            "polling stations where this could be observed; at 95% confidence, either could have "
            "been seen at no more than 0.6%.",
        ),
        (
            "fr",
            "Ni bourrage d'urne ni vote multiple n'ont été constatés dans les bureaux de vote où "
            "ils pouvaient l'être (plus de 600) ; au niveau de confiance de 95 %, l'un ou l'autre "
            "aurait pu l'être dans 0,6 % des bureaux de vote au plus.",
        ),
        (
            "es",
            "No se vieron ni relleno de urnas ni voto múltiple en ninguna de las más de 600 mesas "
            "de votación donde podía observarse; con un nivel de confianza del 95 %, podrían "
            "haberse visto, como máximo, en el 0,6 %.",
        ),
        (
            "pt",
            "Não se viram nem enchimento de urnas nem voto múltiplo em nenhuma das mais de 600 "
            "mesas de voto onde tal podia ser observado; com um nível de confiança de 95%, "
            "poderiam "
            "ter sido vistos, no máximo, em 0,6%.",
        ),
        (
            "ar",
            "لم تُشاهَد أي حالة حشو لصناديق الاقتراع أو تصويت متكرر في أيٍّ من مراكز الاقتراع "
            "التي أمكن "
            "فيها رصد ذلك، وعددها يزيد على 600؛ وبمستوى ثقة 95%، لا تتجاوز نسبة مراكز الاقتراع "
            "التي "
            "كان يمكن أن يُشاهَد فيها أيٌّ من ذلك 0.6%.",
        ),
    ],
)
def test_four_clauses_of_confidence_become_one_sentence(language: str, said: str) -> None:
    paragraph = ParagraphOfFindings(printer(language))
    paragraph.zeros(Group(ZEROS, "M3"), "merge/voting/none-1")
    assert read(plain(paragraph.text())) == said


RARE = worded(
    a_finding("CO-SEAL", share(2, 585, low=0.0004, high=0.012), severity=3),
    (
        "seals of the ballot box were broken",
        "les scellés de l'urne étaient brisés",
        "كانت أختام الصندوق مكسورة",
        "los precintos de la urna estaban rotos",
        "os selos da urna estavam quebrados",
    ),
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Seals of the ballot box were broken at fewer than 1% of polling stations (two of "
            "585).",
        ),
        (
            "fr",
            "Les scellés de l'urne étaient brisés dans moins de 1 % des bureaux de vote (deux sur "
            "585).",
        ),
        (
            "es",
            "Los precintos de la urna estaban rotos en menos del 1 % de las mesas de votación (dos "
            "de 585).",
        ),
        (
            "pt",
            "Os selos da urna estavam quebrados em menos de 1% das mesas de voto (duas de 585).",
        ),
        ("ar", "كانت أختام الصندوق مكسورة في أقل من 1% من مراكز الاقتراع (اثنين من أصل 585)."),
    ],
)
def test_what_was_seen_is_never_rounded_away(language: str, said: str) -> None:
    paragraph = ParagraphOfFindings(printer(language))
    paragraph.group(Group((replace(RARE, stage="voting"),)), "")
    assert read(plain(paragraph.text(with_standards=False))) == said


NOT_POSTED: Words = (
    "results were not posted",
    "les résultats n'ont pas été affichés",
    "لم تُعلّق النتائج",
    "no se expusieron los resultados",
    "os resultados não foram afixados",
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Results were not posted in 21 of the 126 counts where this was observed. Results were "
            "not posted in nine. Results were not posted in 14 of 119.",
        ),
        (
            "fr",
            "Les résultats n'ont pas été affichés dans 21 des 126 dépouillements où cela a pu être "
            "observé. Les résultats n'ont pas été affichés dans neuf. Les résultats n'ont pas été "
            "affichés dans 14 sur 119.",
        ),
        (
            "es",
            "No se expusieron los resultados en 21 de los 126 escrutinios donde pudo "
            "observarse. No "
            "se expusieron los resultados en nueve. No se expusieron los resultados en 14 de 119.",
        ),
        (
            "pt",
            "Os resultados não foram afixados em 21 das 126 contagens onde tal pôde ser observado. "
            "Os resultados não foram afixados em nove. Os resultados não foram afixados em 14 de "
            "119.",
        ),
        (
            "ar",
            "لم تُعلّق النتائج في 21 من عمليات الفرز الـ126 التي أمكن فيها رصد ذلك. ولم تُعلّق "
            "النتائج في "
            "9 منها. ولم تُعلّق النتائج في 14 من أصل 119.",
        ),
    ],
)
def test_a_count_leans_on_the_same_n_alone_and_else_prints_its_own(
    language: str, said: str
) -> None:
    paragraph = ParagraphOfFindings(printer(language))
    for code, seen, of in (("A", 21, 126), ("B", 9, 126), ("C", 14, 119)):
        found = a_finding(code, count(seen, of), stage="counting")
        paragraph.group(Group((worded(found, NOT_POSTED),)), "")
    assert read(plain(paragraph.text(with_standards=False))) == said
