"""Drawing samples by hash, so that anyone can draw them again: stratified, systematic, PPS."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scipy import special


class SampleProblem(ValueError):
    """A sample that cannot be drawn; the message says why."""


@dataclass(frozen=True)
class FrameUnit:
    """A station of the frame: its code and the class it is drawn from."""

    code: str
    stratum: str = ""


@dataclass(frozen=True)
class DrawnStratum:
    """A stratum: how many stations it has, and how many were drawn."""

    code: str
    population: int
    drawn: int


@dataclass(frozen=True)
class DrawnCodes:
    """A drawn sample. ``codes`` are in order of stratum and draw."""

    codes: tuple[str, ...]
    strata: tuple[DrawnStratum, ...]
    seed: int
    frame_sha256: str
    method: str = "sha256(seed:code), smallest first, within strata"


def frame_hash(frame: Iterable[FrameUnit]) -> str:
    """SHA-256 over the frame's lines ``code TAB stratum LF`` in UTF-8, sorted."""
    lines = sorted(f"{unit.code}\t{unit.stratum}\n" for unit in frame)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def allocate(sizes: Mapping[str, int], n: int, minimum: int = 2) -> dict[str, int]:
    """Stations per stratum, in proportion to its size by largest remainder; they add up to n.

    Every stratum gets at least ``minimum`` (or all it has), so that its variance can be
    estimated. Raises :class:`SampleProblem` where n is too small for that or larger than all.
    """
    total = sum(sizes.values())
    if not 0 < n <= total:
        raise SampleProblem(f"{n} stations cannot be drawn from {total}.")
    least = {code: min(minimum, size) for code, size in sizes.items()}
    if sum(least.values()) > n:
        raise SampleProblem(
            f"{n} stations are too few for {len(sizes)} strata with at least {minimum} each."
        )
    return _by_largest_remainder(sizes, least, n)


def _by_largest_remainder(
    sizes: Mapping[str, int], least: Mapping[str, int], n: int
) -> dict[str, int]:
    """Fix the strata whose share falls short of their least, then share out the rest.

    In whole numbers throughout, so that every machine shares out alike; of equal remainders the
    first code goes first.
    """
    fixed: dict[str, int] = {}
    while True:
        free = {code: size for code, size in sizes.items() if code not in fixed}
        rest, pool = n - sum(fixed.values()), sum(free.values())
        short = [code for code, size in free.items() if rest * size < least[code] * pool]
        if not short:
            break
        fixed |= {code: least[code] for code in short}
    given = {code: rest * size // pool for code, size in free.items()}
    left = rest - sum(given.values())
    by_remainder = sorted(free, key=lambda code: (-(rest * free[code] % pool), code))
    for code in by_remainder[:left]:
        given[code] += 1
    return {code: (fixed | given)[code] for code in sizes}


def draw(
    frame: Sequence[FrameUnit],
    n: int,
    seed: int,
    minimum: int = 2,
    *,
    shares: Callable[[Mapping[str, int]], Mapping[str, int]] | None = None,
) -> DrawnCodes:
    """Draw n stations, shared out in proportion, or by ``shares`` (sizes to stations).

    Raises :class:`SampleProblem` for a frame that :func:`check_frame` refuses, and where
    :func:`allocate` does.
    """
    check_frame(frame)
    members: dict[str, list[str]] = {}
    for unit in frame:
        members.setdefault(unit.stratum, []).append(unit.code)
    sizes = {code: len(members[code]) for code in sorted(members)}
    given = allocate(sizes, n, minimum) if shares is None else shares(sizes)
    codes = [code for each in sizes for code in lots(members[each], seed)[: given[each]]]
    strata = tuple(DrawnStratum(code, sizes[code], given[code]) for code in sizes)
    return DrawnCodes(tuple(codes), strata, seed, frame_hash(frame))


def check_frame(frame: Sequence[FrameUnit]) -> None:
    """Raise :class:`SampleProblem` for a code twice, or a tab or line break in a column."""
    twice = [code for code, count in Counter(unit.code for unit in frame).items() if count > 1]
    if twice:
        raise SampleProblem(f"The frame holds {len(twice)} codes twice, such as {twice[0]}.")
    if any(set("\t\n\r") & {*unit.code, *unit.stratum} for unit in frame):
        raise SampleProblem("A code or stratum of the frame holds a tab or a line break.")


def lots(codes: Iterable[str], seed: int) -> list[str]:
    """The codes in the order in which they are drawn."""
    return sorted(codes, key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).digest())


def expected_margin(
    strata: Iterable[DrawnStratum], share: float = 0.5, deff: float = 1.0, level: float = 0.95
) -> float:
    """The margin to expect for a proportion of stations, before anything was observed.

    z √(deff Σ W² (1 − f) p(1 − p)/n) over the strata (Cochran, 5.9). Raises
    :class:`SampleProblem` for a stratum from which nothing was drawn.
    """
    strata = tuple(strata)
    empty = [each.code for each in strata if not each.drawn]
    if empty:
        raise SampleProblem(f"Nothing was drawn from stratum {empty[0]!r}.")
    whole = sum(each.population for each in strata)
    variance = sum(
        (each.population / whole) ** 2
        * (1 - each.drawn / each.population)
        * share
        * (1 - share)
        / each.drawn
        for each in strata
    )
    return float(special.ndtri((1 + level) / 2)) * math.sqrt(deff * variance)


