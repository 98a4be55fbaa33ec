"""The arrival curve: how many reports have come by each moment, against plan."""

from datetime import datetime, timedelta, tzinfo

from analytics.charts.canvas import SCREEN, Palette, element, key_of, line, number, picture, text
from analytics.observation.coverage import ArrivalCurve

WIDTH, HEIGHT = 330.0, 222.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 324.0, 20.0, 198.0


def arrival_curve(
    curve: ArrivalCurve,
    *,
    title: str,
    zone: tzinfo,
    plan_label: str = "plan",
    received_label: str = "{count} received",
    palette: Palette = SCREEN,
    key: str | None = None,
) -> str:
    """Draw the curve. ``title`` says the finding; hours are those of ``zone``.

    ``received_label`` stands beside the last point, with ``{count}`` for how many have come.
    """
    key = key or key_of("arrival", title, curve)
    start, end = curve.moments[0], max(curve.moments[-1], curve.moments[0] + timedelta(minutes=1))
    most = nice_top(max(curve.planned[-1], curve.received[-1], 1))

    def at(moment: datetime, count: float) -> tuple[float, float]:
        along = (min(moment, end) - start) / (end - start)
        return LEFT + along * (RIGHT - LEFT), BOTTOM - count / most * (BOTTOM - TOP)

    came = [*curve.moments[: len(curve.received) - 1], curve.as_of]
    plan = [at(*each) for each in zip(curve.moments, curve.planned, strict=True)]
    here = [at(*each) for each in zip(came, curve.received, strict=True)]
    body = _grid(most, palette) + _hours(start, end, zone, palette)
    body += _plan(plan, plan_label, palette) + _came(
        here, received_label.format(count=f"{curve.received[-1]:,}"), palette
    )
    return picture(
        body,
        title=title,
        desc=_description(curve, zone),
        size=(WIDTH, HEIGHT),
        key=key,
        palette=palette,
    )


def nice_top(most: float) -> float:
    """The least of 4, 8, 20, 40, 60, 80, 100, 200, 400, 500 … that is not below ``most``.

    Its quarters are whole.
    """
    step = 1.0
    while True:
        for top in (4 * step, 5 * step, 6 * step, 8 * step, 10 * step, 20 * step):
            if most <= top and top % 4 == 0:
                return top
        step *= 10


def _grid(most: float, palette: Palette) -> str:
    rows = []
    for quarter in range(5):
        y = BOTTOM - quarter / 4 * (BOTTOM - TOP)
        rows.append(
            element("path", d=f"M{number(LEFT)} {number(y)}H{number(RIGHT)}", stroke=palette.line)
        )
        rows.append(text(LEFT - 6, y + 4, f"{most * quarter / 4:,.0f}", text_anchor="end"))
    return "".join(rows)


def _hours(start: datetime, end: datetime, zone: tzinfo, palette: Palette) -> str:
    hours = max(1, round((end - start) / timedelta(hours=1) / 6))
    tick = start.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    words = []
    for _ in range(48):
        if tick > end:
            break
        if tick >= start:
            x = LEFT + (tick - start) / (end - start) * (RIGHT - LEFT)
            words.append(text(x, BOTTOM + 18, f"{tick:%H:%M}", text_anchor="middle"))
        tick += timedelta(hours=hours)
    return element("g", *words, fill=palette.ink2)


def _plan(points: list[tuple[float, float]], label: str, palette: Palette) -> str:
    stroke = element(
        "path",
        d=line(points),
        fill="none",
        stroke=palette.edge,
        stroke_width=1.5,
        stroke_dasharray="4 4",
    )
    wanted = BOTTOM - 0.8 * (points[0][1] - points[-1][1])
    x, y = next(point for point in points if point[1] <= wanted)
    return stroke + text(max(x - 8, LEFT + 60), y, label, text_anchor="end", halo=palette.paper)


def _came(points: list[tuple[float, float]], words: str, palette: Palette) -> str:
    (first, _), (x, y) = points[0], points[-1]
    under = line(points) + f"L{number(x)} {number(BOTTOM)}L{number(first)} {number(BOTTOM)}z"
    room = x < RIGHT - 90
    below = max(height for at, height in points if at >= RIGHT - 100 or at == x)
    return (
        element("path", d=under, fill=palette.wash)
        + element("path", d=line(points), fill="none", stroke=palette.violet, stroke_width=2.5)
        + element("circle", cx=x, cy=y, r=5, fill=palette.violet)
        + text(
            x + 11 if room else RIGHT,
            y + 14 if room else min(below + 28, BOTTOM - 6),
            words,
            fill=palette.violet,
            font_weight=600,
            halo=palette.paper,
            text_anchor="start" if room else "end",
        )
    )


def _description(curve: ArrivalCurve, zone: tzinfo) -> str:
    now = curve.as_of.astimezone(zone)
    planned = sum(moment <= curve.as_of for moment in curve.moments)
    by_now = curve.planned[planned - 1] if planned else 0
    return f"{curve.received[-1]:,} received by {now:%H:%M}; the plan had {by_now:,} by then."
