"""The design of a sample: strata, clusters, weights, finite populations at up to two stages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Labels = Sequence[object] | npt.NDArray[np.generic]
DENSE = 4
"""Numbers of up to so many times the rows are told apart in a table."""
Lonely = Literal["adjust", "average", "remove", "fail"]
LONELY_SAID: dict[Lonely, str] = {
    "adjust": "centred at the grand mean",
    "average": "given the mean variance of the others",
    "remove": "counted as without variance",
    "fail": "refused",
}


class DesignProblem(ValueError):
    """A design that cannot be; the message says what is wrong with it."""


@dataclass(frozen=True)
class Design:
    """A sample's design, one entry a row of data.

    ``strata`` and ``psu`` are numbered from 0, a unit belonging to one stratum; ``fraction`` is
    the part of its stratum that was drawn, 0 where the population is as good as infinite.
    ``ssu`` and ``second_fraction`` are the second stage. ``lonely`` says what a stratum with one
    primary unit contributes: by default its square distance from the grand mean. ``post`` numbers
    the classes whose sizes were made to fit (:func:`post_stratify`).
    """

    weights: Floats
    strata: Ints
    psu: Ints
    fraction: Floats
    ssu: Ints | None = None
    second_fraction: Floats | None = None
    lonely: Lonely = "adjust"
    post: Ints | None = None

    @property
    def rows(self) -> int:
        """The number of rows of data."""
        return len(self.weights)

    @cached_property
    def psu_strata(self) -> Ints:
        """The stratum of each primary unit."""
        found = np.zeros(int(self.psu.max()) + 1 if self.rows else 0, dtype=np.int64)
        found[self.psu] = self.strata
        return found

    @cached_property
    def units(self) -> Ints:
        """How many primary units each stratum has, those that sent nothing among them."""
        return np.bincount(self.psu_strata, minlength=int(self.strata.max()) + 1).astype(np.int64)

    @cached_property
    def drawn(self) -> Floats:
        """The part that was drawn of each stratum."""
        found = np.zeros(len(self.units))
        found[self.strata] = self.fraction
        return found

    @cached_property
    def second_units(self) -> Ints:
        """How many second units each primary one has."""
        above = np.zeros(int(self.ssu.max()) + 1 if self.ssu is not None else 0, dtype=np.int64)
        above[self.ssu] = self.psu
        return np.bincount(above).astype(np.int64)

    @cached_property
    def singles(self) -> Truths:
        """Which strata have one primary unit that is not the whole of its population."""
        return np.asarray((self.units == 1) & (self.drawn < 1))

    @cached_property
    def describes(self) -> str:
        """The design in words, with the rule for strata of one unit where there are any."""
        return self.describe(self.rows)

    def describe(self, rows: int) -> str:
        """The same where its rows stand for so many: a station for its repeated visits."""
        return design_in_words(
            strata=len(self.units),
            units=int(self.units.sum()),
            clustered=int(self.units.sum()) < rows,
            stages=1 if self.ssu is None else 2,
            weighted=bool(np.ptp(self.weights) > 0),
            finite=bool(np.any(self.drawn > 0)),
            post_stratified=self.post is not None,
            singles=int(np.sum(self.singles)),
            lonely=self.lonely,
        )


def design_in_words(
    *,
    strata: int,
    units: int,
    weighted: bool,
    finite: bool,
    singles: int,
    clustered: bool = False,
    stages: int = 1,
    post_stratified: bool = False,
    lonely: Lonely = "adjust",
) -> str:
    """A design in words; ``singles`` are strata of one unit, of which ``lonely`` is the rule."""
    kind = "stratified" if strata > 1 else "cluster" if clustered else "simple random"
    words = [
        f"{kind} sample",
        f"{strata} strata" if strata > 1 else "",
        f"{units} {'clusters' if clustered else 'units'}",
        "two stages" if stages > 1 else "",
        "weighted" if weighted else "",
        "finite population" if finite else "",
        "post-stratified" if post_stratified else "",
        f"strata with a single unit ({singles}) {LONELY_SAID[lonely]}" if singles else "",
    ]
    return ", ".join(filter(None, words))


def make_design(
    rows: int,
    *,
    strata: Labels | None = None,
    psu: Labels | None = None,
    ssu: Labels | None = None,
    weights: Floats | None = None,
    fpc: Floats | None = None,
    second_fpc: Floats | None = None,
    lonely: Lonely = "adjust",
) -> Design:
    """A design of ``rows`` rows from labels. Units are nested in what stands above them.

    Values of ``fpc`` above 1 are population sizes, otherwise sampling fractions, the same in a
    whole stratum (``second_fpc``: in a whole primary unit); without weights they follow from
    them. Raises :class:`DesignProblem` naming what is wrong.
    """
    if rows == 0:
        raise DesignProblem("There are no rows.")
    if lonely not in get_args(Lonely):
        raise DesignProblem(f"lonely: {lonely!r} is none of {', '.join(get_args(Lonely))}.")
    stratum = _numbered(rows, "strata", strata)
    first = np.arange(rows) if psu is None else _nested(stratum, _numbered(rows, "psu", psu))
    fraction = _fractions(rows, "fpc", fpc, stratum, first)
    second = None if ssu is None else _nested(first, _numbered(rows, "ssu", ssu))
    if second_fpc is not None and second is None:
        second = np.arange(rows, dtype=np.int64)
    second_fraction = (
        None if second is None else _fractions(rows, "second fpc", second_fpc, first, second)
    )
    if weights is None:
        weights = _weights(rows, fraction, second_fraction)
    weights = np.asarray(weights, dtype=np.float64)
    _check_weights(rows, weights)
    design = Design(weights, stratum, first, fraction, second, second_fraction, lonely)
    if lonely == "fail" and np.any(design.singles):
        raise DesignProblem("A stratum has a single primary unit.")
    return design


def post_stratify(design: Design, classes: Ints, sizes: Floats) -> Design:
    """Weights made to add up to the known ``sizes`` of classes, numbered from 0 in ``classes``.

    The variance then is that of the distances from each class's mean (Särndal, Swensson and
    Wretman, 7.6). Raises :class:`DesignProblem` for a class with a size and no row.
    """
    if classes.shape != (design.rows,) or np.any(classes < 0) or np.any(classes >= len(sizes)):
        raise DesignProblem(f"classes: a number below {len(sizes)} is needed in each row.")
    held = np.bincount(classes, weights=design.weights, minlength=len(sizes))
    empty = np.flatnonzero((held == 0) & (sizes > 0))
    if len(empty):
        raise DesignProblem(f"classes: nothing came from class {int(empty[0])}.")
    factor = np.divide(sizes, held, out=np.zeros(len(sizes)), where=held > 0)
    return replace(design, weights=design.weights * factor[classes], post=classes)


def _numbered(rows: int, name: str, labels: object) -> Ints:
    if labels is None:
        return np.zeros(rows, dtype=np.int64)
    values = np.asarray(labels)
    if values.shape != (rows,):
        raise DesignProblem(f"{name}: {values.size} values for {rows} rows.")
    if values.dtype == object:
        blank = np.array([each is None or each != each for each in values])
        values = values.astype(str)
    else:
        blank = values != values
    if np.any(blank):
        raise DesignProblem(f"{name}: row {int(np.argmax(blank)) + 1} has none.")
    return number_off(values)[1]


def number_off(labels: Ints) -> tuple[Ints, Ints]:
    """The different labels in order, and the number of each row's among them.

    Whole numbers from 0 that are not many more than the rows are counted and need no sorting.
    """
    if labels.dtype.kind == "i" and len(labels) and labels.min() >= 0:
        most = int(labels.max())
        if most < DENSE * len(labels):
            present = np.zeros(most + 1, dtype=np.bool_)
            present[labels] = True
            return np.flatnonzero(present), (np.cumsum(present) - 1)[labels]
    different, number = np.unique(labels, return_inverse=True)
    return different, number.astype(np.int64)


def _nested(above: Ints, below: Ints) -> Ints:
    """Number units so that the same label in two groups is two units."""
    if np.ptp(above) == 0:
        return number_off(below)[1]
    return number_off(above * (int(below.max()) + 1) + below)[1]


def _fractions(rows: int, name: str, fpc: Floats | None, above: Ints, units: Ints) -> Floats:
    """Sampling fractions; a population size is divided into the units drawn from it."""
    if fpc is None:
        return np.zeros(rows)
    sizes = np.asarray(fpc, dtype=np.float64)
    if sizes.shape != (rows,) or not np.all(np.isfinite(sizes)) or np.any(sizes <= 0):
        raise DesignProblem(f"{name}: a positive number is needed in each of {rows} rows.")
    if np.any(sizes < 1) and np.any(sizes > 1):
        raise DesignProblem(f"{name}: population sizes and fractions below 1 are mixed.")
    of_group = np.zeros(int(above.max()) + 1)
    of_group[above] = sizes
    if np.any(of_group[above] != sizes):
        raise DesignProblem(f"{name}: it differs between rows that were drawn from one population.")
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
