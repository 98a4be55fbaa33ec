"""The figures of a document as parts: drawn, and described in the document's language."""

import re
from collections.abc import Callable
from html import escape

from analytics.charts import Palette
from analytics.documents.document import Document
from analytics.documents.parts import FigurePart, Picture
from analytics.statements.blocks import Figure, FigureRow
from analytics.statements.snapshot import draw, number_of
from analytics.wording import FORMATS, say
from schemas.words import N_, word

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Text without characters that no document may hold."""
    return NOT_IN_XML.sub("", text)


def corrected(document: Document) -> dict[str, str]:
    """Where the correction of each corrected number stands; the newer one where there are two."""
    return {number: each.address for each in document.corrections for number in each.numbers}


class FigureParts:
    """Makes the figures of a document, in one palette."""

    def __init__(self, document: Document, palette: Palette) -> None:
        self._document, self._palette = document, palette
        self._corrected = corrected(document)

    def part(self, figure: Figure, name: str) -> FigurePart:
        """A figure under its name, its numbers marked that were corrected since."""
        document, rows = self._document, tuple(map(self._row, figure.rows))
        shown = figure.model_copy(
            update={
                "title": clean(figure.title),
                "alternative": self._alternative(figure, rows),
                "rows": rows,
            }
        )
        drawn = draw(
            shown,
            document.numbers,
            language=document.language,
            palette=self._palette,
            key=name,
        )
        style = FORMATS[document.language]
        colon = "\u00a0:" if document.language == "fr" else ":"
        worded = {
            row.label: say(number_of(document.numbers, row.number_id), style=style).text
            for row in rows
        }
        said = {label: f"{label}{colon} {number}" for label, number in worded.items()}
        several = figure.picture == "squares"
        pictures = tuple(
            Picture(shows if several else "", _described(svg, shown.title, shows), shows)
            for label, svg in drawn
            for shows in (said[label] if several else shown.alternative,)
        )
        return FigurePart(name, shown.title, pictures)

    def _row(self, row: FigureRow) -> FigureRow:
        """A row whose label says that its number was corrected since, where it was."""
        label = clean(row.label)
        if row.number_id in self._corrected:
            label = f"{label} ({word(self._document.language, N_('corrected since'))})"
        return row.model_copy(update={"label": label})

    def _alternative(self, figure: Figure, rows: tuple[FigureRow, ...]) -> str:
        """A figure in words, with those of its numbers that were corrected since."""
        since = [row.label for row in rows if row.number_id in self._corrected]
        return ". ".join((clean(figure.alternative), *since))


def _described(svg: str, title: str, alternative: str) -> str:
    """An SVG whose title and description are in the document's language."""
    for tag, words in (("title", title), ("desc", alternative)):
        inside = escape(words)
        svg = re.sub(rf"(<{tag}\b[^>]*>).*?(?=</{tag}>)", _put(inside), svg, count=1)
    return svg


def _put(words: str) -> Callable[[re.Match[str]], str]:
    return lambda found: found[1] + words
