"""The map of areas: reports received of those expected, each area labelled where it lies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from analytics.charts.bars import ramp
from analytics.charts.canvas import (
    LETTER,
    NARROW,
    SCREEN,
    Palette,
    element,
    hatch,
    key_of,
    label_on,
    number,
    picture,
    text,
)
from analytics.observation.coverage import Coverage

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class MapArea:
    """One area: its name, its outer rings as (longitude, latitude), its coverage."""

    name: str
    rings: tuple[Ring, ...]
    coverage: Coverage


def shapes_of(geometry: Mapping[str, Any]) -> tuple[Ring, ...]:
    """The outer rings of a GeoJSON Polygon or MultiPolygon. Raises ValueError for others."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        raise ValueError(f"shape: {kind} is neither Polygon nor MultiPolygon")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    return tuple(tuple((float(p[0]), float(p[1])) for p in each[0]) for each in polygons if each)


def area_map(
    areas: Sequence[MapArea],
    *,
    title: str,
    width: float = NARROW,
    palette: Palette = SCREEN,
    key: str | None = None,
) -> str:
    """Draw the areas. Those under half are hatched; every one carries its numbers.

    Raises ValueError where no area has a shape.
    """
    key = key or key_of("map", title, areas)
    project, height = _projection([area for area in areas if area.rings], width)
    shapes = [_shape(area, project, key, palette) for area in areas]
    labels = [_label(area, project, palette) for area in areas if area.rings]
    body = hatch(key, palette) + element(
        "g", *shapes, stroke=palette.sheet, stroke_width=1.5, stroke_linejoin="round"
    )
    return picture(
        body + "".join(labels),
        title=title,
        desc=_description(areas),
        size=(width, height),
        key=key,
        palette=palette,
    )


class _Projection:
    """Longitude and latitude to pixels: plate carrée at the middle latitude, north up."""

    def __init__(self, west: float, north: float, across: float, scale: float) -> None:
        self.west, self.north, self.across, self.scale = west, north, across, scale

    def __call__(self, point: tuple[float, float]) -> tuple[float, float]:
        x, y = point
        return (x - self.west) * self.across * self.scale, (self.north - y) * self.scale


def _projection(areas: Iterable[MapArea], width: float) -> tuple[_Projection, float]:
    points = [point for area in areas for ring in area.rings for point in ring]
    if not points:
        raise ValueError("areas: none has a shape to draw")
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    across = max(0.05, cos(radians((south + north) / 2)))
    scale = width / max((east - west) * across, (north - south) / 2, 1e-9)
    return _Projection(west, north, across, scale), max(1.0, (north - south) * scale)


def _shape(area: MapArea, project: _Projection, key: str, palette: Palette) -> str:
    path = "".join(
        "M" + " ".join(f"{number(x)} {number(y)}" for x, y in map(project, ring)) + "z"
        for ring in area.rings
    )
    return element("path", d=path, fill=_fill(area.coverage, key, palette))


def _fill(row: Coverage, key: str, palette: Palette) -> str:
    if row.share is None:
        return palette.sheet
    if row.under_half:
        return f"url(#{key}-under-half)"
    return palette.coverage[ramp(row.share)]


def _label(area: MapArea, project: _Projection, palette: Palette) -> str:
    x, y = _middle(max((tuple(map(project, ring)) for ring in area.rings), key=_extent))
    row = area.coverage
    figures = f"{row.received}/{row.expected}" if row.expected else "–"
    written = label_on(ramp(row.share)) if row.share is not None and not row.under_half else None
    half = max(len(area.name) * LETTER, len(figures) * 7.6) / 2 + 4
    plate = (
        ""
        if written
        else element(
            "rect", x=x - half, y=y - 16, width=2 * half, height=31, rx=3, fill=palette.sheet
        )
    )
    colour = palette.sheet if written == "sheet" else palette.ink
    halo = palette.coverage[ramp(row.share)] if written and row.share is not None else None
    words = text(x, y - 3, area.name, text_anchor="middle", fill=colour, halo=halo)
    return (
        plate
        + words
        + text(x, y + 11, figures, text_anchor="middle", font_weight=600, fill=colour, halo=halo)
    )


def _extent(ring: Ring) -> float:
    return abs(_doubled(ring))


def _doubled(ring: Ring) -> float:
    """Twice the signed area of a ring (the shoelace formula)."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))


def _middle(ring: Ring) -> tuple[float, float]:
    """The centroid of a ring; the mean of its points where it encloses nothing."""
    doubled = _doubled(ring)
    if abs(doubled) < 1e-9:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    x = y = 0.0
    for a, b in zip(ring, (*ring[1:], ring[0]), strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        x, y = x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return x / (3 * doubled), y / (3 * doubled)


def _description(areas: Sequence[MapArea]) -> str:
    said = "; ".join(f"{a.name} {a.coverage.received} of {a.coverage.expected}" for a in areas)
    under = ", ".join(area.name for area in areas if area.coverage.under_half)
    return f"Received of expected: {said}." + (f" Under half: {under}." if under else "")
