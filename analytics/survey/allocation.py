"""Sample size and its allocation to strata, decided before the draw.

Everything here adds up to n exactly. Sources: Cochran, Sampling Techniques, 3rd ed., 4.4, 5.5, 5.9.
"""

from collections.abc import Mapping
from fractions import Fraction

from analytics.survey.draw import DrawnStratum, SampleProblem, allocate, expected_margin


def allocate_equally(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """As many of every stratum; what a small one cannot give goes to the others.

    What is left over goes to the first codes. Raises :class:`SampleProblem` where n is not
    between 1 and the frame.
    """
    _check(sizes, n)
    given = dict.fromkeys(sizes, 0)
    while (left := n - sum(given.values())) > 0:
        room = sorted(code for code in sizes if given[code] < sizes[code])
        each, over = divmod(left, len(room))
        for at, code in enumerate(room):
            given[code] += min(each + (at < over), sizes[code] - given[code])
    return given


def allocate_neyman(
    sizes: Mapping[str, int], spreads: Mapping[str, float], n: int, minimum: int = 2
) -> dict[str, int]:
    """In proportion to size times standard deviation, between ``minimum`` and all of each.

    ``spreads`` come from an earlier election or round, never from the one that is observed. By
    largest remainder; of equal remainders the first code. Raises :class:`SampleProblem` for n or
    a spread that cannot be.
    """
    _check(sizes, n)
    wrong = [code for code in sizes if not 0 <= spreads.get(code, -1) < float("inf")]
    if wrong:
        raise SampleProblem(f"Stratum {wrong[0]!r}: a spread of 0 or more is needed.")
    least = {code: min(minimum, size) for code, size in sizes.items()}
    if sum(least.values()) > n:
        raise SampleProblem(f"{n} stations are too few for at least {minimum} of each stratum.")
    wanted = {code: size * Fraction(spreads[code]) for code, size in sizes.items()}
    if not any(wanted.values()):
        return allocate(sizes, n, minimum)
    return _between(wanted, least, sizes, n)


def _between(
    wanted: Mapping[str, Fraction], least: Mapping[str, int], most: Mapping[str, int], n: int
) -> dict[str, int]:
    """n shared out one by one to whoever is furthest under its share, within the bounds."""
    given = dict(least)
    whole = sum(wanted.values())
    shares = {code: n * each / whole for code, each in wanted.items()}
    while sum(given.values()) < n:
        room = [code for code in sorted(given) if given[code] < most[code]]
        short = max(room, key=lambda code: shares[code] - given[code])
        given[short] += 1
    return given


def _check(sizes: Mapping[str, int], n: int) -> None:
    total = sum(sizes.values())
    if not 0 < n <= total:
        raise SampleProblem(f"{n} stations cannot be drawn from {total}.")


def stations_needed(
    sizes: Mapping[str, int],
    margin: float,
    share: float = 0.5,
    deff: float = 1.0,
    level: float = 0.95,
    minimum: int = 2,
) -> int:
    """The least sample, shared out in proportion, whose expected margin is at most ``margin``.

    The answer to "how many stations do I need?" before the draw; plan for those that will not
    answer besides. Raises :class:`SampleProblem` for a margin that is not above 0.
    """
    if not margin > 0:
        raise SampleProblem("The margin must be above 0.")
    low = sum(min(minimum, size) for size in sizes.values())
    high = sum(sizes.values())
    low = max(low, 1)
    while low < high:
        middle = (low + high) // 2
        if _margin(sizes, middle, share, deff, level, minimum) <= margin:
            high = middle
        else:
            low = middle + 1
    while low > 1 and _fits(sizes, low - 1, margin, share, deff, level, minimum):
        low -= 1
    return low


def _fits(
    sizes: Mapping[str, int],
    n: int,
    margin: float,
    share: float,
    deff: float,
    level: float,
    minimum: int,
) -> bool:
    try:
        return _margin(sizes, n, share, deff, level, minimum) <= margin
    except SampleProblem:
        return False


def _margin(
    sizes: Mapping[str, int], n: int, share: float, deff: float, level: float, minimum: int
) -> float:
    given = allocate(sizes, n, minimum)
    strata = [DrawnStratum(code, size, given[code]) for code, size in sizes.items()]
    return expected_margin(strata, share, deff, level)
