"""Design-based estimates by Taylor linearisation: means, totals, ratios, proportions, domains.

A domain's standard error needs the whole design: rows outside it, and rows without an answer,
stay in with a score of zero: they are counted, not looked at, so that thousands of domains take no
longer than their rows. Sources: Wolter, Introduction to Variance Estimation, ch. 6; Korn
and Graubard, Analysis of Health Surveys, ch. 5. Many proportions at once are estimated by
:mod:`analytics.survey.proportions`, whose names stand here too.
"""

from dataclasses import replace

import numpy as np

from analytics.numbers import Estimate
from analytics.survey.design import Design, DesignProblem, Floats, Ints, Truths
from analytics.survey.intervals import (
    Method,
    beta_interval,
    logit_interval,
    t_interval,
    wilson_interval,
)
from analytics.survey.proportions import Proportions, effective_units, estimate_proportions
from analytics.survey.variance import VarianceUnits

__all__ = [
    "Proportions",
    "Truths",
    "estimate_mean",
    "estimate_proportion",
    "estimate_proportions",
    "estimate_ratio",
    "estimate_ratios",
    "estimate_total",
]

Rows = Truths | Ints
"""Rows of a design: whether each is meant, or the numbers of those that are."""


def estimate_mean(
    design: Design, y: Floats, within: Rows | None = None, level: float = 0.95
) -> Estimate:
    """Σwy/Σw over the rows of the domain that have a value (NaN is missing)."""
    return estimate_ratio(design, y, _ones(design), within, level)


def estimate_ratio(
    design: Design, y: Floats, x: Floats, within: Rows | None = None, level: float = 0.95
) -> Estimate:
    """Σwy/Σwx; scores w(y − Rx)/Σwx.

    Raises :class:`DesignProblem` where Σwx is 0, where nobody answered, and where one unit of
    several did: of it a variance cannot be said.
    """
    carriers = _carriers(design, y, x, within)
    return _refuse_one(carriers, _ratio(carriers, y, x, level))


def estimate_ratios(
    design: Design, ys: Floats, x: Floats, level: float = 0.95
) -> tuple[Estimate, ...]:
    """The same of each column of ``ys``, from the rows where all of them are known."""
    carriers = _carriers(design, ys.sum(axis=1), x, None)
    return tuple(_refuse_one(carriers, _ratio(carriers, y, x, level)) for y in ys.T)


def _refuse_one(carriers: VarianceUnits, found: Estimate) -> Estimate:
    if found.n == 1 and not np.all(carriers.design.fraction[carriers.rows] >= 1):
        raise DesignProblem("Only one unit answered, so that no standard error can be given.")
    return found


def estimate_total(
    design: Design, y: Floats, within: Rows | None = None, level: float = 0.95
) -> Estimate:
    """Σwy; a missing value counts as nothing known, and is left out.

    Raises :class:`DesignProblem` for a single unit that is not the whole population.
    """
    carriers = _carriers(design, y, _ones(design), within)
    used = carriers.rows
    if int(design.units.sum()) == 1 and not np.all(design.drawn >= 1):
        raise DesignProblem("There is only one unit, so that no standard error can be given.")
    w, ys = design.weights[used], y[used]
    scores = w * ys
    centred = ys - float(scores.sum() / w.sum())
    plain = _plain_variance(design, w, centred) * float(w.sum()) ** 2
    return _with_t(carriers, float(scores.sum()), scores, level, plain)


def estimate_proportion(
    design: Design,
    is_so: Floats,
    within: Rows | None = None,
    level: float = 0.95,
    method: Method = "beta",
) -> Estimate:
    """The share of rows where ``is_so`` is 1 (0 where not, NaN where unknown).

    The interval is Korn–Graubard's unless another is asked for; with none seen it is an upper
    bound, never nothing. Raises :class:`DesignProblem` for other values.
    """
    ones = _ones(design)
    carriers = _carriers(design, is_so, ones, within)
    so = is_so[carriers.rows]
    if not np.all((so == 0) | (so == 1)):
        raise DesignProblem("A proportion is of zeros and ones.")
    mean = _ratio(carriers, is_so, ones, level)
    low, high = _interval(design, mean, carriers.rows, method)
    return replace(mean, low=low, high=high, method=method, seen=int(np.sum(so == 1)))


