"""Which row of the annexes holds each number of the text, and the marks printed beside a row."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from analytics.documents.document import Document, sentences_of
from analytics.statements.blocks import Annex, Bound, Sentence
from analytics.statements.snapshot import Numbers

POSITIVE = "/positive"
"""What ends the id of a good finding; its counterpart's row holds both."""


class AnnexRows:
    """The rows of a document's annexes by the numbers in them. ``unique`` makes an id one of its
    own in the document."""

    def __init__(self, document: Document, unique: Callable[[str], str]) -> None:
        self._numbers, self._unique = document.numbers, unique
        self._names: dict[str, str] = {}
        text = [each for each in document.blocks if not isinstance(each, Annex)]
        self._said = {
            each.number_id: each.mark
            for sentence in sentences_of(text)
            for each in _bound(sentence)
            if each.mark
        }
        self._marks = _marks_by_member(self._said, document.numbers)

    def row(self, cells: Sequence[Sentence]) -> tuple[str, str]:
        """The name of a row and the marks beside it: of its finding, and of the numbers of the text
        that speak of it. Both are empty where the row holds no number."""
        bounds = [each for cell in cells for each in _bound(cell)]
        if not bounds:
            return "", ""
        first = bounds[0]
        name = self._unique("row-" + re.sub(r"[^A-Za-z0-9]+", "-", first.number_id).strip("-"))
        self.hold(name, bounds)
        own = [first.mark] if first.finding or first.number_id in self._said else []
        others = self._marks.get(first.number_id, []) if first.finding else []
        return name, ", ".join(filter(None, dict.fromkeys((*own, *others))))

    def hold(self, name: str, bounds: Sequence[Bound]) -> None:
        """Let ``name`` be where these numbers are found, unless they are found before."""
        for each in bounds:
            self._names.setdefault(each.number_id, name)

    def paragraph(self, name: str, sentence: Sentence) -> None:
        """Let a paragraph of an annex be where its numbers are found."""
        self.hold(name, list(_bound(sentence)))

    def of(self, number_id: str) -> str:
        """The name of the row that holds a number; of several findings in one number the first's;
        empty where no annex holds it."""
        names = (self._names.get(each) for each in _rows_of(number_id, self._numbers))
        return next(filter(None, names), "")


def _bound(sentence: Sentence) -> Iterator[Bound]:
    return (piece for piece in sentence if isinstance(piece, Bound))


def _rows_of(number_id: str, numbers: Numbers) -> Iterator[str]:
    """A number, its counterpart, the findings that it is said of, and theirs."""
    members = numbers.get(number_id, {}).get("members") or ()
    for each in (number_id, *members):
        yield each
        yield each.removesuffix(POSITIVE)


def _marks_by_member(said: Mapping[str, str], numbers: Numbers) -> dict[str, list[str]]:
    """The marks of the text by each finding that they speak of."""
    found: dict[str, list[str]] = {}
    for number_id, mark in said.items():
        for each in dict.fromkeys(_rows_of(number_id, numbers)):
            found.setdefault(each, []).append(mark)
    return found
