"""Convergence of a quick count: its estimate at each moment as results came in, all at once.

The sums by class of one moment are those of the moment before and of what came between, so that
the whole curve costs one look at the results. Each moment is what counting the results until then
gives (tests/analytics/results/test_convergence.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.numbers import Estimate
from analytics.results.quick_count import ProtocolResults, converge_one_by_one
from analytics.survey.design import Floats, Ints
from analytics.survey.intervals import t_interval


@dataclass(frozen=True)
class _Sums:
    """By moment and class: stations, and the sums of votes y, of the denominator x, of y², xy
    and x²."""

    n: Floats
    y: Floats
    x: Floats
    yy: Floats
    xy: Floats
    xx: Floats

    @classmethod
    def of(cls, results: ProtocolResults, contestant: int, at: Ints) -> "_Sums":
        y, x, many = results.votes[:, contestant], results.below, len(results.design.names)
        since = np.repeat(np.arange(len(at) + 1), np.diff(at, prepend=0, append=len(y)))
        key = since * many + results.design.group[results.stratum]
        cells = (len(at) + 1) * many

        def summed(values: Floats) -> Floats:
            sums = np.bincount(key, values, cells).reshape(len(at) + 1, many)[:-1]
            return np.asarray(sums.cumsum(axis=0), dtype=np.float64)

        return cls(*map(summed, (np.ones(len(y)), y, x, y * y, x * y, x * x)))


def converge(
    results: ProtocolResults, contestant: int, at: Sequence[int], level: float = 0.95
) -> tuple[tuple[int, Estimate], ...]:
    """The estimate as it stood after each number of stations in ``at`` (ascending) that can
    carry one: two or more, and something to divide by."""
    if results.classes is not None or not results.design.finite:
        return converge_one_by_one(results, contestant, at, level)
    positive = np.cumsum(results.below > 0)
    moments = np.array([n for n in at if n >= 2 and positive[n - 1]], dtype=np.int64)
    if not len(moments):
        return ()
    sums = _Sums.of(results, contestant, moments)
    present = sums.n > 0
    weight = np.divide(results.population, sums.n, out=np.zeros_like(sums.n), where=present)
    below = (weight * sums.x).sum(axis=1)
    value = (weight * sums.y).sum(axis=1) / below
    se = np.sqrt(_variance(results, sums, weight, value[:, None])) / below
    df = np.maximum(moments - present.sum(axis=1), 1).astype(np.float64)
    low, high = t_interval(value, se, df, 1 - level)
    planned, population = int(results.expected.sum()), round(float(results.population.sum()))
    return tuple(
        (
            n,
            Estimate(
                value=float(value[k]),
                se=float(se[k]),
                low=float(low[k]),
                high=float(high[k]),
                level=level,
                n=n,
                df=float(df[k]),
                deff=None,
                method="t",
                missing=planned - n,
                population=population,
            ),
        )
        for k, n in enumerate(moments.tolist())
    )


def _variance(results: ProtocolResults, sums: _Sums, weight: Floats, value: Floats) -> Floats:
    """Σ_h (1 − f) n/(n − 1) [Σz² − (Σz)²/n], z = w(y − Rx); of a single one its z²."""
    n = sums.n
    total = weight * (sums.y - value * sums.x)
    squares = weight**2 * (sums.yy - 2 * value * sums.xy + value**2 * sums.xx)
    spread = np.where(n > 1, squares - total**2 / np.maximum(n, 1), squares)
    scale = np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)
    left = 1 - n / np.maximum(results.population, 1)
    return np.asarray((left * scale * np.maximum(spread, 0)).sum(axis=1), dtype=np.float64)
