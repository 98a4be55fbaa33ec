"""Many proportions at once: every indicator in every domain, as arrays.

The same numbers as :func:`analytics.survey.estimates.estimate_proportion`, one by one, at the
speed of
a page. Primary units are *cells* of a domain. Cells of one stratum, domain and weight in which
as many answered, and for as many it was so, are alike: counting them is enough. Where weights
differ too much for that, each cell is summed by itself.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.survey.design import Design, DesignProblem, Floats, Ints, Truths, number_off
from analytics.survey.intervals import beta_interval
from analytics.survey.variance import average_factor

Many = Truths | Ints | npt.NDArray[np.uint16]
"""Whether, or of how many."""
SMALL = 50_000
"""A matrix of so many cells is summed in one go: it is the call that takes long, not the sum."""
COLUMNS = 8
"""So many indicators are summed at a time where cells are not alike, to save memory."""


@dataclass(frozen=True)
class Proportions:
    """Many proportions at once: arrays of shape (domains, indicators).

    ``n`` counts primary units that answered, ``seen`` rows where it was so, ``answered`` rows
    with an answer. Where nobody answered ``value`` and the interval are NaN and ``n`` is 0.
    """

    value: Floats
    se: Floats
    low: Floats
    high: Floats
    n: Ints
    df: Floats
    seen: Ints
    answered: Ints
    level: float


def estimate_proportions(
    seen: Many,
    answered: Many,
    design: Design,
    domain: Ints | None = None,
    domains: int = 1,
    level: float = 0.95,
) -> Proportions:
    """Proportions of many indicators in many domains, Korn–Graubard intervals.

    ``seen`` and ``answered`` have shape (rows, indicators), and say whether, or of how many
    visits that a row stands for (seen ≤ answered); ``domain`` numbers each row's domain (−1 for
    none). A row belongs to one domain; for the whole, call again without domains.
    Raises :class:`DesignProblem` for a second stage or post-strata, which the estimates one by
    one know, and for shapes that do not fit.
    """
    if design.second_fraction is not None or design.post is not None:
        raise DesignProblem("Many proportions at once are of one stage, of weights as drawn.")
    if seen.shape != answered.shape or len(seen) != design.rows:
        raise DesignProblem(f"seen {seen.shape}, answered {answered.shape}: {design.rows} rows.")
    where = np.zeros(design.rows, dtype=np.int64) if domain is None else domain
    if where.shape != (design.rows,) or np.any(where >= domains):
        raise DesignProblem(f"domain: a number below {domains} is needed in each row.")
    return Layout.of(design, where, domains).estimate(seen, answered, level)


def effective_units(n: Ints, weight: Floats, squares: Floats, population: Floats) -> Floats:
    """n/(1 − f), n being Kish's (Σw)²/Σw² of the units and f = n/N; infinite for a census."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(weight**2 / squares / (1 - n / np.maximum(population, n)))


