"""The variance of a total, by Taylor linearisation of whatever the total stands for.

That of the totals of the primary units in each stratum, with replacement unless a finite
population is given; at two stages, that of the second units within each primary one besides
(Cochran, Sampling Techniques, 3rd ed., 5.4 and 10.3; Särndal, Swensson and Wretman, 5.5).
"""

import numpy as np

from analytics.design import Auxiliary, Design, DesignProblem, Floats, Ints, Lonely, Truths


def variance_of_total(design: Design, scores: Floats, used: Truths | None = None) -> float:
    """The variance of the sum of linearised ``scores``, one a row, 0 in rows not ``used``."""
    if design.post is not None:
        scores = _from_class_means(design, scores)
    if design.auxiliary is not None:
        scores = _unexplained(design, design.auxiliary, scores)
    totals = _sums(design.psu, scores)
    fraction = np.zeros(len(totals))
    fraction[design.psu] = design.fraction
    present = design.strata if used is None else design.strata[used]
    parts = variance_by_group(totals, design.psu_strata, fraction, design.lonely)
    first = _summed(parts, design.singles, present, design.lonely)
    if design.ssu is None or design.second_fraction is None:
        return first
    inner = _sums(design.ssu, scores)
    above = np.zeros(len(inner), dtype=np.int64)
    above[design.ssu] = design.psu
    second = np.zeros(len(inner))
    second[design.ssu] = design.second_fraction
    within = variance_by_group(inner, above, second, design.lonely)
    return first + float(np.sum(fraction * within))


def degrees_of_freedom(design: Design, used: Truths | None = None) -> float:
    """Primary units minus strata, of the rows ``used``; at least one, the widest t there is."""
    psu = design.psu if used is None else design.psu[used]
    strata = design.strata if used is None else design.strata[used]
    return float(max(different(psu) - different(strata), 1))


def different(numbered: Ints) -> int:
    """How many different ones there are of what is numbered from 0."""
    return int(np.count_nonzero(np.bincount(numbered)))


def variance_by_group(totals: Floats, groups: Ints, fraction: Floats, lonely: Lonely) -> Floats:
    """Each group's share of the variance: (1 − f) n/(n − 1) Σ (t − t̄)².

    A group of one has no t̄ of its own. Scores of means and ratios add up to 0, so that the
    grand mean, from which the rule ``adjust`` measures, is 0.
    """
    many = int(groups.max()) + 1
    counts = np.bincount(groups, minlength=many)
    means = np.bincount(groups, weights=totals, minlength=many) / np.maximum(counts, 1)
    if lonely == "adjust":
        means = np.where(counts == 1, 0.0, means)
    spread = np.bincount(groups, weights=(totals - means[groups]) ** 2, minlength=many)
    drawn = np.zeros(many)
    drawn[groups] = fraction
    scale = np.where(counts > 1, counts / np.maximum(counts - 1, 1), 1.0)
    return np.asarray((1 - drawn) * scale * spread, dtype=np.float64)


def average_factor(present: int, single: int) -> float:
    """By how much ``average`` raises the variance: strata over those with several units."""
    if present == single:
        raise DesignProblem("Every stratum has a single primary unit.")
    return present / (present - single)


def _sums(units: Ints, scores: Floats) -> Floats:
    return np.asarray(np.bincount(units, weights=scores), dtype=np.float64)


def _summed(parts: Floats, singles: Truths, present: Ints, lonely: Lonely) -> float:
    if lonely != "average":
        return float(parts.sum())
    here = np.unique(present)
    return float(parts.sum()) * average_factor(len(here), int(np.sum(singles[here])))


def _from_class_means(design: Design, scores: Floats) -> Floats:
    """Scores less the weighted mean of their post-stratum."""
    post = design.post if design.post is not None else np.zeros(design.rows, dtype=np.int64)
    total = np.bincount(post, weights=scores)
    size = np.bincount(post, weights=design.weights)
    mean = np.divide(total, size, out=np.zeros(len(total)), where=size > 0)
    return np.asarray(scores - design.weights * mean[post], dtype=np.float64)


def _unexplained(design: Design, known: Auxiliary, scores: Floats) -> Floats:
    """Scores less what the known columns explain of them (Särndal, Swensson and Wretman, 6.6)."""
    weights = design.weights
    each = np.divide(scores, weights, out=np.zeros(design.rows), where=weights > 0)
    root = np.sqrt(known.weights)
    slope = np.linalg.lstsq(known.matrix * root[:, None], each * root, rcond=None)[0]
    return np.asarray(scores - weights * (known.matrix @ slope), dtype=np.float64)
