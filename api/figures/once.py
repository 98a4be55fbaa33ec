"""A cache of what is read from the database and changes with the mission's setting alone: until
then it stands, however many reports come.

Each thing has a lock of its own, by its name, and whoever waits for it holds no connection: else
a few who wait would leave none to the one who reads.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar, cast
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from api.database.sessions import release_connection
from api.figures.mission_facts import MissionFacts

T = TypeVar("T")
Name = tuple[UUID, UUID, str]
"""A mission, one of its rounds, and what was read."""
MOST = 1_000
"""So many things are held; beyond that the oldest is read again when it is asked for."""
_held: dict[Name, tuple[int, object]] = {}
"""What was read, and at which setting."""
_locks: "WeakValueDictionary[Name, asyncio.Lock]" = WeakValueDictionary()


async def once(
    facts: MissionFacts,
    name: str,
    read: Callable[[], Awaitable[T]],
    session: AsyncSession | None = None,
) -> T:
    """What was read under this name, or read now: by the first who asks, others wait for it.

    Whoever asks within a ``session`` names it; with any other connection nobody may ask.
    """
    key = facts.mission.mission_id, facts.polling.round_id, name
    async with _locked(_locks.setdefault(key, asyncio.Lock()), session):
        setting, found = _held.get(key, (-1, None))
        if setting != facts.setting:
            _held.pop(key, None)
            found = await read()
            _held[key] = facts.setting, found
            for oldest in list(_held)[:-MOST]:
                del _held[oldest]
        return cast(T, found)


@asynccontextmanager
async def _locked(lock: asyncio.Lock, session: AsyncSession | None) -> AsyncIterator[None]:
    if lock.locked() and session is not None:
        await release_connection(session)
    async with lock:
        yield
