"""Weights, variance and response classes of drawn stations' votes, for every method of drawing.

Each stratum that was kept beside a draw gives its stations one chance, so that their weight
follows from it; what differs is what was drawn before the stations, and in which classes response
is given. Sources: Cochran, 6.11 (combined ratio), 9A and 11.9 (first units taken as drawn with
replacement).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.survey.design import Floats, Ints
from analytics.survey.draw_srs import DrawnStratum
from analytics.survey.methods import chances_of, method_of

Classes = Literal["strata", "none", "areas", "sizes"]
BANDS = 3
"""Response of a draw by size is given in so many classes, of about as many stations each."""
WHY: dict[Classes, str] = {
    "strata": "",
    "none": "Stations were not drawn from strata: response has no classes, and without classes "
    "the adjusted share is the raw one.",
    "areas": "Areas were drawn, and stations in them: the least response holds overall. Stations "
    "missing from an area are made up for by the others of that area.",
    "sizes": "Stations were drawn by size, not from strata: the classes are thirds of the "
    "stations drawn, from small to large.",
}
"""Why response is given in other classes than strata, or in none."""


@dataclass(frozen=True)
class VoteDesign:
    """How stations count, by the stratum that was kept with each.

    ``weight`` is how many stations one drawn stands for; ``group`` numbers the class of response
    among ``names``. ``by_area``: what was drawn first are the strata kept. ``finite``: each class
    was drawn from a known number of stations, and without replacement.
    """

    classes: Classes
    weight: Floats
    group: Ints
    names: tuple[str, ...]
    by_area: bool = False
    finite: bool = True

    @property
    def why(self) -> str:
        """Why the classes are no strata; empty where they are."""
        return WHY[self.classes]

    @property
    def ruled(self) -> bool:
        """Whether the least response is asked of every class: an area of the first stage is a
        unit, not a class, and of a few stations."""
        return self.classes != "areas"


def vote_design(rule: str, strata: Sequence[DrawnStratum]) -> VoteDesign:
    """The design by the rule and the strata kept beside a draw. Raises ValueError for a rule that
    is none of ours."""
    method = method_of(rule)
    if method in ("simple", "stratified"):
        return by_strata([each.code for each in strata], *_sizes(strata), single=method == "simple")
    weight = np.array([float(1 / each) if each else 0.0 for each in chances_of(method, strata)])
    everything = np.arange(len(strata), dtype=np.int64)
    if method == "systematic":
        return VoteDesign("none", weight, 0 * everything, ("",))
    if method == "two-stage":
        names = tuple(each.code for each in strata)
        return VoteDesign("areas", weight, everything, names, by_area=True, finite=False)
    return VoteDesign("sizes", weight, *_bands(strata), finite=False)


def by_strata(
    codes: Sequence[str], population: Floats, planned: Floats, *, single: bool = False
) -> VoteDesign:
    """Each stratum a class of its own, of which ``planned`` stations were drawn singly."""
    weight = population / np.maximum(planned, 1)
    group = np.arange(len(codes), dtype=np.int64)
    return VoteDesign("none" if single else "strata", weight, group, tuple(codes))


def _sizes(strata: Sequence[DrawnStratum]) -> tuple[Floats, Floats]:
    population, drawn = zip(*((each.population, each.drawn) for each in strata), strict=True)
    return np.array(population, dtype=np.float64), np.array(drawn, dtype=np.float64)


def _bands(strata: Sequence[DrawnStratum]) -> tuple[Ints, tuple[str, ...]]:
    """Thirds of the stations drawn, by size; stations of one size stay together."""
    sizes = np.array([int(each.code) for each in strata])
    order = np.argsort(sizes)
    drawn = np.array([each.drawn for each in strata])[order]
    before = np.cumsum(drawn) - drawn
    band = np.zeros(len(strata), dtype=np.int64)
    band[order] = np.minimum(BANDS * before // max(int(drawn.sum()), 1), BANDS - 1)
    number = np.unique(band, return_inverse=True)[1].astype(np.int64)
    ends = ((sizes[number == at].min(), sizes[number == at].max()) for at in np.unique(number))
    return number, tuple(f"{low}–{high}" if low < high else f"{low}" for low, high in ends)
