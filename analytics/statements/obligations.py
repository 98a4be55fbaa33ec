"""Obligations by their short names, in the forms that a sentence takes them in."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ShortName:
    """A name with its article, after "to" (fr *à*, es *a*, pt *a*), and in Arabic after بـ."""

    name: str
    to: str
    by: str


def names_of(standards: Iterable[str], language: str) -> list[ShortName]:
    """The short names of standards, each once; those that have none are left out."""
    named = (NAMES.get(each, {}).get(language) for each in standards)
    return [_forms(each, language) for each in dict.fromkeys(filter(None, named))]


def _forms(name: str, language: str) -> ShortName:
    return ShortName(name, _to(name, language), f"ب{name}")


def _to(name: str, language: str) -> str:
    contracted = {"fr": ("le ", "au "), "es": ("el ", "al "), "pt": ("o ", "ao ")}
    if language not in contracted:
        return name
    article, together = contracted[language]
    if name.startswith(article):
        return together + name.removeprefix(article)
    if language == "pt" and name.startswith("a "):
        return "à " + name.removeprefix("a ")
    return f"{'à' if language == 'fr' else 'a'} {name}"


def _in_five(en: str, fr: str, ar: str, es: str, pt: str) -> dict[str, str]:
    return {"en": en, "fr": fr, "ar": ar, "es": es, "pt": pt}


NAMES: dict[str, dict[str, str]] = {
    "obl:7": _in_five(
        "the secret ballot",
        "le secret du vote",
        "سرية الاقتراع",
        "el secreto del voto",
        "o segredo do voto",
    ),
}
