"""Confidence intervals: t, and for proportions Korn–Graubard, Wilson and logit.

Arrays in, arrays out. ``alpha`` is one minus the level.
"""

from typing import Literal

import numpy as np
from scipy import special

from analytics.survey.design import Floats

Method = Literal["t", "beta", "wilson", "logit"]
ROUNDING_ERROR = 1e-13
"""A standard error of a proportion up to this is none: what adding up leaves of rounding."""


def t_quantile(alpha: float, df: Floats | float) -> Floats:
    """The two-sided quantile of Student's t."""
    return np.asarray(special.stdtrit(df, 1 - alpha / 2), dtype=np.float64)


def t_interval(value: Floats, se: Floats, df: Floats, alpha: float) -> tuple[Floats, Floats]:
    """value ± t·se."""
    reach = t_quantile(alpha, df) * se
    return value - reach, value + reach


def beta_interval(
    value: Floats, se: Floats, n: Floats, df: Floats, alpha: float, extreme_n: Floats
) -> tuple[Floats, Floats]:
    """Korn and Graubard (1998): Clopper–Pearson on the effective sample size.

    n* = p(1 − p)/se² · (t(n − 1)/t(df))², ``n`` the rows that answered. Where that says nothing
    (none seen, all seen, no spread between units) n* is ``extreme_n``: n/(1 − f) of primary
    units, so that none seen gives at most 1 − (α/2)^(1/n*). It is infinite for a census, which
    has no interval but its value.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        shrink = (t_quantile(alpha, np.maximum(n - 1, 1)) / t_quantile(alpha, df)) ** 2
        effective = value * (1 - value) / se**2 * shrink
        effective = np.where(
            (value <= 0) | (value >= 1) | (se <= ROUNDING_ERROR), extreme_n, effective
        )
        seen = effective * value
        low = special.betaincinv(seen, effective - seen + 1, alpha / 2)
        high = special.betaincinv(seen + 1, effective - seen, 1 - alpha / 2)
        edge = (alpha / 2) ** (1 / effective)
    low = np.where(value <= 0, 0.0, np.where(value >= 1, edge, low))
    high = np.where(value >= 1, 1.0, np.where(value <= 0, 1 - edge, high))
    whole = np.isinf(effective)
    return np.where(whole, value, low), np.where(whole, value, high)


def wilson_interval(
    value: Floats, se: Floats, df: Floats, alpha: float, extreme_n: Floats
) -> tuple[Floats, Floats]:
    """Wilson's score interval with t on the effective sample size p(1 − p)/se²."""
    t = t_quantile(alpha, df)
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where(se > ROUNDING_ERROR, value * (1 - value) / se**2, extreme_n)
    shrunk = 1 + t**2 / effective
    centre = (value + t**2 / (2 * effective)) / shrunk
    reach = t / shrunk * np.sqrt(value * (1 - value) / effective + (t / effective) ** 2 / 4)
    low, high = np.maximum(centre - reach, 0), np.minimum(centre + reach, 1)
    return np.where(value <= 0, 0.0, low), np.where(value >= 1, 1.0, high)


def logit_interval(
    value: Floats, se: Floats, df: Floats, alpha: float, extreme_n: Floats
) -> tuple[Floats, Floats]:
    """t on the logit scale, by the delta method; Korn and Graubard's where se is 0."""
    low, high = beta_interval(value, se, extreme_n, df, alpha, extreme_n)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = t_quantile(alpha, df) * se / (value * (1 - value))
        centre = special.logit(value)
    spread = (value > 0) & (value < 1) & (se > ROUNDING_ERROR)
    return (
        np.where(spread, special.expit(centre - reach), low),
        np.where(spread, special.expit(centre + reach), high),
    )
