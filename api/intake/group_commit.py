"""Group commit: whatever queued during the last commit goes into the next one.

One task and one connection per worker process. A mission whose clock somebody else holds, such as
a long import, gets a lane of its own until what waited is kept or refused: the reports of all
other missions do not wait for it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from psycopg import AsyncConnection, Error, InterfaceError, OperationalError
from psycopg.errors import LockNotAvailable

from api.database.sessions import CLOCK_SECONDS, lock_timeout
from api.database.write_queue import BUSY
from api.intake.candidate import Candidate, PhotoSize, Stored
from api.intake.transaction import write
from api.problems import DISK_FULL, UNAVAILABLE, Problem, is_disk_full

CONNECT_SECONDS = 2
OPTIONS = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c synchronous_commit=on"
"""Every report fires some twenty foreign-key checks. Planned anew each time, as custom plans
are, they cost more than the inserts; see docs/decisions/0007."""
REPLAN_EVERY = 50
"""Commits after which plans are made again: one made for an empty table picks a wrong index."""

log = structlog.get_logger("indelible.intake")

Waiting = tuple[Candidate, "asyncio.Future[Stored]"]


class ClockHeldError(Exception):
    """Somebody else holds a mission's clock for longer than this connection waits."""

    def __init__(self, mission_id: UUID) -> None:
        super().__init__(str(mission_id))
        self.mission_id = mission_id


