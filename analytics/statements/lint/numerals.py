"""Figures as they are printed in a language, read back as plain numerals."""

import re
from collections.abc import Mapping
from typing import Any

from analytics.statements.blocks import Bound
from analytics.statements.lint.words import WORDS
from analytics.wording import ENGLISH, FORMATS, bound_shown

_SPACES = re.compile(r"[\u2066-\u2069\u200e\u200f]")
_FIGURE = re.compile(r"\d[\d.,\u202f\u00a0]*\d|\d")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")
_MARGIN = re.compile(r"(\d+(?:\.\d+)?)% ±(<?)(\d+(?:\.\d+)?)")


def plain_figures(text: str, language: str) -> str:
    """A printed number in one form: ASCII digits, a point for decimals, nothing for thousands, the
    percent sign next to its figure. Words for two to twelve become figures."""
    style = FORMATS.get(language, ENGLISH)
    text = "".join(str(int(c)) if c.isdigit() and c.isdecimal() else c for c in text)
    text = _SPACES.sub("", text).replace("٪", "%").replace("٫", ".").replace("٬", "")
    words = WORDS.get(language, WORDS["en"])
    text = words.number_word.sub(lambda m: str(words.numbers[m["word"].lower()]), text)

    def figure(match: re.Match[str]) -> str:
        found = match.group().replace("\u202f", "").replace("\u00a0", "")
        found = found.replace(style.thousands, "") if style.thousands.strip() else found
        return found.replace(style.decimal, ".")

    return re.sub(r"[\s\u202f]+%", "%", _FIGURE.sub(figure, text))


def numerals(text: str, language: str) -> tuple[str, ...]:
    """The figures of a text in their order: ``("12", "2")`` for ``12 % ±2``."""
    return tuple(re.findall(r"\d+(?:\.\d+)?", plain_figures(text, language)))


def percent_in(text: str, language: str) -> str | None:
    """The first percentage of a printed number, without its sign; None where there is none."""
    found = _PERCENT.search(plain_figures(text, language))
    return found.group(1) if found else None


def margin_in(text: str, language: str) -> tuple[str, str] | None:
    """Value and margin of what is printed with ±, the margin 0 where it is under one unit."""
    found = _MARGIN.search(plain_figures(text, language))
    return (found.group(1), "0" if found.group(2) else found.group(3)) if found else None


def places(figure: str) -> int:
    """How many decimals a plain figure has."""
    return len(figure.partition(".")[2])


def derived(entry: Mapping[str, Any]) -> frozenset[str]:
    """The figures that may be said of a frozen number: its counts, its value and interval rounded
    to whole percents or to one decimal, the ends of an interval outwards."""
    found = {
        f"{entry[name]:g}" if isinstance(entry[name], float) else str(entry[name])
        for name in ("n", "seen", "of", "stations", "missing", "value", "population")
        if isinstance(entry.get(name), int | float)
    }
    found |= set(numerals(str(entry.get("text", "")), "en"))
    share = entry.get("value")
    if entry.get("measure") == "fact" and isinstance(share, float) and 0 <= share <= 1:
        found |= {f"{100 * share:.0f}", f"{100 * share:.1f}", f"{100 * share:g}"}
    if entry.get("type") == "estimate":
        shares = [100 * entry[each] for each in ("value", "low", "high") if each in entry]
        for share in [*shares, *(100 - each for each in shares)]:
            found |= {f"{share:.0f}", f"{share:.1f}"}
            found |= {f"{bound_shown(share):.1f}", f"{bound_shown(share, 100):.1f}"}
        found |= {"1", "99"} | _margins(entry)
    if entry.get("type") == "count" and entry.get("of"):
        found.add(f"{100 * entry.get('seen', 0) / entry['of']:.0f}")
    return frozenset(found)


def _margins(entry: Mapping[str, Any]) -> set[str]:
    """How far the ends of an interval are from its value, as they are rounded."""
    return {
        f"{abs(round(100 * entry[end], digits) - round(100 * entry['value'], digits)):.{digits}f}"
        for end in ("low", "high")
        for digits in (0, 1)
        if end in entry
    }


def size_of(entry: Mapping[str, Any], number: Bound) -> int | None:
    """How many units a number rests on: those that answered an estimate's question, all of a
    count; None where it is unknown."""
    named = entry.get("of") if entry.get("type") == "count" else entry.get("n")
    found = named if named is not None else number.query.get("n")
    return found if isinstance(found, int) else None


def seen_of(entry: Mapping[str, Any], number: Bound) -> int | None:
    """At how many units it was so; None where it is unknown."""
    named = entry.get("seen")
    found = named if named is not None else number.query.get("seen")
    return found if isinstance(found, int) else None
