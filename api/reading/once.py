"""What is read from the database once for a frame, because nothing but a change of the mission's
setting changes it: then the frame is another, and with it everything that hangs on it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from api.reading.watch import Watch

T = TypeVar("T")


async def once(watch: Watch, name: str, read: Callable[[], Awaitable[T]]) -> T:
    """What was read under this name, or read now: by the first who asks, others wait for it."""
    async with watch.reading:
        if name not in watch.facts:
            watch.facts[name] = await read()
        return cast(T, watch.facts[name])
