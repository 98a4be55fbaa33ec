"""Server-sent events: which figures changed; never what a report says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from uuid import UUID

import orjson

from api.figures.ask import Figures, ask
from api.figures.follower import Folded
from api.figures.mission_facts import mission_facts

HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 2000
EVENT = "folded"
EVERYTHING = ("reports", "coverage", "irregularities", "quick_counts", "statements")
STOPPED = b"event: stopped\ndata: {}\n\n"
"""No new figures are made just now."""
RESUMED = b"event: resumed\ndata: {}\n\n"
Allowed = Callable[[], Awaitable[bool]]


async def _always() -> bool:
    return True


async def events(
    figures: Figures,
    mission_id: UUID,
    seen: int | None,
    closing: asyncio.Event,
    *,
    allowed: Allowed = _always,
    heartbeat: float = HEARTBEAT_SECONDS,
) -> AsyncIterator[bytes]:
    """The stream of one listener, until it goes, may no longer listen, or this process ends:
    then ``closing`` is set.

    The first event gives the mission's clock, unless the listener has ``seen`` just that.
    Of several that a slow listener did not take, the newest is sent for all. In the quiet between,
    an event says when no figures are made any more, and when they are again.
    """
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    async with figures.listening(mission_id) as queue:
        facts = await ask(figures, mission_id, mission_facts)
        if seen != facts.clock:
            yield as_event(Folded(facts.clock, facts.reports, EVERYTHING))
        told, stopped = facts.clock, False
        while not closing.is_set():
            news = await _next(closing, queue, heartbeat)
            if not await allowed():
                return
            if news is None:
                before, stopped = stopped, await figures.status() is None
                yield STOPPED if stopped else RESUMED if before else b": still here\n\n"
            elif news.sequence > told:
                told = news.sequence
                yield as_event(news)


def as_event(news: Folded) -> bytes:
    """One event: its id is the mission's clock."""
    data = {"sequence": news.sequence, "reports": news.reports, "changed": news.changed}
    return f"id: {news.sequence}\nevent: {EVENT}\ndata: {orjson.dumps(data).decode()}\n\n".encode()


async def _next(
    closing: asyncio.Event, queue: "asyncio.Queue[Folded]", seconds: float
) -> Folded | None:
    """The next news; None after so many seconds without any, or when it is time to end."""
    waiting = asyncio.ensure_future(queue.get())
    ending = asyncio.ensure_future(closing.wait())
    try:
        await asyncio.wait((waiting, ending), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return waiting.result() if waiting.done() else None
    finally:
        for task in (waiting, ending):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
