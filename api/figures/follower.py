"""The follower: it holds missions in memory as reference data and records, and reads what changed.

Records are frozen, so whoever makes figures of one is not disturbed by the next.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Executable, create_engine, text
from sqlmodel import Session

from analytics.observation.ids import micro
from analytics.observation.record import Record
from api.database.blocking import enter
from api.database.sessions import LOCK_SECONDS, lock_timeout
from api.figures.columns import stream
from api.figures.edition import Edition, SideColumns
from api.figures.load_record import load_record
from api.figures.load_reference import load_calls, load_reference
from api.figures.notices import Notices
from api.figures.reference import Reference
from api.problems import UNAVAILABLE, Problem
from schemas.columns import now

LONGEST_SECONDS = 120
"""So long one statement may take that reads a mission whole; any other a tenth of that."""
WHOLE = (
    "SET LOCAL work_mem = '128MB'",
    "SET LOCAL enable_nestloop = off",
    f"SET LOCAL statement_timeout = '{LONGEST_SECONDS}s'",
)
"""How a mission is read whole. Of tables that were just filled the database has no statistics, and
a loop over a loop takes minutes."""


class MissionReader:
    """Opens sessions that only read, of one moment each."""

    def __init__(self, url: str, size: int = 4) -> None:
        self._closed = False
        options = f"{lock_timeout(LOCK_SECONDS)} -c statement_timeout={LONGEST_SECONDS * 100}"
        self._engine = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=size,
            pool_pre_ping=True,
            pool_timeout=10,
            isolation_level="REPEATABLE READ",
            connect_args={"connect_timeout": 5, "options": options},
        )

    @contextmanager
    def mission(self, mission_id: UUID) -> Iterator[Session]:
        """A session in one transaction, which belongs to one mission and sees one moment."""
        pool = self._engine.pool
        try:
            with Session(self._engine) as session:
                session.execute(text("SET TRANSACTION READ ONLY"))
                enter(session, mission_id)
                yield session
        finally:
            if self._closed:
                # What was in use when all were closed went back to a pool that nobody has.
                pool.dispose()
                self._engine.dispose()

    def rows(
        self, mission_id: UUID, statement: Executable | str, given: Mapping[str, Any]
    ) -> Sequence[Any]:
        """Rows of a statement; of a plain text its parameters are ``%(name)s``, and its rows
        tuples as the driver gives them."""
        with self.mission(mission_id) as session:
            if isinstance(statement, str):
                return [*stream(session, statement, given)]
            return session.execute(statement, given).all()

    def close(self) -> None:
        """Close all connections; one that is in use when it is given back."""
        self._closed = True
        self._engine.dispose()


CHANGING = frozenset(
    {
        "areas",
        "centres",
        "checklist",
        "contest",
        "contests",
        "deployment",
        "deployments",
        "election",
        "hours",
        "mission",
        "round",
        "sample",
        "standards",
        "station",
        "stations",
    }
)
"""What an act is on, the word before its point. Whatever else is done, such as signing a pledge or
deciding on a report, leaves places, plans, rules and samples as they are."""
CALLS = ("deployment.call", "deployment.uncall")
"""Change only what is known of one team, and are read by themselves."""
NO_GO = ("register.add.no_go", "register.change.no_go")
"""Of the registers that of no-go areas alone is among the reference data."""
READ_BY_PAGES = CHANGING | {"observer", "observers", "results"}
"""After these also what pages have read of the database
(:mod:`api.figures.mission_facts`) is read again."""


T = TypeVar("T")
MOST_BYTES = 400 << 20
"""So much of records is kept in memory; beyond that the mission longest unread is let go."""
PATIENCE = 2.0
"""So long after the reference data changed they are waited for; where they take longer to be read
again the mission is shown with its former ones, and reports are still taken in."""
CLOCK = """
SELECT seq, coalesce(changed, 0), coalesce(setting, 0) FROM mission_clock, LATERAL (
  SELECT max(sequence) FILTER (WHERE split_part(act, '.', 1) = ANY(%(changing)s)
    OR act = ANY(%(no_go)s)) AS changed, max(sequence) AS setting
  FROM audit_entry WHERE mission_id = %(m)s AND sequence > %(after)s AND act <> ALL(%(calls)s)
    AND (split_part(act, '.', 1) = ANY(%(read_by_pages)s) OR act = ANY(%(no_go)s))) acts
