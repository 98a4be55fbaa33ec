"""Rules on where numbers come from: none is typed, none has moved, none is stale."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analytics.statements.blocks import Annex, Block, Bound, Figure, Table
from analytics.statements.lint.found import Found
from analytics.statements.lint.numerals import derived, numerals
from analytics.statements.lint.reading import Phrase, Place, Reading
from analytics.statements.lint.words import WORDS
from analytics.statements.snapshot import holds

_FIGURES = re.compile(r"\d+(?:[.,\u202f]\d+)*")
_DIGITS = re.compile(r"\d[\d.,\u202f]*\s?%?")
_MEMBERS_MORE = re.compile(r"^\d+0$")


def unbound(reading: Reading) -> Iterator[Found]:
    """Every digit and number word outside a reference, but dates, articles and fixed text."""
    for phrase in reading.phrases:
        if phrase.place.origin == "fixed":
            continue
        for words in _typed(phrase, reading):
            yield Found(phrase.place, words)
    for language in reading.given.texts:
        for block, place in reading.blocks(language):
            for text in _labels(block, reading):
                left = WORDS.get(language, WORDS["en"]).exempt.sub(" ", text)
                if place.origin != "fixed" and (typed := _DIGITS.search(left)):
                    yield Found(place, typed.group().strip())


def _typed(phrase: Phrase, reading: Reading) -> Iterator[str]:
    """The figures and number words that somebody typed in a sentence. Words for numbers are read
    where a person writes: what a rule composes binds them."""
    text, words = phrase.typed, phrase.words
    for said in _wordings(reading, phrase.place.language):
        text = text.replace(said, " ")
    text = words.exempt.sub(" ", text)
    yield from (each.group().strip() for each in _DIGITS.finditer(text))
    if phrase.place.part not in ("annex", "table") and phrase.place.origin in (
        "person",
        "accepted",
    ):
        yield from (each["word"] for each in words.number_word.finditer(text))


def _wordings(reading: Reading, language: str) -> set[str]:
    """What indicators say with digits or number words of their own."""
    phrases = (each.get("phrase", {}) for each in reading.given.findings.values())
    found = {str(each.get(language) or "") for each in phrases}
    return {each for each in found if each} | {
        each[:1].upper() + each[1:] for each in found if each
    }


def _labels(block: Block, reading: Reading) -> Iterator[str]:
    """The texts of a block that hold no reference: titles, columns, notes, alternative texts; of an
    alternative text what its rows' numbers leave."""
    snapshot = reading.given.snapshot
    if isinstance(block, Figure):
        labels = [row.label for row in block.rows]
        yield _without(block.title, labels)
        if snapshot is not None:
            drawn = [snapshot.numbers.get(row.number_id, {}) for row in block.rows]
            allowed = frozenset[str]().union(*(derived(each) for each in drawn))
            said = _FIGURES.findall(_without(block.alternative, labels))
            yield " ".join(each for each in said if each not in allowed)
    elif isinstance(block, Table):
        yield from (block.title, *block.columns, block.note)
    elif isinstance(block, Annex):
        yield block.title
        for inner in block.blocks:
            yield from _labels(inner, reading)


def _without(text: str, labels: Iterable[str]) -> str:
    """A text without the labels of its figure, which are an indicator's words."""
    for label in labels:
        text = text.replace(label, " ")
    return text


def moved(reading: Reading) -> Iterator[Found]:
    """Numbers that are not as they were frozen."""
    snapshot = reading.given.snapshot
    if snapshot is None:
        return
    if not holds(snapshot):
        yield Found(text="hash")
    for phrase in reading.phrases:
        for number in phrase.bounds:
            if not _as_frozen(number, phrase.place, snapshot.numbers):
                yield Found(phrase.place, number.text, (number.number_id,))
    drawn = [
        (place, row)
        for block, place in reading.blocks()
        for row in (block.rows if isinstance(block, Figure) else ())
    ]
    for place, row in drawn:
        if row.number_id not in snapshot.numbers:
            yield Found(place, row.label, (row.number_id,))


def _as_frozen(number: Bound, place: Place, numbers: Mapping[str, Mapping[str, Any]]) -> bool:
    entry = numbers.get(number.number_id)
    if entry is None:
        return False
    if number.text == entry.get("text"):
        return True
    if number.measure == "difference" and entry.get("type") != "difference":
        return True  # a comparison without a test: that rule says so
    members = entry.get("query", {}).get("members", ())
    if any(each not in numbers for each in members):
        return False
    allowed = derived(entry).union(*(derived(numbers[each]) for each in members))
    # An interval on a count is forbidden, whatever it says: that rule says so.
    said = number.text.split("±")[0] if entry.get("type") == "count" else number.text
    return all(
        each in allowed or (members and _MEMBERS_MORE.match(each))
        for each in numerals(said, place.language)
    )


def stale(reading: Reading) -> Iterator[Found]:
    """Printed numbers that reports received since the freeze would change."""
    changed = reading.given.changed
    if changed is None or not changed.reports:
        return
    printed = {each.number_id for phrase in reading.phrases for each in phrase.bounds}
    touched = tuple(sorted(printed & set(changed.numbers)))
    if touched:
        yield Found(
            numbers=touched,
            level="warning",
            gaps={
                "time": changed.since,
                "k": str(changed.reports),
                "m": str(len(touched)),
            },
        )
