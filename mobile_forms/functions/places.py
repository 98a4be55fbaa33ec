"""Functions of places: a geopoint is ``latitude longitude altitude accuracy``.

Points follow each other, parted by ``;``, or stand in several nodes. The Earth is a sphere.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from mobile_forms.functions.values import Value, texts_of

RADIUS = 6_378_100.0
"""Of the Earth, in metres, as ODK's own evaluators take it."""
Point = tuple[float, float]


def _points(values: Sequence[Value]) -> list[Point]:
    """Points in radians; none where any cannot be read."""
    found = []
    for text in ";".join(texts_of(values)).split(";"):
        if not text.strip():
            continue
        try:
            latitude, longitude = map(float, text.split()[:2])
        except ValueError:
            return []
        found.append((math.radians(latitude), math.radians(longitude)))
    return found


def _apart(one: Point, other: Point) -> float:
    """Metres between two points, by the haversine formula."""
    height = math.sin((other[0] - one[0]) / 2) ** 2
    width = math.sin((other[1] - one[1]) / 2) ** 2
    return (
        2
        * RADIUS
        * math.asin(math.sqrt(min(1.0, height + math.cos(one[0]) * math.cos(other[0]) * width)))
    )


def _distance(_: Any, *values: Value) -> float:
    return math.fsum(_apart(one, other) for one, other in pairwise(_points(values)))


def _area(_: Any, *values: Value) -> float:
    """Square metres within a ring of points."""
    ring = _points(values)
    if len(ring) < 3:
        return 0.0
    around = pairwise([*ring, ring[0]])
    total = math.fsum((b[1] - a[1]) * (2 + math.sin(a[0]) + math.sin(b[0])) for a, b in around)
    return abs(total) * RADIUS**2 / 2


def _geofence(_: Any, place: Value, fence: Value) -> bool:
    """Whether a point lies within a ring, by how often a line northward crosses it."""
    points, ring = _points([place]), _points([fence])
    if not points or len(ring) < 3:
        return False
    (latitude, longitude), *_rest = points
    return _crossed(latitude, longitude, ring) % 2 == 1


def _crossed(latitude: float, longitude: float, ring: Sequence[Point]) -> int:
    return sum(
        1
        for a, b in pairwise([*ring, ring[0]])
        if (a[1] > longitude) != (b[1] > longitude)
        and latitude < (b[0] - a[0]) * (longitude - a[1]) / (b[1] - a[1]) + a[0]
    )


PLACES: dict[str, Callable[..., Value]] = {
    "distance": _distance,
    "area": _area,
    "geofence": _geofence,
}
