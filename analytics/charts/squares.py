"""Stations counted as squares: those observed, and turnout against share."""

import math
from functools import cache
from math import ceil

from analytics.charts.canvas import SCREEN, Palette, element, key_of, number, picture, text
from analytics.numbers import ObservedCount
from analytics.results.forensics import TurnoutByShare
from analytics.wording import NOUNS, noun

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
    many, where = noun(count.unit, count.of), "at" if count.unit == "station" else "in"
    several = NOUNS[count.unit][1]
    aloud = f" One square stands for {SAID.get(each, each)} {several}." if each > 1 else ""
    return picture(
        body,
        title=f"{label}: {count.seen} of {count.of} {many}",
        desc=f"Seen {where} {count.seen} of {count.of} {many}.{aloud}",
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


PLOT, LEFT, TOP = 200.0, 48.0, 12.0
WIDTH, HEIGHT = 268.0, 262.0
TICKS = (0, 50, 100)


def turnout_picture(
    counted: TurnoutByShare, *, title: str, across: str, up: str, palette: Palette = SCREEN
) -> str:
    """Draw the picture; ``across`` names turnout, ``up`` the share, both in per cent.

    Darkness is by the logarithm of the count, so that a few stations in a corner are seen.
    """
    steps, most = len(counted.cells), int(counted.cells.max())
    size = PLOT / steps
    body = element(
        "rect", x=LEFT, y=TOP, width=PLOT, height=PLOT, fill=palette.sheet, stroke=palette.edge
    )
    for turnout, share in zip(*counted.cells.nonzero(), strict=True):
        many = int(counted.cells[turnout, share])
        left, low = LEFT + float(turnout) * size, TOP + PLOT - float(share + 1) * size
        body += element(
            "path",
            fill=palette.coverage[_shade(many, most)],
            d=f"M{number(left)} {number(low)}h{number(size)}v{number(size)}h-{number(size)}z",
        )
    for tick in TICKS:
        at = PLOT * tick / 100
        body += text(LEFT + at, TOP + PLOT + 16, f"{tick}", text_anchor="middle")
        body += text(LEFT - 6, TOP + PLOT - at + 4, f"{tick}", text_anchor="end")
    body += text(LEFT + PLOT / 2, TOP + PLOT + 34, f"{across} %", text_anchor="middle")
    middle = TOP + PLOT / 2
    body += text(
        12, middle, f"{up} %", text_anchor="middle", transform=f"rotate(-90 12 {number(middle)})"
    )
    desc = (
        f"{int(counted.cells.sum())} stations; at most {most} in one square. "
        f"{counted.beyond} with turnout above 100%, {counted.without} without figures."
    )
    key = key_of("turnout", title, across, up, counted.cells.tolist())
    return picture(body, title=title, desc=desc, size=(WIDTH, HEIGHT), key=key, palette=palette)


def _shade(many: int, most: int) -> int:
    """The step of the ramp, 0 to 4."""
    return round(4 * math.log(many) / math.log(most)) if most > 1 else 4
