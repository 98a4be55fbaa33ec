"""Lists in sentences: what was seen, and what was not."""

from collections.abc import Sequence

AND = {"en": "and", "fr": "et", "es": "y", "pt": "e"}
MOST_ITEMS = 4
"""A sentence lists no more; what is over stands in a table."""
_SOUNDS_AS_I = ("i", "í", "hi", "hí")
_SOUNDS_AS_O = ("o", "ó", "ho", "hó")
_NO_VOWEL = ("hia", "hie", "hio", "hiá", "hié", "hió")
"""In "hielo" the i is no vowel, and "y" stays."""


def joined(items: Sequence[str], language: str) -> str:
    """Items joined by "and", without a comma before it: ``a, b and c``. Arabic has its "and"
    before every item but the first; Spanish says "e" before the sound of i."""
    if language == "ar":
        return " و".join(items)
    word = AND.get(language, AND["en"])
    if language == "es" and items and _begins(items[-1], _SOUNDS_AS_I, besides=_NO_VOWEL):
        word = "e"
    return _last_by(items, word)


def either(items: Sequence[str], language: str) -> str:
    """Items of which any one may be meant, joined by "or"."""
    if language == "ar":
        return " أو ".join(items)
    word = {"fr": "ou", "es": "o", "pt": "ou"}.get(language, "or")
    if language == "es" and items and _begins(items[-1], _SOUNDS_AS_O):
        word = "u"
    return _last_by(items, word)


def nor(items: Sequence[str], language: str) -> str:
    """Items none of which was seen, as they stand in a negative sentence: en ``A and B`` (were not
    seen), fr ``ni A ni B``, es ``ni A ni B``, pt ``nem A nem B``, ar ``أي حالة A أو B``. A single
    item has no word before it, but in Arabic."""
    if language == "ar":
        return f"أي حالة {either(items, language)}" if items else ""
    if language not in ("fr", "es", "pt"):
        return joined(items, language)
    if len(items) == 1:
        return items[0]
    word = "nem" if language == "pt" else "ni"
    return " ".join(f"{word} {each}" for each in items)


def _last_by(items: Sequence[str], word: str) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def _begins(item: str, sounds: tuple[str, ...], besides: tuple[str, ...] = ()) -> bool:
    low = item.lower()
    return low.startswith(sounds) and not low.startswith(besides)
