"""An estimate as a dot and its interval, on an axis that several rows share."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.charts.canvas import (
    NARROW,
    SCREEN,
    Labels,
    Palette,
    element,
    key_of,
    length,
    number,
    picture,
    text,
)
from analytics.numbers import Estimate
from analytics.wording import ENGLISH, Format, say

ROW, SCALE = 24.0, 28.0
"""How high a row is, and the scale above them."""
BESIDE, EDGE, SAID = 110.0, 20.0, 84.0
"""How wide labels may be that stand beside the rows; half a word of the scale; what a row says at
least."""


@dataclass(frozen=True)
class Axis:
    """A scale from ``start`` to ``end`` (shares between 0 and 1) with a line every ``step``."""

    start: float
    end: float
    step: float

    def at(self, share: float, width: float) -> float:
        """Where a share stands on a row of ``width`` pixels, kept inside it."""
        inside = min(max(share, self.start), self.end)
        return (inside - self.start) / (self.end - self.start) * width

    def ticks(self) -> tuple[float, ...]:
        """The shares that carry a line."""
        count = round((self.end - self.start) / self.step)
        return tuple(self.start + self.step * n for n in range(count + 1))


def axis_for(estimates: Iterable[Estimate]) -> Axis:
    """One axis from 0 for all of these: 0–10%, 0–20%, 0–40%, 0–60% or 0–100%."""
    highest = max((each.high for each in estimates), default=0.0)
    for end, step in ((0.1, 0.025), (0.2, 0.05), (0.4, 0.1), (0.6, 0.15)):
        if highest <= end:
            return Axis(0.0, end, step)
    return Axis(0.0, 1.0, 0.25)


def dot_and_interval(
    estimate: Estimate,
    *,
    axis: Axis,
    label: str,
    width: float = 120,
    palette: Palette = SCREEN,
    key: str | None = None,
) -> str:
    """Draw one estimate. Raises TypeError for anything that has no interval."""
    _must_be_estimate(estimate)
    key = key or key_of("interval", label, estimate, axis)
    body = _lines(axis, width, 16, palette) + _mark(estimate, axis, width, 8, palette)
    return picture(
        body,
        title=f"{label}: {say(estimate).text}",
        desc=_description(estimate),
        size=(width, 16),
        key=key,
        palette=palette,
    )


@dataclass(frozen=True)
class IntervalRow:
    """One labelled row of a chart."""

    label: str
    estimate: Estimate


def interval_chart(
    rows: Sequence[IntervalRow],
    *,
    title: str,
    axis: Axis | None = None,
    style: Format = ENGLISH,
    palette: Palette = SCREEN,
    key: str | None = None,
) -> str:
    """Rows in the order given, on one scale, each labelled and with its figure in words.

    ``title`` says the finding. Raises TypeError where a row is no Estimate, ValueError where
    there is none.
    """
    if not rows:
        raise ValueError("rows: nothing to draw")
    for row in rows:
        _must_be_estimate(row.estimate)
    key = key or key_of("intervals", title, rows)
    axis = axis or axis_for(row.estimate for row in rows)
    labels = Labels.of([row.label for row in rows], BESIDE)
    words = [say(row.estimate, style=style).text for row in rows]
    left, room = max(labels.left, EDGE), max(SAID, 12 + max(map(length, words)))
    width = NARROW - left - room
    high = ROW + labels.above
    drawn = ""
    for at, row in enumerate(rows):
        top = SCALE + high * at
        drawn += labels.draw(at, top, top + labels.above + ROW / 2 + 4, palette)
        middle = top + labels.above + ROW / 2
        drawn += _row(row.estimate, words[at], axis, middle, palette, (left, width))
    return picture(
        _scale(axis, left, width, style, palette) + drawn,
        title=title,
        desc="; ".join(f"{row.label} {said}" for row, said in zip(rows, words, strict=True))
        + ". Of polling stations, 95% interval.",
        size=(NARROW, SCALE + high * len(rows)),
        key=key,
        palette=palette,
    )


def _row(
    estimate: Estimate,
    said: str,
    axis: Axis,
    y: float,
    palette: Palette,
    place: tuple[float, float],
) -> str:
    left, width = place
    marks = element(
        "g",
        _lines(axis, width, ROW, palette, top=y - ROW / 2)
        + _mark(estimate, axis, width, y, palette),
        transform=f"translate({number(left)} 0)",
    )
    return marks + text(left + width + 12, y + 4, said, fill=palette.violet, font_weight=600)


def _scale(axis: Axis, left: float, width: float, style: Format, palette: Palette) -> str:
    places = 0 if all(abs(100 * t - round(100 * t)) < 1e-9 for t in axis.ticks()) else 1
    return "".join(
        text(
            left + axis.at(tick, width),
            12,
            style.decimals(100 * tick, places) + style.percent,
            text_anchor="middle",
            fill=palette.ink2,
        )
        for tick in axis.ticks()
    )


def axis_scale(
    axis: Axis, *, style: Format = ENGLISH, width: float = 120, palette: Palette = SCREEN
) -> str:
    """The numbers of an axis, for the head of a column of :func:`dot_and_interval` of this width.
    The last one has the sign of per cent."""
    ticks = axis.ticks()
    places = 0 if all(abs(100 * t - round(100 * t)) < 1e-9 for t in ticks) else 1
    words = ""
    for tick in ticks:
        anchor = "start" if tick == ticks[0] else "end" if tick == ticks[-1] else "middle"
        sign = style.percent if tick == ticks[-1] else ""
        said = style.decimals(100 * tick, places) + sign
        words += text(axis.at(tick, width), 11, said, text_anchor=anchor, fill=palette.ink2)
    title = f"{style.decimals(100 * axis.start, 0)}–{style.decimals(100 * axis.end, 0)}%"
    key = key_of("scale", axis, style, width)
    return picture(words, title=title, desc="", size=(width, 14), key=key, palette=palette)


STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
"""Of a share's own axis the lines are so far apart."""
ALONG, MIDDLE, HEIGHT = 210.0, 24.0, 48.0
ENDS, PIECES = 16.0, 4
"""Half a number of the axis; at most so many steps."""


