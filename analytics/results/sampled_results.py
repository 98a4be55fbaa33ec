"""The results received from sampled stations, with the sample that they belong to.

A sampled station is never replaced: one that was closed is out of the frame, one that was not
reached is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from analytics.survey.design import DesignProblem, Floats, Ints
from analytics.survey.draw import DrawnStratum
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


@dataclass(frozen=True)
class SampledStratum:
    """A stratum as it was kept beside the draw: stations in it, stations drawn."""

    code: str
    population: int
    planned: int


@dataclass(frozen=True)
class Response:
    """How much of one class has come in; ``closed`` stations are no longer waited for."""

    stratum: str
    population: int
    planned: int
    received: int
    refused: int = 0
    closed: int = 0

    @property
    def missing(self) -> int:
        """Drawn stations that opened and whose results did not enter, refused or not."""
        return self.planned - self.closed - self.received

    @property
    def rate(self) -> float:
        """The part that entered of the drawn stations that opened."""
        expected = self.planned - self.closed
        return self.received / expected if expected else 1.0


@dataclass(frozen=True)
class ProtocolResults:
    """Results received from sampled stations, one row a station, in order of arrival.

    ``stratum`` is an index into ``strata``; ``votes`` has a column per contestant; ``below`` is
    what shares are out of, by the law of the contest. ``refused`` and ``closed`` count drawn
    stations of each stratum that would not say, and that did not open. Of a contest that is not
    voted on everywhere ``outside`` counts the stations drawn of each stratum that do not vote in
    it, ``frame`` those of the frame that do: it is a domain of the sample, and weighs as drawn.
    ``classes`` are post-strata of the rows, ``class_sizes`` the stations that the frame has of
    each. ``drawn`` says how stations were drawn, where not each stratum by itself.
    """

    contestants: tuple[str, ...]
    strata: tuple[SampledStratum, ...]
    stratum: Ints
    votes: Floats
    below: Floats
    set_aside: int = 0
    """Sampled stations whose results came but do not enter: held, quarantined, in conflict."""
    refused: Ints | None = None
    closed: Ints | None = None
    outside: Ints | None = None
    frame: Ints | None = None
    classes: Ints | None = None
    class_sizes: Floats | None = None
    drawn: VoteDesign | None = None

    @cached_property
    def design(self) -> VoteDesign:
        """How the stations count."""
        if self.drawn is not None:
            return self.drawn
        sizes = np.array([float(each.population) for each in self.strata])
        planned = np.array([float(each.planned) for each in self.strata])
        return by_strata([each.code for each in self.strata], sizes, planned)

    @cached_property
    def planned(self) -> Ints:
        """Stations drawn per stratum that vote in the contest."""
        drawn = self._drawn
        return drawn if self.outside is None else drawn - self.outside

    @cached_property
    def stations(self) -> Ints:
        """Stations of the frame per stratum that vote in the contest."""
        return self._whole if self.frame is None else self.frame

    @property
    def _drawn(self) -> Ints:
        return np.array([each.planned for each in self.strata], dtype=np.int64)

    @property
    def _whole(self) -> Ints:
        return np.array([each.population for each in self.strata], dtype=np.int64)

    @cached_property
    def received(self) -> Ints:
        """Stations received per stratum."""
        return np.bincount(self.stratum, minlength=len(self.strata)).astype(np.int64)

    @cached_property
    def expected(self) -> Ints:
        """Stations drawn per stratum that opened."""
        return self.planned if self.closed is None else self.planned - self.closed

    @cached_property
    def population(self) -> Floats:
        """Stations per class that opened and vote in the contest: those drawn that do not stand
        for others of the frame. Areas that were not drawn are spoken for by the others; a stratum
        that was not is by none."""
        finite, weight = self.design.finite, self.design.weight
        of = (self._whole, self._drawn) if finite else (self.stations, self.planned)
        whole, drawn = self._classed(of[0]), self._classed(weight * of[1])
        opened = self._classed(weight * self.expected)
        silent = np.full(len(whole), 0.0 if finite else 1.0)
        return np.asarray(whole * np.divide(opened, drawn, out=silent, where=drawn > 0))

    @cached_property
    def stood_for(self) -> tuple[Floats, Floats]:
        """How many stations those expected and those received stand for, per class."""
        weight = self.design.weight
        return self._classed(weight * self.expected), self._classed(weight * self.received)

    @property
    def weights(self) -> Floats:
        """How many stations each row stands for, as drawn."""
        return np.asarray(self.design.weight[self.stratum], dtype=np.float64)

    @property
    def raised(self) -> Floats:
        """By how much each row is raised, so that its class weighs what was expected of it."""
        expected, received = self.stood_for
        raised = np.divide(expected, received, out=np.ones(len(expected)), where=received > 0)
        return np.asarray(raised[self.design.group[self.stratum]], dtype=np.float64)

    @property
    def units(self) -> int:
        """Of how many units drawn first something came: of areas, or of stations."""
        return len(np.unique(self.stratum)) if self.design.by_area else len(self.stratum)

    @property
    def carries(self) -> bool:
        """Whether a share can be said of these: two units, and something to divide by."""
        return self.units >= 2 and bool(np.any(self.below > 0))

    def _classed(self, each: Floats | Ints) -> Floats:
        """What is known per stratum, added up per class."""
        design = self.design
        sums = np.bincount(design.group, weights=each, minlength=len(design.names))
        return np.asarray(sums, dtype=np.float64)

    def response(self) -> tuple[Response, ...]:
        """How much has come in of each class from which something was drawn."""
        none = np.zeros(len(self.strata), dtype=np.int64)
        sums = (
            self._classed(none if each is None else each).astype(np.int64)
            for each in (
                self.stations,
                self.planned,
                self.received,
                self.refused,
                self.closed,
            )
        )
        rows = zip(self.design.names, *(each.tolist() for each in sums), strict=True)
        return tuple(each for each in (Response(*row) for row in rows) if each.planned)

    def meets(self, threshold: float) -> bool:
        """Whether response reaches the threshold overall, and in every class that is a stratum."""
        expected = int(self.expected.sum())
        if not expected or len(self.stratum) / expected < threshold:
            return False
        return not self.design.ruled or all(each.rate >= threshold for each in self.response())

    def check(self) -> None:
        """Raise :class:`DesignProblem` for results that cannot be."""
        if self.votes.shape != (len(self.stratum), len(self.contestants)):
            raise DesignProblem("votes: a row a station and a column a contestant are needed.")
        figures = [each for each in (*self.votes.T, self.below) if len(each)]
        if not all(each.min() >= 0 and each.max() < np.inf for each in figures):
            raise DesignProblem("votes: they must be numbers, and none below 0.")
        over = np.flatnonzero(self.received > self.expected)
        if len(over):
            code = self.strata[int(over[0])].code
            raise DesignProblem(f"Stratum {code}: more results than stations that were drawn.")
