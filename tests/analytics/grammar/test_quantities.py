"""The words for a share of stations: five bands, five languages, the mission's noun."""

from itertools import pairwise

import pytest

from analytics.grammar.quantities import BANDS, Band, band_of, quantity_words
from analytics.numbers import ObservedCount
from schemas.station_noun import STATION_NOUNS, station_noun
from schemas.words import LANGUAGES
from tests.analytics.test_wording import an_estimate


@pytest.mark.parametrize(
    ("language", "some", "majority"),
    [
        ("en", "at some polling stations", "at the majority of polling stations"),
        ("fr", "dans certains bureaux de vote", "dans la majorité des bureaux de vote"),
        ("ar", "في بعض مراكز الاقتراع", "في غالبية مراكز الاقتراع"),
        ("es", "en algunas mesas de votación", "en la mayoría de las mesas de votación"),
        ("pt", "em algumas mesas de voto", "na maioria das mesas de voto"),
    ],
)
def test_a_band_is_said_with_the_noun_of_the_language(
    language: str, some: str, majority: str
) -> None:
    assert quantity_words("some", station_noun(language)) == some
    assert quantity_words("majority", station_noun(language)) == majority


def test_a_band_is_said_with_the_mission_s_noun() -> None:
    chosen = {"es": "casilla", "ar": "محطة اقتراع"}
    assert quantity_words("almost_all", station_noun("es", chosen)) == "en casi todas las casillas"
    assert quantity_words("many", station_noun("ar", chosen)) == "في العديد من محطات الاقتراع"


def test_every_noun_has_every_band_in_words_without_a_slot_left() -> None:
    assert {each.language for each in STATION_NOUNS} == set(LANGUAGES)
    for noun in STATION_NOUNS:
        said = [quantity_words(each.band, noun) for each in BANDS]
        assert len(set(said)) == len(BANDS)
        assert not any("{" in each for each in said)


def test_the_scale_has_no_gap_and_no_overlap() -> None:
    ends = [(each.low, each.high) for each in BANDS]
    assert (ends[0][0], ends[-1][1]) == (0, 100)
    assert all(high + 1 == low for (_, high), (low, _) in pairwise(ends))


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (0.003, "isolated"),
        (0.046, "some"),
        (0.196, "many"),
        (0.5, "majority"),
        (0.944, "majority"),
        (0.96, "almost_all"),
    ],
)
def test_the_band_goes_by_the_percentage_as_it_is_printed(value: float, band: Band) -> None:
    assert band_of(an_estimate(value, value, value)) == band


def test_counts_few_answers_none_and_all_have_no_band_nor_has_a_crossing_interval() -> None:
    assert band_of(ObservedCount(23, 164, 90, unit="observation")) is None
    assert band_of(an_estimate(0.3, 0.25, 0.35, n=99)) is None
    assert band_of(an_estimate(0.0, 0.0, 0.003)) is None
    assert band_of(an_estimate(1.0, 0.99, 1.0)) is None
    assert band_of(an_estimate(0.06, 0.04, 0.09)) is None