STEPS = 2**256


@dataclass(frozen=True)
class DrawnUnit:
    """A station that was drawn, and the probability with which it could be."""

    code: str
    chance: Fraction

    @property
    def weight(self) -> float:
        """How many stations it stands for."""
        return float(1 / self.chance)


def random_start(seed: int, purpose: str) -> Fraction:
    """A number from 0 to under 1: SHA-256 of ``seed:purpose`` as a whole number over 2^256."""
    digest = hashlib.sha256(f"{seed}:{purpose}".encode()).digest()
    return Fraction(int.from_bytes(digest, "big"), STEPS)


def draw_systematically(codes: Sequence[str], n: int, seed: int) -> list[DrawnUnit]:
    """Every N/n-th station of a list from a random start, in the list's order.

    The order is the implicit stratification: sort by region, town and size first. Two neighbours
    are never both left to chance, so no unbiased variance exists; taken as if simple, it is
    usually too large. Raises :class:`SampleProblem` as :func:`draw_by_size`.
    """
    return draw_by_size([(code, 1) for code in codes], n, seed, "systematic")


def draw_by_size(
    sizes: Sequence[tuple[str, int]], n: int, seed: int, purpose: str = "by size"
) -> list[DrawnUnit]:
    """Systematic sampling with probability in proportion to size, n·size/Σsize.

    A unit as large as a step or larger is taken for certain, and the rest drawn from the others.
    Raises :class:`SampleProblem` for n that cannot be drawn, a code twice, a size not above 0.
    """
    if not 0 < n <= len(sizes):
        raise SampleProblem(f"{n} stations cannot be drawn from {len(sizes)}.")
    if len({code for code, _ in sizes}) < len(sizes):
        raise SampleProblem("The frame holds a code twice.")
    small = next((code for code, size in sizes if size < 1), None)
    if small is not None:
        raise SampleProblem(f"Station {small}: its size must be a whole number above 0.")
    certain = _certain(dict(sizes), n)
    rest = [(code, size) for code, size in sizes if code not in certain]
    picked = {each.code: each for each in _stepwise(rest, n - len(certain), seed, purpose)}
    picked |= {code: DrawnUnit(code, Fraction(1)) for code in certain}
    return [picked[code] for code, _ in sizes if code in picked]


def _certain(sizes: Mapping[str, int], n: int) -> set[str]:
    """Units at least as large as the step, until none of the rest is."""
    taken: set[str] = set()
    while True:
        rest = {code: size for code, size in sizes.items() if code not in taken}
        left, whole = n - len(taken), sum(rest.values())
        more = {code for code, size in rest.items() if left > 0 and size * left >= whole}
        if not more:
            return taken
        taken |= more


def inclusion_by_size(sizes: Mapping[int, int], n: int) -> dict[int, Fraction]:
    """The chance of a station of each size when n are drawn by size; ``sizes`` counts stations.

    The same rule as :func:`draw_by_size`: what is as large as a step is certain.
    """
    certain: set[int] = set()
    while True:
        rest = {size: many for size, many in sizes.items() if size not in certain}
        left = n - sum(many for size, many in sizes.items() if size in certain)
        whole = sum(size * many for size, many in rest.items())
        more = {size for size in rest if left > 0 and size * left >= whole}
        if not more:
            break
        certain |= more
    chances = {size: Fraction(left * size, whole) for size in rest}
    return chances | dict.fromkeys(certain, Fraction(1))


def _stepwise(sizes: Sequence[tuple[str, int]], n: int, seed: int, purpose: str) -> list[DrawnUnit]:
    whole, found, passed = sum(size for _, size in sizes), list[DrawnUnit](), 0
    start = random_start(seed, purpose)
    for code, size in sizes:
        passed += size
        if len(found) < n and (start + len(found)) * whole < passed * n:
            found.append(DrawnUnit(code, Fraction(n * size, whole)))
    return found


def draw_two_stages(
    areas: Mapping[str, Sequence[str]], first: int, each: int, seed: int
) -> dict[str, list[DrawnUnit]]:
    """``first`` areas by lot, then ``each`` stations by lot in every one (all it has, if fewer).

    The chance of a station is that of its area times that within it. Areas are put in order of
    SHA-256 of ``seed:area``, stations of ``seed:station``. Raises :class:`SampleProblem` where
    so many areas cannot be drawn, an area is empty, or ``each`` is under 1.
    """
    if not 0 < first <= len(areas) or each < 1:
        raise SampleProblem(f"{first} areas of {len(areas)}, {each} stations of each: impossible.")
    empty = next((area for area, codes in areas.items() if not codes), None)
    if empty is not None:
        raise SampleProblem(f"Area {empty} has no station.")
    drawn = {}
    for area in lots(areas, seed)[:first]:
        codes = areas[area]
        chance = Fraction(first, len(areas)) * Fraction(min(each, len(codes)), len(codes))
        drawn[area] = [DrawnUnit(code, chance) for code in lots(codes, seed)[:each]]
    return drawn
