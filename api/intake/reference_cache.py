"""A cache of a mission's reference data for intake: rounds, contests, places, people, rules.

A view is compared with the database after ``FRESH_SECONDS`` and where a name is not found in it, so
a station imported a moment ago is known to the next report. It is loaded again only where the
database has something else: reports that name what does not exist cost one comparison.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection

from api.database.sessions import Pool, mission_connection
from api.intake.desk_versions import DeskVersion, desk_version
from api.people import gates
from api.places.contests import KnownContest, MissionContests, load_contests
from schemas.checklist import FILE_TYPES, Definition
from schemas.mission import MissionState

FRESH_SECONDS = 0.5
AHEAD_SECONDS = 0.3
"""A view that is asked for is compared from this age on, so that usually nobody waits for it."""
LONGEST_WAIT_SECONDS = 1.0
SHARE = 10
"""After a comparison of one second none for ten where a name is not found: these take a tenth of
the time at most."""

FINGERPRINT = f"""
SELECT (SELECT count(*) FROM rules WHERE mission_id = %(m)s AND state = 'published'),
  (SELECT max(published_at) FROM rules WHERE mission_id = %(m)s AND state = 'published'),
  (SELECT count(retired_at) FROM checklist_version WHERE mission_id = %(m)s),
  (SELECT string_agg(concat(id, code, polling_days, zone), ',' ORDER BY id)
   FROM round WHERE mission_id = %(m)s),
  (SELECT state FROM mission WHERE mission_id = %(m)s),
  {gates.FINGERPRINT}"""  # noqa: S608
ROUNDS = "SELECT id, code, polling_days, zone FROM round WHERE mission_id = %(m)s"
PLACES = "SELECT kind, code, id, area_id FROM place WHERE mission_id = %(m)s"
HAS_PLACE = """
SELECT EXISTS (SELECT FROM place WHERE mission_id = %s AND kind = %s AND code = %s)"""
GATES_AND_STATE = "SELECT gates, state FROM mission WHERE mission_id = %(m)s"
CLOCK = "SELECT seq FROM mission_clock WHERE mission_id = %(m)s"
CHANGED = """
SELECT EXISTS (SELECT FROM audit_entry WHERE mission_id = %(m)s AND sequence > %(clock)s
  AND split_part(act, '.', 1) = ANY(%(acts)s))"""
ACTS = [
    "area",
    "areas",
    "contest",
    "contests",
    "centres",
    "mission",
    "round",
    "station",
    "stations",
]
"""What changes which contests are voted on where."""
RULES = """
SELECT DISTINCT ON (v.id) c.name, v.version, r.id, r.definition, v.xform,
  v.published_at, v.retired_at IS NOT NULL
FROM checklist c
JOIN checklist_version v ON v.mission_id = c.mission_id AND v.checklist_id = c.id
JOIN rules r ON r.mission_id = v.mission_id AND r.version_id = v.id
  AND r.state = 'published'
WHERE c.mission_id = %(m)s ORDER BY v.id, r.revision DESC"""


class HeldReason(Protocol):
    """Why the rules would have a report held, naming the field."""

    @property
    def field(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def message(self) -> str: ...


class Verdict(Protocol):
    """What the rules of a checklist say of one report's answers."""

    @property
    def answers(self) -> dict[str, Any]: ...
    @property
    def codes(self) -> bytes: ...
    @property
    def flags(self) -> Sequence[dict[str, Any]]: ...
    @property
    def reasons(self) -> Sequence[HeldReason]: ...


class Judging(Protocol):
    """A checklist version ready to judge: :class:`mobile_forms.judgement.Judge`."""

    def judge(self, answers: dict[str, Any], observed: dict[str, str]) -> Verdict:
        """The verdict on one report."""
        ...

    def unjudged(self, answers: dict[str, Any]) -> Verdict:
        """The answers only read, without codes and flags."""
        ...

    def another(self) -> "Judging":
        """The same, to be used in another thread."""
        ...


Prepare = Callable[[Definition, str], Judging]


@dataclass(frozen=True)
class KnownRound:
    """A round of voting as intake needs it."""

    id: UUID
    code: str
    days: tuple[date, ...]
    zone: ZoneInfo


