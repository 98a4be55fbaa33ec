"""The block model of a statement: one shape from which HTML, PDF, DOCX and JSON are made.

A sentence is a row of pieces. A number can only stand in one as a :class:`Bound`; plain words
hold no digit, except in dates and articles, which :class:`ExemptText` marks.
"""

import re
from gettext import NullTranslations
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analytics.grammar.numbers import LRI, PDI, RLI
from schemas.words import RIGHT_TO_LEFT, translations


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


Origin = Literal["fixed", "composed", "accepted", "person"]
"""Who answers for a block's words: the fixed text of the kind, a rule that proposed them, a person
who accepted what the rule proposed, or a person who wrote them."""


class _Block(_Shape):
    """What every block of a statement has: ``id`` is the same in all its languages and snapshots,
    ``section`` the code of the section it stands in."""

    id: str = ""
    section: str = ""
    origin: Origin = "composed"


class Heading(_Block):
    """A heading. Level 1 is the headline, set in serif; it is empty until a person writes it."""

    type: Literal["heading"] = "heading"
    level: Literal[1, 2, 3]
    text: Sentence


class Paragraph(_Block):
    """One or more sentences; ``role`` is where it stands in the argument."""

    type: Literal["paragraph"] = "paragraph"
    role: Literal["lead", "body", "method"] = "body"
    text: Sentence


class Disclaimer(_Block):
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


class FindingList(_Block):
    """Findings of one stage and one kind of observers, gravest first."""

    type: Literal["findings"] = "findings"
    stage: str
    observers: str
    items: tuple[FindingLine, ...]


class Table(_Block):
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


class Figure(_Block):
    """A figure drawn from numbers of the snapshot by :func:`analytics.statements.snapshot`."""

    type: Literal["figure"] = "figure"
    picture: Literal["intervals", "squares"]
    title: str
    alternative: str
    rows: tuple[FigureRow, ...]


class Verdict(_Block):
    """What a quick count lets the mission say of one contestant, and why."""

    type: Literal["verdict"] = "verdict"
    contest: str
    contestant: str
    verdict: Literal["consistent", "inconsistent", "cannot_determine"]
    against: Literal["official", "threshold"]
    text: Sentence


class Annex(_Block):
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


_PROBE = "Reports planned and received"
"""Words that every catalogue of statements holds."""
_GAP = re.compile(r"\{(\w+)\}")
Part = str | Bound | ExemptText | Sentence


def _(text: str) -> str:
    """Mark a sentence for the catalogue where it is written before its language is known."""
    return text


class Sentences:
    """The sentences of one language. English is what the templates are written in.

    ``language`` is the one they are in: English where the catalogue does not hold the
    statement's sentences, so that no statement is half in one language, half in another.
    """

    def __init__(self, language: str) -> None:
        catalogue = translations(language)
        spoken = catalogue.gettext(_PROBE) != _PROBE
        self.language = language if spoken else "en"
        self._catalogue = catalogue if spoken else NullTranslations()

    def gettext(self, template: str, **parts: Part) -> Sentence:
        """The sentence of ``template``, its ``{gaps}`` filled with words or bound numbers.

        Raises KeyError where a gap is given no part.
        """
        pieces: list[Piece] = []
        for position, each in enumerate(_GAP.split(self._catalogue.gettext(template))):
            if position % 2 == 0:
                pieces += [PlainText(text=each)] if each else []
            else:
                for piece in _pieces(parts[each]):
                    pieces += isolated(piece, self.language)
        return joined(pieces)

    def word(self, text: str) -> str:
        """A word or a sentence without gaps."""
        return self._catalogue.gettext(text)


_FROM_RIGHT = re.compile("[\u0590-\u08ff]")
_STRONG = re.compile("[A-Za-z\u00c0-\u024f\u0590-\u08ff]")
_NAME = frozenset({"name", "wording"})


def isolated(piece: Piece, language: str) -> list[Piece]:
    """A piece that keeps its own order: a number in Arabic, its digits from left and words in it
    from right; in any language a name that begins in a script of the other direction."""
    if not (mark := _isolate_of(piece, language in RIGHT_TO_LEFT)):
        return [piece]
    return [PlainText(text=mark), piece, PlainText(text=PDI)]


def _isolate_of(piece: Piece, from_right: bool) -> str:
    if isinstance(piece, ExemptText) and piece.why in _NAME:
        first = _STRONG.search(piece.text)
        own = bool(first and _FROM_RIGHT.match(first.group()))
        return (RLI if own else LRI) if first and own is not from_right else ""
    if isinstance(piece, Bound) and from_right and any(map(str.isdigit, piece.text)):
        if LRI in piece.text and RLI not in piece.text:
            return ""
        return RLI if _FROM_RIGHT.search(piece.text) else LRI
    return ""


def _pieces(part: Part) -> list[Piece]:
    if isinstance(part, str):
        return [PlainText(text=part)] if part else []
    if isinstance(part, tuple):
        return list(part)
    return [part]


def joined(pieces: list[Piece]) -> Sentence:
    """Pieces with neighbouring words run together."""
    run: list[Piece] = []
    for piece in pieces:
        last = run[-1] if run else None
        if isinstance(piece, PlainText) and isinstance(last, PlainText):
            run[-1] = PlainText(text=last.text + piece.text)
        else:
            run.append(piece)
    return tuple(run)


def one_after_another(*sentences: Sentence) -> Sentence:
    """Several sentences as one run of text, a space between them."""
    pieces: list[Piece] = []
    for sentence in sentences:
        if sentence:
            pieces += [PlainText(text=" "), *sentence] if pieces else [*sentence]
    return joined(pieces)


def lowered(sentence: Sentence) -> Sentence:
    """A sentence beginning with a small letter, to stand behind other words."""
    first = sentence[0] if sentence else None
    if not isinstance(first, PlainText):
        return sentence
    small = first.text[:1].lower() + first.text[1:]
    return (first.model_copy(update={"text": small}), *sentence[1:])
