"""The results received from sampled stations, with the sample that they belong to.

A sampled station is never replaced: one that was closed is out of the frame, one that was not
reached is missing.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.results.vote_design import VoteDesign, by_strata
from analytics.survey.design import DesignProblem, Floats, Ints


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
    stations of each stratum that would not say, and that did not open. ``classes`` are
    post-strata of the rows, ``class_sizes`` the stations that the frame has of each. ``drawn``
    says how stations were drawn, where not each stratum by itself.
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
    classes: Ints | None = None
    class_sizes: Floats | None = None
    drawn: VoteDesign | None = None

    @cached_property
    def design(self) -> VoteDesign:
        """How the stations count."""
        if self.drawn is not None:
            return self.drawn
        sizes = np.array([float(each.population) for each in self.strata])
        return by_strata(
            [each.code for each in self.strata], sizes, self.planned.astype(np.float64)
        )

    @cached_property
    def planned(self) -> Ints:
        """Stations drawn per stratum."""
        return np.array([each.planned for each in self.strata], dtype=np.int64)

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
        """Stations per class that opened: those closed stand for others of the frame. Areas that
        were not drawn are spoken for by the others; a stratum that was not is by none."""
        whole = self._classed(np.array([each.population for each in self.strata]))
        drawn = self._classed(self.design.weight * self.planned)
        opened = self._classed(self.design.weight * self.expected)
        silent = np.full(len(whole), 0.0 if self.design.finite else 1.0)
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
                np.array([one.population for one in self.strata]),
                self.planned,
                self.received,
                self.refused,
                self.closed,
            )
        )
        rows = zip(self.design.names, *(each.tolist() for each in sums), strict=True)
        return tuple(each for each in (Response(*row) for row in rows) if each.planned)

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
