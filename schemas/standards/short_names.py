"""Short names of what standards ask, in five languages, as the end of a paragraph says them."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "fr", "ar", "es", "pt")
UNREAD = frozenset({"fr", "ar", "es", "pt"})
"""The languages in which no native speaker has read the short names."""
MOST_NAMES = 2
"""A paragraph names no more."""

_CONTRACTIONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "en": (("", "to ", "of "),),
    "fr": (("le ", "au ", "du "), ("les ", "aux ", "des "), ("", "à ", "de ")),
    "es": (("el ", "al ", "del "), ("", "a ", "de ")),
    "pt": (
        ("o ", "ao ", "do "),
        ("a ", "à ", "da "),
        ("os ", "aos ", "dos "),
        ("as ", "às ", "das "),
        ("", "a ", "de "),
    ),
    "ar": (("ال", "بال", "لل"), ("", "ب", "ل")),
}
"""What a name begins with; what stands there after the two prepositions of the language."""


@dataclass(frozen=True)
class ShortName:
    """A short name, and with the two prepositions that sentences put before it.

    ``to`` is with *to*, *à*, *a*, *a* and بـ; ``of`` with *of*, *de*, *de*, *de* and لـ; the
    article and the preposition are one word where the language writes them so.
    """

    name: str
    to: str
    of: str


def short_names(ids: Iterable[str], language: str, most: int = MOST_NAMES) -> tuple[ShortName, ...]:
    """The short names of these standards, in their order, each once, and no more than ``most``.

    A standard without a short name, such as a mission's own, has none here; a language that the
    house does not write gets English.
    """
    known = names_by_standard()
    names = dict.fromkeys(known[each] for each in ids if each in known)
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return tuple(_with_prepositions(each[place], LANGUAGES[place]) for each in names)[:most]


@cache
def names_by_standard() -> dict[str, tuple[str, ...]]:
    """The short name of each standard that has one, in the order of :data:`LANGUAGES`."""
    file = Path(__file__).parent / "names" / "short.toml"
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return {each: tuple(one["name"].split("|")) for one in read.values() for each in one["of"]}


def _with_prepositions(name: str, language: str) -> ShortName:
    begin, to, of = next(each for each in _CONTRACTIONS[language] if name.startswith(each[0]))
    rest = name.removeprefix(begin)
    return ShortName(name, to + rest, of + rest)
