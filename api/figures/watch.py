"""A mission under watch: its frame, and the readings of what came in, in this process's memory.

The frame is loaded anew when the mission's setting changed; reports are folded by the
mission's clock, each only once.
"""

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from types import SimpleNamespace
from typing import Any, TypeVar, cast
from weakref import WeakValueDictionary

from sqlalchemy import Executable, Row

from analytics.observation.code_matrix import NOWHERE, Reading, Readings
from analytics.observation.conflicts import StandingConflicts
from analytics.observation.dispositions import Conflict
from analytics.observation.plan import StandingPlan, micro
from analytics.observation.protocols import ProtocolRow
from analytics.observation.standing_dispositions import StandingDispositions
from api.database.blocking import reading_in, work_engine
from api.figures.edition import Edition
from api.figures.folding import Folding
from api.figures.held_protocols import HeldProtocols
from api.figures.lasting import paused
from api.figures.received import ReceivedReports
from api.figures.reference_data import Frame, LastCall, PublishedRules
from api.figures.report_row import ReportRow
from api.figures.standing_said import StandingSaid
from api.figures.standing_staff import StandingStaff
from schemas.columns import now
from schemas.report import ReportStatus

NOBODY: Mapping[str, LastCall] = {}
T = TypeVar("T")


@dataclass
class Watch:
    """Everything held of one mission. ``sequence`` is the clock it is folded up to.

    Nothing in it may hold on to it: a mission that is let go must go (:mod:`api.figures.lasting`).
    """

    frame: Frame
    sequence: int = 0
    database: str = field(default="", repr=False)
    """Where the mission is stored, for what is read of it when somebody asks."""
    readings: dict[str, Readings] = field(default_factory=dict)
    received: ReceivedReports = field(default_factory=ReceivedReports)
    plan: StandingPlan = field(init=False)
    """The plan of the frame, and how it stands."""
    calls: dict[str, LastCall] = field(init=False)
    """The last call to each deployment."""
    staff: StandingStaff = field(init=False)
    """Who worked at stations, as far as somebody asked."""
    said: StandingSaid = field(default_factory=StandingSaid)
    """What was answered of which only counts are told, as far as somebody asked."""
    setting: int = field(init=False)
    """When the mission's setting last changed: later than the frame's while that is read anew."""
    facts: dict[str, tuple[int, object]] = field(default_factory=dict)
    """What was read of the database at which setting (:mod:`api.figures.once`)."""
    locks: "WeakValueDictionary[str, asyncio.Lock]" = field(
        default_factory=WeakValueDictionary, repr=False
    )
    """Held while one thing of the mission is read besides, by its name: see
    :mod:`api.figures.once`."""
    protocols: HeldProtocols = field(default_factory=HeldProtocols)
    conflicts: dict[str, StandingConflicts] = field(default_factory=dict)
    """Places in conflict, of each checklist on which two teams must agree."""
    figures: dict[Hashable, tuple[tuple[int, int], object]] = field(default_factory=dict)
    """Results by name, each with the clock and the minute it was made at."""
    lock: RLock = field(default_factory=RLock, repr=False)
    """Held while folding and while reading: both may happen off the event loop."""

    def __post_init__(self) -> None:
        self.setting = self.frame.setting
        self.plan = StandingPlan(self.frame.expected)
        self.calls = dict(self.frame.calls)
        self.staff = StandingStaff(self.frame)
        self._folding = Folding(self.frame)
        self._dispositions: StandingDispositions | None = None

    def fold(
        self, rows: Sequence[ReportRow], sequence: int, calls: Mapping[str, LastCall] = NOBODY
    ) -> None:
        """Take in rows that changed, and deployments that were called, up to the clock
        ``sequence``."""
        with self.lock, paused():
            self.calls.update(calls)
            if self._dispositions is not None:
                self._dispositions.call({who: each.unheard for who, each in calls.items()})
            self._fold(_of_this_round(rows, self.received))
            self.sequence = max(self.sequence, sequence)

    @property
    def reading(self) -> str:
        """What the tags of answers are made of: the clock, and the round that they are of."""
        return f"{self.sequence}-{self.frame.polling.round_id.hex[-8:]}"

    def rows_of(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> Sequence[Row[Any]]:
        """What a reading statement finds in the database now; of the mission alone."""
        mission = self.frame.mission.mission_id
        with work_engine(self.database) as engine, reading_in(engine, mission) as session:
            return session.execute(statement, parameters or {}).all()

    @property
    def reference(self) -> Frame:
        """What the mission is."""
        return self.frame

    @property
    def record(self) -> Any:
        """What came in, as far as figures of an edition read it."""
        return SimpleNamespace(matrices=self.readings)

    @property
    def clock(self) -> int:
        """The mission's clock that it is folded up to."""
        return self.sequence

    @property
    def as_of(self) -> datetime:
        """The moment that figures speak of: now."""
        return now()

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under this key at this clock and minute, or made now."""
        with self.lock:
            moment = self.sequence, int(now().timestamp() // 60)
            at, found = self.figures.get(key, (None, None))
            if at != moment:
                found = make()
                self.figures[key] = moment, found
            return cast(T, found)

    def disposed(self) -> StandingDispositions:
        """How every team's plan stands as of now."""
        with self.lock:
            if self._dispositions is None:
                self._dispositions = self._dispose()
            return self._dispositions.update(self._in_conflict())

    def _dispose(self) -> StandingDispositions:
        ended = {who: each.unheard for who, each in self.calls.items()}
        unheard = {who: at for who, at in ended.items() if at is not None}
        return StandingDispositions(self.plan, unheard, self.frame.sampled)

    def _in_conflict(self) -> frozenset[Conflict]:
        """Places where teams answered differently on a checklist on which they must agree."""
        for name, readings in self.readings.items():
            rules = self.frame.newest(name)
            if rules is not None and rules.definition.policy.two_teams == "agree":
                team_of = self.received.team_of
                self.conflicts.setdefault(name, StandingConflicts(readings, team_of)).update()
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
        if row.figures is None:
            self.protocols.drop(row.id)
            return
        came = micro(row.came_at)
        self.protocols.put(row.id, ProtocolRow(row.id.bytes, place, row.status, came, row.figures))


def _of_this_round(rows: Sequence[ReportRow], known: ReceivedReports) -> list[ReportRow]:
    """The rows of this round; one that was known and has become another's counts no more."""
    here = [row for row in rows if not row.elsewhere]
    gone = [row for row in rows if row.elsewhere and row.id in known]
    superseded = ReportStatus.SUPERSEDED
    return here + [row._replace(status=superseded, figures=None) for row in gone]


AnyEdition = Edition | Watch
