"""Design-based estimates by Taylor linearisation: means, totals, ratios, proportions, domains.

A domain's standard error needs the whole design: rows outside it, and rows without an answer,
stay in with a score of zero. Sources: Wolter, Introduction to Variance Estimation, ch. 6; Korn
and Graubard, Analysis of Health Surveys, ch. 5.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.design import (
    Design,
    DesignProblem,
    Floats,
    Ints,
    degrees_of_freedom,
    units_per_stratum,
    variance_of_total,
)
from analytics.intervals import (
    Method,
    beta_interval,
    logit_interval,
    t_interval,
    wilson_interval,
)
from analytics.numbers import Estimate

Truths = npt.NDArray[np.bool_]


def estimate_mean(
    design: Design, y: Floats, within: Truths | None = None, level: float = 0.95
) -> Estimate:
    """Σwy/Σw over the rows of the domain that have a value (NaN is missing)."""
    return estimate_ratio(design, y, np.ones(design.rows), within, level)


def estimate_ratio(
    design: Design, y: Floats, x: Floats, within: Truths | None = None, level: float = 0.95
) -> Estimate:
    """Σwy/Σwx; scores w(y − Rx)/Σwx. Raises :class:`DesignProblem` where Σwx is 0."""
    used, asked = _used(design, y, x, within)
    below = float(np.sum(design.weights[used] * x[used]))
    if below == 0:
        raise DesignProblem("The denominator adds up to 0.")
    value = float(np.sum(design.weights[used] * y[used])) / below
    scores = np.zeros(design.rows)
    scores[used] = design.weights[used] * (y[used] - value * x[used]) / below
    return _with_t(design, value, scores, used, asked, level, _plain_variance(design, used, y, x))


def estimate_total(
    design: Design, y: Floats, within: Truths | None = None, level: float = 0.95
) -> Estimate:
    """Σwy; a missing value counts as nothing known, and is left out."""
    used, asked = _used(design, y, np.ones(design.rows), within)
    scores = np.zeros(design.rows)
    scores[used] = design.weights[used] * y[used]
    return _with_t(design, float(scores.sum()), scores, used, asked, level, None)


def estimate_proportion(
    design: Design,
    is_so: Floats,
    within: Truths | None = None,
    level: float = 0.95,
    method: Method = "beta",
) -> Estimate:
    """The share of rows where ``is_so`` is 1 (0 where not, NaN where unknown).

    The interval is Korn–Graubard's unless another is asked for; with none seen it is an upper
    bound, never nothing.
    """
    mean = estimate_mean(design, is_so, within, level)
    used, _ = _used(design, is_so, np.ones(design.rows), within)
    low, high = _proportion_interval(design, mean, used, 1 - level, method)
    return Estimate(
        value=mean.value, se=mean.se, low=low, high=high, level=level, n=mean.n, df=mean.df,
        deff=mean.deff, method=method, missing=mean.missing,
        seen=int(np.sum(is_so[used] == 1)), design=mean.design,
    )  # fmt: skip


def _proportion_interval(
    design: Design, mean: Estimate, used: Truths, alpha: float, method: Method
) -> tuple[float, float]:
    value, se, df = (np.array([each]) for each in (mean.value, mean.se, mean.df))
    n = np.array([_effective_count(design, used)])
    if method == "beta":
        fraction = np.array([float(design.fraction[used].mean())])
        low, high = beta_interval(value, se, n, df, alpha, fraction)
    elif method == "wilson":
        low, high = wilson_interval(value, se, n, alpha)
    elif method == "logit":
        low, high = logit_interval(value, se, df, alpha)
    else:
        low, high = t_interval(value, se, df, alpha)
    return float(low[0]), float(high[0])


def _effective_count(design: Design, used: Truths) -> float:
    """The primary units that answered; Kish's (Σw)²/Σw² of them where weights differ."""
    totals = np.bincount(design.psu[used], weights=design.weights[used])
    totals = totals[totals > 0]
    return float(totals.sum() ** 2 / np.sum(totals**2)) if len(totals) else 0.0


def _used(design: Design, y: Floats, x: Floats, within: Truths | None) -> tuple[Truths, Truths]:
    """The rows that carry the estimate, and those asked: of the domain, answered or not."""
    if y.shape != (design.rows,) or x.shape != (design.rows,):
        raise DesignProblem(f"{len(y)} values for {design.rows} rows.")
    asked = np.ones(design.rows, dtype=bool) if within is None else within
    used = asked & np.isfinite(y) & np.isfinite(x) & (design.weights > 0)
    if not np.any(used):
        raise DesignProblem("Nobody in the domain answered.")
    return used, asked


def _plain_variance(design: Design, used: Truths, y: Floats, x: Floats) -> float | None:
    """What a simple random sample of the same size would give, for the design effect."""
    n = int(used.sum())
    if n < 2:
        return None
    w, ys, xs = design.weights[used], y[used], x[used]
    below = float(np.sum(w * xs))
    residual = ys - float(np.sum(w * ys)) / below * xs
    size = float(w.sum())
    spread = float(np.sum(w * residual**2)) / size * n / (n - 1)
    finite = 1 - n / size if size > n and np.any(design.fraction > 0) else 1.0
    return finite * spread / n / (below / size) ** 2


