"""Weights fitted to what is known of the whole population: raking and linear calibration.

Sources: Deville and Särndal (1992); Deville, Särndal and Sautory (1993). The variance is that of
what the known figures leave unexplained (:mod:`analytics.survey.variance`). Post-stratification is
:func:`analytics.survey.design.post_stratify`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.survey.design import Auxiliary, Design, DesignProblem, Floats, Ints

ROUNDS = 500
CLOSE = 1e-12


@dataclass(frozen=True)
class Margin:
    """Classes numbered from 0, one a row, and how many the population has of each."""

    classes: Ints
    sizes: Floats


def rake(design: Design, margins: Sequence[Margin]) -> Design:
    """Weights made to fit every margin in turn until all fit (iterative proportional fitting).

    Raises :class:`DesignProblem` for margins whose sizes add up to different totals, a class
    with a size and no row, and margins that no weights can fit together.
    """
    _check_margins(design, margins)
    weights = design.weights.copy()
    for _ in range(ROUNDS):
        for margin in margins:
            weights *= _factors(margin, weights)[margin.classes]
        if all(np.allclose(_factors(each, weights), 1.0, rtol=0, atol=CLOSE) for each in margins):
            break
    else:
        raise DesignProblem(f"The margins do not fit together after {ROUNDS} rounds.")
    matrix = np.hstack([np.eye(len(each.sizes))[each.classes] for each in margins])
    return replace(design, weights=weights, auxiliary=Auxiliary("raked", matrix, design.weights))


def _factors(margin: Margin, weights: Floats) -> Floats:
    held = np.bincount(margin.classes, weights=weights, minlength=len(margin.sizes))
    return np.divide(margin.sizes, held, out=np.ones(len(held)), where=held > 0)


def _check_margins(design: Design, margins: Sequence[Margin]) -> None:
    _check_unfitted(design)
    if not margins:
        raise DesignProblem("margins: there are none.")
    totals = [float(each.sizes.sum()) for each in margins]
    if not np.allclose(totals, totals[0], rtol=1e-9, atol=0):
        raise DesignProblem(f"margins: they add up to {', '.join(f'{each:g}' for each in totals)}.")
    for at, margin in enumerate(margins):
        known = margin.classes.shape == (design.rows,) and np.all(margin.classes >= 0)
        if not known or np.any(margin.classes >= len(margin.sizes)):
            raise DesignProblem(f"margin {at}: each row needs a class below {len(margin.sizes)}.")
        if not np.all(np.isfinite(margin.sizes)) or np.any(margin.sizes < 0):
            raise DesignProblem(f"margin {at}: sizes must be numbers, and none below 0.")
        held = np.bincount(margin.classes, design.weights, len(margin.sizes))
        empty = np.flatnonzero((held == 0) & (margin.sizes > 0))
        if len(empty):
            raise DesignProblem(f"margin {at}: nothing came from class {int(empty[0])}.")


def calibrate(design: Design, matrix: Floats, totals: Floats) -> Design:
    """Weights w(1 + x·λ) whose totals of the columns of ``matrix`` are ``totals`` (GREG).

    Include a column of ones to fit the size of the population. Raises :class:`DesignProblem` for
    figures that are missing, columns that cannot be told apart, and where a weight would fall
    below 0: such totals are too far from what was drawn.
    """
    _check_unfitted(design)
    if matrix.ndim != 2 or matrix.shape != (design.rows, len(totals)):
        raise DesignProblem(f"matrix: {design.rows} rows and {len(totals)} columns are needed.")
    if not np.all(np.isfinite(matrix)) or not np.all(np.isfinite(totals)):
        raise DesignProblem("matrix, totals: a number is needed everywhere.")
    held = matrix.T @ (design.weights[:, None] * matrix)
    if np.linalg.matrix_rank(held) < len(totals):
        raise DesignProblem("matrix: one column follows from the others.")
    steer = np.linalg.solve(held, totals - matrix.T @ design.weights)
    weights = design.weights * (1 + matrix @ steer)
    if np.any(weights < 0):
        raise DesignProblem("The totals are too far from the sample: a weight falls below 0.")
    known = Auxiliary("calibrated", matrix, design.weights)
    return replace(design, weights=weights, auxiliary=known)


def _check_unfitted(design: Design) -> None:
    if design.post is not None or design.auxiliary is not None:
        raise DesignProblem("The weights were fitted before: fit once, to everything known.")
