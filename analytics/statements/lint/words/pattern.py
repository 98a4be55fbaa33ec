"""The words of one language that the lint looks for, as patterns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Pattern = re.Pattern[str]
NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class LintWords:
    """Patterns of one language, in the order of the rules that use them.

    ``numbers`` are the words for two to twelve with what they mean; ``exempt`` what may hold digits
    or such words without being a figure. ``station`` to ``vote`` are the nouns of the units.
    ``observed`` follows a noun that is restricted to what was observed. ``asked_of`` refers back to
    a condition that was said before.
    """

    numbers: Mapping[str, int]
    number_word: Pattern
    exempt: Pattern
    station: Pattern
    observation: Pattern
    vote: Pattern
    all_stations: Pattern
    confidence: Pattern
    quantity: Pattern
    never_happened: Pattern
    none: Pattern
    asked_of: Pattern
    ranking: Pattern
    compared: Pattern
    joined: Pattern
    judgement: Pattern
    falls_short: Pattern
    against_law: Pattern
    article: Pattern
    banned: Pattern
    of_the_whole: Pattern
    hedges: Pattern
    before_number: Pattern
    whole: Pattern
    winner: Pattern
    seen: Pattern
    missing: Pattern


def language(numbers: Mapping[str, int], prefix: str = "", **patterns: str) -> LintWords:
    """Compile one language's patterns; each but ``before_number`` and ``exempt`` is of whole words.

    ``prefix`` are letters that may be written in one with a word before it.
    """
    compiled: dict[str, Any] = {
        name: re.compile(
            pattern if name in ("exempt", "all_stations") else rf"\b{prefix}(?:{pattern})\b",
            re.IGNORECASE,
        )
        for name, pattern in patterns.items()
        if name != "before_number"
    }
    words = "|".join(sorted(numbers, key=len, reverse=True))
    number_word = re.compile(rf"\b{prefix}(?P<word>{words})\b", re.IGNORECASE)
    before = re.compile(rf"\b{prefix}(?:{patterns['before_number']})\s*$", re.IGNORECASE)
    return LintWords(numbers=numbers, number_word=number_word, before_number=before, **compiled)


DIGITS = (
    r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[:.h]\d\d\b(?!\s*%)|\bUTC[+−-]\d{1,2}(?::\d\d)?"
    r"|\b[a-z]+[0-9]*:\d+(?:\.\d+)*[a-z]?\b"
)
"""Dates, times, and the ids of standards in figures, in any language."""