@dataclass(frozen=True)
class Layout:
    """Rows that count: their cell (a primary unit in a domain) and its group (a stratum in one).

    It knows nothing of what was answered. ``groups`` numbers stratum × domains + domain.
    """

    design: Design
    domains: int
    kept: Ints
    cell: Ints
    groups: Ints
    cell_group: Ints
    cell_weight: Floats
    """The weight of a cell's rows; not a number where they differ."""

    @classmethod
    def of(cls, design: Design, where: Ints, domains: int) -> "Layout":
        kept = np.flatnonzero((where >= 0) & (design.weights > 0))
        key = design.psu[kept] * domains + where[kept]
        unique, first, cell = np.unique(key, return_index=True, return_inverse=True)
        groups, cell_group = number_off(design.strata[kept][first] * domains + unique % domains)
        weights = design.weights[kept]
        cell_weight = weights[first]
        cell_weight[cell[cell_weight[cell] != weights]] = np.nan
        return cls(design, domains, kept, cell, groups, cell_group, cell_weight)

    def estimate(self, seen: Many, answered: Many, level: float) -> Proportions:
        """The proportions of many indicators in the domains."""
        parts = [each.estimate(level) for each in self.cells(seen, answered)]
        return parts[0] if len(parts) == 1 else _joined(parts)

    @cached_property
    def kinds(self) -> tuple[Floats, Ints, Ints]:
        """The weights that there are; kinds of cell, of one group and weight; that of each."""
        weights, weight = np.unique(self.cell_weight, return_inverse=True)
        return weights, *number_off(self.cell_group * len(weights) + weight)

    def cells(self, seen: Many, answered: Many) -> Iterator["_Cells"]:
        """Cells of all indicators, or of a few at a time."""
        if not len(self.kept) or not seen.shape[1]:
            yield _Cells.none(self, seen.shape[1])
            return
        alike = self.alike(seen, answered)
        if alike is not None:
            yield self._of_alike(alike)
            return
        for at in range(0, seen.shape[1], COLUMNS):
            some = slice(at, at + COLUMNS)
            yield self._summed(seen[:, some], answered[:, some])

    def alike(self, seen: Many, answered: Many) -> "Alike | None":
        """The cells counted by what is alike; None where there is little of that."""
        side = self._most(answered) + 1
        if not self.few(side):
            return None
        _, kinds, kind = self.kinds
        shape = (len(kinds), side, side)
        at, small = kind * side**2, np.min_scalar_type(math.prod(shape))
        at_row, whole = at[self.cell].astype(small), len(self.kept) == len(seen)

        def count(column: int) -> Ints:
            given, so = answered[:, column], seen[:, column]
            if not whole:
                given, so = given[self.kept], so[self.kept]
            so = np.minimum(given, so)
            if self.single:
                key = given.astype(small)
                key *= small.type(side)
                key += so.astype(small)
                key += at_row
            else:
                key = at + side * self._rows_of(given) + self._rows_of(so)
            return np.bincount(key, minlength=math.prod(shape))

        return Alike(side, _by_column(count, seen))

    def few(self, side: int) -> bool:
        """Whether much is alike among cells at which fewer than ``side`` rows are answered."""
        weights, kinds, _ = self.kinds
        enough = len(kinds) * side**2 <= max(len(self.cell_group) // 4, 4096)
        return enough and not np.isnan(weights[-1])

    def _of_alike(self, alike: "Alike") -> "_Cells":
        weights, kinds, _ = self.kinds
        present = np.flatnonzero(alike.many.any(axis=1))
        of, r, s = (each[:, None] for each in np.unravel_index(present, alike.shape))
        many = alike.many[present] * (r > 0)
        w, of_kind = weights[kinds % len(weights)][of], (kinds // len(weights))[of[:, 0]]
        return _Cells(
            self,
            of_kind,
            many,
            w * s,
            w * r,
            w,
            _tally(self, of_kind, many * s),
            _tally(self, of_kind, many * r),
        )

    def _most(self, answered: Many) -> int:
        """The most visits that a cell may have of any indicator."""
        if answered.dtype == np.bool_:
            return int(np.bincount(self.cell).max())
        if self.single:
            return int(answered.max())
        return int(np.bincount(self.cell, answered[self.kept].max(axis=1)).max())

    @property
    def single(self) -> bool:
        """Whether each cell has one row."""
        return len(self.cell) == len(self.cell_group)

    def _rows_of(self, truths: Many) -> Ints:
        """How many rows of each cell it is true of, or visits that they stand for."""
        many = len(self.cell_group)
        if truths.dtype == np.bool_:
            return np.bincount(self.cell[truths], minlength=many)
        return np.bincount(self.cell, truths, many).astype(np.int64)

    def _summed(self, seen: Many, answered: Many) -> "_Cells":
        """Sum the rows of each cell."""
        given: Any = np.asfortranarray(answered[self.kept])
        so: Any = np.minimum(given, seen[self.kept])
        weight, many = self.design.weights[self.kept], len(self.cell_group)
        a = _by_column(lambda j: np.bincount(self.cell, weight * so[:, j], many), so)
        b = _by_column(lambda j: np.bincount(self.cell, weight * given[:, j], many), so)
        rows = _by_column(lambda j: np.bincount(self.cell, given[:, j], many), so)
        seen_rows = _by_column(lambda j: np.bincount(self.cell, so[:, j], many), so)
        mean = np.divide(b, rows, out=np.zeros_like(b), where=rows > 0)
        return _Cells(
            self,
            self.cell_group,
            (rows > 0).astype(np.float64),
            a,
            b,
            mean,
            _tally(self, self.cell_group, seen_rows),
            _tally(self, self.cell_group, rows),
        )


@dataclass(frozen=True)
class Alike:
    """How many cells of each kind had r rows answered, and s rows where it was so, both under
    ``side``: shape (kinds · side · side, indicators)."""

    side: int
    many: Floats

    @property
    def shape(self) -> tuple[int, int, int]:
        """Kinds of cell, rows answered, rows where it was so."""
        return len(self.many) // self.side**2, self.side, self.side


@dataclass(frozen=True)
class _Cells:
    """Kinds of cell: group, how many, Σw where it was so, Σw answered, weight of the unit.

    Matrices have shape (kinds, indicators), or one column where it is the same for all;
    ``seen`` and ``answered`` count rows by domain.
    """

    rows: Layout
    group: Ints
    many: Floats
    a: Floats
    b: Floats
    weight: Floats
    seen: Ints
    answered: Ints

    @classmethod
    def none(cls, rows: Layout, k: int) -> "_Cells":
        """No cell at all: every domain is empty."""
        zero = np.zeros((0, k))
        counts = np.zeros((rows.domains, k), dtype=np.int64)
        return cls(rows, np.zeros(0, dtype=np.int64), zero, zero, zero, zero, counts, counts)

    def estimate(self, level: float) -> Proportions:
        """What these cells say of each domain."""
        sums = _Sums(
            self.rows,
            *(
                _sum_rows(self.group, self.many * each, len(self.rows.groups))
                for each in (np.ones((1, 1)), self.a, self.b, self.weight, self.weight**2)
            ),
        )
        below = sums.by_domain(sums.b)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = sums.by_domain(sums.a) / below
            squares = self._squares(np.nan_to_num(value))
            se = np.sqrt(np.maximum(sums.variance(value, squares), 0)) / below
        n, df = sums.sizes()
        answered, extreme = self.answered.astype(np.float64), sums.extreme_n(n)
        low, high = beta_interval(value, se, answered, df, 1 - level, extreme)
        empty = below == 0
        for each in (value, se, low, high):
            each[empty] = np.nan
        return Proportions(value, se, low, high, n, df, self.seen, self.answered, level)

    def _squares(self, value: Floats) -> Floats:
        """Σz² by group, z = a − Rb."""
        of_domain = self.rows.groups[self.group] % self.rows.domains
        z = self.a - value[of_domain] * self.b
        return _sum_rows(self.group, self.many * z**2, len(self.rows.groups))


@dataclass(frozen=True)
class _Sums:
    """Cells summed by group: how many, Σa, Σb, Σ and Σ² of the units' weights."""

    rows: Layout
    many: Floats
    a: Floats
    b: Floats
    weight: Floats
    weight_squares: Floats

    def by_domain(self, groups: Floats | Truths) -> Floats:
        """Groups summed to domains."""
        return _sum_rows(self.rows.groups % self.rows.domains, groups, self.rows.domains)

    @property
    def stratum(self) -> Ints:
        """The stratum of each group."""
        return self.rows.groups // self.rows.domains

    def variance(self, value: Floats, squares: Floats) -> Floats:
        """Σ_h (1 − f) n/(n − 1) [Σz² − (Σz)²/n], z = a − Rb, n of the full design."""
        design, of_domain = self.rows.design, self.rows.groups % self.rows.domains
        total = self.a - np.nan_to_num(value)[of_domain] * self.b
        n = design.units[self.stratum][:, None]
        single = squares if design.lonely == "adjust" else 0.0
        spread = np.where(n > 1, np.maximum(squares - total**2 / n, 0), single)
        scale = np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)
        whole = self.by_domain((1 - self._fraction())[:, None] * scale * spread)
        return whole if design.lonely != "average" else whole * self._average()

    def _average(self) -> Floats:
        has = self.many > 0
        lonely = self.rows.design.singles[self.stratum][:, None]
        present, single = self.by_domain(has), self.by_domain(has & lonely)
        factor = np.vectorize(average_factor, otypes=[float])
        return np.asarray(factor(np.maximum(present, 1), single))

    def sizes(self) -> tuple[Ints, Floats]:
        """Units that answered, and degrees of freedom: less the strata that they are of."""
        n, strata = self.by_domain(self.many), self.by_domain(self.many > 0)
        return n.astype(np.int64), np.maximum(n - strata, 1.0)

    def extreme_n(self, n: Ints) -> Floats:
        """What none seen is bounded by: n/(1 − f) of the units that answered."""
        weight, squares = self.by_domain(self.weight), self.by_domain(self.weight_squares)
        with np.errstate(divide="ignore", invalid="ignore"):
            units = self.many / self._fraction()[:, None]
        population = self.by_domain(np.where(self.many > 0, units, 0.0))
        return effective_units(n, weight, squares, population)

    def _fraction(self) -> Floats:
        """The part that was drawn of each group's stratum."""
        return np.asarray(self.rows.design.drawn[self.stratum])


def _tally(rows: Layout, group: Ints, counts: Floats | Ints) -> Ints:
    return _sum_rows(rows.groups[group] % rows.domains, counts, rows.domains).astype(np.int64)


def _sum_rows(index: Ints, matrix: Floats | Ints | Truths, many: int) -> Floats:
    """The rows of a matrix summed by their index."""
    columns = matrix.shape[1]
    if not columns:
        return np.zeros((many, 0))
    if matrix.size <= SMALL:
        key = index[:, None] * columns + np.arange(columns)
        sums = np.bincount(key.ravel(), matrix.ravel(), many * columns)
        return np.asarray(sums.reshape(many, columns), dtype=np.float64)
    return _by_column(lambda j: np.bincount(index, matrix[:, j], many), matrix)


def _by_column(make: Callable[[int], Floats | Ints], like: Floats | Many) -> Floats:
    """A matrix made column by column, each in one piece of memory."""
    return np.array([make(j) for j in range(like.shape[1])], dtype=np.float64).T


def _joined(parts: Sequence[Proportions]) -> Proportions:
    """The indicators of several parts beside each other."""
    names = [each.name for each in fields(Proportions) if each.name != "level"]
    beside = {
        name: np.concatenate([getattr(each, name) for each in parts], axis=1) for name in names
    }
    return Proportions(**beside, level=parts[0].level)
