"""What a polling station is called: a mission's choice in each language, with gender and forms."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

Gender = Literal["m", "f"]


class StationNoun(BaseModel):
    """One noun for the polling station in one language, in the forms that sentences need.

    Sentences take a form as it stands and never decline it. ``of_stations`` carries its
    preposition and article ("des bureaux de vote"); the ``short`` forms stand where the noun has
    been named before. ``dual`` is Arabic's short form for two, after a preposition.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    gender: Gender
    singular: str
    plural: str
    the_singular: str
    the_plural: str
    of_stations: str
    short: str
    short_plural: str
    dual: str = ""
    countries: tuple[str, ...] = ()
    """Where it is the usual word, by code (ISO 3166); none for the first of a language."""


def _noun(language: str, gender: Gender, forms: str, countries: str = "") -> StationNoun:
    names = (
        "singular",
        "plural",
        "the_singular",
        "the_plural",
        "of_stations",
        "short",
        "short_plural",
        "dual",
    )
    given = dict(zip(names, (each.strip() for each in forms.split("|")), strict=False))
    return StationNoun.model_validate(
        {
            "language": language,
            "gender": gender,
            "countries": tuple(countries.split()),
            **given,
        }
    )


STATION_NOUNS: tuple[StationNoun, ...] = (
    _noun(
        "en",
        "m",
        "polling station | polling stations | the polling station | the polling stations"
        " | of polling stations | station | stations",
    ),
    _noun(
        "fr",
        "m",
        "bureau de vote | bureaux de vote | le bureau de vote | les bureaux de vote"
        " | des bureaux de vote | bureau | bureaux",
    ),
    _noun(
        "ar",
        "m",
        "مركز اقتراع | مراكز اقتراع | مركز الاقتراع | مراكز الاقتراع | من مراكز الاقتراع"
        " | مركز | مراكز | مركزين",
    ),
    _noun(
        "ar",
        "f",
        "محطة اقتراع | محطات اقتراع | محطة الاقتراع | محطات الاقتراع | من محطات الاقتراع"
        " | محطة | محطات | محطتين",
        "IQ LY JO",
    ),
    _noun(
        "ar",
        "m",
        "مكتب اقتراع | مكاتب اقتراع | مكتب الاقتراع | مكاتب الاقتراع | من مكاتب الاقتراع"
        " | مكتب | مكاتب | مكتبين",
        "DZ MA MR TN",
    ),
    _noun(
        "ar",
        "m",
        "قلم اقتراع | أقلام اقتراع | قلم الاقتراع | أقلام الاقتراع | من أقلام الاقتراع"
        " | قلم | أقلام | قلمين",
        "LB",
    ),
    _noun(
        "ar",
        "f",
        "لجنة فرعية | لجان فرعية | اللجنة الفرعية | اللجان الفرعية | من اللجان الفرعية"
        " | لجنة | لجان | لجنتين",
        "EG",
    ),
    _noun(
        "es",
        "f",
        "mesa de votación | mesas de votación | la mesa de votación | las mesas de votación"
        " | de las mesas de votación | mesa | mesas",
    ),
    _noun(
        "es",
        "f",
        "casilla | casillas | la casilla | las casillas | de las casillas | casilla | casillas",
        "MX",
    ),
    _noun(
        "es",
        "f",
        "junta receptora de votos | juntas receptoras de votos | la junta receptora de votos"
        " | las juntas receptoras de votos | de las juntas receptoras de votos | junta | juntas",
        "CR EC HN",
    ),
    _noun(
        "pt",
        "f",
        "mesa de voto | mesas de voto | a mesa de voto | as mesas de voto | das mesas de voto"
        " | mesa | mesas",
    ),
    _noun(
        "pt",
        "f",
        "assembleia de voto | assembleias de voto | a assembleia de voto | as assembleias de voto"
        " | das assembleias de voto | assembleia | assembleias",
        "AO MZ",
    ),
    _noun(
        "pt",
        "f",
        "seção eleitoral | seções eleitorais | a seção eleitoral | as seções eleitorais"
        " | das seções eleitorais | seção | seções",
        "BR",
    ),
)
"""The nouns that the house knows; the first of a language stands where a mission chose none."""


def nouns_of(language: str) -> dict[str, StationNoun]:
    """The nouns of a language by their singular, the one that stands without a choice first."""
    return {each.singular: each for each in STATION_NOUNS if each.language == language}


def station_noun(language: str, chosen: Mapping[str, str] | None = None) -> StationNoun:
    """What a mission calls the polling station in a language.

    ``chosen`` maps a language to a singular, as a mission's file gives it. Where it has none, or
    one that the house does not know, it is the first of the language; of a language that the
    house does not write, English's.
    """
    known = nouns_of(language) or nouns_of("en")
    return known.get((chosen or {}).get(language, "")) or next(iter(known.values()))


def known_noun(language: str, singular: str) -> str:
    """The singular, where the house knows it. Raises ValueError naming those that it knows."""
    known = nouns_of(language)
    if not known:
        raise ValueError(f"{language}: no such language; there are en, fr, ar, es and pt")
    if singular not in known:
        raise ValueError(f"{language}: {singular!r} is not known; one of: {', '.join(known)}")
    return singular
