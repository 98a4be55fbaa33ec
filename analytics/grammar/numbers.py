"""Numbers in sentences: words or figures, percentages, ranges, and their isolation in Arabic.

Functions return text that may stand in a sentence as it is. In Arabic every figure is isolated
(U+2066 … U+2069) with its sign and its margin, so that the order of the sentence around it does
not turn it over.
"""

import re

from analytics.wording import ENGLISH, FORMATS, Format
from schemas.station_noun import Gender
from schemas.words import RIGHT_TO_LEFT

LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"

WORDS: dict[str, str] = {
    "en": "one two three four five six seven eight nine",
    "fr": "un deux trois quatre cinq six sept huit neuf",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve",
    "pt": "um dois três quatro cinco seis sete oito nove",
    "ar": "واحد اثنين",
}
"""The words for one and up; from the first number without a word on, figures."""
FEMININE: dict[str, dict[int, str]] = {
    "fr": {1: "une"},
    "es": {1: "una"},
    "pt": {1: "uma", 2: "duas"},
    "ar": {1: "واحدة", 2: "اثنتين"},
}
RANGES: dict[str, str] = {
    "en": "{low} to {high}%",
    "fr": "{low} à {high}\u202f%",
    "ar": "ما بين {low}% و{high}%",
    "es": "entre el {low} y el {high}\u202f%",
    "pt": "entre {low} e {high}%",
}
_FIGURE = re.compile(r"\d[\d.,\u202f]*%?")


def style_of(language: str) -> Format:
    """How a language writes numbers; as English does where the house does not write it."""
    return FORMATS.get(language, ENGLISH)


def isolated(figures: str, language: str) -> str:
    """Figures that keep their own order from left to right, in a text from right to left."""
    return f"{LRI}{figures}{PDI}" if figures and language in RIGHT_TO_LEFT else figures


def figure(n: int, language: str) -> str:
    """A whole number in figures, its thousands apart: ``11,240``."""
    return isolated(style_of(language).whole(n), language)


def percent(value: float, language: str, *, places: int = 0) -> str:
    """A percentage (``value`` in percent) with so many decimals: ``12%``, ``49,8 %``."""
    style = style_of(language)
    return isolated(style.decimals(value, places) + style.percent, language)


def percent_range(low: float, high: float, language: str, *, places: int = 0) -> str:
    """From one percentage to another, both in percent: ``95 to 99%``. Where both are printed
    alike, that one percentage. Raises ValueError where ``high`` is under ``low``."""
    if high < low:
        raise ValueError("a range goes from the lower to the higher")
    style = style_of(language)
    ends = [style.decimals(each, places) for each in (low, high)]
    if ends[0] == ends[1]:
        return percent(high, language, places=places)
    text = RANGES.get(language, RANGES["en"]).format(low=ends[0], high=ends[1])
    if language not in RIGHT_TO_LEFT:
        return text
    return _FIGURE.sub(lambda found: isolated(found[0], language), text)


def number_words(n: int, language: str, gender: Gender = "m") -> str:
    """A count in running text: a word from one to nine, in the gender of what is counted, else
    figures. Arabic has words for one and two alone, as they stand after a preposition.

    Nothing stays a figure: a sentence about nothing seen is another sentence.
    Raises ValueError for less than nothing.
    """
    if n < 0:
        raise ValueError("a count is not negative")
    words = WORDS.get(language, WORDS["en"]).split()
    if not 1 <= n <= len(words):
        return figure(n, language)
    feminine = FEMININE.get(language, {}).get(n) if gender == "f" else None
    return feminine or words[n - 1]
