"""Batches of reports written by one connection, many to a commit: group commit.

An outcome is given only after the commit, so what was acknowledged is durable; what was not is
answered 503 or 507 and may be sent again.
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

from api.database.sessions import lock_timeout
from api.intake.candidate import Candidate, Stored
from api.intake.report_columns import PhotoSize
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
