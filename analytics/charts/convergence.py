"""A quick count as it converges: the share and its interval over time, and the threshold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from analytics.charts.canvas import SCREEN, Palette, element, key_of, line, number, picture, text

WIDTH, HEIGHT = 260.0, 160.0
LEFT, RIGHT, TOP, BOTTOM = 8.0, 200.0, 14.0, 136.0

At = Callable[[datetime, float], tuple[float, float]]


@dataclass(frozen=True)
class EstimateAtMoment:
    """The estimate at one moment: share and interval between 0 and 1."""

    moment: datetime
    share: float
    low: float
    high: float


def convergence(
    points: Sequence[EstimateAtMoment],
    *,
    title: str,
    contestant: str,
    zone: tzinfo,
    threshold: float | None = None,
    threshold_label: str = "",
    palette: Palette = SCREEN,
    key: str | None = None,
) -> str:
    """Draw the running estimate. Raises ValueError where there is none."""
    if not points:
        raise ValueError("points: no estimate to draw")
    key = key or key_of("convergence", title, contestant, points, threshold)
    low, high = _span(points, threshold)
    start, end = points[0].moment, points[-1].moment
    length = (end - start).total_seconds() or 1.0

    def at(moment: datetime, share: float) -> tuple[float, float]:
        along = (moment - start).total_seconds() / length if len(points) > 1 else 1.0
        y = BOTTOM - (min(max(share, low), high) - low) / (high - low) * (BOTTOM - TOP)
        return LEFT + along * (RIGHT - LEFT), y

    band = [at(p.moment, p.high) for p in points] + [at(p.moment, p.low) for p in reversed(points)]
    middle = [at(p.moment, p.share) for p in points]
    body = element("path", d=line(band) + "z", fill=palette.wash)
    body += element("path", d=line(middle), fill="none", stroke=palette.violet, stroke_width=2.5)
    last = points[-1]
    ends = (at(end, last.low)[1], at(end, last.high)[1])
    if threshold is not None:
        body += _threshold(at(end, threshold)[1], min(ends), threshold_label, palette)
    body += _end(middle[-1], ends, f"{contestant} {_range(last)}", palette)
    body += _times(points, at, zone)
    return picture(
        body,
        title=title,
        desc=_description(points, contestant, threshold, zone),
        size=(WIDTH, HEIGHT),
        key=key,
        palette=palette,
    )


def _span(points: Sequence[EstimateAtMoment], threshold: float | None) -> tuple[float, float]:
    """The range drawn: that of the later half, the early noise is cut; threshold always in."""
    settled = points[len(points) // 2 :]
    low = min(*(p.low for p in settled), threshold if threshold is not None else 1.0)
    high = max(*(p.high for p in settled), threshold if threshold is not None else 0.0)
    room = max(0.005, (high - low) * 0.25)
    return max(0.0, low - room), min(1.0, high + room)


def _threshold(y: float, whisker: float, label: str, palette: Palette) -> str:
    across = element(
        "path",
        d=f"M{number(LEFT)} {number(y)}H{number(WIDTH)}",
        stroke=palette.ink2,
        stroke_width=1.5,
        stroke_dasharray="5 4",
    )
    return across + text(
        WIDTH, min(y, whisker) - 6, label, text_anchor="end", fill=palette.ink, halo=palette.paper
    )


def _end(
    point: tuple[float, float], ends: tuple[float, float], words: str, palette: Palette
) -> str:
    x, y = point
    whisker = f"M{number(x)} {number(ends[0])}V{number(ends[1])}"
    return (
        element("path", d=whisker, stroke=palette.violet, stroke_width=2.5)
        + element("circle", cx=x, cy=y, r=5, fill=palette.violet)
        + text(
            WIDTH, max(ends) + 16, words, fill=palette.violet, font_weight=600, text_anchor="end"
        )
    )


def _times(points: Sequence[EstimateAtMoment], at: At, zone: tzinfo) -> str:
    shown = {points[0].moment: "start", points[-1].moment: "middle"}
    return "".join(
        text(at(moment, 0.0)[0], BOTTOM + 18, f"{moment.astimezone(zone):%H:%M}", text_anchor=side)
        for moment, side in shown.items()
    )


def _range(point: EstimateAtMoment) -> str:
    return f"{100 * point.low:.1f}–{100 * point.high:.1f}%"


def _description(
    points: Sequence[EstimateAtMoment], contestant: str, threshold: float | None, zone: tzinfo
) -> str:
    last = points[-1]
    crossed = threshold is not None and last.low <= threshold <= last.high
    line_ = f" The range crosses {100 * (threshold or 0):g}%." if crossed else ""
    when = f"{last.moment.astimezone(zone):%H:%M}"
    return f"{contestant}: {100 * last.share:.1f}%, {_range(last)} at {when}.{line_}"
