"""Listening to the database's notices (LISTEN): each names a mission that a commit changed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from psycopg import AsyncConnection, Error

from api.database.clock import CHANNEL

RECONNECT_SECONDS = 1.0
PAUSE_SECONDS = 0.25
"""At least so long between two readings that nobody asked for: intake goes first on the day."""
PAUSES = 3.0
"""At least so many times as long as the last one took."""

log = structlog.get_logger("indelible.notices")


class Notices:
    """Hears which missions changed, and reads them: many commits at a time.

    ``kept`` says which missions anybody keeps, ``read`` reads one; what it raises is logged, and
    made up for by the next notice or when the connection is back.
    """

    def __init__(
        self,
        url: str,
        kept: Callable[[], Collection[UUID]],
        read: Callable[[UUID], Awaitable[object]],
    ) -> None:
        self._url, self._kept, self._read = url, kept, read
        self._announced: set[UUID] = set()
        self._something = asyncio.Event()
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    def start(self) -> None:
        """Begin to listen. The database need not be reachable yet."""
        self._tasks = (
            asyncio.create_task(self._listen(), name="notices, listening"),
            asyncio.create_task(self._keep_up(), name="notices, reading"),
        )

    async def stop(self) -> None:
        """Listen no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def announce(self, *missions: UUID) -> None:
        """Have these missions read."""
        self._announced.update(missions)
        if self._announced:
            self._something.set()

    async def _listen(self) -> None:
        """Note what a commit announces; after a lost connection, whatever may be missed."""
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.announce(*self._kept())
                    async for notice in connection.notifies():
                        self._hear(notice.payload)
            except Exception as error:
                # Whatever it was, a process that no longer hears would show old figures as new.
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
            if mission_id in self._kept():
                self.announce(mission_id)

    async def _keep_up(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            missions, self._announced = self._announced, set()
            began = time.monotonic()
            for mission_id in missions:
                try:
                    await self._read(mission_id)
                except Exception as error:
                    log.warning("not read", error=type(error).__name__)
            took = time.monotonic() - began
            await asyncio.sleep(max(PAUSE_SECONDS, PAUSES * took))
