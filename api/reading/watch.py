"""A mission under watch: its frame, and the readings of what came in, in this process's memory.

The frame is loaded anew when the mission's setting changed; reports are folded by the
mission's clock, each only once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from threading import RLock
from typing import Any
from uuid import UUID

import numpy as np

from analytics.coverage import Expected
from analytics.drawn import DrawnSample
from analytics.plan import StandingPlan
from analytics.readings import NOWHERE, Reading, Readings
from analytics.sampling import DrawnStratum
from analytics.selection import weighting
from analytics.standing import Standing
from api.reading.folding import Folding
from api.reading.protocols import Protocol, read_protocol
from api.reading.received import ReceivedReports
from schemas.checklist import Definition
from schemas.mission import Kind, Mission
from schemas.place import Area
from schemas.report import ReportStatus
from schemas.sample import Sample


@dataclass(frozen=True)
class StationFacts:
    """A place as the watch needs it; ``area`` is an index into the frame's areas, ``closed``
    whether it was closed, merged or split by the end of the round's polling."""

    id: UUID
    code: str
    name: str
    area: int
    setting: str = ""
    sort: str = ""
    closed: bool = False


@dataclass(frozen=True)
class PublishedRules:
    """One revision of one checklist version."""

    id: UUID
    definition: Definition
    revision: int
    xform_sha256: str


@dataclass(frozen=True)
class Drawn:
    """The sample of the round: ``stratum`` gives each drawn place's stratum by place index."""

    sample: Sample
    strata: tuple[DrawnStratum, ...]
    stratum: dict[int, int]


@dataclass(frozen=True)
class LastCall:
    """How the last call to a team ended, and when."""

    outcome: str
    at: datetime


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
    posted: Mapping[tuple[UUID, int], str]
    """Who was sent where, and in which team: observer and place index (−1: an area) to team."""
    drawn: Drawn | None
    polling: "Polling"
    calls: Mapping[str, LastCall] = field(default_factory=dict)
    """The last call to each deployment."""

    @cached_property
    def place_index(self) -> dict[UUID, int]:
        """Where each place stands in ``places``."""
        return {place.id: index for index, place in enumerate(self.places)}

    def newest(self, checklist: str) -> PublishedRules | None:
        """The newest rules of a checklist."""
        found = [each for each in self.rules.values() if each.definition.name == checklist]
        return found[-1] if found else None

    @cached_property
    def checklists(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.definition.name for each in self.rules.values()))

    @cached_property
    def sample_kind(self) -> Kind:
        """The kind of observers that the sample was drawn for: of those sent to its stations."""
        if self.drawn is None:
            return Kind(self.mission.kind)
        at = [each.kind for each in self.expected if each.place in self.drawn.stratum]
        return max(set(at), key=at.count) if at else Kind(self.mission.kind)

    def drawn_sample(self) -> DrawnSample | None:
        """The sample as the analytics ask for it."""
        return self._drawn_sample

    @cached_property
    def _drawn_sample(self) -> DrawnSample | None:
        if self.drawn is None:
            return None
        places = np.array(sorted(self.drawn.stratum), dtype=np.int64)
        strata = np.array([self.drawn.stratum[int(place)] for place in places], dtype=np.int64)
        sizes = np.array([each.population for each in self.drawn.strata], dtype=np.int64)
        areas = np.array([self.places[int(place)].area for place in places], dtype=np.int64)
        weighted = weighting(self.drawn.sample.method, self.drawn.strata, strata)
        return DrawnSample(self.sample_kind, places, strata, sizes[strata], areas, weighted)


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
    contests: tuple["ContestFacts", ...] = ()


@dataclass(frozen=True)
class ContestFacts:
    """A contest and its contestants, as (code, name)."""

    code: str
    name: str
    denominator: str
    thresholds: tuple[tuple[str, float], ...]
    contestants: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report as the follower reads it."""

    id: UUID
    changed: int
    status: ReportStatus
    version: int
    checklist: str
    rules_id: UUID | None
    place_id: UUID | None
    visit_id: UUID | None
    observer_id: UUID | None
    organisation_id: UUID | None
    arrived_at: datetime | None
    came_at: datetime
    codes: bytes | None
    figures: dict[str, Any] | None
    elsewhere: bool = False
    """Whether it is of another round than the one under watch."""


@dataclass
class Watch:
    """Everything held of one mission. ``sequence`` is the clock it is folded up to."""

    frame: Frame
    sequence: int = 0
    readings: dict[str, Readings] = field(default_factory=dict)
    received: ReceivedReports = field(default_factory=ReceivedReports)
    plan: StandingPlan = field(init=False)
    """The plan of the frame, and how it stands."""
    protocols: dict[UUID, Protocol] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    """Tallies of each checklist, kept up with its readings."""
    figures: dict[str, tuple[tuple[int, int], object]] = field(default_factory=dict)
    """Results by name, each with the clock and the minute it was made at."""
    lock: RLock = field(default_factory=RLock, repr=False)
    """Held while folding and while reading: both may happen off the event loop."""

    def __post_init__(self) -> None:
        self.plan = StandingPlan(self.frame.expected)
        self._folding = Folding(self.frame)

    def fold(self, rows: Sequence[ReportRow], sequence: int) -> None:
        """Take in rows that changed, up to the clock ``sequence``."""
        with self.lock:
            self._fold(_of_this_round(rows, self.received))
            self.sequence = max(self.sequence, sequence)

    def standing(self, checklist: str) -> Standing | None:
        """The tallies of a checklist as of now; None where nothing came on it."""
        readings = self.readings.get(checklist)
        if readings is None:
            return None
        with self.lock:
            found = self.standings.get(checklist)
            if found is None:
                areas = np.array([place.area for place in self.frame.places], dtype=np.int64)
                count, sample = len(self.frame.areas), self.frame.drawn_sample()
                found = self.standings[checklist] = Standing(readings, areas, count, sample)
            return found.update()

    def _fold(self, rows: Sequence[ReportRow]) -> None:
        by_rules: dict[UUID, list[Reading]] = {}
        for row in rows:
            came, reading, rules = self._folding.read(row)
            self.received.take(row.id, came)
            self.plan.take(row.id, came)
            if reading is not None and rules is not None:
                by_rules.setdefault(rules.id, []).append(reading)
            if row.figures is not None or self.protocols:
                self._note_protocol(row, NOWHERE if came.place is None else came.place)
        for rules_id, readings in by_rules.items():
            definition = self.frame.rules[rules_id].definition
            order = tuple(each.code for each in definition.indicators)
            matrix = self.readings.setdefault(definition.name, Readings(order))
            matrix.fold(readings, order)

    def _note_protocol(self, row: ReportRow, place: int) -> None:
        if row.figures is None:
            self.protocols.pop(row.id, None)
            return
        self.protocols[row.id] = read_protocol(
            row.id, place, row.status, row.came_at, row.figures, str(row.observer_id)
        )


def _of_this_round(rows: Sequence[ReportRow], known: ReceivedReports) -> list[ReportRow]:
    """The rows of this round; one that was known and has become another's counts no more."""
    here = [row for row in rows if not row.elsewhere]
    gone = [row for row in rows if row.elsewhere and row.id in known]
    superseded = ReportStatus.SUPERSEDED
    return here + [replace(row, status=superseded, figures=None) for row in gone]
