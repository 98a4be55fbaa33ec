"""The sealer's round inside ``serve``: every few seconds, whichever worker comes first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog

from api.intake.receipts import Signer
from api.sealing.sealer import seal_everything

SECONDS = 5.0

log = structlog.get_logger("indelible.sealing")


@asynccontextmanager
async def sealing(conninfo: str, signer: Signer, seconds: float = SECONDS) -> AsyncIterator[None]:
    """Seal what is written while the application runs."""
    task = asyncio.create_task(_rounds(conninfo, signer, seconds), name="sealing")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _rounds(conninfo: str, signer: Signer, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await asyncio.to_thread(seal_everything, conninfo, signer)
        except psycopg.OperationalError as error:
            log.warning("not sealed", error=type(error).__name__)
        except Exception:
            log.exception("not sealed")
