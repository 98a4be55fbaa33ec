"""Counts as bars, each with what it is out of; ratings as stacked parts that read in grey."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.charts.canvas import (
    LINE,
    NARROW,
    SCREEN,
    Labels,
    Palette,
    element,
    hatch,
    key_of,
    label_on,
    length,
    picture,
    text,
)
from analytics.observation.coverage import Coverage
from analytics.wording import ENGLISH, Format

ROW, BAR = 26.0, 14.0
FIGURE, BESIDE = 7.6, 120.0
"""How wide a bold letter is taken to be; how wide labels may be that stand beside the rows."""
ISOLATED = "\u2068{}\u2069"
"""Words between figures run as their own script does, whatever the picture's direction."""
LEAST_LABELLED = 22.0
"""Narrower parts carry no number of their own; the description has it."""
STEPS = {1: (4,), 2: (4, 1), 3: (4, 2, 0), 4: (4, 3, 1, 0), 5: (4, 3, 2, 1, 0)}
"""Which shades of the ramp a scale of so many grades takes: far apart, in order, also in grey."""


@dataclass(frozen=True)
class Bar:
    """One row: ``seen`` of ``of``. Raises ValueError for a count that cannot be."""

    label: str
    seen: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.seen <= self.of:
            raise ValueError(f"{self.label}: {self.seen} of {self.of} cannot be.")


def bar_chart(
    rows: Sequence[Bar], *, title: str, style: Format = ENGLISH, palette: Palette = SCREEN
) -> str:
    """Bars of counts on one scale, from nothing to the largest whole, each with "x of n"."""
    labels, width = Labels.of([row.label for row in rows], BESIDE), NARROW
    left, high = labels.left, ROW + labels.above
    told = [f"{style.whole(row.seen)} {style.of} {style.whole(row.of)}" for row in rows]
    most, room = max((row.of for row in rows), default=0), width - left - _figures(told)
    scale = room / most if most else 1.0
    body = ""
    for at, row in enumerate(rows):
        top = at * high + labels.above + (ROW - BAR) / 2
        body += labels.draw(at, at * high, top + 11, palette)
        body += element(
            "rect",
            x=left,
            y=top,
            width=max(row.of * scale, 1),
            height=BAR,
            fill=palette.sheet,
            stroke=palette.edge,
            stroke_width=0.8,
        )
        if row.seen:
            body += element(
                "rect", x=left, y=top, width=row.seen * scale, height=BAR, fill=palette.ink
            )
        body += text(
            width,
            top + 11,
            ISOLATED.format(told[at]),
            text_anchor="end",
            font_weight=600,
            fill=palette.ink,
        )
    said = "; ".join(f"{row.label} {row.seen} {style.of} {row.of}" for row in rows)
    return picture(
        body,
        title=title,
        desc=f"{said}." if said else "Nothing was counted.",
        size=(width, max(len(rows), 1) * high),
        key=key_of("bars", title, rows),
        palette=palette,
    )


def _figures(told: Iterable[str]) -> float:
    """How wide the column of figures is."""
    return max((FIGURE * len(each) + 8 for each in told), default=0.0)


@dataclass(frozen=True)
class RatingRow:
    """One row of ratings: how many gave each grade, best first."""

    label: str
    counts: tuple[int, ...]


