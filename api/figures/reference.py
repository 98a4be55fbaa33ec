"""The reference data of a mission in one round, as columns: its places, plan, rules and samples.

They are read again when an act changed one of them (:mod:`api.figures.follower`).
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.observation.code_matrix import NOWHERE
from analytics.observation.drawn_sample import AreaGroups, DrawnSample
from analytics.observation.expected_reports import ExpectedReports
from analytics.observation.ids import Ids
from analytics.observation.record import MatrixShape, Record
from analytics.observation.visits import Grouping
from analytics.results.sampled_results import vote_design
from analytics.survey.design import Ints, Truths
from analytics.survey.methods import weighting
from api.deployments.calls import CallState
from api.figures.reference_data import (
    Places,
    Polling,
    PublishedRules,
    RoundFacts,
    SampleOfRound,
)
from schemas.checklist import Texts
from schemas.mission import Kind, Mission
from schemas.place import Area

OF_POLLING = frozenset({"opening", "voting", "closing", "counting", "tabulation"})
Column = NDArray[np.integer[Any]]
OfPlaces = Literal["setting", "sort"]


@dataclass(frozen=True)
class Cells:
    """``of_place`` gives each place's cell; ``area`` is each cell's (−1 none), ``setting`` and
    ``sort`` are indices into ``settings`` and ``sorts``."""

    of_place: Ints
    area: Ints
    setting: Ints
    sort: Ints
    settings: tuple[str, ...]
    sorts: tuple[str, ...]

    @classmethod
    def of(
        cls,
        area: Column,
        setting: Column,
        sort: Column,
        settings: tuple[str, ...],
        sorts: tuple[str, ...],
    ) -> "Cells":
        """The cells of places, of each of which area, setting and sort are given."""
        sizes = len(settings), len(sorts)
        key = (area.astype(np.int64) * sizes[0] + setting) * sizes[1] + sort
        alike, of_place = np.unique(key, return_inverse=True)
        rest, own_sort = np.divmod(alike, sizes[1])
        own_area, own_setting = np.divmod(rest, sizes[0])
        return cls(of_place, own_area, own_setting, own_sort, settings, sorts)

    def __len__(self) -> int:
        return len(self.area)

    def grouping(self, place: Ints) -> Grouping:
        """Reports at these places by their cells. Those at none have one of their own, the last."""
        of_place = np.append(self.of_place, len(self))
        return Grouping(
            of_place[place],
            lambda sample: of_place[sample.place],
            len(self) + 1,
            lambda places: of_place[places],
        )

    def by_area(self, areas: AreaGroups) -> AreaGroups:
        """Cells in the groups of their areas."""
        return AreaGroups(areas.group(self.area), areas.count)

    def by(self, what: OfPlaces) -> tuple[tuple[str, ...], AreaGroups]:
        """The settings or sorts that there are, and cells in groups by them."""
        own, names = (self.setting, self.settings) if what == "setting" else (self.sort, self.sorts)
        labels = tuple(sorted({names[each] for each in own.tolist()}))
        number = np.array([labels.index(names[each]) for each in own.tolist()], dtype=np.int64)
        return labels, AreaGroups(number, len(labels))


@dataclass(frozen=True, eq=False)
class ObserverPostings:
    """``observer`` numbers the ``observers``, ``place`` is −1 of who was sent to an area, ``team``
    is the team of that plan. Of several equal plans the last counts."""

    observers: Ids
    observer: Ints
    place: Ints
    team: Ints

    def __len__(self) -> int:
        return len(self.team)

    @cached_property
    def _width(self) -> int:
        return int(self.place.max(initial=NOWHERE)) + 2

    @cached_property
    def _sorted(self) -> tuple[Ints, Ints]:
        key = self.observer * self._width + self.place + 1
        order = np.argsort(key, kind="stable")
        key, team = key[order], self.team[order]
        last = np.append(key[1:] != key[:-1], True)[: len(key)]
        return key[last], team[last]

    def teams_of(
        self, observers: NDArray[np.void], place: NDArray[np.int32]
    ) -> tuple[Ints, Truths]:
        """The team that each observer reports from at a place, −1 where nobody sent it, and
        whether it was sent to this very place."""
        who = self.observers.find(observers)
        here = self._team(who, place)
        anywhere = self._team(who, np.full(len(who), NOWHERE))
        return np.where(here >= 0, here, anywhere), here >= 0

    def _team(self, who: Ints, place: NDArray[np.integer]) -> Ints:
        keys, teams = self._sorted
        if not len(keys):
            return np.full(len(who), NOWHERE, dtype=np.int64)
        known = (who >= 0) & (place < self._width - 1)
        key = np.where(known, who * self._width + place + 1, NOWHERE)
        at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
        return np.where(keys[at] == key, teams[at], NOWHERE)


@dataclass(frozen=True, eq=False)
class Reference:
    """The reference data of one round; ``setting`` is the clock of the last change to them."""

    setting: int
    mission: Mission
    organisations: dict[UUID, tuple[str, Kind]]
    areas: tuple[Area, ...]
    places: Places
    rules: dict[UUID, PublishedRules]
    """Every revision, the oldest first."""
    expected: ExpectedReports
    posted: ObserverPostings
    samples: tuple[SampleOfRound, ...]
    """The samples of the round, at most one of each kind of observers; the main one first."""
    polling: Polling
    calls: Mapping[str, CallState] = field(default_factory=dict)
    """How calling each deployment stands that was called."""
    rounds: tuple[RoundFacts, ...] = ()
    """Every round of the mission, in the order of their days."""
    asked: bool = False
    """Whether the round was asked for, and is not taken because it is the nearest: reports of no
    round are then not among its own."""
    organisation_names: Mapping[UUID, Texts] = field(default_factory=dict)
    """Names of organisations in other languages."""

    def nearest(self, now: datetime) -> str:
        """The code of the round whose polling is nearest to now."""
        return min(self.rounds, key=lambda each: abs(each.opens - now)).code

    def place_at(self, place: UUID) -> int:
        """The position of a place, −1 where the mission has none of this id."""
        return self.places.find(place)

    @cached_property
    def voting(self) -> tuple[Truths, ...]:
        """Of each contest of the round, in its own order, which places are stations that vote in
        it."""
        voted, places = self.polling.voted, self.places
        named = {places.find(each): contests for each, contests in voted.named.items()}
        found = []
        for contest in range(len(self.polling.contests)):
            by_area = np.array([contest in each for each in voted.stations], dtype=np.bool_)
            here = by_area[places.area] if len(places) else np.zeros(0, dtype=np.bool_)
            for at, contests in named.items():
                if at >= 0:
                    here[at] = contest in contests
            found.append(here & places.station)
        return tuple(found)

    @cached_property
    def closed(self) -> frozenset[int]:
        """The places that were closed, merged or split by the end of polling."""
        return frozenset(np.flatnonzero(self.places.closed).tolist())

    @cached_property
    def planned(self) -> Ints:
        """The places that something is expected from, in order."""
        place = np.unique(self.expected.place)
        return place[place >= 0].astype(np.int64)

    @cached_property
    def planned_by_area(self) -> Counter[int]:
        """How many of them lie in each area."""
        area, many = np.unique(self.places.area[self.planned], return_counts=True)
        return Counter(dict(zip(area.tolist(), many.tolist(), strict=True)))

    @cached_property
    def cells(self) -> Cells:
        """Places that are alike, as visits are counted."""
        places = self.places
        return Cells.of(places.area, places.setting, places.sort, places.settings, places.sorts)

    def newest(self, checklist: str) -> PublishedRules | None:
        """The newest rules of a checklist."""
        found = [each for each in self.rules.values() if each.definition.name == checklist]
        return found[-1] if found else None

    @cached_property
    def checklists(self) -> tuple[str, ...]:
        """The names of the published checklists."""
        return tuple(dict.fromkeys(each.definition.name for each in self.rules.values()))

    def is_of_polling(self, checklist: str) -> bool:
        """Whether a checklist is of polling or what follows it."""
        rules = self.newest(checklist)
        return rules is not None and rules.definition.stage in OF_POLLING

    @cached_property
    def stages(self) -> dict[UUID, str]:
        """The stage of each revision of rules."""
        return {each.id: each.definition.stage for each in self.rules.values()}

    @cached_property
    def shapes(self) -> dict[str, MatrixShape]:
        """How the matrix of each checklist is made: the newest rules' indicators, then those of
        older ones."""
        found = {}
        for name in self.checklists:
            own = [each.definition for each in self.rules.values() if each.definition.name == name]
            codes = [each.code for one in reversed(own) for each in one.indicators]
            shared = own[-1].is_protocol and own[-1].policy.per == "visit"
            first = shared and len(self.polling.contests) > 1
            found[name] = MatrixShape(tuple(dict.fromkeys(codes)), first)
        return found

    @cached_property
    def unheard(self) -> dict[str, datetime]:
        """When the last call to a deployment found nobody, of those where it did."""
        ended = {who: each.unheard for who, each in self.calls.items()}
        return {who: at for who, at in ended.items() if at is not None}

    def with_calls(self, called: Collection[str], calls: Mapping[str, CallState]) -> "Reference":
        """The same where these teams were ``called``, or a call to them was taken back: ``calls``
        are those that stand. What was made of the rest is kept."""
        others = {who: each for who, each in self.calls.items() if who not in called}
        found = replace(self, calls={**others, **calls})
        found.__dict__.update(
            {
                name: made
                for name, made in self.__dict__.items()
                if name not in found.__dict__ and name != "unheard"
            }
        )
        return found

    def empty_record(self) -> Record:
        """A record to which no report came."""
        return Record.empty(
            self.shapes, checklists=self.expected.checklists, teams=self.expected.teams
        )

    @property
    def drawn(self) -> SampleOfRound | None:
        """The round's main sample, which was drawn first: votes are counted by it."""
        return self.samples[0] if self.samples else None

    @cached_property
    def sampled(self) -> frozenset[int]:
        """The places that any sample of the round drew."""
        return frozenset(place for each in self.samples for place in each.stratum)

    @cached_property
    def drawn_samples(self) -> tuple[DrawnSample, ...]:
        """The samples as the analytics ask for them, in the same order."""
        return tuple(map(self._drawn_sample, self.samples))

    @cached_property
    def areas_drawn(self) -> dict[str, str]:
        """The names of the main sample's strata by their codes, where every station drawn lies in
        the area that its stratum is named after; else nothing."""
        names: dict[str, str] = {}
        if self.drawn is None:
            return names
        for place, at in self.drawn.stratum.items():
            area, code = int(self.places.area[place]), self.drawn.strata[at].code
            if area < 0 or self.areas[area].code != code:
                return {}
            names[code] = self.areas[area].name
        return names

    def _drawn_sample(self, drawn: SampleOfRound) -> DrawnSample:
        places = np.array(sorted(drawn.stratum), dtype=np.int64)
        strata = np.array([drawn.stratum[int(place)] for place in places], dtype=np.int64)
        sizes = np.array([each.population for each in drawn.strata], dtype=np.int64)
        areas = self.places.area[places].astype(np.int64)
        weighted = weighting(drawn.sample.method, drawn.strata, strata)
        design = vote_design(drawn.sample.method, drawn.strata)
        classes = design.group[strata] if design.ruled else None
        return DrawnSample(drawn.kind, places, strata, sizes[strata], areas, weighted, classes)
