"""Short names of standards: with their articles and prepositions, in five languages."""

import pytest

from mobile_forms.authoring import LIBRARY
from mobile_forms.workbook import compile_workbook
from schemas.standards import catalogue, instruments
from schemas.standards.short_names import names_by_standard, short_names
from schemas.words import LANGUAGES


@pytest.mark.parametrize(
    ("language", "standard", "name", "to", "of"),
    [
        ("en", "obl:7", "the secret ballot", "to the secret ballot", "of the secret ballot"),
        ("fr", "obl:7", "le secret du vote", "au secret du vote", "du secret du vote"),
        ("fr", "obl:18", "la transparence", "à la transparence", "de la transparence"),
        (
            "fr",
            "obl:6",
            "l'égalité du suffrage",
            "à l'égalité du suffrage",
            "de l'égalité du suffrage",
        ),
        ("es", "obl:7", "el secreto del voto", "al secreto del voto", "del secreto del voto"),
        ("es", "obl:18", "la transparencia", "a la transparencia", "de la transparencia"),
        ("pt", "obl:7", "o segredo do voto", "ao segredo do voto", "do segredo do voto"),
        ("pt", "obl:18", "a transparência", "à transparência", "da transparência"),
        ("ar", "obl:7", "سرية الاقتراع", "بسرية الاقتراع", "لسرية الاقتراع"),
        ("ar", "obl:18", "الشفافية", "بالشفافية", "للشفافية"),
    ],
)
def test_article_and_preposition_become_what_the_language_makes_of_them(
    language: str, standard: str, name: str, to: str, of: str
) -> None:
    (found,) = short_names([standard], language)
    assert (found.name, found.to, found.of) == (name, to, of)


def test_what_two_standards_ask_alike_is_named_once_and_a_paragraph_names_two() -> None:
    ids = ["obl:20", "cop:5.10", "obl:19", "obl:10"]
    assert [each.name for each in short_names(ids, "en")] == [
        "an effective remedy",
        "security of the person",
    ]
    assert len(short_names(ids, "en", most=9)) == 3


def test_a_standard_without_a_short_name_is_left_out() -> None:
    assert short_names(["law:45"], "fr") == ()


def test_whatever_the_library_raises_bears_on_something_with_a_short_name() -> None:
    for file in LIBRARY.glob("*.xlsx"):
        for each in compile_workbook(file.read_bytes()).definition.indicators:
            assert all(short_names([one], "en") for one in each.standards), each.code


def test_every_short_name_is_of_standards_of_the_catalogue_and_stands_in_every_language() -> None:
    assert set(names_by_standard()) <= set(catalogue())
    obligations = next(each for each in instruments() if each.code == "obl")
    for each in obligations.standards:
        for language in LANGUAGES:
            assert short_names([each.id], language)[0].name
    assert all(len(names) == len(LANGUAGES) for names in names_by_standard().values())
