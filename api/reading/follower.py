"""The follower: one in each process. It folds what is new, and tells whoever is listening."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import structlog
from psycopg import AsyncConnection, Error
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.database.sessions import CHANNEL, mission_session
from api.reading.loading import clock_and_setting, load_frame, load_rows
from api.reading.watch import Watch

RECONNECT_SECONDS = 1.0
WAITING = 1

log = structlog.get_logger("indelible.follower")


@dataclass(frozen=True)
class Folded:
    """What is told after folding: the clock reached, and how many reports are held of all."""

    sequence: int
    reports: int


class Follower:
    """Keeps missions in use under watch."""

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        self._engine, self._url = engine, url
        self._watches: dict[UUID, Watch] = {}
        self._locks: dict[UUID, asyncio.Lock] = {}
        self._listeners: dict[UUID, set[asyncio.Queue[Folded]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen for commits. The database need not be reachable yet."""
        self._task = asyncio.create_task(self._listen(), name="follower")

    async def stop(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def of(self, mission_id: UUID) -> Watch:
        """The mission as of its last commit."""
        async with self._locks.setdefault(mission_id, asyncio.Lock()):
            return await self._catch_up(mission_id)

    @asynccontextmanager
    async def listening(self, mission_id: UUID) -> AsyncIterator["asyncio.Queue[Folded]"]:
        """A queue of what was folded; a slow listener gets only the newest."""
        queue: asyncio.Queue[Folded] = asyncio.Queue(WAITING)
        self._listeners.setdefault(mission_id, set()).add(queue)
        try:
            yield queue
        finally:
            self._listeners[mission_id].discard(queue)

    async def _catch_up(self, mission_id: UUID) -> Watch:
        watch = self._watches.get(mission_id)
        async with mission_session(self._engine, mission_id) as session:
            clock, setting = await clock_and_setting(session, mission_id)
            if watch is None or watch.frame.setting != setting:
                watch = Watch(await load_frame(session, mission_id, setting))
            if watch.sequence < clock:
                rows = await load_rows(
                    session, mission_id, watch.sequence, clock,
                    by_phone_time=watch.frame.mission.demonstration,
                )  # fmt: skip
                await asyncio.to_thread(watch.fold, rows, clock)
                self._tell(mission_id, watch)
        self._watches[mission_id] = watch
        return watch

    def _tell(self, mission_id: UUID, watch: Watch) -> None:
        news = Folded(watch.sequence, len(watch.received))
        for queue in self._listeners.get(mission_id, ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(news)

    async def _listen(self) -> None:
        """Fold what a commit announces; after a lost connection, whatever was missed."""
        while True:
            try:
                async with await AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    for mission_id in list(self._watches):
                        await self.of(mission_id)
                    async for notice in connection.notifies():
                        await self._hear(notice.payload)
            except (Error, OSError, SQLAlchemyError) as error:
                log.warning("feed lost", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _hear(self, payload: str) -> None:
        mission_id = UUID(payload)
        if mission_id in self._watches or self._listeners.get(mission_id):
            await self.of(mission_id)