@dataclass(frozen=True)
class KnownObserver:
    """An observer, whose people, and the gates that are not passed (:mod:`api.people.gates`)."""

    id: UUID
    organisation_id: UUID
    closed: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownRules:
    """The newest rules of one version of a checklist, ready to judge."""

    id: UUID
    version: str
    definition: Definition
    xform: str
    judge: Judging
    photos: frozenset[str]
    retired: bool = False


@dataclass(frozen=True)
class Register:
    """One mission as it was when loaded. ``checklists`` lists versions oldest first."""

    mission_id: UUID
    begun: float
    clock: int
    fingerprint: tuple[Any, ...]
    rounds: Mapping[str, KnownRound]
    places: Mapping[tuple[str, str], UUID]
    observers: Mapping[str, KnownObserver]
    checklists: Mapping[str, dict[str, KnownRules]]
    contests: MissionContests
    areas: Mapping[UUID, UUID]
    """The area of each place that lies in one."""
    closed: bool = False

    def contests_at(
        self, round_id: UUID, place: UUID | None, *, station: bool
    ) -> tuple[KnownContest, ...]:
        """The contests of a round that are voted on at a place."""
        area = self.areas.get(place) if place else None
        return self.contests.at(round_id, place, area, station=station)


@dataclass
class _Shelf:
    """The view of one mission and what keeps it from being loaded twice at once. ``checked`` is
    when it was last compared with the database or loaded, ``seconds`` how long that took."""

    register: Register | None = None
    checked: float = 0.0
    seconds: float = 0.0
    ahead: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: dict[UUID, KnownRules] = field(default_factory=dict)


