"""Sentences from the one catalogue: templates with named gaps, filled with pieces."""

import re
from gettext import NullTranslations

from analytics.statements.blocks import Bound, ExemptText, Piece, PlainText, Sentence
from schemas.words import translations

_PROBE = "At {number} of polling stations, {phrase} ({basis})."
"""A sentence that every catalogue of statements holds."""
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
                pieces += _pieces(parts[each])
        return joined(pieces)

    def word(self, text: str) -> str:
        """A word or a sentence without gaps."""
        return self._catalogue.gettext(text)


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
