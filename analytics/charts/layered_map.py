"""The map page's map: areas in one layer, the stations in them, and open incidents on top."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.charts.areas import label
from analytics.charts.canvas import SCREEN, Palette, element, hatch, key_of, number, picture, text
from analytics.charts.map_geometry import (
    Box,
    Point,
    Projection,
    Ring,
    largest,
    path_of,
    projection_of,
)

AreaLayer = Literal["plain", "under_half", "some", "most", "differs"]
"""What an area's ground says: nothing, how far its plan was met, or that it differs from the rest.
The two steps of coverage are light, so that marks on them stay legible."""
Draw = Callable[[Point], str]
Looks = dict[str, str | float]
SMALL = 56.0
HALF = 11.5
"""Half of an incident's mark, from corner to corner."""


@dataclass(frozen=True)
class DrawnArea:
    """An area with what it says: ``figures`` under its name, its ``address`` if it is pressed."""

    name: str
    figures: str
    rings: tuple[Ring, ...]
    layer: AreaLayer
    address: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class StationMarks:
    """Where stations lie: of which what was due has come, will come, is late, or can not come."""

    received: Sequence[Point] = ()
    to_come: Sequence[Point] = ()
    late: Sequence[Point] = ()
    unobserved: Sequence[Point] = ()


@dataclass(frozen=True)
class IncidentMark:
    """An open incident: where it is, how grave (0 to 3), what stands beside it."""

    at: Point
    severity: int
    words: str


def layered_map(
    areas: Sequence[DrawnArea],
    stations: StationMarks,
    incidents: Sequence[IncidentMark],
    *,
    title: str,
    desc: str,
    width: float,
    frame: Sequence[Ring] = (),
    palette: Palette = SCREEN,
) -> str:
    """Draw the areas so wide, or so that the rings of the ``frame`` fill the picture.

    Raises ValueError where no area has a shape.
    """
    key = key_of("layers", title, areas, width, bool(frame))
    rings = frame or [ring for area in areas for ring in area.rings]
    project, wide, high = projection_of(rings, width, margin=10 if frame else 3)
    taken = [_box(each, project) for each in incidents]
    body = (
        hatch(key, palette)
        + "".join(_area(area, project, key, palette) for area in areas)
        + _stations(stations, project, palette)
        + "".join(_label(area, project, palette, taken) for area in areas if area.rings)
        + "".join(_incident(each, project, palette) for each in incidents)
    )
    return picture(body, title=title, desc=desc, size=(wide, high), key=key, palette=palette)


def small_map(
    areas: Sequence[DrawnArea],
    incidents: Sequence[IncidentMark],
    *,
    title: str,
    desc: str,
    palette: Palette = SCREEN,
) -> str:
    """The same without names and stations, as a button has room for."""
    key = key_of("small", title, areas)
    rings = [ring for area in areas for ring in area.rings]
    project, wide, high = projection_of(rings, SMALL, height=SMALL)
    grounds = "".join(_area(area, project, key, palette) for area in areas)
    marks = "".join(_shape(project(each.at), each.severity, 3.5, palette) for each in incidents)
    return picture(
        hatch(key, palette) + grounds + marks,
        title=title,
        desc=desc,
        size=(wide, high),
        key=key,
        palette=palette,
    )


def _area(area: DrawnArea, project: Projection, key: str, palette: Palette) -> str:
    grounds = {
        "plain": palette.paper,
        "under_half": f"url(#{key}-under-half)",
        "some": palette.wash,
        "most": palette.coverage[0],
        "differs": palette.coverage[1],
    }
    return element(
        "path",
        d=path_of(area.rings, project),
        fill=grounds[area.layer],
        stroke=palette.ink if area.chosen else palette.edge,
        stroke_width=3 if area.chosen else 1,
        stroke_linejoin="round",
        data_address=area.address or None,
    )


def _label(area: DrawnArea, project: Projection, palette: Palette, taken: Sequence[Box]) -> str:
    lines = (area.name, area.figures) if area.figures else (area.name,)
    return label(project.ring(largest(area.rings)), lines, palette.ink, palette, taken=taken)


def _stations(found: StationMarks, project: Projection, palette: Palette) -> str:
    """Many marks are one path: a dot is a line of no length with round ends."""
    marks: tuple[tuple[Sequence[Point], Draw, Looks], ...] = (
        (found.to_come, _dot, {"stroke": palette.edge, "stroke_width": 5.4}),
        (found.to_come, _dot, {"stroke": palette.sheet, "stroke_width": 2.8}),
        (found.received, _dot, {"stroke": palette.violet, "stroke_width": 5}),
        (found.unobserved, _cross, {"stroke": palette.ink2, "stroke_width": 1.5}),
        (
            found.late,
            _square,
            {"fill": palette.sheet, "stroke": palette.ink, "stroke_width": 1.8},
        ),
    )
    return "".join(
        element(
            "path",
            d="".join(draw(project(each)) for each in points),
            stroke_linecap="round" if draw is _dot else None,
            **looks,
        )
        for points, draw, looks in marks
        if points
    )


def _dot(at: Point) -> str:
    return f"M{number(at[0])} {number(at[1])}h0"


def _square(at: Point) -> str:
    return f"M{number(at[0] - 3)} {number(at[1] - 3)}h6v6h-6z"


def _cross(at: Point) -> str:
    return f"M{number(at[0] - 2.5)} {number(at[1] - 2.5)}l5 5m0-5l-5 5"


def _wide(each: IncidentMark) -> float:
    """How wide the plate of an incident's words is."""
    return 7.2 * len(each.words) + 8 if each.words else 0.0


def _box(each: IncidentMark, project: Projection) -> Box:
    x, y = project(each.at)
    return x - HALF, y - HALF, x + HALF + _wide(each), y + HALF


def _incident(each: IncidentMark, project: Projection, palette: Palette) -> str:
    x, y = project(each.at)
    wide = _wide(each)
    plate = element("rect", x=x + 11, y=y - 9, width=wide, height=18, rx=3, fill=palette.sheet)
    words = text(x + 15, y + 4, each.words, fill=palette.ink, font_weight=600)
    numeral = text(
        x,
        y + 4,
        str(each.severity),
        text_anchor="middle",
        font_size=11,
        font_weight=700,
        fill="var(--sev1)" if each.severity == 1 else palette.sheet,
    )
    return (
        plate
        + words
        + _shape((x, y), each.severity, 9, palette)
        + (numeral if each.severity else "")
    )


def _shape(at: Point, severity: int, size: float, palette: Palette) -> str:
    """A diamond for what concerns integrity, a square for what is serious, else a circle."""
    x, y = at
    if severity >= 3:
        far = size * 1.25
        points = f"M{number(x)} {number(y - far)}l{number(far)} {number(far)}"
        points += f"l{number(-far)} {number(far)}l{number(-far)} {number(-far)}z"
        return element("path", d=points, fill="var(--sev3)", stroke=palette.sheet)
    if severity == 2:
        return element(
            "rect",
            x=x - size * 0.9,
            y=y - size * 0.9,
            width=size * 1.8,
            height=size * 1.8,
            rx=2,
            fill="var(--sev2)",
            stroke=palette.sheet,
        )
    return element(
        "circle", cx=x, cy=y, r=size * 0.9, fill=palette.sheet, stroke="var(--sev1)", stroke_width=2
    )
