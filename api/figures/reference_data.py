"""What a mission is, as its watch holds it: its places, rules, samples, plan and polling.

It is loaded anew when one of these changed.
"""

import pickle
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from analytics.observation.coverage import Expected
from analytics.observation.drawn_sample import DrawnSample
from analytics.survey.design import Ints
from analytics.survey.draw_srs import DrawnStratum
from analytics.survey.methods import weighting
from api.figures.cells import Cells
from api.figures.stations import StationFacts
from schemas.checklist import Definition
from schemas.deployment import CallOutcome
from schemas.mission import Kind, Mission
from schemas.place import Area
from schemas.sample import Sample

RULES_KEPT = 256
"""So many revisions of rules are kept as they were unpickled."""


@dataclass(frozen=True)
class PublishedRules:
    """One revision of one checklist version. Sent to another process again and again, it is
    pickled once, and unpickled there once."""

    id: UUID
    definition: Definition
    revision: int
    xform_sha256: str

    @cached_property
    def _pickled(self) -> bytes:
        members = self.id, self.definition, self.revision, self.xform_sha256
        return pickle.dumps(members, pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self._pickled,)


@lru_cache(maxsize=RULES_KEPT)
def _unpickled(pickled: bytes) -> PublishedRules:
    return PublishedRules(*pickle.loads(pickled))


@dataclass(frozen=True)
class Drawn:
    """A sample of the round: ``stratum`` gives each drawn place's stratum by place index.

    ``kind`` is whose it is. Where the round has two, ``stations`` is the hash of the frame's
    stations, without strata: those with the same were drawn from one frame.
    """

    sample: Sample
    strata: tuple[DrawnStratum, ...]
    stratum: dict[int, int]
    kind: Kind
    stations: str = ""


@dataclass(frozen=True)
class LastCall:
    """How the last call to a team ended, and when."""

    outcome: str
    at: datetime

    @property
    def unheard(self) -> datetime | None:
        """When nobody was found; None where somebody was."""
        return None if self.outcome == CallOutcome.REACHED else self.at


@dataclass(frozen=True)
class ContestFacts:
    """A contest and its contestants, as (code, name)."""

    code: str
    name: str
    denominator: str
    thresholds: tuple[tuple[str, float], ...]
    contestants: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RoundFacts:
    """A round of the mission, and when its first polling day opens."""

    id: UUID
    code: str
    name: str
    opens: datetime


@dataclass(frozen=True)
class Polling:
    """The round under watch: its name, days, hours and contests."""

    round_id: UUID
    code: str
    name: str
    days: tuple[str, ...]
    opens: datetime
    closes: datetime
    zone: str
    contests: tuple[ContestFacts, ...] = ()

    def has_begun(self, at: datetime) -> bool:
        """Whether the first polling day had come, by the round's own calendar."""
        today = at.astimezone(ZoneInfo(self.zone)).date().isoformat()
        return not self.days or min(self.days) <= today


@dataclass(frozen=True)
class Frame:
    """What the mission is: loaded at ``setting``, the clock of the last change to it."""

    setting: int
    mission: Mission
    organisations: dict[UUID, tuple[str, Kind]]
    areas: tuple[Area, ...]
    places: tuple[StationFacts, ...]
    rules: dict[UUID, PublishedRules]
    expected: tuple[Expected, ...]
    posted: Mapping[tuple[str, int], str]
    """Who was sent where, and in which team: an observer's id as text and a place index (−1: an
    area) to the team."""
    samples: tuple[Drawn, ...]
    """The samples of the round, at most one of each kind of observers; the main one first."""
    polling: Polling
    calls: Mapping[str, LastCall] = field(default_factory=dict)
    """The last call to each deployment, when this was loaded."""
    rounds: tuple[RoundFacts, ...] = ()
    """Every round of the mission, in the order of their days."""
    asked: bool = False
    """Whether the round was asked for, and is not under watch because it is the nearest: reports
    of no round are then not among its own."""

    def nearest(self, now: datetime) -> str:
        """The code of the round whose polling is nearest to now."""
        return min(self.rounds, key=lambda each: abs(each.opens - now)).code

    @cached_property
    def place_index(self) -> dict[UUID, int]:
        """Where each place stands in ``places``."""
        return {place.id: index for index, place in enumerate(self.places)}

    def kind_of(self, organisation: UUID | None) -> Kind:
        """The kind of an organisation's observers; the mission's own where it is unknown."""
        found = self.organisations.get(organisation) if organisation else None
        return found[1] if found else Kind(self.mission.kind)

    @cached_property
    def closed(self) -> frozenset[int]:
        """The places that were closed, merged or split by the end of polling."""
        return frozenset(at for at, place in enumerate(self.places) if place.closed)

    @cached_property
    def planned(self) -> frozenset[int]:
        """The places that something is expected from."""
        return frozenset(each.place for each in self.expected if each.place is not None)

    @cached_property
    def planned_by_area(self) -> Counter[int]:
        """How many of them lie in each area."""
        return Counter(self.places[at].area for at in self.planned)

    @cached_property
    def cells(self) -> Cells:
        """Places that are alike, as the tallies count them."""
        settings, setting = _indexed(each.setting for each in self.places)
        sorts, sort = _indexed(each.sort for each in self.places)
        area = np.array([each.area for each in self.places], dtype=np.int64)
        return Cells.of(area, setting, sort, settings, sorts)

    def newest(self, checklist: str) -> PublishedRules | None:
        """The newest rules of a checklist."""
        found = [each for each in self.rules.values() if each.definition.name == checklist]
        return found[-1] if found else None

    @cached_property
    def checklists(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.definition.name for each in self.rules.values()))

    @property
    def drawn(self) -> Drawn | None:
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
            area, code = self.places[place].area, self.drawn.strata[at].code
            if area < 0 or self.areas[area].code != code:
                return {}
            names[code] = self.areas[area].name
        return names

    def _drawn_sample(self, drawn: Drawn) -> DrawnSample:
        places = np.array(sorted(drawn.stratum), dtype=np.int64)
        strata = np.array([drawn.stratum[int(place)] for place in places], dtype=np.int64)
        sizes = np.array([each.population for each in drawn.strata], dtype=np.int64)
        areas = np.array([self.places[int(place)].area for place in places], dtype=np.int64)
        weighted = weighting(drawn.sample.method, drawn.strata, strata)
        return DrawnSample(drawn.kind, places, strata, sizes[strata], areas, weighted)


def _indexed(values: Iterable[str]) -> tuple[tuple[str, ...], Ints]:
    """The different values, and of each which one it is."""
    known: dict[str, int] = {}
    index = [known.setdefault(each, len(known)) for each in values]
    return tuple(known), np.array(index, dtype=np.int64)
