"""The design of a sample: strata, clusters, weights, finite populations at up to two stages.

The variance of a total is that of Taylor linearisation: of the totals of the primary units in
each stratum, with replacement unless a finite population is given (Cochran, Sampling
Techniques, 3rd ed., 5.4 and 10.3; Särndal, Swensson and Wretman, 5.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Lonely = Literal["adjust", "average", "remove", "fail"]


class DesignProblem(ValueError):
    """A design that cannot be; the message says what is wrong with it."""


@dataclass(frozen=True)
class Design:
    """A sample's design, one entry a row of data.

    ``strata`` and ``psu`` are numbered from 0, a unit belonging to one stratum; ``fraction`` is
    the part of its stratum that was drawn, 0 where the population is as good as infinite.
    ``ssu`` and ``second_fraction`` are the second stage. ``lonely`` says what a stratum with one
    primary unit contributes: by default its square distance from the grand mean.
    """

    weights: Floats
    strata: Ints
    psu: Ints
    fraction: Floats
    ssu: Ints | None = None
    second_fraction: Floats | None = None
    lonely: Lonely = "adjust"

    @property
    def rows(self) -> int:
        """The number of rows of data."""
        return len(self.weights)

    @property
    def psu_strata(self) -> Ints:
        """The stratum of each primary unit."""
        found = np.zeros(int(self.psu.max()) + 1 if self.rows else 0, dtype=np.int64)
        found[self.psu] = self.strata
        return found

    @property
    def describes(self) -> str:
        """The design in words."""
        strata = len(np.unique(self.strata))
        units = len(np.unique(self.psu))
        words = [f"stratified sample, {strata} strata" if strata > 1 else "simple random sample"]
        words.append(f"{units} units" if units == self.rows else f"{units} clusters")
        if np.any(self.fraction > 0):
            words.append("finite population")
        if self.ssu is not None:
            words.append("two stages")
        return ", ".join(words)


def make_design(
    rows: int,
    *,
    strata: Sequence[object] | npt.NDArray[np.generic] | None = None,
    psu: Sequence[object] | npt.NDArray[np.generic] | None = None,
    ssu: Sequence[object] | npt.NDArray[np.generic] | None = None,
    weights: Floats | None = None,
    fpc: Floats | None = None,
    second_fpc: Floats | None = None,
    lonely: Lonely = "adjust",
) -> Design:
    """A design of ``rows`` rows from labels. Units are nested in what stands above them.

    A value of ``fpc`` above 1 is a population size, otherwise a sampling fraction; without
    weights they follow from it. Raises :class:`DesignProblem` naming what is wrong.
    """
    if rows == 0:
        raise DesignProblem("There are no rows.")
    stratum = _numbered(rows, "strata", strata)
    first = _nested(stratum, np.arange(rows) if psu is None else _numbered(rows, "psu", psu))
    second = None if ssu is None else _nested(first, _numbered(rows, "ssu", ssu))
    fraction = _fractions(rows, "fpc", fpc, stratum, first)
    if second_fpc is not None and second is None:
        second = np.arange(rows, dtype=np.int64)
    second_fraction = None if second is None else _fractions(
        rows, "second fpc", second_fpc, first, second
    )  # fmt: skip
    if weights is None:
        weights = _weights(rows, fraction, second_fraction)
    weights = np.asarray(weights, dtype=np.float64)
    _check_weights(rows, weights)
    design = Design(weights, stratum, first, fraction, second, second_fraction, lonely)
    if lonely == "fail" and np.any(units_per_stratum(design) == 1):
        raise DesignProblem("A stratum has a single primary unit.")
    return design


def units_per_stratum(design: Design) -> Ints:
    """How many primary units each stratum of the full design has."""
    of_units = design.psu_strata
    return np.bincount(of_units, minlength=int(design.strata.max()) + 1).astype(np.int64)


def variance_of_total(design: Design, scores: Floats) -> float:
    """The variance of the sum of linearised ``scores``, one a row."""
    totals = _sums(design.psu, scores)
    fraction = np.zeros(len(totals))
    fraction[design.psu] = design.fraction
    first = _between(totals, design.psu_strata, fraction, design.lonely)
    if design.ssu is None or design.second_fraction is None:
        return first
    inner = _sums(design.ssu, scores)
    above = np.zeros(len(inner), dtype=np.int64)
    above[design.ssu] = design.psu
    second_fraction = np.zeros(len(inner))
    second_fraction[design.ssu] = design.second_fraction
    within = _between_each(inner, above, second_fraction, "remove")
    return first + float(np.sum(fraction * within))


def degrees_of_freedom(design: Design, within: npt.NDArray[np.bool_] | None = None) -> float:
    """Primary units minus strata, of the rows in ``within``; at least one."""
    psu = design.psu if within is None else design.psu[within]
    strata = design.strata if within is None else design.strata[within]
    return float(max(len(np.unique(psu)) - len(np.unique(strata)), 1))


def _sums(groups: Ints, values: Floats) -> Floats:
    return np.asarray(np.bincount(groups, weights=values), dtype=np.float64)


def _between(totals: Floats, strata: Ints, fraction: Floats, lonely: Lonely) -> float:
    parts = _between_each(totals, strata, fraction, lonely)
    counts = np.bincount(strata, minlength=len(parts))
    if lonely == "average" and np.any(counts == 1):
        others = parts[counts > 1]
        if len(others) == 0:
            raise DesignProblem("Every stratum has a single primary unit.")
        return float(others.sum() + others.mean() * np.sum(counts == 1))
    return float(parts.sum())


def _between_each(totals: Floats, groups: Ints, fraction: Floats, lonely: Lonely) -> Floats:
    """Each group's share of the variance: (1 − f) n/(n − 1) Σ (t − t̄)²."""
    many = int(groups.max()) + 1
    counts = np.bincount(groups, minlength=many)
    means = np.bincount(groups, weights=totals, minlength=many) / np.maximum(counts, 1)
    single = counts == 1
    if lonely == "adjust":
        means = np.where(single, 0.0, means)
    spread = np.bincount(groups, weights=(totals - means[groups]) ** 2, minlength=many)
    drawn = np.zeros(many)
    drawn[groups] = fraction
    scale = np.where(counts > 1, counts / np.maximum(counts - 1, 1), 1.0)
    return np.asarray((1 - drawn) * scale * spread, dtype=np.float64)


