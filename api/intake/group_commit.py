"""Group commit: whatever queued during the last commit goes into the next one.

One task and one connection per worker process. A mission whose clock somebody else holds, such as
a long import, gets a lane of its own until what waited is kept or refused: the reports of all
other missions do not wait for it.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import structlog

from api.database.sessions import CLOCK_SECONDS
from api.database.write_queue import BUSY
from api.intake.batch import BatchWriter, Waiting, refuse
from api.intake.candidate import Candidate, Stored
from api.intake.report_columns import PhotoSize
from api.problems import UNAVAILABLE, Problem

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

log = structlog.get_logger("indelible.intake")


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
