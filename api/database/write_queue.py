"""Serialising writes of one mission within a process, before they wait for its clock row.

Whoever waits for the clock holds a connection meanwhile. While somebody else holds the clock for
long, a mission so waits with one connection, and the rest stay for the other missions.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from psycopg import AsyncConnection

from api.database.sessions import CLOCK_SECONDS, Pool, clocked_connection
from api.problems import UNAVAILABLE, Problem

BUSY = "Something long is being written in this mission just now. Nothing is lost: send again."


@dataclass(frozen=True)
class ClockedWrites:
    """Transactions on a pool whose connections wait ``CLOCK_SECONDS`` for a lock at most."""

    pool: Pool
    _turns: "WeakValueDictionary[UUID, asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    @asynccontextmanager
    async def under_clock(
        self, mission_id: UUID
    ) -> AsyncIterator[tuple[AsyncConnection[Any], int]]:
        """A transaction in the mission, and the clock's reading for all that it writes; committed
        at the end. Problem: 503 where the clock is held for too long."""
        turn = self._turns.setdefault(mission_id, asyncio.Lock())
        try:
            await asyncio.wait_for(turn.acquire(), CLOCK_SECONDS)
        except TimeoutError:
            raise Problem(UNAVAILABLE, BUSY) from None
        try:
            async with clocked_connection(self.pool, mission_id) as work:
                yield work
        finally:
            turn.release()
