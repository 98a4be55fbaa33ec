"""Draws a sample again by the published rule: allocation in proportion, then the order of hashes.

Written from docs/methods.md, "Drawing a sample"; areas are the strata.
"""

from fractions import Fraction
from hashlib import sha256

from tests.truth.mission import Sample, Station

LEAST = 2


def allocate(sizes: dict[str, int], size: int) -> dict[str, int]:
    """So many of each stratum, in proportion; at least two, or all it has; sums to ``size``."""
    fixed: dict[str, int] = {}
    while True:
        free = {code: count for code, count in sizes.items() if code not in fixed}
        left = size - sum(fixed.values())
        total = sum(free.values())
        share = {code: Fraction(left * count, total) for code, count in free.items()}
        small = {c: min(LEAST, sizes[c]) for c in free if share[c] < min(LEAST, sizes[c])}
        if not small:
            break
        fixed |= small
    whole = {code: int(each) for code, each in share.items()}
    rest = left - sum(whole.values())
    for code in sorted(share, key=lambda each: (whole[each] - share[each], each))[:rest]:
        whole[code] += 1
    return fixed | whole


def drawn(stations: tuple[Station, ...], sample: Sample) -> tuple[str, ...]:
    """The codes that the seed draws."""
    sizes: dict[str, int] = {}
    for each in stations:
        sizes[each.area] = sizes.get(each.area, 0) + 1
    found: list[str] = []
    for area, count in sorted(allocate(sizes, sample.size).items()):
        here = [each.code for each in stations if each.area == area]
        here.sort(key=lambda code: sha256(f"{sample.seed}:{code}".encode()).hexdigest())
        found += here[:count]
    return tuple(sorted(found))
