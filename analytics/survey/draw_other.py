"""Drawing samples other than stratified random ones: systematic, proportional to size, two-stage.

All from a published seed by SHA-256, in whole numbers, so that anyone redraws them bit for bit
(docs/methods.md, decision 10). Sources: Cochran, 8.1 and 9A.10; Madow (1949).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analytics.survey.draw_srs import SampleProblem, lots

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
