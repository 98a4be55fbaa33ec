"""The fictional country Sarelia: regions that tile it, stations in them."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import Voronoi

from analytics.survey.design import Floats

NAME = "Sarelia"
REGIONS = (
    "Keshal",
    "Galden",
    "Dorrin",
    "Aldora",
    "Lornet",
    "Morvane",
    "Ilmar",
    "Berun",
    "Hestrin",
    "Estmar",
    "Calvey",
    "Farwick",
)
PLACES = ("School", "Town hall", "Library", "Community centre", "Sports hall", "Post office")
WEST, SOUTH, WIDTH, HEIGHT = -31.0, 30.0, 3.2, 2.4
"""Somewhere in an ocean, so that nobody takes it for a real place."""
TRIES = 100


@dataclass(frozen=True)
class Region:
    """A region and its outline, as longitude and latitude."""

    code: str
    name: str
    outline: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class DemoStation:
    """A polling station: ``region`` is an index, positions are degrees."""

    code: str
    name: str
    region: int
    rural: bool
    registered: int
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Country:
    """All there is to know of the country."""

    regions: tuple[Region, ...]
    stations: tuple[DemoStation, ...]


def make_country(stations: int, seed: int) -> Country:
    """The country with so many stations; the same for the same seed."""
    chance = np.random.default_rng([seed, 1])
    centres = _centres(chance)
    regions = _regions(centres)
    return Country(regions, tuple(_stations(regions, centres, stations, chance)))


def _centres(chance: np.random.Generator) -> Floats:
    """Twelve centres on a shaken grid of four by three, in the unit square."""
    grid = np.array([[(x + 0.5) / 4, (y + 0.5) / 3] for y in (2, 1, 0) for x in range(4)])
    return grid + chance.uniform(-0.075, 0.075, grid.shape)


def _regions(centres: Floats) -> tuple[Region, ...]:
    """Voronoi cells; mirrored centres close them at the border, which is then rounded off."""
    mirrored = [centres]
    for axis in (0, 1):
        for edge in (0.0, 1.0):
            image = centres.copy()
            image[:, axis] = 2 * edge - image[:, axis]
            mirrored.append(image)
    cells = Voronoi(np.vstack(mirrored))
    regions = []
    for index, name in enumerate(REGIONS):
        corners = cells.vertices[cells.regions[cells.point_region[index]]]
        clipped = _clip(_around(corners), _coast())
        outline = tuple((WEST + WIDTH * x, SOUTH + HEIGHT * y) for x, y in clipped)
        regions.append(Region(f"{index + 1:02d}", name, outline))
    return tuple(regions)


def _around(corners: Floats) -> list[tuple[float, float]]:
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    return [(float(x), float(y)) for x, y in corners[np.argsort(angles)]]


def _coast() -> list[tuple[float, float]]:
    """A convex outline of the country, anticlockwise."""
    angles = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    power = 0.55
    xs = 0.5 + 0.49 * np.sign(np.cos(angles)) * np.abs(np.cos(angles)) ** power
    ys = 0.5 + 0.49 * np.sign(np.sin(angles)) * np.abs(np.sin(angles)) ** power
    return list(zip(xs.tolist(), ys.tolist(), strict=True))


def _clip(
    subject: list[tuple[float, float]], border: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Sutherland and Hodgman (1974): a polygon inside a convex border."""
    for start, end in zip(border, [*border[1:], border[0]], strict=True):
        kept: list[tuple[float, float]] = []
        for before, point in zip([subject[-1], *subject[:-1]], subject, strict=True):
            if _left(start, end, point):
                if not _left(start, end, before):
                    kept.append(_crossing(before, point, start, end))
                kept.append(point)
            elif _left(start, end, before):
                kept.append(_crossing(before, point, start, end))
        subject = kept
    return subject


def _left(start: tuple[float, float], end: tuple[float, float], point: tuple[float, float]) -> bool:
    across = (end[0] - start[0]) * (point[1] - start[1])
    return across - (end[1] - start[1]) * (point[0] - start[0]) >= 0


def _crossing(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> tuple[float, float]:
    """Where the lines through a, b and through c, d meet."""
    first = a[0] * b[1] - a[1] * b[0]
    second = c[0] * d[1] - c[1] * d[0]
    below = (a[0] - b[0]) * (c[1] - d[1]) - (a[1] - b[1]) * (c[0] - d[0])
    x = (first * (c[0] - d[0]) - (a[0] - b[0]) * second) / below
    y = (first * (c[1] - d[1]) - (a[1] - b[1]) * second) / below
    return x, y


def _stations(
    regions: tuple[Region, ...], centres: Floats, count: int, chance: np.random.Generator
) -> list[DemoStation]:
    sizes = chance.dirichlet(np.full(len(regions), 9.0))
    of = np.sort(chance.choice(len(regions), size=count, p=sizes))
    stations = []
    for number, region in enumerate(of.tolist()):
        rural = bool(chance.random() < 0.45)
        kind = PLACES[int(chance.integers(len(PLACES)))]
        longitude, latitude = _position(regions[region], centres[region], rural, chance)
        stations.append(
            DemoStation(
                code=f"{number + 1:04d}",
                name=f"{kind} {int(chance.integers(1, 60))}, {regions[region].name}",
                region=region,
                rural=rural,
                registered=int(chance.integers(120, 700) if rural else chance.integers(500, 1900)),
                latitude=latitude,
                longitude=longitude,
            )
        )
    return stations


def _position(
    region: Region, centre: Floats, rural: bool, chance: np.random.Generator
) -> tuple[float, float]:
    """Longitude and latitude in a region: towns lie about its centre, villages anywhere."""
    for _ in range(TRIES):
        x, y = centre + chance.normal(0, 0.09 if rural else 0.03, 2)
        point = round(float(WEST + WIDTH * x), 6), round(float(SOUTH + HEIGHT * y), 6)
        border = zip(region.outline, (*region.outline[1:], region.outline[0]), strict=True)
        if all(_left(start, end, point) for start, end in border):
            return point
    return float(WEST + WIDTH * centre[0]), float(SOUTH + HEIGHT * centre[1])
