"""A statement's language: templates filled, lists joined, numbers in words and in isolates."""

import re
from collections.abc import Sequence

from babel import Locale

from analytics.grammar import lists
from analytics.grammar.numbers import LRI, figure, number_words, percent_range
from analytics.statements.blocks import (
    Bound,
    ExemptText,
    Part,
    Piece,
    PlainText,
    Sentence,
    isolated,
    joined,
)
from analytics.statements.templates import TEMPLATES
from analytics.wording import ENGLISH, FORMATS
from schemas.station_noun import STATION_NOUNS, Gender, StationNoun

_GAP = re.compile(r"\{(\w+)\}")
_PLACE = re.compile(r"\x00(\d+)\x00")
_LISTS = {"and": lists.joined, "or": lists.either, "nor": lists.nor}


class Speech:
    """The sentences of one language, with the mission's noun for polling stations.

    Raises KeyError for a language that has no templates.
    """

    def __init__(self, language: str, station: StationNoun | None = None) -> None:
        self.language = language
        self._templates = TEMPLATES[language]
        self.style = FORMATS.get(language, ENGLISH)
        self.station = station or next(each for each in STATION_NOUNS if each.language == language)
        definite = language == "ar"
        self._stations = self.station.the_plural if definite else self.station.plural

    def has(self, name: str) -> bool:
        """Whether the language has a template of its own under a name."""
        return name in self._templates

    def form(self, name: str, *variants: str) -> str:
        """The name with the first of the variants that the language has, else the name."""
        return next((f"{name}.{each}" for each in variants if self.has(f"{name}.{each}")), name)

    def form_of(self, *names: str) -> str:
        """The first of the names that the language has. Raises StopIteration for none."""
        return next(each for each in names if self.has(each))

    def say(self, name: str, /, **parts: Part) -> Sentence:
        """The template of a name, its gaps filled. A gap with a capital begins with one.

        Raises KeyError for a name or a gap that is not there.
        """
        given: dict[str, Part] = {
            "stations": self._stations,
            "short": self.station.short_plural,
            "station": self.station.singular,
            "of_stations": self.station.of_stations,
            **parts,
        }
        pieces: list[Piece] = []
        for position, each in enumerate(_GAP.split(self._templates[name])):
            if position % 2 == 0:
                pieces += [PlainText(text=each)] if each else []
            elif each in given:
                pieces += self._pieces(given[each])
            else:
                pieces += capital(tuple(self._pieces(given[each[0].lower() + each[1:]])))
        return joined(pieces)

    def _pieces(self, part: Part) -> list[Piece]:
        if isinstance(part, str):
            return [_words(part)] if part else []
        return list(part) if isinstance(part, tuple) else isolated(part, self.language)

    def counted(self, noun: str, n: int, bound: Bound, gender: Gender = "m") -> Sentence:
        """A number with what it counts, in the plural form that the language has for it: “one
        place”, “3 places”. ``bound`` is the number, of which ``n`` is the value."""
        category = Locale(self.language).plural_form(n)
        name = self.form(f"n.{noun}", category, "other")
        own = self._templates.get(f"{name}.text")
        text = own or self.number(n, gender)
        said = bound.model_copy(update={"text": text, "value": text, "margin": ""})
        return self.say(name, n=said)

    def joined(self, items: Sequence[Part], how: str = "and") -> Sentence:
        """A list as the language joins it: ``a, b and c``; ``how`` is ``and``, ``or`` or ``nor``.

        Spanish and Arabic look at how the next item begins: where it is words, these decide.
        """
        texts = [
            each if isinstance(each, str) and "\x00" not in each else f"\x00{at}\x00"
            for at, each in enumerate(items)
        ]
        pieces: list[Piece] = []
        for position, each in enumerate(_PLACE.split(_LISTS[how](texts, self.language))):
            if position % 2:
                pieces += self._pieces(items[int(each)])
            elif each:
                pieces.append(_words(each))
        return joined(pieces)

    def gender_of(self, stage: str) -> str:
        """``f`` where the stage's name is feminine, else ``m``."""
        return self._templates.get(f"gender.{stage}", "m")

    def range(self, low: int, high: int) -> str:
        """From one whole percentage to another, as it stands in this language's sentences."""
        if self.has("range") and low != high:
            return self._templates["range"].format(low=low, high=f"{high}{self.style.percent}")
        if self.has("range.same") and low == high:
            return self._templates["range.same"].format(high=f"{high}{self.style.percent}")
        return percent_range(low, high, self.language)

    def counts(self, low: int, high: int, gender: Gender = "m") -> str:
        """From one count to another: in words where both have one, else both in figures."""
        words = [self.number(each, gender) for each in (low, high)]
        if low == high:
            return words[0]
        name = "range.counts.or" if high - low == 1 else "range.counts"
        if any(any(map(str.isdigit, each)) for each in words):
            words = [figure(each, self.language) for each in (low, high)]
        return self._templates[name].format(low=words[0], high=words[1])

    def number(self, n: int, gender: Gender = "m") -> str:
        """A count in running text: in words where the language has them, else in figures."""
        written = number_words(n, self.language, gender) if n else ""
        return self.style.whole(n) if not written or LRI in written else written


def _words(text: str) -> Piece:
    """Words of a checklist may hold a figure, as “30 minutes late” does: it counts nothing."""
    if any(map(str.isdigit, text)):
        return ExemptText(text=text, why="wording")
    return PlainText(text=text)


def capital(sentence: Sentence) -> Sentence:
    """A sentence that begins with a capital."""
    first = sentence[0] if sentence else None
    if first is None or isinstance(first, Bound):
        return sentence
    text = first.text[:1].upper() + first.text[1:]
    return (first.model_copy(update={"text": text}), *sentence[1:])
