"""The map of areas: reports received of those expected, each area labelled where it lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from analytics.charts.bars import ramp
from analytics.charts.canvas import (
    NARROW,
    SCREEN,
    Palette,
    element,
    hatch,
    key_of,
    label_on,
    picture,
    text,
)
from analytics.charts.map_geometry import (
    Box,
    Point,
    Projection,
    Ring,
    is_over,
    largest,
    path_of,
    projection_of,
    room_for,
)
from analytics.observation.coverage import Coverage

SIZES = (12.0, 11.0, 10.0)
"""The sizes that a label is tried in."""
LETTER_OF, FIGURE_OF = 0.54, 0.62
"""How wide a letter and a bold figure are taken to be, of their size."""
LINE_OF = 1.16


@dataclass(frozen=True)
class MapArea:
    """One area: its name, its outer rings as (longitude, latitude), its coverage."""

    name: str
    rings: tuple[Ring, ...]
    coverage: Coverage


def area_map(
    areas: Sequence[MapArea],
    *,
    title: str,
    width: float = NARROW,
    height: float = inf,
    names_only: bool = False,
    palette: Palette = SCREEN,
    key: str | None = None,
) -> str:
    """Draw the areas so wide, and no higher than a height. Those under half are hatched; every one
    carries its numbers. A small map has the ``names_only``, and the numbers of those under half:
    the description has all.

    Raises ValueError where no area has a shape.
    """
    key = key or key_of("map", title, areas, width)
    rings = [ring for area in areas for ring in area.rings]
    project, *size = projection_of(rings, width, height=height)
    shapes = [
        element("path", d=path_of(area.rings, project), fill=_fill(area.coverage, key, palette))
        for area in areas
    ]
    labels = [_label(area, project, palette, names_only=names_only) for area in areas if area.rings]
    body = hatch(key, palette) + element(
        "g", *shapes, stroke=palette.sheet, stroke_width=1.5, stroke_linejoin="round"
    )
    return picture(
        body + "".join(labels),
        title=title,
        desc=describe(areas),
        size=(size[0], size[1]),
        key=key,
        palette=palette,
    )


def _fill(row: Coverage, key: str, palette: Palette) -> str:
    if row.share is None:
        return palette.sheet
    if row.under_half:
        return f"url(#{key}-under-half)"
    return palette.coverage[ramp(row.share)]


def _label(area: MapArea, project: Projection, palette: Palette, *, names_only: bool) -> str:
    row = area.coverage
    ring = project.ring(largest(area.rings))
    step = ramp(row.share) if row.share is not None and not row.under_half else None
    written = None if step is None else label_on(step)
    figures = figures_of(row)
    lines = (area.name,) if names_only and not row.under_half else (area.name, figures)
    ground = None if step is None or written is None else palette.coverage[step]
    colour = palette.sheet if written == "sheet" else palette.ink
    return label(ring, lines, colour, palette, ground=ground)


def figures_of(row: Coverage) -> str:
    """What came, of what was expected; a dash where nothing was."""
    return f"{row.received}/{row.expected}" if row.expected else "–"


def label(
    ring: Ring,
    lines: Sequence[str],
    colour: str,
    palette: Palette,
    *,
    ground: str | None = None,
    taken: Sequence[Box] = (),
) -> str:
    """The label of an area within its ring, in pixels: its lines in the largest size in which they
    fit; where none does, the last alone. On the ``ground`` of the area; on a plate where it has
    none, or is too small. What is ``taken`` is kept free, where that can be."""
    fitting = []
    for size in SIZES:
        wide, high = _width(lines, size), LINE_OF * size * len(lines)
        at, room = room_for(ring, high, wide, taken)
        if room >= wide:
            fitting.append((is_over(at, wide, high, taken), -size, at))
    if fitting:
        _, smaller, at = min(fitting)
        return _written(at, lines, -smaller, colour, palette, ground)
    size, shortest = SIZES[-1], lines[-1:]
    at, room = room_for(ring, LINE_OF * size, _width(shortest, size))
    if room < _width(shortest, size):
        return _written(at, shortest, size, palette.ink, palette, None)
    return _written(at, shortest, size, colour, palette, ground)


def _width(lines: Sequence[str], size: float) -> float:
    """How wide the lines are, with a gap on both sides."""
    return (
        size * max(len(each) * (FIGURE_OF if _is_bold(each) else LETTER_OF) for each in lines) + 6
    )


def _is_bold(words: str) -> bool:
    """Figures are bold, names are not."""
    return any(each.isdigit() for each in words)


def _written(
    at: Point,
    lines: Sequence[str],
    size: float,
    colour: str,
    palette: Palette,
    ground: str | None,
) -> str:
    x, y = at
    step = LINE_OF * size
    high, wide = step * len(lines) + 2, _width(lines, size)
    plate = element(
        "rect", x=x - wide / 2, y=y - high / 2, width=wide, height=high, rx=3, fill=palette.sheet
    )
    words = [
        text(
            x,
            y - high / 2 + size + step * row,
            each,
            text_anchor="middle",
            font_size=size,
            font_weight=600 if _is_bold(each) else None,
            fill=colour,
            halo=ground,
        )
        for row, each in enumerate(lines)
    ]
    return ("" if ground else plate) + "".join(words)


def describe(areas: Sequence[MapArea]) -> str:
    """What the map says, in a sentence for whoever does not see it."""
    said = "; ".join(f"{a.name} {a.coverage.received} of {a.coverage.expected}" for a in areas)
    under = ", ".join(area.name for area in areas if area.coverage.under_half)
    return f"Received of expected: {said}." + (f" Under half: {under}." if under else "")