def rating_chart(
    rows: Sequence[RatingRow],
    grades: Sequence[str],
    *,
    title: str,
    style: Format = ENGLISH,
    palette: Palette = SCREEN,
) -> str:
    """Each row's ratings as parts of one whole, best first, with counts in them and n beside.

    Raises ValueError for no grades or over five, and for a row of other length or below 0.
    """
    if len(grades) not in STEPS:
        raise ValueError(f"grades: {len(grades)}, where 1 to {len(STEPS)} can be told apart")
    for row in rows:
        if len(row.counts) != len(grades) or min(row.counts) < 0:
            raise ValueError(f"{row.label}: {row.counts} are not counts of {len(grades)} grades")
    labels = Labels.of([row.label for row in rows], BESIDE)
    body, start = _legend(grades, palette)
    high = ROW + labels.above
    for at, row in enumerate(rows):
        top = start + at * high
        body += labels.draw(at, top, top + 17, palette)
        body += _stack(row, (labels.left, top + labels.above), style, palette)
    said = "; ".join(
        f"{row.label}: " + ", ".join(f"{g} {n}" for g, n in zip(grades, row.counts, strict=True))
        for row in rows
    )
    return picture(
        body,
        title=title,
        desc=f"{said}." if said else "Nothing was rated.",
        size=(NARROW, start + len(rows) * high),
        key=key_of("ratings", title, rows, tuple(grades)),
        palette=palette,
    )


def _legend(grades: Sequence[str], palette: Palette) -> tuple[str, float]:
    """What each shade is, in the order of the parts, on as many lines as that takes; how high."""
    body, left, top = "", 1.0, 0.0
    for step, grade in zip(STEPS[len(grades)], grades, strict=True):
        wide = 14 + length(grade)
        if left > 1 and left + wide > NARROW:
            left, top = 1.0, top + LINE
        body += element(
            "rect",
            x=left,
            y=top + 6,
            width=10,
            height=10,
            fill=palette.coverage[step],
            stroke=palette.edge,
            stroke_width=0.8,
        )
        body += text(left + 14, top + 15, grade, fill=palette.ink2)
        left += wide
    return body, top + ROW


def _stack(row: RatingRow, at: tuple[float, float], style: Format, palette: Palette) -> str:
    """One row at its left and top."""
    (left, top), body = at, ""
    whole, room = sum(row.counts), NARROW - left - 56
    for step, count in zip(STEPS[len(row.counts)], row.counts, strict=True):
        part = room * count / whole if whole else 0
        if count:
            body += element(
                "rect",
                x=left,
                y=top + 6,
                width=part,
                height=BAR + 2,
                fill=palette.coverage[step],
                stroke=palette.sheet,
            )
        if part >= LEAST_LABELLED and (ink := label_on(step)) is not None:
            body += text(
                left + part / 2,
                top + 18,
                style.whole(count),
                text_anchor="middle",
                fill=palette.sheet if ink == "sheet" else palette.ink,
            )
        left += part
    return body + text(
        NARROW, top + 17, f"n {style.whole(whole)}", text_anchor="end", fill=palette.ink2
    )


def ramp(share: float) -> int:
    """The step of the coverage ramp (0 to 4) of a share of half or more: 50, 60, 75, 100."""
    return 1 if share < 0.6 else 2 if share < 0.75 else 3 if share < 1 else 4


def coverage_bar(
    row: Coverage,
    *,
    label: str,
    desc: str | None = None,
    width: float = 96,
    palette: Palette = SCREEN,
    key: str | None = None,
) -> str:
    """A bar of received of expected. ``label`` names the group, such as an area.

    ``desc`` stands in place of what is missing, late and set aside.
    """
    key = key or key_of("bar", label, row)
    share = min(1.0, row.share or 0.0)
    frame = element("path", d=f"M0 1h{width:g}v8H0z", fill="none", stroke=palette.edge)
    fill = f"url(#{key}-under-half)" if row.under_half else palette.coverage[ramp(share)]
    filled = element("path", d=f"M0 1h{share * width:.1f}v8H0z", fill=fill) if share else ""
    pattern = hatch(key, palette) if row.under_half else ""
    return picture(
        pattern + frame + filled,
        title=f"{label}: {row.received} of {row.expected} received",
        desc=_beside(row) if desc is None else desc,
        size=(width, 10),
        key=key,
        palette=palette,
    )


def _beside(row: Coverage) -> str:
    if not row.expected:
        return f"Nothing was planned here; {row.unplanned} came."
    half = "Under half. " if row.under_half else ""
    return f"{half}{row.missing} missing, {row.late} of them late; {row.set_aside} set aside."
