"""The follower: one in each process. It folds what is new, and tells whoever is listening."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from psycopg import AsyncConnection, Error
from sqlalchemy.ext.asyncio import AsyncEngine

from api.database.clock import CHANNEL
from api.database.sessions import mission_session
from api.figures.lasting import Lasting
from api.figures.loading import clock_and_setting, load_calls, load_rows
from api.figures.opening import open_mission
from api.figures.reference_data import Frame, LastCall
from api.figures.report_row import ReportRow
from api.figures.watch import Watch
from api.server.ending import hear_the_end

RECONNECT_SECONDS = 1.0
PAUSE_SECONDS = 0.25
"""At least so long between two folds that nobody asked for: intake goes first on the day."""
PATIENCE = 2.0
"""So long after a mission's setting changed it is waited for; one that takes longer to be read anew
is shown as it was set before, and reports are still folded."""
WAITING = 1
EVERYTHING = ("reports", "coverage", "irregularities", "quick_counts")
MISSIONS = 16
"""So many missions are kept in memory, an earlier round of one counted as another; beyond that the
one longest unread is let go."""

Held = tuple[UUID, str | None]
"""What is held: a mission in the round nearest to now (None), or in the round of a code."""

log = structlog.get_logger("indelible.follower")


class NoSuchRound(LookupError):
    """The mission has no round of this code."""


@dataclass(frozen=True)
class Folded:
    """What is told after folding: the clock reached, how many reports are known, what moved."""

    sequence: int
    reports: int
    changed: tuple[str, ...] = ()

    def after(self, earlier: "Folded") -> "Folded":
        """This news with the earlier one's, where nobody has read that."""
        changed = tuple(dict.fromkeys((*earlier.changed, *self.changed)))
        return Folded(self.sequence, self.reports, changed)


@dataclass(frozen=True)
class _Opening:
    """A mission that is being read anew."""

    task: "asyncio.Task[Watch]"
    since: float = field(default_factory=time.monotonic)

    @property
    def patience(self) -> float:
        """For how many seconds more it is waited for."""
        return max(self.since + PATIENCE - time.monotonic(), 0.0)


