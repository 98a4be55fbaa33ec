"""The background process (``indelible worker``): it makes the figures and does the periodic tasks.

There is one beside the workers of each machine, which ask it over a socket. What the tasks are to
do stands in the tables, and advisory locks let one process at a time do it.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import api.pages
import api.routes  # noqa: F401  a figure is listed once its module is imported by who asks for it
from api.audit.signing import Signer
from api.background.tasks import following, periodic_tasks
from api.database.roles import refuse_powerful_login
from api.database.sessions import make_pool
from api.figures.editions import Editions
from api.figures.memory import limit_arenas
from api.figures.process import RecordSource, answering
from api.intake.accept import Intake
from api.intake.group_commit import GroupCommit
from api.intake.photo_store import PhotoStore
from api.intake.reference_cache import Registers
from api.review.release_held import Release
from api.server.garbage_collection import leave_out_what_is_loaded
from api.server.logs import configure_logs
from api.server.outbound_http import OutboundHttp
from api.settings import Settings
from mobile_forms.judgement import Judge

SWITCH_SECONDS = 0.001
"""So long one thread computes before another may: what is made already is handed out meanwhile."""
NICENESS = 10
"""It computes where the workers and the database leave a processor free: intake goes first."""
THREADS = 16
"""For reading missions, beside the tasks, which may each take one for long."""


def run(settings: Settings, socket: Path) -> None:
    """Run until SIGTERM or SIGINT. ``settings.database_url`` is the application's login.

    Raises :class:`api.database.locks.LockHeld` where another one answers on this socket.
    """
    limit_arenas()
    leave_out_what_is_loaded()
    if sys.platform != "win32":
        os.nice(NICENESS)
    configure_logs()
    sys.setswitchinterval(SWITCH_SECONDS)
    asyncio.run(_run(settings, socket))


async def _run(settings: Settings, socket: Path) -> None:
    assert settings.database_url is not None
    await asyncio.to_thread(refuse_powerful_login, settings.database_url)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    ending = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, ending.set)
    async with _figures(settings.database_url, socket), _tasks_alone(settings):
        await ending.wait()


@asynccontextmanager
async def _figures(url: str, socket: Path) -> AsyncIterator[None]:
    """Answer questions for figures."""
    async with following(url) as follower:
        editions = Editions(RecordSource(follower))
        async with answering(editions, socket):
            yield
        await editions.close()


@asynccontextmanager
async def _tasks_alone(settings: Settings) -> AsyncIterator[None]:
    """Do the periodic tasks where nothing is taken in."""
    url = settings.database_url
    assert url is not None
    photos = PhotoStore(settings.media)
    async with make_pool(url) as pool:
        committer = GroupCommit(url, photos.size)  # judges need none, and it is not started
        intake = Intake(Registers(pool, Judge), committer, Signer.from_secret(settings.secret))
        async with periodic_tasks(url, Release(intake, pool), photos, OutboundHttp()):
            yield