def share_and_line(
    estimate: Estimate,
    *,
    label: str,
    line: float | None = None,
    line_label: str = "",
    style: Format = ENGLISH,
    palette: Palette = SCREEN,
    key: str | None = None,
) -> str:
    """Draw one share of votes against a line that it must pass, on an axis of their own.

    Raises TypeError for anything that has no interval.
    """
    _must_be_estimate(estimate)
    key = key or key_of("share", label, estimate, line, line_label)
    axis = _own_axis([estimate.low, estimate.high, *([] if line is None else [line])])
    width, left = ALONG - 2 * ENDS, ENDS
    body = element("path", d=f"M{number(left)} 32H{number(left + width)}", stroke=palette.line)
    places = 0 if axis.step >= 0.01 else 1
    for tick in axis.ticks():
        x = left + axis.at(tick, width)
        last = tick == axis.ticks()[-1]
        said = style.decimals(100 * tick, places) + (style.percent if last else "")
        body += element("path", d=f"M{number(x)} 28v8", stroke=palette.edge)
        body += text(x, 47, said, text_anchor="middle", fill=palette.ink2)
    if line is not None:
        x = left + axis.at(line, width)
        body += element(
            "path",
            d=f"M{number(x)} 4v34",
            stroke=palette.ink,
            stroke_width=1.3,
            stroke_dasharray="4 3",
        )
        before = x > ALONG / 2
        body += text(
            x - 5 if before else x + 5,
            12,
            line_label,
            text_anchor="end" if before else "start",
            fill=palette.ink,
            halo=palette.paper,
        )
    marks = _mark(estimate, axis, width, MIDDLE, palette)
    body += element("g", marks, transform=f"translate({number(left)} 0)")
    return picture(
        body,
        title=f"{label}: {say(estimate, measure='votes', style=style).text}",
        desc=_description(estimate),
        size=(ALONG, HEIGHT),
        key=key,
        palette=palette,
    )


def _own_axis(shares: Sequence[float]) -> Axis:
    """An axis around some shares, with a little room on both sides."""
    low, high = min(shares), max(shares)
    room = max((high - low) / 4, 0.004)
    wide = (high - low) + 2 * room
    step = next((each for each in STEPS if wide / each <= PIECES), 0.25)
    start = max(0.0, math.floor((low - room) / step) * step)
    end = min(1.0, math.ceil((high + room) / step) * step)
    return Axis(round(start, 6), round(end, 6), step)


def _lines(axis: Axis, width: float, height: float, palette: Palette, top: float = 0.0) -> str:
    path = "".join(
        f"M{number(min(max(x, 0.5), width - 0.5))} {number(top)}v{number(height)}"
        for x in (axis.at(tick, width) for tick in axis.ticks())
    )
    return element("path", d=path, stroke=palette.line)


def _mark(estimate: Estimate, axis: Axis, width: float, y: float, palette: Palette) -> str:
    """Dot and whiskers; a hollow dot on the axis where none was seen, with its upper bound."""
    low, high = (number(axis.at(share, width)) for share in (estimate.low, estimate.high))
    none = estimate.value <= 0
    ends = f"M{high} {number(y - 4)}v8" + ("" if none else f"M{low} {number(y - 4)}v8")
    return element(
        "path",
        d=f"M{low} {number(y)}H{high}{ends}",
        fill="none",
        stroke=palette.violet,
        stroke_width=2,
    ) + element(
        "circle",
        cx=axis.at(estimate.value, width),
        cy=y,
        r=4 if none else 3.6,
        fill=palette.sheet if none else palette.violet,
        stroke=palette.violet if none else None,
        stroke_width=2 if none else None,
    )


def _description(estimate: Estimate) -> str:
    low, high = 100 * estimate.low, 100 * estimate.high
    return (
        f"{100 * estimate.level:g}% interval {low:.1f} to {high:.1f}%, from {estimate.n:,} answers."
    )


def _must_be_estimate(number_: object) -> None:
    if not isinstance(number_, Estimate):
        raise TypeError("estimate: only an Estimate has an interval; draw a count as squares")
