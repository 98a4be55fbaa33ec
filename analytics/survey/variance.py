"""The variance of a total, by Taylor linearisation of whatever the total stands for.

That of the totals of the primary units in each stratum, with replacement unless a finite
population is given; at two stages, that of the second units within each primary one besides
(Cochran, Sampling Techniques, 3rd ed., 5.4 and 10.3; Särndal, Swensson and Wretman, 5.5).
"""

from dataclasses import dataclass

import numpy as np

from analytics.survey.design import (
    Design,
    DesignProblem,
    Floats,
    Ints,
    Lonely,
    number_off,
)


@dataclass(frozen=True)
class VarianceUnits:
    """The rows that carry an estimate, numbered by what they were drawn in: the same for whatever
    is estimated of these rows.

    ``scored`` are the rows that have a score: these, or all where weights were fitted. Their
    primary ``units`` are told by ``unit``, the strata of those by ``stratum``. ``n`` primary units
    of the strata ``present`` carry it, and ``missing`` were asked besides.
    """

    design: Design
    rows: Ints
    scored: Ints
    units: Ints
    unit: Ints
    strata: Ints
    stratum: Ints
    present: Ints
    n: int
    missing: int

    @classmethod
    def of(cls, design: Design, rows: Ints, asked: Ints | None = None) -> "VarianceUnits":
        """These rows, of those that were ``asked``."""
        fitted = design.post is not None
        scored = np.arange(design.rows) if fitted else rows
        units, unit = number_off(design.psu[scored])
        n = different(design.psu[rows]) if fitted else len(units)
        others = asked is not None and len(asked) > len(rows)
        return cls(
            design,
            rows,
            scored,
            units,
            unit,
            *number_off(design.psu_strata[units]),
            present=number_off(design.strata[rows])[0],
            n=n,
            missing=different(design.psu[asked]) - n if others else 0,
        )

    @property
    def df(self) -> float:
        """Degrees of freedom: primary units minus strata; at least one, the widest t there is."""
        return float(max(self.n - len(self.present), 1))

    def variance(self, scores: Floats) -> float:
        """The variance of the sum of linearised ``scores``, one of each row.

        Every other row scores 0. Units without a row here are not looked at: that they are of the
        design is told by how many it has.
        """
        design = self.design
        if design.post is not None:
            scores = _fitted(design, scores, self.rows)
        sizes, drawn = design.units[self.strata], design.drawn[self.strata]
        totals = _sums(self.unit, scores)
        first = float(_between(totals, self.stratum, sizes, drawn, design.lonely).sum())
        if design.lonely == "average":
            single = int(np.sum(design.singles[self.present]))
            first *= average_factor(len(self.present), single)
        return first + _within(design, scores, self.scored, self.units, self.unit)


def _within(design: Design, scores: Floats, at: Ints, units: Ints, unit: Ints) -> float:
    """What the second stage adds, of the primary ``units``; ``unit`` says which a row is of."""
    if design.ssu is None or design.second_fraction is None:
        return 0.0
    second = number_off(design.ssu[at])[1]
    above = np.zeros(int(second.max()) + 1, dtype=np.int64)
    above[second] = unit
    drawn = np.zeros(len(units))
    drawn[unit] = design.second_fraction[at]
    sizes = design.second_units[units]
    within = _between(_sums(second, scores), above, sizes, drawn, design.lonely)
    return float(np.sum(design.drawn[design.psu_strata[units]] * within))


def different(numbered: Ints) -> int:
    """How many different ones there are of what is numbered from 0."""
    return len(number_off(numbered)[0])


def _between(totals: Floats, groups: Ints, sizes: Ints, drawn: Floats, lonely: Lonely) -> Floats:
    """Each group's share of the variance: (1 − f) n/(n − 1) Σ (t − t̄)².

    ``sizes`` says how many units each group has, of which those without a total here have 0. A
    group of one has no t̄ of its own. Scores of means and ratios add up to 0, so that the grand
    mean, from which the rule ``adjust`` measures, is 0.
    """
    means = _sums(groups, totals) / sizes
    if lonely == "adjust":
        means = np.where(sizes == 1, 0.0, means)
    spread = _sums(groups, (totals - means[groups]) ** 2)
    spread += (sizes - np.bincount(groups)) * means**2
    scale = np.where(sizes > 1, sizes / np.maximum(sizes - 1, 1), 1.0)
    return np.asarray((1 - drawn) * scale * spread, dtype=np.float64)


def average_factor(present: int, single: int) -> float:
    """By how much ``average`` raises the variance: strata over those with several units."""
    if present == single:
        raise DesignProblem("Every stratum has a single primary unit.")
    return present / (present - single)


def _sums(units: Ints, scores: Floats) -> Floats:
    return np.asarray(np.bincount(units, weights=scores), dtype=np.float64)


def _fitted(design: Design, scores: Floats, at: Ints) -> Floats:
    """Scores of every row, less what the weights were fitted to."""
    found = np.zeros(design.rows)
    found[at] = scores
    return _from_class_means(design, found)


def _from_class_means(design: Design, scores: Floats) -> Floats:
    """Scores less the weighted mean of their post-stratum."""
    post = design.post if design.post is not None else np.zeros(design.rows, dtype=np.int64)
    total = np.bincount(post, weights=scores)
    size = np.bincount(post, weights=design.weights)
    mean = np.divide(total, size, out=np.zeros(len(total)), where=size > 0)
    return np.asarray(scores - design.weights * mean[post], dtype=np.float64)
