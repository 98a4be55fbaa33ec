"""Reading a statement for its lint: its sentences, with the place and the numbers of each."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from analytics.statements.blocks import (
    Annex,
    Block,
    Bound,
    Disclaimer,
    Figure,
    FindingList,
    Heading,
    Origin,
    Paragraph,
    PlainText,
    Sentence,
    Table,
    Verdict,
    plain,
)
from analytics.statements.lint.facts import LintInput
from analytics.statements.lint.words import WORDS, LintWords

Part = Literal["headline", "heading", "text", "method", "disclaimer", "table", "annex"]
_ENDS = re.compile(r"(?<=[.!?؟])\s+")


@dataclass(frozen=True)
class Place:
    """Where something stands in a statement."""

    language: str
    section: str
    block: str
    origin: Origin = "composed"
    part: Part = "text"


@dataclass(frozen=True)
class Phrase:
    """One sentence at its place; ``before`` are the sentences of its block before it."""

    place: Place
    pieces: Sentence
    paragraph: Sentence

    @property
    def text(self) -> str:
        """The sentence as it is read."""
        return plain(self.pieces)

    @property
    def typed(self) -> str:
        """What somebody typed of it; a bound number or marked words leave a gap."""
        return "".join(each.text if isinstance(each, PlainText) else " ◦ " for each in self.pieces)

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """Its bound numbers."""
        return tuple(each for each in self.pieces if isinstance(each, Bound))

    @property
    def words(self) -> LintWords:
        """The words of its language."""
        return WORDS.get(self.place.language, WORDS["en"])


class Reading:
    """A statement as its rules read it. Numbers are read in the reference language, words in
    each."""

    def __init__(self, given: LintInput) -> None:
        self.given = given
        self.reference = next(iter(given.texts), "en")

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """Every sentence of every language, annexes included."""
        return tuple(
            phrase
            for language, blocks in self.given.texts.items()
            for block, place in placed(blocks, language)
            for sentence, at in texts_of(block, place)
            for phrase in _phrases(sentence, at)
        )

    @cached_property
    def said(self) -> tuple[Phrase, ...]:
        """Every sentence of every language outside annexes and tables."""
        return tuple(each for each in self.phrases if each.place.part not in ("annex", "table"))

    @cached_property
    def numbered(self) -> tuple[Phrase, ...]:
        """The sentences with numbers of the reference language, annexes included."""
        return tuple(
            each for each in self.phrases if each.bounds and each.place.language == self.reference
        )

    def blocks(self, language: str | None = None) -> Iterator[tuple[Block, Place]]:
        """The blocks of one language (None: the reference) with their places."""
        language = language or self.reference
        yield from placed(self.given.texts.get(language, ()), language)

    def entry(self, number: Bound) -> Mapping[str, Any]:
        """What is known of a number: as it was frozen, else what stands in its query."""
        snapshot = self.given.snapshot
        frozen = snapshot.numbers.get(number.number_id) if snapshot else None
        if frozen is not None:
            return frozen
        query = number.query
        of = {"of": query["n"]} if number.measure == "count" and "n" in query else {}
        return {**query, **of, "type": number.measure, "query": query}

    def finding(self, number: Bound) -> Mapping[str, Any]:
        """The finding of a number as stored, empty where it has none."""
        return self.given.findings.get(number.finding or number.number_id, {})

    @cached_property
    def told(self) -> frozenset[str]:
        """The ids of the numbers and findings that the text tells, the members of merges with
        them; what stands in an annex or a table alone is not told."""
        found: set[str] = set()
        for phrase in self.said:
            for each in phrase.bounds:
                members = self.entry(each).get("query", {}).get("members", ())
                found |= {each.number_id, each.finding or each.number_id, *members}
        for block, _ in self.blocks():
            if isinstance(block, FindingList):
                found |= {item.finding for item in block.items}
        return frozenset(found)

    def title(self, place: Place) -> str:
        """What a section is called in its language: its heading, else its code."""
        for block, at in self.blocks(place.language):
            if isinstance(block, Heading) and at.section == place.section and block.level > 1:
                return plain(block.text)
        return place.section or place.block


def placed(blocks: Iterable[Block], language: str) -> Iterator[tuple[Block, Place]]:
    """Blocks with their places. A block without a section is in that of the heading before it; one
    without an id is called by its position."""
    section = ""
    for position, block in enumerate(blocks, 1):
        if isinstance(block, Heading):
            section = block.section or section
        here = block.section or section
        yield block, Place(language, here, block.id or f"b{position}", block.origin, _part(block))


def _part(block: Block) -> Part:
    if isinstance(block, Heading):
        return "headline" if block.level == 1 else "heading"
    if isinstance(block, Paragraph):
        return "method" if block.role == "method" else "text"
    if isinstance(block, Disclaimer):
        return "disclaimer"
    if isinstance(block, Annex):
        return "annex"
    return "table" if isinstance(block, Table | Figure) else "text"


def texts_of(block: Block, place: Place) -> Iterator[tuple[Sentence, Place]]:
    """The texts of a block with their places."""
    if isinstance(block, Heading | Paragraph | Disclaimer | Verdict):
        yield block.text, place
    elif isinstance(block, FindingList):
        yield from ((item.text, place) for item in block.items)
    elif isinstance(block, Table):
        yield from ((cell, place) for row in block.rows for cell in row)
    elif isinstance(block, Annex):
        for inner in block.blocks:
            yield from texts_of(inner, place)


def _phrases(sentence: Sentence, place: Place) -> Iterator[Phrase]:
    """A text cut into its sentences: at the full stops of what was typed."""
    run: list[Any] = []
    for piece in sentence:
        cut = _ENDS.split(piece.text) if isinstance(piece, PlainText) else []
        if len(cut) < 2:
            run.append(piece)
            continue
        for position, text in enumerate(cut):
            if position:
                yield Phrase(place, tuple(run), sentence)
                run = []
            if text:
                run.append(PlainText(text=text))
    if run:
        yield Phrase(place, tuple(run), sentence)


def sentences(blocks: Sequence[Block]) -> Iterator[tuple[str, Sentence]]:
    """Every text with the name of the place it stands in, annexes included."""
    for position, (block, place) in enumerate(placed(blocks, ""), 1):
        where = f"block {position}, {block.type}"
        yield from ((where, text) for text, _ in texts_of(block, place))


def bound_numbers(blocks: Sequence[Block]) -> Iterator[tuple[str, Bound]]:
    """Every bound number with the place it stands in."""
    for where, sentence in sentences(blocks):
        yield from ((where, piece) for piece in sentence if isinstance(piece, Bound))
