"""A mission opened: its frame and its reports read whole, in a thread that has its own loop.

Of a million reports that takes a while, and whoever posts or asks for something else is answered
meanwhile.
"""

import asyncio
from collections.abc import Callable
from uuid import UUID

from api.database.sessions import mission_session, open_engine
from api.figures.lasting import undisturbed
from api.figures.loading import clock_and_setting, load_frame, stream_rows
from api.figures.watch import Watch
from api.problems import UNAVAILABLE, Problem


async def open_mission(
    url: str, mission_id: UUID, round_code: str | None, ending: Callable[[], bool]
) -> Watch:
    """The mission as of now, in the round nearest to it or in the one asked for; ``ending`` says
    when the process ends and nobody wants it any more: then it is the problem 503."""
    return await asyncio.to_thread(lambda: asyncio.run(_read(url, mission_id, round_code, ending)))


async def _read(
    url: str, mission_id: UUID, round_code: str | None, ending: Callable[[], bool]
) -> Watch:
    engine = open_engine(url, size=1)
    try:
        async with mission_session(engine, mission_id) as session:
            clock, setting = await clock_and_setting(session, mission_id)
            with undisturbed():
                frame = await load_frame(session, mission_id, setting, round_code)
                watch = Watch(frame, database=url)
                _unless(ending)
                async for rows in stream_rows(session, watch.frame, clock):
                    watch.fold(rows, 0)
                    _unless(ending)
            watch.fold((), clock)
            return watch
    finally:
        await engine.dispose()


def _unless(ending: Callable[[], bool]) -> None:
    if ending():
        raise Problem(UNAVAILABLE)