def _numbered(rows: int, name: str, labels: object) -> Ints:
    if labels is None:
        return np.zeros(rows, dtype=np.int64)
    values = np.asarray(labels)
    if values.shape != (rows,):
        raise DesignProblem(f"{name}: {len(values)} values for {rows} rows.")
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _nested(above: Ints, below: Ints) -> Ints:
    """Number units so that the same label in two groups is two units."""
    pairs = above * (int(below.max()) + 1) + below
    return np.asarray(np.unique(pairs, return_inverse=True)[1], dtype=np.int64)


def _fractions(rows: int, name: str, fpc: Floats | None, above: Ints, units: Ints) -> Floats:
    """Sampling fractions; a population size is divided into the units drawn from it."""
    if fpc is None:
        return np.zeros(rows)
    sizes = np.asarray(fpc, dtype=np.float64)
    if sizes.shape != (rows,) or not np.all(np.isfinite(sizes)) or np.any(sizes <= 0):
        raise DesignProblem(f"{name}: a positive number is needed in each of {rows} rows.")
    group = np.zeros(int(units.max()) + 1, dtype=np.int64)
    group[units] = above
    drawn = np.bincount(group)[above]
    fraction = np.where(sizes > 1, drawn / sizes, sizes)
    if np.any(fraction > 1):
        raise DesignProblem(f"{name}: more units were drawn than the population has.")
    return fraction


def _weights(rows: int, fraction: Floats, second: Floats | None) -> Floats:
    """Inverse of the probability of selection, where the fractions say it; else one."""
    chance = np.where(fraction > 0, fraction, 1.0)
    if second is not None:
        chance = chance * np.where(second > 0, second, 1.0)
    return np.ones(rows) / chance


def _check_weights(rows: int, weights: Floats) -> None:
    if weights.shape != (rows,):
        raise DesignProblem(f"weights: {weights.size} values for {rows} rows.")
    if not np.all(np.isfinite(weights)) or np.any(weights < 0):
        raise DesignProblem("weights: they must be numbers, and none below 0.")
    if not np.any(weights > 0):
        raise DesignProblem("weights: all are 0.")
