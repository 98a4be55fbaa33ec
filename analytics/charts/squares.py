"""A count as squares: one for each station observed, filled where the irregularity was seen."""

from functools import cache
from math import ceil

from analytics.charts.canvas import element, key_of, number, picture
from analytics.charts.palette import SCREEN, Palette
from analytics.numbers import ObservedCount

STEP, SIDE, ROWS = 3.0, 2.2, 4
SAID = {10: "ten", 100: "a hundred", 1000: "a thousand"}
FEW_HUNDRED = 300
"""So many squares at most: over it one stands for ten, a hundred, said aloud in the description."""


def squares(
    count: ObservedCount,
    *,
    label: str,
    palette: Palette = SCREEN,
    key: str | None = None,
) -> str:
    """Draw a count. There is no axis and no interval: it speaks of what was observed."""
    if not isinstance(count, ObservedCount):
        raise TypeError("count: squares draw an ObservedCount; an Estimate has its interval")
    key = key or key_of("squares", label, count)
    each = 1
    while count.of > FEW_HUNDRED * each:
        each *= 10
    total = ceil(count.of / each)
    filled = min(total, ceil(count.seen / each))
    columns = max(1, ceil(total / ROWS))
    body = element("path", d=_cells(0, filled), fill=palette.ink) if filled else ""
    if total > filled:
        body += element(
            "path", d=_cells(filled, total), fill="none", stroke=palette.edge, stroke_width=0.6
        )
    aloud = f" One square stands for {SAID.get(each, each)} observations." if each > 1 else ""
    return picture(
        body,
        title=f"{label}: {count.seen} of {count.of} observed",
        desc=f"Seen in {count.seen} of {count.of} observations.{aloud}",
        size=(columns * STEP, ROWS * STEP),
        key=key,
        palette=palette,
    )


def _cells(first: int, last: int) -> str:
    """Squares column by column, four to a column."""
    return "".join(map(_cell, range(first, last)))


@cache
def _cell(at: int) -> str:
    side = number(SIDE)
    x, y = at // ROWS * STEP + 0.4, at % ROWS * STEP + 0.4
    return f"M{number(x)} {number(y)}h{side}v{side}h-{side}z"
