"""Turnout against share: stations counted in squares, darker where more of them lie."""

import math

from analytics.charts.canvas import element, key_of, number, picture, text
from analytics.charts.palette import SCREEN, Palette
from analytics.results.forensics import TurnoutByShare

SIDE, LEFT, TOP = 200.0, 48.0, 12.0
WIDTH, HEIGHT = 268.0, 262.0
TICKS = (0, 50, 100)


def turnout_picture(
    counted: TurnoutByShare, *, title: str, across: str, up: str, palette: Palette = SCREEN
) -> str:
    """Draw the picture; ``across`` names turnout, ``up`` the share, both in per cent.

    Darkness is by the logarithm of the count, so that a few stations in a corner are seen.
    """
    steps, most = len(counted.cells), int(counted.cells.max())
    size = SIDE / steps
    body = element(
        "rect", x=LEFT, y=TOP, width=SIDE, height=SIDE, fill=palette.sheet, stroke=palette.edge
    )
    for turnout, share in zip(*counted.cells.nonzero(), strict=True):
        many = int(counted.cells[turnout, share])
        left, low = LEFT + float(turnout) * size, TOP + SIDE - float(share + 1) * size
        body += element(
            "path",
            fill=palette.coverage[_shade(many, most)],
            d=f"M{number(left)} {number(low)}h{number(size)}v{number(size)}h-{number(size)}z",
        )
    for tick in TICKS:
        at = SIDE * tick / 100
        body += text(LEFT + at, TOP + SIDE + 16, f"{tick}", text_anchor="middle")
        body += text(LEFT - 6, TOP + SIDE - at + 4, f"{tick}", text_anchor="end")
    body += text(LEFT + SIDE / 2, TOP + SIDE + 34, f"{across} %", text_anchor="middle")
    middle = TOP + SIDE / 2
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