class Follower:
    """Keeps missions in use under watch."""

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        self._engine, self._url = engine, url
        self._watches: dict[Held, Watch] = {}
        self._openings: dict[Held, _Opening] = {}
        self._settings: dict[Held, tuple[int, int]] = {}
        """Up to which clock each mission's log was read, and when its setting had changed last."""
        self._locks: dict[Held, asyncio.Lock] = {}
        self._listeners: dict[UUID, set[asyncio.Queue[Folded]]] = {}
        self._announced: set[UUID] = set()
        self._lasting = Lasting()
        self._something = asyncio.Event()
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self.closing = asyncio.Event()
        """Set as soon as this process is asked to end: open streams then end by themselves."""

    async def start(self) -> None:
        """Begin to listen for commits. The database need not be reachable yet."""
        hear_the_end(self.closing)
        self._lasting.start()
        self._tasks = (
            asyncio.create_task(self._listen(), name="follower, listening"),
            asyncio.create_task(self._keep_up(), name="follower, folding"),
        )

    async def stop(self) -> None:
        """Stop listening, and end what still listens here."""
        self.closing.set()
        if self._tasks:
            self._lasting.stop()
        for task in self._tasks:
            task.cancel()
        reading = [each.task for each in self._openings.values()]
        await asyncio.gather(*self._tasks, *reading, return_exceptions=True)

    async def of(self, mission_id: UUID, round_code: str | None = None) -> Watch:
        """The mission as of its last commit, in the round nearest to now or in the one asked for.

        Another round than the nearest is read when it is asked for, and folded when it is asked
        for again. Raises :class:`NoSuchRound`.
        """
        nearest = await self._held((mission_id, None))
        if round_code in (None, nearest.frame.polling.code):
            return nearest
        if round_code not in {each.code for each in nearest.frame.rounds}:
            raise NoSuchRound(round_code)
        return await self._held((mission_id, round_code))

    async def _held(self, held: Held) -> Watch:
        async with self._locks.setdefault(held, asyncio.Lock()):
            watch = await self._catch_up(held)
        self._remember(held, watch)
        return watch

    @asynccontextmanager
    async def listening(self, mission_id: UUID) -> AsyncIterator["asyncio.Queue[Folded]"]:
        """A queue of what was folded; a slow listener gets only the newest, with all that moved."""
        queue: asyncio.Queue[Folded] = asyncio.Queue(WAITING)
        self._listeners.setdefault(mission_id, set()).add(queue)
        try:
            yield queue
        finally:
            here = self._listeners[mission_id]
            here.discard(queue)
            if not here:
                del self._listeners[mission_id]

    async def _catch_up(self, held: Held) -> Watch:
        mission_id, watch = held[0], self._watches.get(held)
        async with mission_session(self._engine, mission_id) as session:
            read, known = self._settings.get(held, (0, 0))
            clock, since = await clock_and_setting(session, mission_id, read)
            setting = max(known, since)
            self._settings[held] = clock, setting
            stands = watch is not None and watch.frame.setting == setting
            if watch is None or not stands or _is_over(watch.frame):
                # Reading anew takes long: no connection is held meanwhile.
                await session.close()
                watch = await self._open(held, watch)
            watch.setting = max(setting, watch.frame.setting)
            if watch.sequence < clock:
                rows = await load_rows(session, watch.frame, watch.sequence, clock)
                calls = await load_calls(session, mission_id, watch.sequence, clock)
                await session.close()
                await self._fold(held, watch, clock, rows, calls)
        return watch

    async def _fold(
        self,
        held: Held,
        watch: Watch,
        clock: int,
        rows: Sequence[ReportRow],
        calls: Mapping[str, LastCall],
    ) -> None:
        await asyncio.to_thread(watch.fold, rows, clock, calls)
        if held[1] is None:
            self._tell(held[0], Folded(clock, len(watch.received), _moved(rows, calls)))

    async def _open(self, held: Held, shown: Watch | None) -> Watch:
        """The mission read anew; what is shown of it already, where that takes long."""
        (mission_id, round_code), opening = held, self._openings.get(held)
        if opening is None:
            reading = open_mission(self._url, mission_id, round_code, self.closing.is_set)
            opening = self._openings[held] = _Opening(asyncio.create_task(reading))
            opening.task.add_done_callback(lambda _: self._announce(mission_id))
        if shown is None:
            await asyncio.wait({opening.task})
        else:
            await asyncio.wait({opening.task}, timeout=opening.patience)
            if not opening.task.done():
                return shown
        del self._openings[held]
        watch = opening.task.result()
        if round_code is None:
            self._tell(mission_id, Folded(watch.sequence, len(watch.received), EVERYTHING))
        return watch

    def _remember(self, held: Held, watch: Watch) -> None:
        """Keep the missions read last; those that somebody listens to stay in any case."""
        self._watches.pop(held, None)
        self._watches[held] = watch
        heard = {(each, None) for each in self._listeners}
        unread = [each for each in self._watches if each not in heard]
        for each in unread[: max(len(self._watches) - MISSIONS, 0)]:
            del self._watches[each]

    def _tell(self, mission_id: UUID, news: Folded) -> None:
        for queue in self._listeners.get(mission_id, ()):
            queue.put_nowait(news.after(queue.get_nowait()) if queue.full() else news)

    async def _listen(self) -> None:
        """Note what a commit announces; after a lost connection, whatever may be missed."""
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._announce(*(each for each, _ in self._watches), *self._listeners)
                    async for notice in connection.notifies():
                        self._hear(notice.payload)
            except Exception as error:
                # Whatever it was, a process that no longer follows would show old figures as new.
                log.warning("feed lost", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _connect(self) -> AsyncConnection[Any]:
        """A connection of its own. Given up half-way, it would stay with the server for a
        minute as a stranger who has not said its name, and hold up whoever drops a database."""
        opening = asyncio.create_task(
            AsyncConnection.connect(self._url, autocommit=True, connect_timeout=5)
        )
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            with suppress(Error, OSError):
                await (await opening).close()
            raise

    def _hear(self, payload: str) -> None:
        with suppress(ValueError):
            mission_id = UUID(payload)
            if (mission_id, None) in self._watches or mission_id in self._listeners:
                self._announce(mission_id)

    def _announce(self, *missions: UUID) -> None:
        self._announced.update(missions)
        if self._announced:
            self._something.set()

    async def _keep_up(self) -> None:
        """Fold what was announced, many commits at a time."""
        while True:
            await self._something.wait()
            self._something.clear()
            missions, self._announced = self._announced, set()
            for mission_id in missions:
                await self._refresh(mission_id)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _refresh(self, mission_id: UUID) -> None:
        """Fold one mission; one that cannot be folded does not stop the others.

        What was missed here is made up for by the next read, or when the feed is back.
        """
        try:
            await self.of(mission_id)
        except Exception as error:
            log.warning("not folded", error=type(error).__name__)


def _is_over(frame: Frame) -> bool:
    """Whether another round has become the nearest since this one was taken as such."""
    return not frame.asked and frame.nearest(datetime.now(UTC)) != frame.polling.code


def _moved(rows: Sequence[ReportRow], calls: Mapping[str, LastCall]) -> tuple[str, ...]:
    """Which figures these can have moved; a clock that moved without them: statements."""
    if calls and not rows:
        return ("coverage",)
    if not rows:
        return ("statements",)
    judged = any(row.codes is not None for row in rows)
    counted = any(row.figures is not None for row in rows)
    return (
        "reports",
        "coverage",
        *(("irregularities",) if judged else ()),
        *(("quick_counts",) if counted else ()),
    )
