"""Translations of the interface: one gettext catalogue for pages, app and documents."""

import io
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {
    "en": "English",
    "fr": "Français",
    "ar": "العربية",
    "es": "Español",
    "pt": "Português",
}
"""The interface's languages, each by its own name. English is what the code is written in."""

RIGHT_TO_LEFT = frozenset({"ar"})
_CATALOGUES = Path(__file__).parent / "locale"


def direction(language: str) -> str:
    """``rtl`` or ``ltr``."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Of a text in several languages the one asked for, else the English one, else any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; what it has not, in English nearly all, stays as written."""
    file = _CATALOGUES / language / "LC_MESSAGES" / "indelible.po"
    if not file.exists():
        return NullTranslations()
    with file.open("rb") as text:
        catalogue = read_po(text, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def choose_language(asked: str | None, accepted: str | None) -> str:
    """The language to show: the one asked for, else the first accepted one that we speak.

    ``accepted`` is an Accept-Language header; its order is taken as written.
    """
    wanted = [asked or "", *((accepted or "").split(","))]
    for each in wanted:
        code = each.split(";")[0].strip()[:2].lower()
        if code in LANGUAGES:
            return code
    return "en"


def N_(text: str) -> str:  # noqa: N802 (the name that gathers texts for translation)
    """Mark a text that is translated where it is shown."""
    return text


def word(language: str, text: str) -> str:
    """A text of the interface in a language."""
    return translations(language).gettext(text) if text else ""
