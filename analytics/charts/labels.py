"""Row labels of charts: beside the row where short, else above it.

No figure is drawn wider than the narrowest page has room for: there it would be shrunk, and its
letters with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from analytics.charts.canvas import text
from analytics.charts.palette import Palette

NARROW = 328.0
"""What a page of 360 pixels leaves to a figure."""
LETTER, LINE = 6.6, 16.0
"""How wide a letter is taken to be, and how high a line of them."""


@dataclass(frozen=True)
class Labels:
    """``left`` is the room that they take beside the rows, ``above`` over each of them."""

    lines: tuple[tuple[str, ...], ...]
    left: float
    above: float

    @classmethod
    def of(cls, labels: Sequence[str], beside: float) -> "Labels":
        """Labels of which as much as ``beside`` may stand beside the rows."""
        longest = max(map(length, labels), default=0.0)
        if longest <= beside:
            return cls(tuple((each,) for each in labels), longest, 0.0)
        lines = tuple(tuple(wrap(each, int(NARROW / LETTER))) for each in labels)
        return cls(lines, 0.0, LINE * max(map(len, lines)))

    def draw(self, row: int, top: float, middle: float, palette: Palette) -> str:
        """A row's label: its lines from ``top``, or beside it on the line ``middle``."""
        if not self.above:
            return "".join(text(0, middle, each, fill=palette.ink) for each in self.lines[row])
        last = top + self.above - 2
        first = last - LINE * (len(self.lines[row]) - 1)
        return "".join(
            text(0, first + LINE * at, each, fill=palette.ink)
            for at, each in enumerate(self.lines[row])
        )


def length(words: str) -> float:
    """How much room words take, with a gap after them."""
    return LETTER * len(words) + 10
