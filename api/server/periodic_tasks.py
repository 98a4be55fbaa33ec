"""Periodic tasks: run every few seconds, in one process at a time by advisory lock.

What is to be done stands in the tables, and an advisory lock lets one at a time do it: a round
that is missed, or broken off, is made up for by the next one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog

log = structlog.get_logger("indelible.rounds")


@asynccontextmanager
async def rounds(name: str, seconds: float, work: Callable[[], object]) -> AsyncIterator[None]:
    """Do ``work`` in a thread every so many seconds while the application runs."""
    task = asyncio.create_task(_go(name, seconds, work), name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _go(name: str, seconds: float, work: Callable[[], object]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await asyncio.to_thread(work)
        except psycopg.OperationalError as error:
            log.warning("round missed", round=name, error=type(error).__name__)
        except Exception as error:
            log.error("round failed", round=name, error=type(error).__name__)
