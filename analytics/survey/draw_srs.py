"""Drawing a stratified random sample by hash, so that anyone can draw it again, bit for bit.

The rule needs no random number generator: within a stratum the stations with the smallest
SHA-256 of ``seed:code`` are drawn. Publish the frame, the seed and the allocation, and anyone
with a hash function checks the draw (docs/methods.md).
"""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

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
