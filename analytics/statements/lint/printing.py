"""Rules on how a number is printed: intervals, percentages, small numbers, units and domains."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from analytics.statements.asked import NEARLY_ALL
from analytics.statements.blocks import Bound, Figure, PlainText, Table
from analytics.statements.lint.found import Found
from analytics.statements.lint.numerals import margin_in, percent_in, places, seen_of, size_of
from analytics.statements.lint.reading import Phrase, Place, Reading
from analytics.wording import ENOUGH_FOR_ESTIMATE, ENOUGH_FOR_SHARE

_INTERVAL = re.compile(r"±|≤|≥|%[\u2069\s]*[–-]|\d[–-]\d")
_AFTER = 48
"""How many signs after a number its noun is looked for."""


def intervals_forbidden(reading: Reading) -> Iterator[Found]:
    """Intervals, claims on all stations and rankings that stand on what nobody drew by lot."""
    for phrase in reading.phrases:
        yield from _interval_on_count(phrase, reading)
    for block, place in reading.blocks():
        if isinstance(block, Figure) and block.picture == "intervals" and reading.given.snapshot:
            for row in block.rows:
                frozen = reading.given.snapshot.numbers.get(row.number_id, {"type": "estimate"})
                if frozen.get("type") != "estimate":
                    yield Found(place, row.label, (row.number_id,))
        if isinstance(block, Table) and block.groups == "areas" and block.ranked_by == "number":
            cells = [piece for row in block.rows for cell in row for piece in cell]
            if any(isinstance(each, Bound) and each.measure == "count" for each in cells):
                yield Found(place, block.title, text="ranking")


def _interval_on_count(phrase: Phrase, reading: Reading) -> Iterator[Found]:
    counts = [each for each in phrase.bounds if each.measure == "count"]
    if not counts:
        return
    first = (counts[0].number_id,)
    if phrase.place.language == reading.reference:
        for number in counts:
            if _INTERVAL.search(number.text):
                yield Found(phrase.place, number.text, (number.number_id,))
                return
    sampled = [each for each in phrase.bounds if reading.entry(each).get("type") == "estimate"]
    said = phrase.words.confidence.search(phrase.typed)
    if not sampled and said:
        yield Found(phrase.place, said.group(), first)
    yield from _said_of_all(phrase, [each for each in counts if each not in sampled])
    if said := phrase.words.ranking.search(phrase.text):
        yield Found(phrase.place, said.group(), first, text="ranking")


def _said_of_all(phrase: Phrase, counts: list[Bound]) -> Iterator[Found]:
    """Counts with the words that only an estimate has: of polling stations, without "observed"."""
    for piece, after in pairwise(phrase.pieces):
        if isinstance(piece, Bound) and piece in counts and isinstance(after, PlainText):
            said = phrase.words.all_stations.match(after.text)
            if said:
                words = f"{piece.text}{said.group()}"
                yield Found(phrase.place, words, (piece.number_id,), text="of_all")


def interval_display(reading: Reading) -> Iterator[Found]:
    """± whose ends are not the interval's, 0% or 100% for what is neither, decimals of votes."""
    for phrase in reading.numbered:
        for number in phrase.bounds:
            entry = reading.entry(number)
            if number.measure in ("estimate", "count"):
                yield from _displayed(phrase, number, entry, reading.reference)


def _displayed(
    phrase: Phrase, number: Bound, entry: Mapping[str, Any], language: str
) -> Iterator[Found]:
    value = percent_in(number.text, language)
    seen, n = seen_of(entry, number), size_of(entry, number)
    if value is None:
        return
    if seen is not None and n is not None and number.query.get("polarity") != "":
        hidden = (float(value) == 0 < seen) or (float(value) == 100 and seen < n)
        if hidden and not number.text.lstrip().startswith(("<", ">")):
            gaps = {"seen": str(seen), "n": str(n)}
            yield Found(phrase.place, number.text, (number.number_id,), "rounded", gaps=gaps)
            return
    if entry.get("speaks") == "votes" and number.measure == "estimate" and places(value) != 1:
        yield Found(phrase.place, number.text, (number.number_id,), "decimals")
        return
    printed = margin_in(number.text, language)
    if printed is None or "low" not in entry or entry.get("type") != "estimate":
        return
    middle, margin = printed
    low, high = (f"{100 * entry[each]:.{places(middle)}f}" for each in ("low", "high"))
    ends = [f"{float(middle) + sign * float(margin):.{places(middle)}f}" for sign in (-1, 1)]
    if ends != [low, high]:
        gaps = {"from": ends[0], "to": ends[1], "low": low, "high": high}
        yield Found(phrase.place, number.text, (number.number_id,), gaps=gaps)


