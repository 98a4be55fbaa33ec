"""The block model of a statement: one shape from which HTML, PDF, DOCX and JSON are made.

A sentence is a row of pieces. A number can only stand in one as a :class:`Bound`; plain words
hold no digit, except in dates and articles, which :class:`ExemptText` marks.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlainText(_Shape):
    """Plain words of a sentence."""

    type: Literal["words"] = "words"
    text: str


class ExemptText(_Shape):
    """Words whose digits count nothing: a date, an article, a name, a question's words."""

    type: Literal["exempt"] = "exempt"
    text: str
    why: Literal["date", "article", "name", "hash", "wording"]


class Bound(_Shape):
    """A number in a sentence, bound to the snapshot.

    ``number_id`` is its key in the snapshot, ``mark`` what is printed beside it (``F5``),
    ``text`` how it is said; ``value`` and ``margin`` are the parts of ``text``, where it has
    them. ``finding`` is the code of the finding it belongs to, ``query`` how it came about.
    """

    type: Literal["bound"] = "bound"
    number_id: str
    mark: str
    text: str
    value: str
    margin: str = ""
    measure: Literal["estimate", "count", "fact", "difference"]
    finding: str | None = None
    query: dict[str, Any]


Piece = Annotated[PlainText | ExemptText | Bound, Field(discriminator="type")]
Sentence = tuple[Piece, ...]


class Heading(_Shape):
    """A heading. Level 1 is the headline, set in serif; it is empty until a person writes it."""

    type: Literal["heading"] = "heading"
    level: Literal[1, 2, 3]
    text: Sentence
    section: str = ""


class Paragraph(_Shape):
    """One or more sentences; ``role`` is where it stands in the argument."""

    type: Literal["paragraph"] = "paragraph"
    role: Literal["lead", "body", "method"] = "body"
    text: Sentence


class Disclaimer(_Shape):
    """What a statement must say of its own limits; ``about`` names which limit."""

    type: Literal["disclaimer"] = "disclaimer"
    about: Literal[
        "before_completion", "scope", "not_endorsement", "demonstration", "exploratory", "withdrawn"
    ]
    text: Sentence


class FindingLine(_Shape):
    """One finding as a sentence, with the standards it is measured by."""

    finding: str
    polarity: Literal["positive", "negative"]
    severity: int
    text: Sentence
    standards: tuple[str, ...]


class FindingList(_Shape):
    """Findings of one stage and one kind of observers, gravest first."""

    type: Literal["findings"] = "findings"
    stage: str
    observers: str
    items: tuple[FindingLine, ...]


class Table(_Shape):
    """A table; the first cell of a row is its header. ``ranked_by`` says how rows are ordered."""

    type: Literal["table"] = "table"
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Sentence, ...], ...]
    ranked_by: Literal["number", "name", "given"] = "given"
    groups: Literal["indicators", "areas", "other"] = "other"
    note: str = ""


class FigureRow(_Shape):
    """One row of a figure: its label and the number it draws."""

    label: str
    number_id: str


class Figure(_Shape):
    """A figure drawn from numbers of the snapshot by :func:`analytics.statements.snapshot`."""

    type: Literal["figure"] = "figure"
    picture: Literal["intervals", "squares"]
    title: str
    alternative: str
    rows: tuple[FigureRow, ...]


class Verdict(_Shape):
    """What a quick count lets the mission say of one contestant, and why."""

    type: Literal["verdict"] = "verdict"
    contest: str
    contestant: str
    verdict: Literal["consistent", "inconsistent", "cannot_determine"]
    against: Literal["official", "threshold"]
    text: Sentence


class Annex(_Shape):
    """What stands behind the statement: method, wording, scale."""

    type: Literal["annex"] = "annex"
    title: str
    blocks: tuple[Annotated[Heading | Paragraph | Table, Field(discriminator="type")], ...]


Block = Annotated[
    Heading | Paragraph | Disclaimer | FindingList | Table | Figure | Verdict | Annex,
    Field(discriminator="type"),
]


def plain(sentence: Sentence) -> str:
    """A sentence as text, its numbers as they are said."""
    return "".join(piece.text for piece in sentence)