class Registers:
    """The views of all missions that this process has met."""

    def __init__(self, pool: Pool, prepare: Prepare) -> None:
        self._pool, self._prepare = pool, prepare
        self._shelves: dict[UUID, _Shelf] = {}

    async def of(self, mission_id: UUID) -> Register:
        """The mission's view, at most ``FRESH_SECONDS`` behind its rules, rounds and people."""
        shelf = self._shelves.setdefault(mission_id, _Shelf())
        if shelf.register is None:
            async with shelf.lock:
                return shelf.register or await self._load(shelf, mission_id)
        now = time.monotonic()
        if now - shelf.checked >= FRESH_SECONDS:
            return await self._compared(shelf, shelf.register, now - FRESH_SECONDS)
        if now - shelf.checked >= AHEAD_SECONDS and (shelf.ahead is None or shelf.ahead.done()):
            shelf.ahead = asyncio.create_task(self._compare_ahead(shelf, shelf.register, now))
        return shelf.register

    async def desk_version(self, mission_id: UUID, named: UUID) -> DeskVersion | None:
        """What the desk has made of the report that a correction names."""
        async with mission_connection(self._pool, mission_id) as connection:
            return await desk_version(connection, mission_id, named)

    async def _compared(self, shelf: _Shelf, register: Register, asked: float) -> Register:
        """The view as the database was at ``asked`` or later."""
        async with shelf.lock:
            found = shelf.register or register
            return found if shelf.checked >= asked else await self._check(shelf, found)

    async def _compare_ahead(self, shelf: _Shelf, register: Register, asked: float) -> None:
        with suppress(Exception):  # who asks when the view is too old compares it, and is told
            await self._compared(shelf, register, asked)

    async def newer_than(
        self,
        register: Register,
        asked: float | None = None,
        place: tuple[str, str] | None = None,
    ) -> Register:
        """The view after a name was not found in ``register``: as the database was at ``asked`` or
        later (now, if not said). ``place`` is the kind and code of a place that was not found.

        Many who ask at once share one comparison. Where comparisons are slow the asker waits a
        little first, and nobody else with it.
        """
        asked = time.monotonic() if asked is None else asked
        shelf = self._shelves[register.mission_id]
        if shelf.checked < asked:
            rest = shelf.checked + shelf.seconds * (1 + SHARE) - time.monotonic()
            await asyncio.sleep(min(max(rest, 0.0), LONGEST_WAIT_SECONDS))
        if place is not None and not await self._has_place(register.mission_id, place):
            place = None
        found = await self._compared(shelf, register, asked)
        if place is None or place in found.places:
            return found
        async with shelf.lock:
            found = shelf.register or register
            return found if place in found.places else await self._load(shelf, found.mission_id)

    async def _has_place(self, mission_id: UUID, place: tuple[str, str]) -> bool:
        async with mission_connection(self._pool, mission_id) as connection:
            found = await connection.execute(HAS_PLACE, (mission_id, *place))
            (there,) = await found.fetchone() or (False,)
            return bool(there)

    async def _check(self, shelf: _Shelf, register: Register) -> Register:
        """The view, loaded again where its fingerprint is another one; without its places, which
        are many, unless an act changed what is voted on where. A place keeps its kind and code."""
        begun = time.monotonic()
        async with mission_connection(self._pool, register.mission_id) as connection:
            fingerprint = await _fingerprint(connection, register.mission_id)
            asked = {"m": register.mission_id, "clock": register.clock, "acts": ACTS}
            (changed,) = await (await connection.execute(CHANGED, asked)).fetchone() or (False,)
        if changed:
            return await self._load(shelf, register.mission_id)
        if fingerprint != register.fingerprint:
            return await self._load(shelf, register.mission_id, register)
        shelf.checked, shelf.seconds = begun, time.monotonic() - begun
        return register

    async def _load(
        self,
        shelf: _Shelf,
        mission_id: UUID,
        known: Register | None = None,
    ) -> Register:
        """The view loaded; its places as they are in ``known``, which no act has changed since
        its clock."""
        begun = time.monotonic()
        of = {"m": mission_id}
        async with mission_connection(self._pool, mission_id) as connection:
            if known is None:
                (clock,) = await (await connection.execute(CLOCK, of)).fetchone() or (0,)
            else:
                clock = known.clock
            fingerprint = await _fingerprint(connection, mission_id)
            rounds = await (await connection.execute(ROUNDS, of)).fetchall()
            places = []
            if known is None:
                places = await (await connection.execute(PLACES, of)).fetchall()
            asked = await (await connection.execute(GATES_AND_STATE, of)).fetchone()
            found = await connection.execute(gates.GATES, {"m": mission_id})
            observers = await found.fetchall()
            rules = await (await connection.execute(RULES, of)).fetchall()
            contests = await load_contests(connection, mission_id)
        shelf.checked, shelf.seconds = begun, time.monotonic() - begun
        shelf.register = Register(
            mission_id=mission_id,
            begun=begun,
            clock=clock,
            fingerprint=fingerprint,
            rounds={row[1]: _round(row) for row in rounds},
            places=known.places if known else {(row[0], row[1]): row[2] for row in places},
            observers=_observers(observers, asked[0] if asked else ()),
            checklists=self._checklists(shelf, rules),
            contests=contests,
            areas=known.areas if known else _areas(places) if contests.rounds else {},
            closed=bool(asked and asked[1] == MissionState.CLOSED),
        )
        return shelf.register

    def _checklists(
        self, shelf: _Shelf, rows: list[tuple[Any, ...]]
    ) -> dict[str, dict[str, KnownRules]]:
        """Versions by name, retired ones first, then the oldest; a judge once prepared is used
        again."""
        checklists: dict[str, dict[str, KnownRules]] = {}
        for name, version, rules_id, definition, xform, _, retired in sorted(
            rows, key=lambda row: (not row[6], row[5])
        ):
            known = shelf.rules.get(rules_id)
            if known is None:
                known = self._known(rules_id, version, Definition.model_validate(definition), xform)
                shelf.rules[rules_id] = known
            checklists.setdefault(name, {})[version] = replace(known, retired=retired)
        return checklists

    def _known(
        self, rules_id: UUID, version: str, definition: Definition, xform: str
    ) -> KnownRules:
        photos = frozenset(one.name for one in definition.questions if one.type in FILE_TYPES)
        return KnownRules(
            rules_id, version, definition, xform, self._prepare(definition, xform), photos
        )


async def _fingerprint(connection: AsyncConnection[Any], mission_id: UUID) -> tuple[Any, ...]:
    row = await (await connection.execute(FINGERPRINT, {"m": mission_id})).fetchone()
    return tuple(row or ())


def _areas(places: Sequence[tuple[Any, ...]]) -> dict[UUID, UUID]:
    return {place: area for _, _, place, area in places if area}


def _observers(rows: Sequence[tuple[Any, ...]], asked: Collection[str]) -> dict[str, KnownObserver]:
    return {
        row[1]: KnownObserver(row[0], row[2], gates.standing_of(row).closed(asked)) for row in rows
    }


def _round(row: tuple[Any, ...]) -> KnownRound:
    days = tuple(sorted(date.fromisoformat(day) for day in row[2]))
    return KnownRound(row[0], row[1], days, ZoneInfo(row[3]))