def small_numbers(reading: Reading) -> Iterator[Found]:
    """Percentages, estimates, quantity words and conclusions on too few."""
    for phrase in reading.phrases:
        for number in phrase.bounds:
            entry = reading.entry(number)
            here = phrase.place.language == reading.reference
            n = size_of(entry, number)
            if n is None or number.query.get("members") or entry.get("speaks") == "votes":
                continue
            form = _form_too_small(phrase, number, entry, n)
            if form and (here or form == "a word of quantity"):
                gaps = {
                    "n": str(n),
                    "form": form,
                    "seen": str(seen_of(entry, number) or 0),
                }
                yield Found(phrase.place, number.text, (number.number_id,), gaps=gaps)


def _form_too_small(phrase: Phrase, number: Bound, entry: Mapping[str, Any], n: int) -> str:
    """What a number is said as that so few do not bear; empty where they do."""
    percent = "%" in number.text or "٪" in number.text
    if number.measure == "count" and percent and n < ENOUGH_FOR_SHARE:
        return "a percentage"
    if number.measure == "estimate" and percent and n < ENOUGH_FOR_ESTIMATE:
        return "an estimate"
    if number.measure not in ("estimate", "count"):
        return ""
    if n < ENOUGH_FOR_SHARE and phrase.words.quantity.search(phrase.typed):
        return "a word of quantity"
    leads = phrase.place.section == "conclusions" or phrase.place.part == "headline"
    unit = entry.get("unit") or number.query.get("unit")
    whole = number.finding is not None and not entry.get("domain") and unit == "station"
    return "a conclusion" if leads and whole and n < ENOUGH_FOR_ESTIMATE else ""


def low_response(reading: Reading) -> Iterator[Found]:
    """Estimates where too few of a class, or of all, reported."""
    given = reading.given.response
    classes = {} if given is None else {"": given.overall, **given.by_class}
    threshold = 0.0 if given is None else given.threshold
    low = sorted((share, name) for name, share in classes.items() if share < threshold)
    for phrase in reading.numbered:
        for number in phrase.bounds:
            own = reading.entry(number).get("query", {}).get("response")
            worst = low[0] if low else (1.0, "")
            if given is not None and isinstance(own, float) and own < threshold:
                worst = min(worst, (own, ""))
            if number.measure == "estimate" and worst[0] < threshold:
                gaps = {"share": f"{100 * worst[0]:.0f}", "class": worst[1] or "the sample"}
                yield Found(phrase.place, number.text, (number.number_id,), gaps=gaps)


def wrong_units(reading: Reading) -> Iterator[Found]:
    """A noun beside a number that is not of its unit; visits among the stations of a count."""
    for phrase in reading.phrases:
        for piece, after in pairwise(phrase.pieces):
            if not isinstance(piece, Bound) or not isinstance(after, PlainText):
                continue
            entry = reading.entry(piece)
            noun = _wrong_noun(phrase, piece, after.text, entry)
            if noun:
                gaps = {
                    "noun": noun,
                    "unit": UNITS[str(entry.get("unit") or piece.query.get("unit"))],
                    "n": str(size_of(entry, piece) or ""),
                    "stations": str(entry.get("stations", piece.query.get("stations", ""))),
                }
                words = f"{piece.text} {noun}"
                yield Found(phrase.place, words, (piece.number_id,), gaps=gaps)


