"""What a polling station is called: one noun a language unless the mission chose another."""

import pytest

from schemas.station_noun import STATION_NOUNS, known_noun, nouns_of, station_noun
from schemas.words import LANGUAGES


def test_without_a_choice_the_first_noun_of_the_language_stands() -> None:
    assert {each: station_noun(each).singular for each in LANGUAGES} == {
        "en": "polling station",
        "fr": "bureau de vote",
        "ar": "مركز اقتراع",
        "es": "mesa de votación",
        "pt": "mesa de voto",
    }


def test_a_choice_stands_in_its_language_alone() -> None:
    chosen = {"pt": "seção eleitoral"}
    assert station_noun("pt", chosen).of_stations == "das seções eleitorais"
    assert station_noun("es", chosen) == station_noun("es")


def test_a_choice_that_is_not_known_leaves_the_first_and_is_refused_where_it_is_made() -> None:
    assert station_noun("es", {"es": "urna"}) == station_noun("es")
    with pytest.raises(ValueError, match="one of: mesa de votación, casilla"):
        known_noun("es", "urna")


def test_every_noun_has_all_its_forms_and_arabic_its_dual() -> None:
    for noun in STATION_NOUNS:
        forms = noun.model_dump(exclude={"countries", "dual", "gender", "language"})
        assert all(forms.values()), noun
        assert bool(noun.dual) == (noun.language == "ar")
    assert all(next(iter(nouns_of(each).values())).countries == () for each in LANGUAGES)
