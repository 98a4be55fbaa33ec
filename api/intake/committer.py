"""Group commit: whatever queued during the last commit goes into the next one.

One task and one connection per worker process. An answer is given only after the commit, so
what was acknowledged is durable; what was not is answered 503 and may be sent again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from psycopg import AsyncConnection, Error, InterfaceError, OperationalError

from api.intake.candidate import Candidate, Kept
from api.intake.transaction import PhotoSize, write
from api.problems import DISK_FULL, UNAVAILABLE, Problem

BATCH = 256
"""Reports per commit: beyond this a commit only gets longer."""
BATCH_BYTES = 8 * 1024 * 1024
QUEUED_BYTES = 128 * 1024 * 1024
"""Beyond this, callers are asked to come back: memory is bounded."""
CONNECT_SECONDS = 2
OPTIONS = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c synchronous_commit=on"
"""Every report fires some twenty foreign-key checks. Planned anew each time, as custom plans
are, they cost more than the inserts; see docs/decisions/0007."""
REPLAN_EVERY = 50
"""Commits after which plans are made anew: one made for an empty table picks a wrong index."""
_DISK_FULL = "53100"

log = structlog.get_logger("indelible.intake")

Waiting = tuple[Candidate, "asyncio.Future[Kept]"]


class Committer:
    """Keeps candidates, many to a commit."""

    def __init__(self, conninfo: str, photo_size: PhotoSize) -> None:
        self._conninfo = conninfo
        self._photo_size = photo_size
        self._queue: list[Waiting] = []
        self._queued_bytes = 0
        self._wake = asyncio.Event()
        self._connection: AsyncConnection[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._commits = 0

    async def start(self) -> None:
        """Begin committing. The database need not be reachable yet."""
        self._task = asyncio.create_task(self._run(), name="group commit")

    async def stop(self) -> None:
        """Commit what is queued, then end."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task
        await self._disconnect()

    def queue(self, candidates: Sequence[Candidate]) -> "list[asyncio.Future[Kept]]":
        """Queue candidates in order. Each future gives its outcome, after the commit.

        Raises :class:`Problem` (503) at once where too much is already waiting.
        """
        size = sum(len(candidate.raw) for candidate in candidates)
        if self._queued_bytes + size > QUEUED_BYTES:
            raise Problem(UNAVAILABLE, "Too many reports are waiting to be kept.")
        loop = asyncio.get_running_loop()
        waiting: list[Waiting] = [(candidate, loop.create_future()) for candidate in candidates]
        self._queue.extend(waiting)
        self._queued_bytes += size
        self._wake.set()
        return [future for _, future in waiting]

    async def _run(self) -> None:
        while self._queue or not self._stopping:
            await self._wake.wait()
            batch = self._take()
            if not batch:
                continue
            try:
                await self._commit(batch)
            except Exception as error:
                log.error("group commit failed", error=type(error).__name__, reports=len(batch))
                _refuse(batch, Problem(UNAVAILABLE))
                await self._disconnect()

    def _take(self) -> list[Waiting]:
        size, count = 0, 0
        for candidate, _ in self._queue[:BATCH]:
            size += len(candidate.raw)
            if count and size > BATCH_BYTES:
                break
            count += 1
        batch, self._queue = self._queue[:count], self._queue[count:]
        self._queued_bytes -= sum(len(candidate.raw) for candidate, _ in batch)
        if not self._queue and not self._stopping:
            self._wake.clear()
        return batch

    async def _commit(self, batch: list[Waiting]) -> None:
        """Commit a batch; where it fails for its content, commit each alone."""
        try:
            await self._write(batch)
        except (OperationalError, InterfaceError, OSError) as error:
            await self._lost(batch, error)
        except Exception as error:
            log.warning("batch refused", error=type(error).__name__, reports=len(batch))
            if len(batch) > 1:
                for one in batch:
                    await self._commit([one])
            else:
                await self._salvage(batch[0])

    async def _salvage(self, one: Waiting) -> None:
        """Keep at least the bytes of a report that cannot be stored as fields."""
        candidate, future = one
        try:
            await self._write([(candidate.bare(), future)])
        except (OperationalError, InterfaceError, OSError) as error:
            await self._lost([one], error)
        except Exception as error:
            log.error("report not kept", error=type(error).__name__)
            _refuse([one], Problem(UNAVAILABLE))

    async def _lost(self, batch: list[Waiting], error: Exception) -> None:
        """The database is gone or full: nothing is acknowledged, all may be sent again."""
        full = isinstance(error, Error) and error.sqlstate == _DISK_FULL
        log.warning("database unreachable", error=type(error).__name__, reports=len(batch))
        _refuse(batch, Problem(DISK_FULL if full else UNAVAILABLE))
        await self._disconnect()

    async def _write(self, batch: list[Waiting]) -> None:
        connection = await self._connected()
        missions: dict[UUID, list[Waiting]] = defaultdict(list)
        for one in batch:
            missions[one[0].mission_id].append(one)
        outcomes: list[tuple[asyncio.Future[Kept], Kept]] = []
        self._commits += 1
        try:
            if self._commits % REPLAN_EVERY == 0:
                await connection.execute("DISCARD PLANS")
            for mission_id in sorted(missions):
                share = missions[mission_id]
                candidates = [candidate for candidate, _ in share]
                kept = await write(connection, mission_id, candidates, self._photo_size)
                outcomes += zip((future for _, future in share), kept, strict=True)
            await connection.commit()
        except Exception:
            await self._roll_back(connection)
            raise
        for future, kept_one in outcomes:
            if not future.done():
                future.set_result(kept_one)

    async def _roll_back(self, connection: AsyncConnection[Any]) -> None:
        try:
            await connection.rollback()
        except Error:
            await self._disconnect()

    async def _connected(self) -> AsyncConnection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = await AsyncConnection.connect(
                self._conninfo, connect_timeout=CONNECT_SECONDS, options=OPTIONS
            )
        return self._connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                await connection.close()


def _refuse(batch: Sequence[Waiting], problem: Problem) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(problem)
