"""A document as parts that every format sets alike: clean text, isolated numbers, drawn figures."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, assert_never
from urllib.parse import quote

from analytics.charts import LIGHT, SCREEN, Palette
from analytics.documents.annex_rows import AnnexRows
from analytics.documents.document import Document, check
from analytics.documents.figure_parts import FigureParts, clean, corrected
from analytics.documents.front import Front, front
from analytics.documents.parts import (
    AnnexPart,
    HeadingPart,
    Layout,
    Line,
    ListPart,
    Part,
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
from schemas.words import N_, RIGHT_TO_LEFT, word

ISOLATES = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
SIGNS = {"consistent": "=", "inconsistent": "≠", "cannot_determine": "?"}


def lay_out(document: Document, *, for_screen: bool = False) -> Layout:
    """A document as parts. Raises :class:`Refusal` as
    :func:`analytics.documents.document.check`."""
    check(document)
    maker = _Maker(document, SCREEN if for_screen else _printed(document))
    annexes = maker.annexes()
    text = maker.text()
    return Layout(_cleaned(front(document)), text, annexes if document.with_annexes else ())


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
        self._document = document
        self._backwards = document.language in RIGHT_TO_LEFT
        self._marks = not document.masthead.published
        self._used: set[str] = set()
        self._in_annex = False
        self._near: set[str] = set()
        self._rows = AnnexRows(document, self._unique)
        self._figures = FigureParts(document, palette)
        self._corrected = corrected(document)

    def annexes(self) -> tuple[AnnexPart, ...]:
        """The annexes, each with its tables and then its figures; made before the text, whose
        numbers lead to their rows."""
        self._in_annex = True
        made = tuple(
            AnnexPart(
                self._name(each),
                clean(each.title),
                (*self._parts(each.blocks), *self._parts(self._figures_of(each))),
            )
            for each in self._document.blocks
            if isinstance(each, Annex)
        )
        self._in_annex = False
        return made

    def text(self) -> tuple[Part, ...]:
        """All before the annexes but the headline, which stands in the front."""
        blocks = self._document.blocks
        first = next((b for b in blocks if isinstance(b, Heading) and b.level == 1), None)
        codes = {each.section for each in blocks if isinstance(each, Annex) and each.section}
        left = [
            each
            for each in blocks
            if each is not first
            and not isinstance(each, Annex)
            and not (isinstance(each, Figure) and each.section in codes)
        ]
        # Tables first: what no annex holds leads to its row in them.
        tables = {id(each): self._part(each) for each in left if isinstance(each, Table)}
        return tuple(part for each in left for part in tables.get(id(each)) or self._part(each))

    def _figures_of(self, annex: Annex) -> list[Figure]:
        return [
            each
            for each in self._document.blocks
            if isinstance(each, Figure) and annex.section and each.section == annex.section
        ]

    def _parts(self, blocks: Sequence[Block]) -> tuple[Part, ...]:
        return tuple(part for block in blocks for part in self._part(block))

    def _part(self, block: Block) -> tuple[Part, ...]:
        name = self._name(block)
        match block:
            case Heading() | Paragraph() | Disclaimer() | FindingList():
                return self._words(block, name)
            case Table():
                return (self._table(block, name),)
            case Figure():
                return (self._figures.part(block, name),)
            case Verdict():
                said = word(self._document.language, block.verdict.replace("_", " ").capitalize())
                text = self._line(block.text)
                return (VerdictPart(name, block.verdict, SIGNS[block.verdict], said, text),)
            case Annex():
                raise TypeError("an annex holds no other")
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
        if self._in_annex:
            self._rows.paragraph(name, block.text)
        if isinstance(block, Heading):
            return (HeadingPart(name, max(block.level, 2), line),)
        return (TextPart(name, "notice" if isinstance(block, Disclaimer) else block.role, line),)

    def _name(self, block: Block) -> str:
        """An id of its own in the document; an annex's begins with ``annex``."""
        wanted = re.sub(r"[^A-Za-z0-9-]+", "-", block.id).strip("-") or block.type
        if isinstance(block, Annex) and "annex" not in wanted:
            wanted = f"annex-{wanted}"
        return self._unique(wanted)

    def _unique(self, wanted: str) -> str:
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
            number = Run(text, "number", self._apart(text), self._link(piece.number_id))
            mark = (Run(piece.mark, "mark"),) if piece.mark and self._marks else ()
            return (number, *mark, *self._correction(piece.number_id))
        if isinstance(piece, ExemptText):
            return (Run(text, direction=self._apart(text)),)
        return (Run(text),)

    def _link(self, number_id: str) -> str:
        """Where a number of the text leads: to the row of the annexes that holds it, there or at
        the permanent address, else of a table of the text. A number in an annex leads nowhere."""
        document = self._document
        if document.link_base:
            return document.link_base + quote(number_id)
        name = "" if self._in_annex else self._rows.of(number_id)
        if not name or document.with_annexes or name in self._near:
            return name and f"#{name}"
        address = document.masthead.address
        return address and f"{address}?language={document.language}#{name}"

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
        rows = [_corrected_once(tuple(map(self._cell, row))) for row in table.rows]
        names = [""] * len(rows)
        for at, cells in enumerate(table.rows):
            names[at], marks = self._rows.row(cells)
            if not self._in_annex:
                self._near.add(names[at])
            elif marks:
                mark = Run(marks, "key", self._apart(marks))
                rows[at] = ((*rows[at][0], Run(" "), mark), *rows[at][1:])
        columns = tuple(map(clean, table.columns))
        return TablePart(
            name, clean(table.title), columns, tuple(rows), clean(table.note), tuple(names)
        )


def _corrected_once(row: tuple[Line, ...]) -> tuple[Line, ...]:
    """A row that says only once of a number in it that it was corrected."""
    said: set[Run] = set()
    cells: list[Line] = []
    for line in row:
        cells.append(tuple(run for run in line if run.style != "corrected" or run not in said))
        said.update(line)
    return tuple(cells)
