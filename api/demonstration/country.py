"""The fictional country Sarelia: regions that tile it, stations in them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.spatial import Voronoi

from analytics.survey.design import Floats, Ints, Truths
from schemas.checklist import Unobserved

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

    def contests_at(self, station: int) -> tuple[str, ...]:
        """The contests that are voted on at a station, by its index."""
        elects = self.regions[self.stations[station].region].name in CONSTITUENCIES
        return (PRESIDENT, ASSEMBLY) if elects else (PRESIDENT,)


def code_of(region: str) -> str:
    """The code of a region by its name."""
    return f"{REGIONS.index(region) + 1:02d}"


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
        regions.append(Region(code_of(name), name, outline))
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


Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]

RATES = {
    "AC-OBS": 0.02, "AC-AGENT": 0.03, "AC-CIT": 0.02, "VO-UNAUTH": 0.06, "VO-ACCESS": 0.31,
    "VO-ASREF": 0.02, "VO-ASSIST": 0.04, "VO-ID": 0.04, "VO-INK": 0.05, "VO-ROLL": 0.03,
    "VO-INEL": 0.02, "VO-SIG": 0.01, "VO-PROXY": 0.02, "VO-SHORT": 0.01, "VO-TECH": 0.05,
    "VO-SUSP": 0.02, "OP-SEC": 0.08, "VO-OPEN": 0.06, "VO-GROUP": 0.12, "VO-PHOTO": 0.02,
    "VO-CROWD": 0.10, "VO-CAMP": 0.05, "VO-INTIM": 0.015, "VO-VIOL": 0.005, "VO-BUY": 0.01,
    "VO-STUFF": 0.0, "VO-CAROUSEL": 0.0, "DR-REFUSE": 0.1, "CL-EARLY": 0.01, "CL-QUEUE": 0.02,
    "OP-QUORUM": 0.02, "CO-UNUSED": 0.08, "CO-SEAL": 0.004, "CO-TRANSP": 0.05,
    "CO-INVALID": 0.04, "CO-DELAY": 0.06, "CO-ARITH": 0.05, "CO-FALS": 0.0, "CO-PRESIGN": 0.03,
    "CO-NOPOST": 0.15, "CO-NOCOPY": 0.07, "CO-TRANSMIT": 0.03,
}  # fmt: skip
"""The part of stations where an irregularity happens, before regions differ."""

CANDIDATES = (
    ("A", "Candidate A, Lantern Movement"),
    ("B", "Candidate B, Harbour Alliance"),
    ("C", "Candidate C, Orchard Party"),
    ("D", "Candidate D, Free Bridges"),
)
SUPPORT = np.array([0.495, 0.335, 0.105, 0.065])
LISTS = (
    ("L1", "List 1, Harbour Alliance"),
    ("L2", "List 2, Lantern Movement"),
    ("L3", "List 3, Orchard Party"),
    ("L4", "List 4, Green Valley"),
)
LIST_SUPPORT = np.array([0.38, 0.35, 0.17, 0.1])
PRESIDENT, ASSEMBLY = "president", "assembly"
"""The two contests of the day: everybody elects the president, some regions their assembly."""
CONTESTANTS = {PRESIDENT: CANDIDATES, ASSEMBLY: LISTS}
"""The contests in their order, and who stands in each, as code and name."""
CONSTITUENCIES = ("Galden", "Lornet", "Ilmar", "Calvey")
"""The regions that elect an assembly."""
LEADING = 0.497
"""The first candidate's share: close to one half, so that a run-off is in doubt."""
UNOBSERVED: dict[Unobserved, float] = {"refused": 0.015, "closed": 0.003, "unsafe": 0.003}
"""The part of stations at which nobody can observe, and why; at least one of each."""
ACCESS = "AC-OBS"
"""The irregularity that a refused entry to the voting is as well."""


@dataclass(frozen=True)
class Votes:
    """The true result of a contest: a row a station, of zeros where it is not voted on."""

    invalid: Ints
    votes: Ints

    @property
    def shares(self) -> Floats:
        """Each contestant's share of all valid votes."""
        return np.asarray(self.votes.sum(axis=0) / self.votes.sum(), dtype=np.float64)