WHERE mission_id = %(m)s"""
CALLED = """
SELECT DISTINCT subject FROM audit_entry WHERE mission_id = %(m)s AND act = ANY(%(calls)s)
  AND sequence > %(after)s AND sequence <= %(until)s"""

Key = tuple[UUID, str | None]
"""A mission in the round nearest to now (None), or in the round of a code."""


WAITING = 1
EVERYTHING = ("reports", "coverage", "irregularities", "quick_counts")


class NoSuchRound(LookupError):
    """The mission has no round of this code."""


@dataclass(frozen=True)
class Folded:
    """The news after reading: the clock reached, how many reports are known, what moved."""

    sequence: int
    reports: int
    changed: tuple[str, ...] = ()

    def after(self, earlier: "Folded") -> "Folded":
        """This news with the earlier one's, where nobody has read that."""
        changed = tuple(dict.fromkeys((*earlier.changed, *self.changed)))
        return Folded(self.sequence, self.reports, changed)


@dataclass(frozen=True)
class LoadedMission:
    """A mission in memory. ``read`` is the clock up to which its acts were read, ``changed``
    that of the last one that changed the reference data, ``setting`` that of the last after which
    pages read again what they have read."""

    reference: Reference
    record: Record
    read: int
    changed: int
    setting: int
    side: SideColumns = field(default_factory=SideColumns)


@dataclass(frozen=True)
class _Opening:
    """A mission that is being read whole."""

    task: "asyncio.Task[LoadedMission]"
    since: float = field(default_factory=time.monotonic)

    @property
    def patience(self) -> float:
        """For how many seconds more it is waited for."""
        return max(self.since + PATIENCE - time.monotonic(), 0.0)


class Follower:
    """Keeps the records of missions in use."""

    def __init__(self, url: str, most_bytes: int = MOST_BYTES) -> None:
        self.reader = MissionReader(url)
        self._most_bytes = most_bytes
        self._held: dict[Key, LoadedMission] = {}
        self._openings: dict[Key, _Opening] = {}
        self._progress: dict[Key, float] = {}
        self._locks: dict[Key, asyncio.Lock] = {}
        self._listeners: dict[UUID, set[asyncio.Queue[Folded]]] = {}
        self._notices = Notices(url, self._kept, self.of)
        self._ending = False

    async def start(self) -> None:
        """Begin to listen for commits. The database need not be reachable yet."""
        self._notices.start()

    async def stop(self) -> None:
        """Stop listening, and give up what is being read."""
        self._ending = True
        await self._notices.stop()
        reading = [each.task for each in self._openings.values()]
        await asyncio.gather(*reading, return_exceptions=True)
        self.reader.close()

    async def of(self, mission_id: UUID, round_code: str | None = None) -> Edition:
        """The mission as of its last commit, in the round nearest to now or in the one asked for.

        Another round than the nearest is read when it is asked for, and again when it is asked for
        again. Raises :class:`NoSuchRound`.
        """
        nearest = await self._current((mission_id, None))
        if round_code in (None, nearest.reference.polling.code):
            return self._edition(mission_id, nearest)
        if round_code not in {each.code for each in nearest.reference.rounds}:
            raise NoSuchRound(round_code)
        return self._edition(mission_id, await self._current((mission_id, round_code)))

    def progress(self, mission_id: UUID, round_code: str | None = None) -> float | None:
        """Which share of a mission that is being read has been; None where none is."""
        return self._progress.get((mission_id, round_code))

    @asynccontextmanager
    async def listening(self, mission_id: UUID) -> AsyncIterator["asyncio.Queue[Folded]"]:
        """A queue of what was read; a slow listener gets one item with all that changed."""
        queue: asyncio.Queue[Folded] = asyncio.Queue(WAITING)
        self._listeners.setdefault(mission_id, set()).add(queue)
        try:
            yield queue
        finally:
            here = self._listeners[mission_id]
            here.discard(queue)
            if not here:
                del self._listeners[mission_id]

    def _edition(self, mission_id: UUID, held: LoadedMission) -> Edition:
        rows = partial(self.reader.rows, mission_id)
        return Edition(held.reference, held.record, now(), held.setting, rows, held.side)

    def _kept(self) -> set[UUID]:
        return {*(mission for mission, _ in self._held), *self._listeners}

    async def _current(self, key: Key) -> LoadedMission:
        async with self._locks.setdefault(key, asyncio.Lock()):
            held = await self._catch_up(key)
        self._remember(key, held)
        return held

    async def _catch_up(self, key: Key) -> LoadedMission:
        known = self._held.get(key)
        held = known or await self._open(key, None)
        held = await asyncio.to_thread(self._read_news, key, held)
        if held.changed > held.reference.setting or _is_over(held.reference):
            anew = await self._open(key, held)
            if anew is not held:
                known = None
                held = await asyncio.to_thread(self._read_news, key, anew)
        held = replace(held, record=held.record.due(micro(now())))
        if key[1] is None and (known is None or held.record.clock > known.record.clock):
            self._tell(key[0], _news(known, held))
        return held

    async def _open(self, key: Key, shown: LoadedMission | None) -> LoadedMission:
        """The mission read whole; what is shown of it already, where that takes long."""
        opening = self._openings.get(key)
        if opening is None:
            task = asyncio.create_task(asyncio.to_thread(self._read_whole, key))
            opening = self._openings[key] = _Opening(task)
            task.add_done_callback(lambda _: self._notices.announce(key[0]))
        if shown is None:
            await asyncio.wait({opening.task})
        else:
            await asyncio.wait({opening.task}, timeout=opening.patience)
            if not opening.task.done():
                return shown
        del self._openings[key]
        return opening.task.result()

    def _read_whole(self, key: Key) -> LoadedMission:
        mission_id, round_code = key
        try:
            with self.reader.mission(mission_id) as session:
                for each in WHOLE:
                    session.execute(text(each))
                clock, changed, setting = _clock(session, mission_id, 0)
                reference = self._step(
                    key, 0.1, lambda: load_reference(session, mission_id, changed, round_code)
                )
                batch = self._step(key, 0.3, lambda: load_record(session, reference, 0, clock))
            record = self._step(key, 0.8, lambda: reference.empty_record().with_rows(batch))
            return LoadedMission(reference, record, clock, changed, setting)
        finally:
            self._progress.pop(key, None)

    def _step(self, key: Key, progress: float, read: Callable[[], T]) -> T:
        """One part of reading a mission whole. Raises the problem 503 where the process ends and
        nobody wants it any more."""
        if self._ending:
            raise Problem(UNAVAILABLE)
        self._progress[key] = progress
        return read()

    def _read_news(self, key: Key, held: LoadedMission) -> LoadedMission:
        mission_id, record = key[0], held.record
        with self.reader.mission(mission_id) as session:
            clock, changed, setting = _clock(session, mission_id, held.read)
            changed, setting = max(changed, held.changed), max(setting, held.setting)
            if clock == record.clock:
                return replace(held, read=clock, changed=changed, setting=setting)
            batch = load_record(session, held.reference, record.clock, clock)
            reference = _with_calls(session, held.reference, record.clock, clock)
        return LoadedMission(reference, record.with_rows(batch), clock, changed, setting, held.side)

    def _remember(self, key: Key, held: LoadedMission) -> None:
        """Keep the missions read last; those that somebody listens to stay in any case."""
        self._held.pop(key, None)
        self._held[key] = held
        total = sum(each.record.nbytes for each in self._held.values())
        for each in list(self._held)[:-1]:
            if total <= self._most_bytes:
                break
            if each[1] is not None or each[0] not in self._listeners:
                total -= self._held.pop(each).record.nbytes

    def _tell(self, mission_id: UUID, news: Folded) -> None:
        for queue in self._listeners.get(mission_id, ()):
            queue.put_nowait(news.after(queue.get_nowait()) if queue.full() else news)