def _interval(design: Design, mean: Estimate, used: Ints, method: Method) -> tuple[float, float]:
    value, se, df = (np.array([each]) for each in (mean.value, mean.se, mean.df))
    alpha, n = 1 - mean.level, _extreme_n(design, used)
    if method == "beta":
        rows = np.array([float(len(used))])
        low, high = beta_interval(value, se, rows, df, alpha, n)
    elif method == "wilson":
        low, high = wilson_interval(value, se, df, alpha, n)
    elif method == "logit":
        low, high = logit_interval(value, se, df, alpha, n)
    else:
        low, high = t_interval(value, se, df, alpha)
        if mean.n == 1 and not np.all(design.fraction[used] >= 1):
            raise DesignProblem("Only one unit answered, so that no t interval can be given.")
    return float(low[0]), float(high[0])


def _extreme_n(design: Design, used: Ints) -> Floats:
    """n/(1 − f) of the primary units that answered, by which none seen is bounded."""
    units, first, unit = np.unique(design.psu[used], return_index=True, return_inverse=True)
    weight = np.bincount(unit, weights=design.weights[used]) / np.bincount(unit)
    return effective_units(
        np.array([len(units)]),
        np.array([weight.sum()]),
        np.array([np.sum(weight**2)]),
        np.array([_population(design.fraction[used][first])]),
    )


def _population(fraction: Floats) -> float:
    """How many units those drawn stand for; without end where the population has none."""
    return float(np.sum(1 / fraction)) if np.all(fraction > 0) else np.inf


def _ones(design: Design) -> Floats:
    return np.broadcast_to(np.float64(1), (design.rows,))


def _carriers(design: Design, y: Floats, x: Floats, within: Rows | None) -> VarianceUnits:
    """The rows that carry the estimate, of those asked: of the domain, answered or not."""
    rows = np.ones(design.rows, dtype=np.bool_) if within is None else within
    for each in (y, x, *([rows] if rows.dtype == np.bool_ else [])):
        if each.shape != (design.rows,):
            raise DesignProblem(f"{each.size} values for {design.rows} rows.")
    numbers = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64)
    asked = numbers[design.weights[numbers] > 0]
    used = asked[np.isfinite(y[asked]) & np.isfinite(x[asked])]
    if not len(used):
        raise DesignProblem("Nobody in the domain answered.")
    return VarianceUnits.of(design, used, asked)


def _ratio(carriers: VarianceUnits, y: Floats, x: Floats, level: float) -> Estimate:
    design, used = carriers.design, carriers.rows
    w, ys, xs = design.weights[used], y[used], x[used]
    below = float(np.sum(w * xs))
    if below == 0:
        raise DesignProblem("The denominator adds up to 0.")
    value = float(np.sum(w * ys)) / below
    residual = ys - value * xs
    scores = w * residual / below
    plain = _plain_variance(design, w, residual) * (float(w.sum()) / below) ** 2
    return _with_t(carriers, value, scores, level, plain)


def _plain_variance(design: Design, w: Floats, centred: Floats) -> float:
    """The variance of a mean in a simple random sample of as many rows, for the design effect.

    Without replacement where the design has finite populations.
    """
    n, size = len(w), float(w.sum())
    if n < 2:
        return 0.0
    spread = float(np.sum(w * centred**2)) / size * n / (n - 1)
    finite = 1 - n / size if size > n and np.any(design.drawn > 0) else 1.0
    return finite * spread / n


def _with_t(
    carriers: VarianceUnits, value: float, scores: Floats, level: float, plain: float
) -> Estimate:
    variance = max(carriers.variance(scores), 0.0)
    se, df = float(np.sqrt(variance)), carriers.df
    low, high = t_interval(np.array([value]), np.array([se]), np.array([df]), 1 - level)
    return Estimate(
        value=value,
        se=se,
        low=float(low[0]),
        high=float(high[0]),
        level=level,
        n=carriers.n,
        df=df,
        deff=variance / plain if plain > 0 else None,
        method="t",
        missing=carriers.missing,
        design=carriers.design.describes,
    )
