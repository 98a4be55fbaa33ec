"""The periodic tasks of the background process, and the follower of what is written."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial

import psycopg
import structlog

from api.audit.recipients import hand_heads_out
from api.audit.sealer import seal_everything
from api.closing.retention import retire
from api.figures.follower import Follower
from api.intake.earlier_contests import EarlierContests
from api.intake.photo_store import PhotoStore
from api.intake.rejudging import rejudge_everything
from api.review.release_held import Release
from api.server.outbound_http import OutboundHttp

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


@asynccontextmanager
async def following(url: str) -> AsyncIterator[Follower]:
    """A follower of what is written."""
    follower = Follower(url)
    await follower.start()
    try:
        yield follower
    finally:
        await follower.stop()


@asynccontextmanager
async def periodic_tasks(
    url: str, release: Release, photos: PhotoStore, outward: OutboundHttp
) -> AsyncIterator[None]:
    """Do what is due every few seconds: seal, judge again, resolve the contests of protocols that
    came without one, send signed heads, delete what is past its date, release reports that were
    held for a gate that is passed by now. ``url`` is the application's login."""
    signer = release.intake.signer
    releasing = asyncio.create_task(release.everywhere(), name="release")
    async with AsyncExitStack() as running:
        for name, seconds, work in (
            ("seal", 5.0, partial(seal_everything, url, signer)),
            ("judge again", 2.0, partial(rejudge_everything, url)),
            ("contests", 10.0, EarlierContests(url).resolve_everything),
            ("heads", 10.0, partial(hand_heads_out, url, outward)),
            ("retention", 600.0, partial(retire, url, photos)),
            ("unfinished photos", 3600.0, photos.expire),
        ):
            await running.enter_async_context(rounds(name, seconds, work))
        try:
            yield
        finally:
            releasing.cancel()
            with suppress(asyncio.CancelledError):
                await releasing
