"""The parts that a document is set from, the same in every format: lines, tables, figures."""

import re
from dataclasses import dataclass
from typing import Literal

from analytics.documents.front import Front

NARROWEST, WIDEST_FIRST, WIDEST_OTHER = 7, 38, 28
"""How wide a table's columns are, in letters."""
HEAD = 5
"""How many letters more a word of a head takes: it is bold."""
CELL = 1
"""And how many the text of a cell."""
MANY_COLUMNS = 6
"""A table of more columns is set on a page lying on its side."""


@dataclass(frozen=True)
class Run:
    """A piece of a line. ``direction`` is set where it is isolated from what stands around.
    A ``key`` is the marks of a row, by which numbers of the text are found in a table. ``link`` is
    an address, or ``#`` and a name in the document."""

    text: str
    style: Literal["words", "number", "mark", "key", "corrected"] = "words"
    direction: Literal["", "ltr", "rtl"] = ""
    link: str = ""


Line = tuple[Run, ...]


@dataclass(frozen=True)
class HeadingPart:
    """A heading of level 2 or 3; level 1 is the document's title."""

    id: str
    level: int
    text: Line
    part: Literal["heading"] = "heading"


@dataclass(frozen=True)
class TextPart:
    """A paragraph; ``role`` as in :class:`analytics.statements.blocks.Paragraph`, or ``notice``."""

    id: str
    role: str
    text: Line
    part: Literal["text"] = "text"


@dataclass(frozen=True)
class ListPart:
    """Findings one below another, each with the codes of its standards in a draft."""

    id: str
    items: tuple[Line, ...]
    part: Literal["list"] = "list"


@dataclass(frozen=True)
class TablePart:
    """A table; the first cell of a row is its header."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    note: str
    names: tuple[str, ...] = ()
    """The name of each row, which numbers of the text lead to; empty where none does."""
    part: Literal["table"] = "table"

    @property
    def weights(self) -> tuple[int, ...]:
        """How wide each column is beside the others, by the longest text in it; no column is so
        narrow that a word of its head breaks, none so wide that the others do."""
        longest = [
            max(
                max((len(each) + HEAD for each in head.split()), default=0),
                *(len("".join(run.text for run in row[at])) + CELL for row in self.rows),
                0,
            )
            for at, head in enumerate(self.columns)
        ]
        return tuple(
            min(max(each, NARROWEST), WIDEST_FIRST if at == 0 else WIDEST_OTHER)
            for at, each in enumerate(longest)
        )


@dataclass(frozen=True)
class Picture:
    """A drawn figure as SVG, what stands over it, and what it shows in words."""

    label: str
    svg: str
    alternative: str

    @property
    def width(self) -> float:
        """In pixels."""
        return self._side("width")

    @property
    def height(self) -> float:
        """In pixels."""
        return self._side("height")

    def _side(self, name: str) -> float:
        found = re.search(rf'\b{name}="([0-9.]+)"', self.svg)
        return float(found[1]) if found else 1.0


@dataclass(frozen=True)
class FigurePart:
    """A figure of one chart, or of several pictures with a label each."""

    id: str
    title: str
    pictures: tuple[Picture, ...]
    part: Literal["figure"] = "figure"


@dataclass(frozen=True)
class VerdictPart:
    """The sign and word of a verdict, and what it rests on."""

    id: str
    verdict: str
    sign: str
    word: str
    text: Line
    part: Literal["verdict"] = "verdict"


@dataclass(frozen=True)
class AnnexPart:
    """An annex and what stands in it."""

    id: str
    title: str
    parts: "tuple[Part, ...]"
    part: Literal["annex"] = "annex"

    @property
    def lying(self) -> bool:
        """Whether its pages lie on their side, for a table of many columns."""
        tables = [each for each in self.parts if isinstance(each, TablePart)]
        return any(len(each.columns) > MANY_COLUMNS for each in tables)


Part = HeadingPart | TextPart | ListPart | TablePart | FigurePart | VerdictPart


@dataclass(frozen=True)
class Layout:
    """A document as it is set: its front, its text, its annexes."""

    front: Front
    parts: tuple[Part, ...]
    annexes: tuple[AnnexPart, ...]
