"""What is read from the database once, because nothing but a change of the mission's setting
changes it: until then it stands, however many reports come."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from api.reading.watch import Watch

T = TypeVar("T")
MOST = 64
"""So many of a mission are held; beyond that the oldest is read again when it is asked for."""


async def once(watch: Watch, name: str, read: Callable[[], Awaitable[T]]) -> T:
    """What was read under this name, or read now: by the first who asks, others wait for it."""
    async with watch.besides:
        setting, found = watch.facts.get(name, (-1, None))
        if setting != watch.setting:
            setting = watch.setting
            watch.facts.pop(name, None)
            found = await read()
            watch.facts[name] = setting, found
            for oldest in list(watch.facts)[:-MOST]:
                del watch.facts[oldest]
        return cast(T, found)
