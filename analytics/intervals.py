"""Confidence intervals: t, and for proportions Korn–Graubard, Wilson and logit.

Arrays in, arrays out. ``alpha`` is one minus the level.
"""

from typing import Literal

import numpy as np
from scipy import special

from analytics.design import Floats

Method = Literal["t", "beta", "wilson", "logit"]


def t_quantile(alpha: float, df: Floats | float) -> Floats:
    """The two-sided quantile of Student's t."""
    return np.asarray(special.stdtrit(df, 1 - alpha / 2), dtype=np.float64)


def t_interval(value: Floats, se: Floats, df: Floats, alpha: float) -> tuple[Floats, Floats]:
    """value ± t·se."""
    reach = t_quantile(alpha, df) * se
    return value - reach, value + reach


def beta_interval(
    value: Floats, se: Floats, n: Floats, df: Floats, alpha: float, fraction: Floats
) -> tuple[Floats, Floats]:
    """Korn and Graubard (1998): Clopper–Pearson on the effective sample size.

    n* = p(1 − p)/se² · (t(n − 1)/t(df))². None seen: n* = n/(1 − f), upper = 1 − (α/2)^(1/n*);
    all seen: its mirror. A census has no interval to speak of.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        shrink = (t_quantile(alpha, np.maximum(n - 1, 1)) / t_quantile(alpha, df)) ** 2
        effective = value * (1 - value) / se**2 * shrink
        extreme = (value <= 0) | (value >= 1)
        whole = fraction >= 1
        effective = np.where(extreme, n / np.maximum(1 - fraction, 1e-12), effective)
        seen = effective * value
        low = special.betaincinv(seen, effective - seen + 1, alpha / 2)
        high = special.betaincinv(seen + 1, effective - seen, 1 - alpha / 2)
        low = np.where(value <= 0, 0.0, np.where(value >= 1, (alpha / 2) ** (1 / effective), low))
        high = np.where(
            value >= 1, 1.0, np.where(value <= 0, 1 - (alpha / 2) ** (1 / effective), high)
        )
    known = whole | ((se == 0) & ~extreme)
    return np.where(known, value, low), np.where(known, value, high)


def wilson_interval(value: Floats, se: Floats, n: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Wilson's score interval on the effective sample size p(1 − p)/se² (n at 0 and 1)."""
    z = t_quantile(alpha, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where(se > 0, value * (1 - value) / se**2, n)
    centre = (value + z**2 / (2 * effective)) / (1 + z**2 / effective)
    reach = (
        z / (1 + z**2 / effective)
        * np.sqrt(value * (1 - value) / effective + z**2 / (4 * effective**2))
    )  # fmt: skip
    return np.clip(centre - reach, 0, 1), np.clip(centre + reach, 0, 1)


def logit_interval(value: Floats, se: Floats, df: Floats, alpha: float) -> tuple[Floats, Floats]:
    """t on the logit scale, by the delta method; at 0 and 1 there is none but the point."""
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = t_quantile(alpha, df) * se / (value * (1 - value))
        centre = special.logit(value)
        low, high = special.expit(centre - reach), special.expit(centre + reach)
    inside = (value > 0) & (value < 1)
    return np.where(inside, low, value), np.where(inside, high, value)
