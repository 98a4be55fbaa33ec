"""What is read from the database once, because nothing but a change of the mission's setting
changes it: until then it stands, however many reports come.

Each thing has a lock of its own, by its name, and whoever waits for it holds no connection: else
a few who wait would leave none to the one who reads.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar, cast

from sqlalchemy.ext.asyncio import AsyncSession

from api.database.sessions import release_connection
from api.figures.watch import Watch

T = TypeVar("T")
MOST = 64
"""So many of a mission are held; beyond that the oldest is read again when it is asked for."""


async def once(
    watch: Watch, name: str, read: Callable[[], Awaitable[T]], session: AsyncSession | None = None
) -> T:
    """What was read under this name, or read now: by the first who asks, others wait for it.

    Whoever asks within a ``session`` names it; with any other connection nobody may ask.
    """
    async with alone(watch, name, session):
        setting, found = watch.facts.get(name, (-1, None))
        if setting != watch.setting:
            setting = watch.setting
            watch.facts.pop(name, None)
            found = await read()
            watch.facts[name] = setting, found
            for oldest in list(watch.facts)[:-MOST]:
                del watch.facts[oldest]
        return cast(T, found)


@asynccontextmanager
async def alone(watch: Watch, name: str, session: AsyncSession | None) -> AsyncIterator[None]:
    """Hold the lock of one thing of a mission. A session gives its connection back while it
    waits."""
    lock = watch.locks.setdefault(name, asyncio.Lock())
    if lock.locked() and session is not None:
        await release_connection(session)
    async with lock:
        yield
