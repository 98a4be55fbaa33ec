"""What a paragraph lists and what it bears on, in the words that the library and the house give."""

import pytest

from analytics.statements.blocks import plain
from analytics.statements.ledger import Ledger
from analytics.statements.merging import merge_shortcomings
from analytics.statements.paragraphs import ParagraphOfFindings
from analytics.statements.printing import Printer
from analytics.statements.speech import Speech
from mobile_forms.authoring import LIBRARY
from mobile_forms.workbook import compile_workbook
from tests.analytics.statements.found import a_finding, share


def paragraph(language: str, *codes: str, standards: tuple[str, ...]) -> str:
    """The paragraph of like shortcomings, each at seven percent, in the library's words."""
    voting = compile_workbook((LIBRARY / "voting.xlsx").read_bytes()).definition
    known = {each.code: each for each in voting.indicators}
    findings = [
        a_finding(
            code,
            share(45, 650),
            severity=1,
            standards=standards,
            phrase=known[code].phrase,
            noun=known[code].noun,
            listed=known[code].noun_with_article,
        )
        for code in codes
    ]
    said = ParagraphOfFindings(Printer(Speech(language), Ledger(language)))
    (group,) = merge_shortcomings(findings)
    said.group(group, "alike")
    return plain(said.text())


def test_french_and_arabic_list_what_was_seen_with_an_article_and_others_without() -> None:
    seen = ("VO-CROWD", "VO-UNAUTH", "VO-CAMP")
    french = paragraph("fr", *seen, standards=("obl:10",))
    listed = (
        "un encombrement, la présence de personnes non autorisées et de la propagande électorale"
    )
    assert f"On a constaté {listed}" in french
    arabic = paragraph("ar", *seen, standards=("obl:10",))
    assert "كلٌّ من الاكتظاظ ووجود أشخاص غير مخولين والدعاية الانتخابية" in arabic
    english = paragraph("en", *seen, standards=("obl:10",))
    assert english.startswith("Overcrowding, unauthorised persons and campaigning were each noted")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "This bears on an effective remedy."),
        ("fr", "Cela touche au droit à un recours effectif."),
        ("ar", "ويتصل ذلك بالحق في سبيل انتصاف فعّال."),
        ("es", "Esto atañe al derecho a un recurso efectivo."),
        ("pt", "Isto diz respeito ao direito a um recurso efetivo."),
    ],
)
def test_a_paragraph_ends_with_what_it_bears_on_by_its_short_name(language: str, said: str) -> None:
    assert paragraph(language, "VO-CROWD", standards=("obl:20",)).endswith(said)