@dataclass(frozen=True)
class Truth:
    """What is true at each station: arrays with a row a station.

    ``unobserved`` says why nobody can observe there; a closed station has no voters. ``voted`` is
    how many voted, in each contest of the station; ``results`` are by contest.
    """

    codes: tuple[str, ...]
    unobserved: tuple[Unobserved | None, ...]
    irregular: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]"
    voted: Ints
    results: Mapping[str, Votes]

    def happened(self, code: str, station: int) -> bool:
        """Whether an irregularity happens at a station; what is not listed never does."""
        return code in self.codes and bool(self.irregular[station, self.codes.index(code)])

    def rate(self, code: str) -> float:
        """The part of the stations that opened where an irregularity happens; without
        refused entries."""
        return float(self.irregular[self.opened, self.codes.index(code)].mean())

    def rate_with_refusals(self, code: str) -> float:
        """The same, where a refused entry is an irregularity as well."""
        happens = self.irregular[:, self.codes.index(code)] | self.refused
        return float(happens[self.opened].mean())

    @property
    def refused(self) -> Truths:
        """Which stations let no observers in."""
        return np.array([each == "refused" for each in self.unobserved])

    @property
    def opened(self) -> Truths:
        """Which stations opened."""
        return np.array([each != "closed" for each in self.unobserved])


def make_truth(country: Country, seed: int) -> Truth:
    """What happens at every station; the same for the same seed."""
    chance = np.random.default_rng([seed, 2])
    region = np.array([each.region for each in country.stations])
    rural = np.array([each.rural for each in country.stations])
    registered = np.array([each.registered for each in country.stations])
    base = np.array(list(RATES.values()))
    tilt = chance.gamma(6.0, 1 / 6.0, (len(country.regions), len(base)))
    rates = np.clip(base * tilt[region] * np.where(rural, 1.25, 0.85)[:, None], 0, 0.9)
    irregular = chance.random(rates.shape) < rates
    unobserved = _unobserved(len(region), seed)
    is_closed = np.array([each == "closed" for each in unobserved])
    irregular[is_closed] = False
    voted = chance.binomial(
        registered, np.clip(0.62 + chance.normal(0, 0.06, len(region)), 0.2, 0.95)
    )
    voted[is_closed] = 0
    president = _votes(chance, region, voted, SUPPORT, LEADING)
    elects = np.array([country.regions[each].name in CONSTITUENCIES for each in region])
    other = np.random.default_rng([seed, 8])
    assembly = _votes(other, region, np.where(elects, voted, 0), LIST_SUPPORT, LIST_SUPPORT[0])
    return Truth(
        tuple(RATES),
        unobserved,
        irregular,
        voted.astype(np.int64),
        {PRESIDENT: president, ASSEMBLY: assembly},
    )


def _votes(
    chance: np.random.Generator, region: Ints, voted: Ints, support: Floats, leading: float
) -> Votes:
    """The result of a contest in which so many voted at each station, and the first contestant's
    share is nearly ``leading``: regions lean to one or another, stations a little more."""
    invalid = chance.binomial(voted, 0.018)
    leaning = chance.normal(0, 0.35, (int(region.max()) + 1, len(support)))
    local = np.log(support) + leaning[region] + chance.normal(0, 0.2, (len(region), len(support)))
    votes = chance.multinomial(voted - invalid, _shares(local, voted - invalid, leading))
    return Votes(invalid.astype(np.int64), votes.astype(np.int64))


def _unobserved(stations: int, seed: int) -> tuple[Unobserved | None, ...]:
    """Why nobody can observe at each station, drawn by lot."""
    order = np.random.default_rng([seed, 6]).permutation(stations).tolist()
    found: list[Unobserved | None] = [None] * stations
    for reason, share in UNOBSERVED.items():
        for _ in range(max(round(share * stations), 1)):
            found[order.pop()] = reason
    return tuple(found)


def _shares(local: Matrix, valid: Ints, leading: float) -> Matrix:
    """Each station's shares from its leanings, moved alike until the first leads by so much.

    ``local`` are logarithms, a row a station; ``valid`` are the votes that weigh it.
    """
    low, high = -3.0, 3.0
    shares = local
    for _ in range(40):
        moved = local.copy()
        moved[:, 0] += (low + high) / 2
        shares = np.exp(moved) / np.exp(moved).sum(axis=1, keepdims=True)
        if valid @ shares[:, 0] < leading * valid.sum():
            low = (low + high) / 2
        else:
            high = (low + high) / 2
    return shares
