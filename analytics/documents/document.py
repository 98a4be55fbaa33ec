"""What a document is made of: who speaks, in which language, blocks, and the numbers in them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from analytics.charts.canvas import READABLE, contrast
from analytics.statements.blocks import Annex, Block, Bound, Figure, Sentence, Table
from analytics.statements.snapshot import Numbers
from schemas.problems import Refusal
from schemas.words import LANGUAGES

VIOLET = "#4B2A91"
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class Logo:
    """A mission's sign as a picture, and what it shows in words."""

    content: bytes
    media: Literal["image/png", "image/jpeg"]
    alternative: str


@dataclass(frozen=True)
class Masthead:
    """Who speaks, when, and where the text is kept.

    ``kind`` is a code of :class:`schemas.statement.StatementKind`; moments are aware and shown in
    ``zone``, an IANA name. ``issued_at`` is None while nothing is issued. ``languages`` are all
    that the statement is in, ``reference`` the one whose text decides. ``unread`` says that nobody
    has read this language's text. ``authority`` was given a copy at ``copied_at``. ``sha256`` is
    the hash of the snapshot that was frozen at ``frozen_at``.
    """

    mission: str
    organisation: str
    kind: str
    sha256: str
    frozen_at: datetime
    reference: str = "en"
    languages: tuple[str, ...] = ()
    election: str = ""
    place: str = ""
    zone: str = "UTC"
    version: int = 1
    issued_at: datetime | None = None
    embargo_until: datetime | None = None
    address: str = ""
    published: bool = False
    logo: Logo | None = None
    accent: str = VIOLET
    unread: bool = False
    authority: str = ""
    copied_at: datetime | None = None


@dataclass(frozen=True)
class Correction:
    """A correction that is out: where it stands, since when, and the numbers that it moves: what
    each is of (empty where of several findings), how it was and is, in the document's language."""

    address: str
    issued_at: datetime
    numbers: frozenset[str] = frozenset()
    moved: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Corrected:
    """The statement that a correction is of: where it stands, its kind, version and moment of
    issue. ``number`` counts its corrections up to this one."""

    address: str
    kind: str
    version: int
    issued_at: datetime
    number: int


@dataclass(frozen=True)
class Document:
    """A statement in one language. ``numbers`` are those of its snapshot, by id; ``link_base`` is
    the address that a number's id is put behind, where numbers are to be links. ``corrections``
    are those of a published text, oldest first; ``corrects`` is the statement that this one
    corrects. Both are said over the text, which stays as it is. Not ``with_annexes``: the text
    alone, with a line that says where they are."""

    masthead: Masthead
    language: str
    blocks: Sequence[Block]
    numbers: Numbers = field(default_factory=dict)
    link_base: str = ""
    corrections: Sequence[Correction] = ()
    corrects: Corrected | None = None
    with_annexes: bool = True


def check(document: Document) -> None:
    """Raise :class:`Refusal` naming what cannot be rendered: a figure without title, alternative
    text or a number of the snapshot; a table whose rows do not fit its columns; an unknown
    language; a colour in which nobody can read."""
    if document.language not in LANGUAGES:
        raise Refusal(f"There is no language {document.language!r}.", "language")
    check_accent(document.masthead.accent)
    logo = document.masthead.logo
    if logo is not None and not logo.alternative.strip():
        raise Refusal("A picture needs an alternative text: what it shows, in words.", "logo")
    for place, block in enumerate(_every(document.blocks), start=1):
        name = block.id or f"{block.type}-{place}"
        if isinstance(block, Figure):
            _check_figure(block, document.numbers, name)
        elif isinstance(block, Table):
            _check_table(block, name)


def check_accent(accent: str) -> None:
    """Raise :class:`Refusal` for what is no colour, or one that cannot be read on white."""
    if not COLOUR.fullmatch(accent):
        raise Refusal("A colour is written as #RRGGBB.", "accent")
    if contrast(accent, "#FFFFFF") < READABLE:
        raise Refusal(f"On white this colour has less contrast than {READABLE}:1.", "accent")


def sentences_of(blocks: Sequence[Block]) -> Iterator[Sentence]:
    """Every sentence of blocks, those in tables and annexes included."""
    for block in _every(blocks):
        if block.type in ("heading", "paragraph", "disclaimer", "verdict"):
            yield block.text
        elif block.type == "findings":
            yield from (each.text for each in block.items)
        elif isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row)


def of_annex(block: Block) -> bool:
    """Whether a block is an annex, or a figure of one."""
    return isinstance(block, Annex) or block.section.startswith("annex")


def bound_numbers(blocks: Sequence[Block]) -> Mapping[str, Bound]:
    """The numbers in the text of blocks, by id."""
    return {
        piece.number_id: piece
        for sentence in sentences_of(blocks)
        for piece in sentence
        if isinstance(piece, Bound)
    }


def _every(blocks: Sequence[Any]) -> Iterator[Any]:
    for block in blocks:
        yield block
        if isinstance(block, Annex):
            yield from _every(block.blocks)


def _check_figure(figure: Figure, numbers: Numbers, name: str) -> None:
    if not figure.title.strip():
        raise Refusal("A figure needs a title that says what it shows.", name)
    if not figure.alternative.strip():
        raise Refusal("A figure needs an alternative text: what it shows, in words.", name)
    if not figure.rows:
        raise Refusal("A figure needs at least one row.", name)
    absent = [row.number_id for row in figure.rows if row.number_id not in numbers]
    if absent:
        raise Refusal(f"The snapshot has no number {absent[0]}.", name)


def _check_table(table: Table, name: str) -> None:
    if not table.columns:
        raise Refusal("A table needs the names of its columns.", name)
    width = len(table.columns)
    if any(len(row) != width for row in table.rows):
        raise Refusal(f"Each row of this table needs {width} cells.", name)