class BatchWriter:
    """One connection that writes batches, and waits ``patience`` seconds for a lock."""

    def __init__(self, conninfo: str, photo_size: PhotoSize, patience: float) -> None:
        self._conninfo, self._photo_size, self._patience = conninfo, photo_size, patience
        self._connection: AsyncConnection[Any] | None = None
        self._commits = 0

    async def commit(self, batch: list[Waiting]) -> list[Waiting]:
        """Commit a batch, and tell those who wait; where it fails for its content, commit each
        alone. What is left is given back: of missions whose clock is held by somebody else."""
        left: list[Waiting] = []
        while batch:
            try:
                await self._write(batch)
                break
            except ClockHeldError as held:
                left += [one for one in batch if one[0].mission_id == held.mission_id]
                batch = [one for one in batch if one[0].mission_id != held.mission_id]
            except (OperationalError, InterfaceError, OSError) as error:
                await self._lost(batch, error)
                break
            except Exception as error:
                log.warning("batch refused", error=type(error).__name__, reports=len(batch))
                left += await self._alone(batch)
                break
        return left

    async def _alone(self, batch: list[Waiting]) -> list[Waiting]:
        if len(batch) > 1:
            return [late for one in batch for late in await self.commit([one])]
        return await self._salvage(batch[0])

    async def _salvage(self, one: Waiting) -> list[Waiting]:
        """Keep at least the bytes of a report that cannot be stored as fields."""
        candidate, future = one
        try:
            await self._write([(candidate.bare(), future)])
        except ClockHeldError:
            return [one]
        except (OperationalError, InterfaceError, OSError) as error:
            await self._lost([one], error)
        except Exception as error:
            log.error("report not kept", error=type(error).__name__)
            refuse([one], Problem(UNAVAILABLE))
        return []

    async def _lost(self, batch: list[Waiting], error: Exception) -> None:
        """The database is gone or full: nothing is acknowledged, all may be sent again."""
        log.warning("database unreachable", error=type(error).__name__, reports=len(batch))
        refuse(batch, Problem(DISK_FULL if is_disk_full(error) else UNAVAILABLE))
        await self.disconnect()

    async def _write(self, batch: list[Waiting]) -> None:
        connection = await self._connected()
        missions: dict[UUID, list[Waiting]] = defaultdict(list)
        for one in batch:
            missions[one[0].mission_id].append(one)
        outcomes: list[tuple[asyncio.Future[Stored], Stored]] = []
        self._commits += 1
        try:
            if self._commits % REPLAN_EVERY == 0:
                await connection.execute("DISCARD PLANS")
            for mission_id in sorted(missions):
                share = missions[mission_id]
                kept = await self._share(connection, mission_id, [each for each, _ in share])
                outcomes += zip((future for _, future in share), kept, strict=True)
            await connection.commit()
        except Exception:
            await self._roll_back(connection)
            raise
        for future, kept_one in outcomes:
            if not future.done():
                future.set_result(kept_one)

    async def _share(
        self, connection: AsyncConnection[Any], mission_id: UUID, candidates: list[Candidate]
    ) -> list[Stored]:
        try:
            return await write(connection, mission_id, candidates, self._photo_size)
        except LockNotAvailable:
            raise ClockHeldError(mission_id) from None

    async def _roll_back(self, connection: AsyncConnection[Any]) -> None:
        try:
            await connection.rollback()
        except Error:
            await self.disconnect()

    async def _connected(self) -> AsyncConnection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = await AsyncConnection.connect(
                self._conninfo,
                connect_timeout=CONNECT_SECONDS,
                options=f"{OPTIONS} {lock_timeout(self._patience)}",
            )
        return self._connection

    async def disconnect(self) -> None:
        """Close the connection; the next batch opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                await connection.close()


def refuse(batch: Sequence[Waiting], problem: Problem) -> None:
    """Tell all who wait that nothing of theirs was kept."""
    for _, future in batch:
        if not future.done():
            future.set_exception(problem)


BATCH = 256
"""Reports per commit: beyond this a commit only gets longer."""
BATCH_BYTES = 8 * 1024 * 1024
QUEUED_BYTES = 128 * 1024 * 1024
"""Beyond this, callers are asked to come back: memory is bounded."""
PATIENCE_SECONDS = 0.25
"""So long all missions wait for the clock of one; then that one goes into a lane of its own."""
LANES = 4
"""Missions that have a lane at once, each with a connection; a further one is asked to come
back."""


class GroupCommit:
    """Keeps candidates, many to a commit."""

    def __init__(self, conninfo: str, photo_size: PhotoSize) -> None:
        self._conninfo, self._photo_size = conninfo, photo_size
        self._queue: list[Waiting] = []
        self._queued_bytes = 0
        self._wake = asyncio.Event()
        self._writer = BatchWriter(conninfo, photo_size, PATIENCE_SECONDS)
        self._lanes: dict[UUID, list[Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        """Begin committing. The database need not be reachable yet."""
        self._task = asyncio.create_task(self._run(), name="group commit")

    async def stop(self) -> None:
        """Commit what is queued, then end."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task
        await asyncio.gather(*self._tasks)
        await self._writer.disconnect()

    def queue(self, candidates: Sequence[Candidate]) -> "list[asyncio.Future[Stored]]":
        """Queue candidates in order. Each future gives its outcome, after the commit.

        Raises :class:`Problem` (503) at once where too much is already waiting.
        """
        size = sum(len(candidate.raw) for candidate in candidates)
        if self._queued_bytes + size > QUEUED_BYTES:
            raise Problem(UNAVAILABLE, "Too many reports are waiting to be kept.")
        loop = asyncio.get_running_loop()
        waiting: list[Waiting] = [(candidate, loop.create_future()) for candidate in candidates]
        self._queued_bytes += size
        for one in waiting:
            self._lanes.get(one[0].mission_id, self._queue).append(one)
        if self._queue:
            self._wake.set()
        return [future for _, future in waiting]

    async def _run(self) -> None:
        while self._queue or not self._stopping:
            await self._wake.wait()
            batch = self._take(self._queue)
            if not self._queue and not self._stopping:
                self._wake.clear()
            if batch:
                self._set_aside(await self._commit(self._writer, batch))

    def _take(self, queue: list[Waiting]) -> list[Waiting]:
        size, count = 0, 0
        for candidate, _ in queue[:BATCH]:
            size += len(candidate.raw)
            if count and size > BATCH_BYTES:
                break
            count += 1
        batch = queue[:count]
        del queue[:count]
        self._queued_bytes -= sum(len(candidate.raw) for candidate, _ in batch)
        return batch

    async def _commit(self, writer: BatchWriter, batch: list[Waiting]) -> list[Waiting]:
        """Commit a batch; gives back those of missions whose clock is held."""
        try:
            return await writer.commit(batch)
        except Exception as error:
            log.error("group commit failed", error=type(error).__name__, reports=len(batch))
            refuse(batch, Problem(UNAVAILABLE))
            await writer.disconnect()
            return []

    def _set_aside(self, late: list[Waiting]) -> None:
        """Give each mission whose clock is held a lane of its own, in which also what is queued
        and what comes next waits, in order."""
        for mission_id in {candidate.mission_id for candidate, _ in late}:
            here = [one for one in late if one[0].mission_id == mission_id]
            if len(self._lanes) >= LANES:
                refuse(here, Problem(UNAVAILABLE, BUSY))
                continue
            self._queued_bytes += sum(len(candidate.raw) for candidate, _ in here)
            here += [one for one in self._queue if one[0].mission_id == mission_id]
            self._queue[:] = [one for one in self._queue if one[0].mission_id != mission_id]
            self._lanes[mission_id] = here
            task = asyncio.create_task(self._lane(mission_id, here), name="group commit, a lane")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _lane(self, mission_id: UUID, queue: list[Waiting]) -> None:
        """Commit what waits for one mission's clock; all of it is refused where that is held for
        too long."""
        writer = BatchWriter(self._conninfo, self._photo_size, CLOCK_SECONDS)
        while queue:
            late = await self._commit(writer, self._take(queue))
            while late:
                log.warning("clock held", reports=len(late) + len(queue))
                refuse(late, Problem(UNAVAILABLE, BUSY))
                late = self._take(queue)
        # Nothing is awaited since the queue was empty: what comes next is queued with the others.
        del self._lanes[mission_id]
        await writer.disconnect()