UNITS = {
    "station": "polling stations",
    "observation": "observations",
    "report": "reports",
    "vote": "votes",
}
"""What each unit is called in a message."""


def _wrong_noun(phrase: Phrase, number: Bound, after: str, entry: Mapping[str, Any]) -> str:
    """The noun that stands beside a number against its unit; empty where it is right."""
    unit = entry.get("unit") or number.query.get("unit")
    if unit not in UNITS:
        return ""
    words, near = phrase.words, re.split(r"[,;:(]", after[:_AFTER])[0]
    nouns = {"station": words.station, "observation": words.observation, "vote": words.vote}
    first = min(
        (
            (match.start(), name, match.group())
            for name, pattern in nouns.items()
            if (match := pattern.search(near))
        ),
        default=None,
    )
    if first is None:
        return ""
    visits = entry.get("type") == "count" and unit == "station" and first[1] == "station"
    if visits and isinstance(entry.get("stations"), int) and entry["stations"] < entry["of"]:
        return first[2]
    beside_report = unit == "report" and first[1] == "vote"
    if first[1] == unit or (unit == "report" and not beside_report and first[1] != "station"):
        return ""
    return first[2] if _adjoins(near, first[0]) else ""


def _adjoins(near: str, start: int) -> bool:
    """Whether a noun stands with its number: at most two short words between them."""
    return len(near[:start].split()) <= 2


def domains(reading: Reading) -> Iterator[Found]:
    """Numbers of a question that only some were asked, without saying of which."""
    for phrase in reading.said:
        for number in phrase.bounds:
            domain = reading.entry(number).get("domain")
            told = domain and (_says_domain(phrase, domain) or _told_once(phrase, number, reading))
            if domain and number.measure != "fact" and not told:
                yield _domain_found(phrase.place, number.text, number.number_id, reading)
    for language in reading.given.texts:
        for block, place in reading.blocks(language):
            if isinstance(block, Figure):
                yield from _drawn_domains(block, place, reading)


def _told_once(phrase: Phrase, number: Bound, reading: Reading) -> bool:
    """Whether nearly all were asked, and the method says of whom: a text says that once."""
    entry, language = reading.entry(number), phrase.place.language
    answered = int(entry.get("of" if entry.get("type") == "count" else "n") or 0)
    asked = answered / max(answered + int(entry.get("not_asked") or 0), 1)
    method = (
        each
        for each in reading.said
        if each.place.part == "method" and each.place.language == language
    )
    return asked >= NEARLY_ALL and any(_says_domain(each, entry["domain"]) for each in method)


def _drawn_domains(figure: Figure, place: Place, reading: Reading) -> Iterator[Found]:
    """The rows of a figure whose domain neither its title nor their label says."""
    snapshot = reading.given.snapshot
    for row in figure.rows if snapshot else ():
        domain = (snapshot.numbers if snapshot else {}).get(row.number_id, {}).get("domain")
        said = f"{figure.title} {row.label}"
        if domain and not any(each in said for each in domain["text"].values()):
            yield _domain_found(place, row.label, row.number_id, reading)


def _domain_found(place: Place, words: str, number_id: str, reading: Reading) -> Found:
    snapshot = reading.given.snapshot
    entry = snapshot.numbers.get(number_id, {}) if snapshot else {}
    asked = str(entry.get("domain", {}).get("n", "")) if entry.get("domain") else ""
    n = entry.get("of") if entry.get("type") == "count" else entry.get("n")
    beside = int(entry.get("not_asked") or 0)
    gaps = {"words": words, "n": asked or str(n or ""), "all": str(int(asked or n or 0) + beside)}
    return Found(place, words, (number_id,), gaps=gaps)


def _text(domain: Mapping[str, Any], language: str) -> str:
    texts = domain.get("text", {})
    return str(texts.get(language) or texts.get("en") or "")


def _says_domain(phrase: Phrase, domain: Mapping[str, Any]) -> bool:
    said = _text(domain, phrase.place.language).casefold()
    return (bool(said) and said in phrase.text.casefold()) or bool(
        phrase.words.asked_of.search(phrase.text)
    )
