"""A test for whole percentages: whether more stations have one than chance gives.

A picture of :mod:`analytics.results.forensics`: where to look, never a finding by itself.
"""

from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.special import gammaln

from analytics.survey.design import Floats, Ints, Truths

LEAST = 100
"""Of fewer voters every count is the nearest to some whole percentage."""
REACH = 6
"""Beyond so many standard deviations lies less than a chance in hundreds of millions."""
NEGLIGIBLE = 1e-16
DIRECT_PRODUCT_LENGTH = 48
"""So many numbers are multiplied faster one by one than by a transform."""
LOPSIDED = 4
"""So many percentages further, because a handful of votes varies more upwards than downwards."""


@dataclass(frozen=True)
class WholePercentages:
    """Stations at whole percentages: found, expected of honest counting, how unusual."""

    seen: int
    stations: int
    expected: float
    highest: int
    """What 99 of 100 honest sets stay at or below."""
    p: float

    @property
    def unusual(self) -> bool:
        """Whether one set in a hundred honest ones, or fewer, has as many."""
        return self.p <= 0.01


def whole_percentages(part: Ints, whole: Ints) -> WholePercentages:
    """How many stations lie as near a whole percentage as whole voters allow.

    Only stations of :data:`LEAST` or more, and strictly between 0 and 100 %, are looked at: what is
    all or nothing is another matter. The null moves each station's count by the binomial noise
    of its own share, and so keeps its size: small stations hit simple fractions, many of them
    whole percentages, of themselves (after Kobak, Shpilkin and Pshenichnikov, 2016). The null is
    smoother than life, and one set in a hundred honest ones is called unusual. Its distribution
    is exact: each station has a chance of its own to lie there, and they are independent.
    """
    if part.shape != whole.shape or np.any(part < 0) or np.any(part > whole):
        raise ValueError("Parts must be between 0 and their wholes.")
    inner = _looked_at(part, whole)
    if not inner.any():
        return WholePercentages(0, 0, 0.0, 0, 1.0)
    some, out_of = part[inner], whole[inner]
    seen = int(np.count_nonzero(_at_percent(_percent(some, out_of), out_of) == some))
    chances = chances_of_whole(some, out_of)
    null = how_many(chances)
    p = float(min(null[seen:].sum(), 1.0))
    highest = int(np.searchsorted(np.cumsum(null), 0.99))
    return WholePercentages(seen, len(some), float(chances.sum()), highest, p)


def _looked_at(part: Ints, whole: Ints) -> Truths:
    return np.asarray((whole >= LEAST) & (part > 0) & (part < whole))


def chances_of_whole(part: Ints, whole: Ints) -> Floats:
    """Each station's chance to lie at a whole percentage, its count moved by binomial noise; 0 of
    one that is not looked at.

    Summed over the percentages within :data:`REACH` standard deviations of its own.
    """
    found, inner = np.zeros(len(part)), _looked_at(part, whole)
    if not inner.any():
        return found
    part, whole = part[inner], whole[inner]
    share, middle = part / whole, _percent(part, whole)
    spread = 100 * np.sqrt(share * (1 - share) / whole)
    reach = np.ceil(REACH * spread).astype(np.int64) + LOPSIDED
    placings = gammaln(whole + 1.0)
    yes, no = np.log(share), np.log1p(-share)
    chance = np.zeros(len(part))
    for away in range(-int(reach.max()), int(reach.max()) + 1):
        percent = middle + away
        near = np.flatnonzero((abs(away) <= reach) & (percent > 0) & (percent < 100))
        n, k = whole[near], _at_percent(percent[near], whole[near])
        ways = placings[near] - gammaln(k + 1.0) - gammaln(n - k + 1.0)
        chance[near] += np.exp(ways + k * yes[near] + (n - k) * no[near])
    found[inner] = np.minimum(chance, 1.0)
    return found


@dataclass(frozen=True)
class Factors:
    """Distributions of how many, a row each; ``first`` is the number that a row begins with."""

    rows: Floats
    first: Ints

    @property
    def whole(self) -> Floats:
        """The only row, from none on."""
        return np.pad(self.rows[0], (int(self.first[0]), 0))


def how_many(chances: Floats) -> Floats:
    """The distribution of how many of independent things happen: their generating functions
    multiplied, two by two."""
    found = _product(_each(chances)).whole
    return np.pad(found, (0, max(len(chances) + 1 - len(found), 0)))[: len(chances) + 1]


def _each(chances: Floats) -> Factors:
    return Factors(np.column_stack([1 - chances, chances]), np.zeros(len(chances), dtype=np.int64))


def _product(factors: Factors) -> Factors:
    """All multiplied. Of a product only the part is carried on beyond which there is nothing
    (:data:`NEGLIGIBLE`)."""
    rows, first = factors.rows, factors.first
    while len(rows) > 1:
        if len(rows) % 2:
            one = np.zeros((1, rows.shape[1]))
            one[0, 0] = 1.0
            rows, first = np.concatenate([rows, one]), np.append(first, 0)
        rows, first = _multiplied(rows[::2], rows[1::2]), first[::2] + first[1::2]
        if rows.shape[1] > DIRECT_PRODUCT_LENGTH:
            rows, first = _narrowed(rows, first)
    return Factors(rows, first)


def _multiplied(these: Floats, those: Floats) -> Floats:
    """Row by row the product of generating functions."""
    wide = these.shape[1]
    if wide > DIRECT_PRODUCT_LENGTH:
        # What scipy.signal has for this takes 50 MB of every process.
        long = next_fast_len(2 * wide - 1, real=True)
        both = rfft(these, long, axis=1) * rfft(those, long, axis=1)
        made = irfft(both, long, axis=1)[:, : 2 * wide - 1]
        return np.asarray(np.maximum(made, 0.0), dtype=np.float64)
    found = np.zeros((len(these), 2 * wide - 1))
    for at in range(wide):
        found[:, at : at + wide] += these[:, at, None] * those
    return found


def _narrowed(rows: Floats, first: Ints) -> tuple[Floats, Ints]:
    """Rows without what is nothing at both ends, all as wide as the widest."""
    below = np.cumsum(rows, axis=1) > NEGLIGIBLE
    above = np.cumsum(rows[:, ::-1], axis=1) > NEGLIGIBLE
    start, wide = below.argmax(axis=1), rows.shape[1]
    width = int((wide - above.argmax(axis=1) - start).max())
    start = np.minimum(start, wide - width)
    at = start[:, None] + np.arange(width)
    return np.take_along_axis(rows, at, axis=1), first + start


def _percent(part: Ints, whole: Ints) -> Ints:
    """The whole percentage nearest to each share."""
    return np.asarray((200 * part + whole) // (2 * whole), dtype=np.int64)


def _at_percent(percent: Ints, whole: Ints) -> Ints:
    """The whole number nearest to a percentage; of neighbouring ones different numbers."""
    return np.asarray((2 * percent * whole + 100) // 200, dtype=np.int64)
