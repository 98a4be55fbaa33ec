"""Longitude and latitude as pixels, and where in an area its label stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, inf, radians
from typing import Any

from analytics.charts.canvas import number

Point = tuple[float, float]
Ring = tuple[Point, ...]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""
LINES = 24
"""At so many heights of an area the room for its label is tried."""


def shapes_of(geometry: Mapping[str, Any]) -> tuple[Ring, ...]:
    """The outer rings of a GeoJSON Polygon or MultiPolygon. Raises ValueError for others."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        raise ValueError(f"shape: {kind} is neither Polygon nor MultiPolygon")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    return tuple(tuple((float(p[0]), float(p[1])) for p in each[0]) for each in polygons if each)


@dataclass(frozen=True)
class Projection:
    """Longitude and latitude to pixels: plate carrée at the middle latitude, north up."""

    west: float
    north: float
    across: float
    scale: float

    def __call__(self, point: Point) -> Point:
        x, y = point
        return (x - self.west) * self.across * self.scale, (self.north - y) * self.scale

    def ring(self, ring: Ring) -> Ring:
        """A ring in pixels."""
        return tuple(map(self, ring))


def projection_of(
    rings: Iterable[Ring], width: float, *, height: float = inf, margin: float = 1.0
) -> tuple[Projection, float, float]:
    """What draws these rings in a width, and no higher than a height; how wide and how high they
    then are, with a margin around. Raises ValueError without any."""
    points = [point for ring in rings for point in ring]
    if not points:
        raise ValueError("areas: none has a shape to draw")
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    across = max(0.05, cos(radians((south + north) / 2)))
    wide, high = max((east - west) * across, (north - south) / 2, 1e-9), max(north - south, 1e-9)
    scale = min((width - 2 * margin) / wide, (height - 2 * margin) / high)
    return (
        Projection(west - margin / scale / across, north + margin / scale, across, scale),
        wide * scale + 2 * margin,
        high * scale + 2 * margin,
    )


def path_of(rings: Iterable[Ring], project: Projection) -> str:
    """The path data of an area's outline."""
    return "".join(
        "M" + " ".join(f"{number(x)} {number(y)}" for x, y in project.ring(ring)) + "z"
        for ring in rings
    )


def largest(rings: Sequence[Ring]) -> Ring:
    """The ring that encloses most."""
    return max(rings, key=lambda ring: abs(_doubled(ring)))


def middle(ring: Ring) -> Point:
    """The centroid of a ring; the mean of its points where it encloses nothing."""
    doubled = _doubled(ring)
    if abs(doubled) < 1e-9:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    x = y = 0.0
    for a, b in _sides(ring):
        cross = a[0] * b[1] - b[0] * a[1]
        x, y = x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return x / (3 * doubled), y / (3 * doubled)


def room_for(
    ring: Ring, height: float, wanted: float, taken: Sequence[Box] = ()
) -> tuple[Point, float]:
    """Where in a ring a box of this height stands best, by its middle, and how wide it may be
    there: nearest to the centroid where there is room for the width ``wanted`` and nothing
    ``taken``, else where there is most."""
    at = middle(ring)
    top, bottom = min(y for _, y in ring), max(y for _, y in ring)
    best: tuple[tuple[bool, bool, float], Point, float] | None = None
    for line in range(1, LINES):
        y = top + (bottom - top) * line / LINES
        for start, end in _common(ring, y - height / 2, y, y + height / 2):
            room = end - start
            half, fits = min(room, wanted) / 2, room >= wanted
            beside = (x for left, _, right, _ in taken for x in (left - half, right + half))
            for wished in (at[0], *beside):
                x = min(max(wished, start + half), end - half)
                far = abs(x - at[0]) + abs(y - at[1])
                over = is_over((x, y), 2 * half, height, taken)
                order = (not fits, over, far if fits else -room)
                if best is None or order < best[0]:
                    best = order, (x, y), room
    return (at, 0.0) if best is None else best[1:]


def is_over(at: Point, wide: float, high: float, taken: Iterable[Box]) -> bool:
    """Whether a box about a point covers anything that is ``taken``."""
    (x, y), slack = at, 1e-6
    return any(
        abs(x - (left + right) / 2) < (wide + right - left) / 2 - slack
        and abs(y - (above + below) / 2) < (high + below - above) / 2 - slack
        for left, above, right, below in taken
    )


def _common(ring: Ring, *heights: float) -> list[tuple[float, float]]:
    """The stretches that lie within a ring at all of these heights."""
    found = [(float("-inf"), float("inf"))]
    for y in heights:
        crossed = _crossed(ring, y)
        found = [
            (max(a, c), min(b, d)) for a, b in found for c, d in crossed if max(a, c) < min(b, d)
        ]
    return found


def _crossed(ring: Ring, y: float) -> list[tuple[float, float]]:
    xs = sorted(
        a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for a, b in _sides(ring)
        if (a[1] <= y) != (b[1] <= y)
    )
    return list(zip(xs[::2], xs[1::2], strict=False))


def _sides(ring: Ring) -> Iterable[tuple[Point, Point]]:
    return zip(ring, (*ring[1:], ring[0]), strict=True)


def _doubled(ring: Ring) -> float:
    """Twice the signed area of a ring (the shoelace formula)."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(ring))