def _clock(session: Session, mission_id: UUID, after: int) -> tuple[int, int, int]:
    """The mission's clock now, when its reference data last changed, and when anything did that
    pages read; 0 where that was not after one reading of the clock."""
    given = {"m": mission_id, "after": after, "calls": [*CALLS]}
    given |= {"changing": [*CHANGING], "read_by_pages": [*READ_BY_PAGES], "no_go": [*NO_GO]}
    ((clock, changed, setting),) = stream(session, CLOCK, given)
    return clock, changed, setting


def _with_calls(session: Session, reference: Reference, after: int, until: int) -> Reference:
    """The reference data with the last calls to deployments that were called meanwhile."""
    mission_id = reference.mission.mission_id
    given = {"m": mission_id, "calls": [*CALLS], "after": after, "until": until}
    called: Sequence[UUID] = [UUID(subject) for (subject,) in stream(session, CALLED, given)]
    if not called:
        return reference
    return reference.with_calls({*map(str, called)}, load_calls(session, mission_id, called))


def _is_over(reference: Reference) -> bool:
    """Whether another round has become the nearest since this one was taken as such."""
    return not reference.asked and reference.nearest(now()) != reference.polling.code


def _news(before: LoadedMission | None, held: LoadedMission) -> Folded:
    """Which figures can have changed; where the clock moved without any: statements."""
    record = held.record
    if before is None:
        return Folded(record.clock, len(record), EVERYTHING)
    changed = record["changed"] > before.record.clock
    moved: list[str] = []
    if changed.any() or len(record) != len(before.record):
        moved += ["reports", "coverage"]
    elif held.reference.calls is not before.reference.calls:
        moved.append("coverage")
    if any(changed[each.row].any() for each in record.matrices.values()):
        moved.append("irregularities")
    if record.protocols is not before.record.protocols:
        moved.append("quick_counts")
    return Folded(record.clock, len(record), tuple(moved) or ("statements",))