def _with_t(
    design: Design, value: float, scores: Floats, used: Truths, asked: Truths, level: float,
    plain: float | None,
) -> Estimate:  # fmt: skip
    variance = variance_of_total(design, scores)
    se = float(np.sqrt(max(variance, 0.0)))
    df = degrees_of_freedom(design, used)
    low, high = t_interval(np.array([value]), np.array([se]), np.array([df]), 1 - level)
    return Estimate(
        value=value, se=se, low=float(low[0]), high=float(high[0]), level=level,
        n=len(np.unique(design.psu[used])), df=df,
        deff=variance / plain if plain else None, method="t",
        missing=len(np.unique(design.psu[asked])) - len(np.unique(design.psu[used])),
        design=design.describes,
    )  # fmt: skip


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
    seen: Truths,
    answered: Truths,
    design: Design,
    domain: Ints | None = None,
    domains: int = 1,
    level: float = 0.95,
) -> Proportions:
    """Proportions of many indicators in many domains, Korn–Graubard intervals.

    ``seen`` and ``answered`` have shape (rows, indicators); ``domain`` numbers each row's domain
    (−1 for none). A row belongs to one domain; for the whole, call again without domains. One
    stage, the singleton rule ``adjust``.
    """
    where = np.zeros(design.rows, dtype=np.int64) if domain is None else domain
    kept = where >= 0
    cells = _Cells.of(design, where, kept, domains)
    a = cells.sums(design.weights, seen & answered, kept)
    b = cells.sums(design.weights, answered, kept)
    above, below = cells.by_domain(a), cells.by_domain(b)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = above / below
        variance = cells.variance(design, a, b, value) / below**2
    se = np.sqrt(np.maximum(variance, 0))
    n, df, kish, fraction = cells.sizes(design, b)
    low, high = beta_interval(value, se, kish, df, 1 - level, fraction)
    empty = below == 0
    for each in (value, se, low, high):
        each[empty] = np.nan
    counts = [_count(where, kept, each, domains) for each in (seen & answered, answered)]
    return Proportions(value, se, low, high, n, df, counts[0], counts[1], level)


def _count(where: Ints, kept: Truths, truths: Truths, domains: int) -> Ints:
    counted = np.zeros((domains, truths.shape[1]), dtype=np.int64)
    np.add.at(counted, where[kept], truths[kept])
    return counted


@dataclass(frozen=True)
class _Cells:
    """Primary units as they fall into domains: the rows of one unit in one domain are a cell."""

    cell: Ints
    domain: Ints
    stratum: Ints
    group: Ints
    groups: Ints
    domains: int

    @classmethod
    def of(cls, design: Design, where: Ints, kept: Truths, domains: int) -> "_Cells":
        key = design.psu[kept] * domains + where[kept]
        unique, first, cell = np.unique(key, return_index=True, return_inverse=True)
        stratum = design.strata[kept][first]
        domain = unique % domains
        groups, group = np.unique(stratum * domains + domain, return_inverse=True)
        return cls(cell, domain, stratum, group, groups, domains)

    def sums(self, weights: Floats, truths: Truths, kept: Truths) -> Floats:
        """Σw over the rows of each cell where it is so: shape (cells, indicators)."""
        found = np.zeros((len(self.domain), truths.shape[1]))
        rows = weights[kept, None] * truths[kept]
        if len(rows) == len(self.domain):
            found[self.cell] = rows
        else:
            np.add.at(found, self.cell, rows)
        return found

    def by_domain(self, cells: Floats) -> Floats:
        found = np.zeros((self.domains, cells.shape[1]))
        np.add.at(found, self.domain, cells)
        return found

    def variance(self, design: Design, a: Floats, b: Floats, value: Floats) -> Floats:
        """Σ_h (1 − f) n/(n − 1) [Σz² − (Σz)²/n], z = a − Rb, n of the full design."""
        z = a - np.nan_to_num(value)[self.domain] * b
        many = len(self.groups)
        squares, total = np.zeros((many, z.shape[1])), np.zeros((many, z.shape[1]))
        np.add.at(squares, self.group, z**2)
        np.add.at(total, self.group, z)
        stratum = self.groups // self.domains
        n = units_per_stratum(design)[stratum][:, None]
        drawn = np.zeros(int(design.strata.max()) + 1)
        drawn[design.strata] = design.fraction
        several = n > 1
        spread = np.where(several, squares - total**2 / n, squares)
        scale = np.where(several, n / np.maximum(n - 1, 1), 1.0)
        parts = (1 - drawn[stratum])[:, None] * scale * spread
        found = np.zeros((self.domains, z.shape[1]))
        np.add.at(found, self.groups % self.domains, parts)
        return found

    def sizes(self, design: Design, b: Floats) -> tuple[Ints, Floats, Floats, Floats]:
        """Units that answered, degrees of freedom, Kish's n, mean sampling fraction."""
        has = b > 0
        n = np.zeros((self.domains, b.shape[1]), dtype=np.int64)
        np.add.at(n, self.domain, has)
        in_group = np.zeros((len(self.groups), b.shape[1]), dtype=bool)
        np.logical_or.at(in_group, self.group, has)
        strata = np.zeros_like(n)
        np.add.at(strata, self.groups % self.domains, in_group)
        drawn = np.zeros(int(design.strata.max()) + 1)
        drawn[design.strata] = design.fraction
        with np.errstate(divide="ignore", invalid="ignore"):
            kish = self.by_domain(b) ** 2 / self.by_domain(b**2)
            fraction = self.by_domain(has * drawn[self.stratum][:, None]) / n
        return n, np.maximum(n - strata, 1).astype(np.float64), kish, np.nan_to_num(fraction)
