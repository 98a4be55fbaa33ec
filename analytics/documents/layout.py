"""A document as parts that every format sets alike: clean text, isolated numbers, drawn figures."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from typing import Any, Literal, assert_never
from urllib.parse import quote

from analytics.charts import LIGHT, SCREEN, Palette
from analytics.documents.document import Document, check
from analytics.documents.front import Front, front
from analytics.documents.parts import (
    AnnexPart,
    FigurePart,
    HeadingPart,
    Layout,
    Line,
    ListPart,
    Part,
    Picture,
    Run,
    TablePart,
    TextPart,
    VerdictPart,
)
from analytics.statements.blocks import (
    Annex,
    Block,
    Bound,
    Disclaimer,
    ExemptText,
    Figure,
    FindingList,
    Heading,
    Paragraph,
    Sentence,
    Table,
    Verdict,
)
from analytics.statements.snapshot import draw, number_of
from analytics.wording import FORMATS, say
from schemas.words import N_, RIGHT_TO_LEFT, word

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
ISOLATES = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
SIGNS = {"consistent": "=", "inconsistent": "≠", "cannot_determine": "?"}


def lay_out(document: Document, *, for_screen: bool = False) -> Layout:
    """A document as parts. Raises :class:`Refusal` as
    :func:`analytics.documents.document.check`."""
    check(document)
    maker = _Maker(document, SCREEN if for_screen else _printed(document))
    parts = maker.parts(document.blocks)
    text = tuple(each for each in parts if not isinstance(each, AnnexPart))
    annexes = tuple(each for each in parts if isinstance(each, AnnexPart))
    return Layout(_cleaned(front(document)), text, annexes)


def clean(text: str) -> str:
    """Text without characters that no document may hold."""
    return NOT_IN_XML.sub("", text)


def direction_of(text: str) -> Literal["ltr", "rtl"]:
    """The direction of the first letter outside of isolates; digits and signs run ``ltr``."""
    for letter in ISOLATES.sub("", text):
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def _printed(document: Document) -> Palette:
    white = "#FFFFFF"
    return replace(LIGHT, paper=white, sheet=white, violet=document.masthead.accent)


def _cleaned(front: Front) -> Front:
    texts: dict[str, Any] = {k: clean(v) for k, v in vars(front).items() if isinstance(v, str)}
    notices = tuple(
        replace(each, text=clean(each.text), changes=clean(each.changes)) for each in front.notices
    )
    return replace(front, **texts, checks=tuple(map(clean, front.checks)), notices=notices)


class _Maker:
    def __init__(self, document: Document, palette: Palette) -> None:
        self._document, self._palette = document, palette
        self._backwards = document.language in RIGHT_TO_LEFT
        self._marks = not document.masthead.published
        self._used: set[str] = set()
        # Where a number is corrected twice, the newer one is led to.
        self._corrected = {
            number: each.address for each in document.corrections for number in each.numbers
        }

    def parts(self, blocks: Sequence[Block]) -> tuple[Part, ...]:
        """All but the headline, which stands in the front."""
        first = next((b for b in blocks if isinstance(b, Heading) and b.level == 1), None)
        return tuple(part for block in blocks if block is not first for part in self._part(block))

    def _part(self, block: Block) -> tuple[Part, ...]:
        name = self._name(block)
        match block:
            case Heading() | Paragraph() | Disclaimer() | FindingList():
                return self._words(block, name)
            case Table():
                return (self._table(block, name),)
            case Figure():
                return (self._figure(block, name),)
            case Verdict():
                said = word(self._document.language, block.verdict.replace("_", " ").capitalize())
                text = self._line(block.text)
                return (VerdictPart(name, block.verdict, SIGNS[block.verdict], said, text),)
            case Annex():
                return (AnnexPart(name, clean(block.title), self.parts(block.blocks)),)
            case _:
                assert_never(block)

    def _words(
        self, block: Heading | Paragraph | Disclaimer | FindingList, name: str
    ) -> tuple[Part, ...]:
        """What is text alone; nothing where it is empty."""
        if isinstance(block, FindingList):
            items = tuple(map(self._finding, block.items))
            return (ListPart(name, items),) if items else ()
        line = self._line(block.text)
        if not line:
            return ()
        if isinstance(block, Heading):
            return (HeadingPart(name, max(block.level, 2), line),)
        return (TextPart(name, "notice" if isinstance(block, Disclaimer) else block.role, line),)

    def _name(self, block: Block) -> str:
        """An id of its own in the document; an annex's begins with ``annex``."""
        wanted = re.sub(r"[^A-Za-z0-9-]+", "-", block.id).strip("-") or block.type
        if isinstance(block, Annex) and "annex" not in wanted:
            wanted = f"annex-{wanted}"
        name, count = wanted, 1
        while name in self._used:
            count += 1
            name = f"{wanted}-{count}"
        self._used.add(name)
        return name

    def _line(self, sentence: Sentence) -> Line:
        return tuple(run for piece in sentence for run in self._runs(piece) if run.text)

    def _cell(self, sentence: Sentence) -> Line:
        """A line without marks: a table has many numbers, and each is where it is looked for."""
        return tuple(run for run in self._line(sentence) if run.style != "mark")

    def _runs(self, piece: Any) -> tuple[Run, ...]:
        text = clean(piece.text)
        if isinstance(piece, Bound):
            base = self._document.link_base
            link = base + quote(piece.number_id) if base else ""
            number = Run(text, "number", self._apart(text), link)
            mark = (Run(piece.mark, "mark"),) if piece.mark and self._marks else ()
            return (number, *mark, *self._correction(piece.number_id))
        if isinstance(piece, ExemptText):
            return (Run(text, direction=self._apart(text)),)
        return (Run(text),)

    def _correction(self, number_id: str) -> Line:
        """The word at a number that was corrected since, which leads to the correction."""
        if number_id not in self._corrected:
            return ()
        said = word(self._document.language, N_("corrected since"))
        return (Run(said, "corrected", link=self._corrected[number_id]),)

    def _apart(self, text: str) -> Literal["", "ltr", "rtl"]:
        """How a run is isolated: always where the page runs from right to left, else where it
        has letters that do."""
        own = direction_of(text)
        return own if self._backwards or own == "rtl" else ""

    def _finding(self, item: Any) -> Line:
        codes = ", ".join(item.standards) if self._marks else ""
        line = self._line(item.text)
        return (*line, Run(f" {codes}", "mark", self._apart(codes))) if codes else line

    def _table(self, table: Table, name: str) -> TablePart:
        return TablePart(
            name,
            clean(table.title),
            tuple(map(clean, table.columns)),
            tuple(tuple(map(self._cell, row)) for row in table.rows),
            clean(table.note),
        )

    def _figure(self, figure: Figure, name: str) -> FigurePart:
        clean_one = figure.model_copy(
            update={
                "title": clean(figure.title),
                "alternative": clean(figure.alternative),
                "rows": tuple(
                    row.model_copy(update={"label": clean(row.label)}) for row in figure.rows
                ),
            }
        )
        drawn = draw(
            clean_one,
            self._document.numbers,
            language=self._document.language,
            palette=self._palette,
            key=name,
        )
        numbers, style = self._document.numbers, FORMATS[self._document.language]
        colon = "\u00a0:" if self._document.language == "fr" else ":"
        worded = {
            row.label: say(number_of(numbers, row.number_id), style=style).text
            for row in clean_one.rows
        }
        said = {label: f"{label}{colon} {number}" for label, number in worded.items()}
        several = figure.picture == "squares"
        pictures = tuple(
            Picture(shows if several else "", _described(svg, clean_one.title, shows), shows)
            for label, svg in drawn
            for shows in (said[label] if several else clean_one.alternative,)
        )
        return FigurePart(name, clean_one.title, pictures)


def _described(svg: str, title: str, alternative: str) -> str:
    """An SVG whose title and description are in the document's language."""
    for tag, words in (("title", title), ("desc", alternative)):
        inside = escape(words)
        svg = re.sub(rf"(<{tag}\b[^>]*>).*?(?=</{tag}>)", _put(inside), svg, count=1)
    return svg


def _put(words: str) -> Callable[[re.Match[str]], str]:
    return lambda found: found[1] + words
