"""A mission under watch: its frame, and the readings of what came in, in this process's memory.

The frame is loaded anew when the mission's setting changed; reports are folded by the
mission's clock, each only once.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from threading import RLock
from typing import Any
from uuid import UUID

import numpy as np

from analytics.conflicts import StandingConflicts
from analytics.coverage import Expected
from analytics.dispositions import Conflict
from analytics.drawn import DrawnSample
from analytics.hours import StandingHours
from analytics.plan import StandingPlan
from analytics.readings import NOWHERE, Reading, Readings
from analytics.sampling import DrawnStratum
from analytics.selection import weighting
from analytics.standing import Standing
from analytics.standing_dispositions import StandingDispositions
from api.reading.cells import Cells
from api.reading.folding import Folding
from api.reading.inclusion import StandingInclusion
from api.reading.protocols import Protocol, read_protocol
from api.reading.received import ReceivedReports
from schemas.checklist import Definition
from schemas.deployment import CallOutcome
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
    samples: tuple[Drawn, ...]
    """The samples of the round, at most one of each kind of observers; the main one first."""
    polling: "Polling"
    calls: Mapping[str, LastCall] = field(default_factory=dict)
    """The last call to each deployment."""

    @cached_property
    def place_index(self) -> dict[UUID, int]:
        """Where each place stands in ``places``."""
        return {place.id: index for index, place in enumerate(self.places)}

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
        return Cells.of(self)

    def newest(self, checklist: str) -> PublishedRules | None:
        """The newest rules of a checklist."""
        found = [each for each in self.rules.values() if each.definition.name == checklist]
        return found[-1] if found else None

    @cached_property
    def checklists(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.definition.name for each in self.rules.values()))

    @property
    def unheard(self) -> dict[str, datetime]:
        """When the last call to a deployment found nobody."""
        return {
            deployment: call.at for deployment, call in self.calls.items()
            if call.outcome != CallOutcome.REACHED
        }  # fmt: skip

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

    def _drawn_sample(self, drawn: Drawn) -> DrawnSample:
        places = np.array(sorted(drawn.stratum), dtype=np.int64)
        strata = np.array([drawn.stratum[int(place)] for place in places], dtype=np.int64)
        sizes = np.array([each.population for each in drawn.strata], dtype=np.int64)
        areas = np.array([self.places[int(place)].area for place in places], dtype=np.int64)
        weighted = weighting(drawn.sample.method, drawn.strata, strata)
        return DrawnSample(drawn.kind, places, strata, sizes[strata], areas, weighted)


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
    protocol_log: list[UUID] = field(default_factory=list)
    """The reports whose protocols changed, one after the other."""
    inclusions: dict[str, StandingInclusion] = field(default_factory=dict)
    """Which protocols enter the quick count of each contest."""
    standings: dict[str, Standing] = field(default_factory=dict)
    """Tallies of each checklist by cells of places, kept up with its readings."""
    hours: dict[str, StandingHours] = field(default_factory=dict)
    """Rates of each checklist by hour, kept up with its readings."""
    conflicts: dict[str, StandingConflicts] = field(default_factory=dict)
    """Places in conflict, of each checklist on which two teams must agree."""
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
                cells = self.frame.cells
                samples = [
                    replace(each, area=cells.of_place[each.place])
                    for each in self.frame.drawn_samples
                ]
                found = self.standings[checklist] = Standing(
                    readings, cells.of_place, len(cells), samples
                )
            return found.update()

    def disposed(self) -> StandingDispositions:
        """How every team's plan stands as of now."""
        with self.lock:
            return self._dispositions.update(self._in_conflict())

    @cached_property
    def _dispositions(self) -> StandingDispositions:
        return StandingDispositions(self.plan, self.frame.unheard, self.frame.sampled)

    def _team(self, report: UUID) -> str:
        """The team that a report comes from, whichever of its members sent it."""
        came = self.received.get(report)
        return came.observer if came else ""

    def _in_conflict(self) -> frozenset[Conflict]:
        """Places where teams answered differently on a checklist on which they must agree."""
        for name, readings in self.readings.items():
            rules = self.frame.newest(name)
            if rules is not None and rules.definition.policy.two_teams == "agree":
                self.conflicts.setdefault(name, StandingConflicts(readings, self._team)).update()
        return frozenset(
            (place, name) for name, found in self.conflicts.items() for place in found.places
        )

    def _fold(self, rows: Sequence[ReportRow]) -> None:
        by_rules: dict[int, tuple[PublishedRules, list[Reading]]] = {}
        read, arrive, plan = self._folding.read, self.received.take, self.plan.take
        for row in rows:
            came, reading, rules = read(row)
            before = arrive(row.id, came)
            plan(came, before)
            if reading is not None and rules is not None:
                by_rules.setdefault(rules.id.int, (rules, []))[1].append(reading)
            if row.figures is not None or (before is not None and row.id in self.protocols):
                self._note_protocol(row, NOWHERE if came.place is None else came.place)
        for rules, readings in by_rules.values():
            name = rules.definition.name
            order = tuple(each.code for each in rules.definition.indicators)
            matrix = self.readings.get(name)
            if matrix is None:
                matrix = self.readings[name] = self._matrix(name, order)
            matrix.fold(readings, order)

    def _matrix(self, checklist: str, order: tuple[str, ...]) -> Readings:
        """An empty matrix, under what the newest rules say of repeated visits."""
        newest = self.frame.newest(checklist)
        alone = newest is not None and newest.definition.policy.repeat_visits == "assigned"
        return Readings(order, assigned_alone=alone)

    def _note_protocol(self, row: ReportRow, place: int) -> None:
        self.protocol_log.append(row.id)
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
