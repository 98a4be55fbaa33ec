"""One worker of a benchmark: the real application, or the same doors storing nothing."""

import argparse
import asyncio
import cProfile
import itertools
import os
import signal
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
import uvicorn

from api.app import create_app
from api.intake.candidate import Candidate, Outcome, Stored
from api.intake.group_commit import GroupCommit
from api.settings import Settings
from schemas.columns import now


class Storeless(GroupCommit):
    """Answers as if it had committed: what is left is reading, judging and signing."""

    def __init__(self) -> None:
        super().__init__("", lambda mission_id, sha256: None)
        self._sequence = itertools.count(1)

    def queue(self, candidates: Sequence[Candidate]) -> "list[asyncio.Future[Stored]]":
        """Outcomes that are known at once."""
        futures = []
        for candidate in candidates:
            future = asyncio.get_running_loop().create_future()
            future.set_result(
                Stored(
                    Outcome.KEPT,
                    candidate.sha256,
                    now(),
                    next(self._sequence),
                    candidate.status,
                    (),
                )
            )
            futures.append(future)
        return futures


def application(settings: Settings, stores: bool) -> Any:
    """The application under test."""
    if stores:
        return create_app(settings)
    return create_app(settings, Storeless())


def main() -> None:
    """Serve one worker on a port shared with the others."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--storeless", action="store_true")
    parser.add_argument("--profile")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    settings = Settings(
        home=Path(os.environ["INDELIBLE_HOME"]),
        secret=os.environ["INDELIBLE_SECRET"],
        database_url=os.environ["DATABASE_URL"],
    )
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind(("127.0.0.1", given.port))
    app = application(settings, not given.storeless)
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", access_log=False, log_level="error"
    )
    server = uvicorn.Server(config)
    if given.profile:
        _profiled(server, sock, given.profile)
    else:
        server.run(sockets=[sock])


def _profiled(server: uvicorn.Server, sock: socket.socket, path: str) -> None:
    # The server raises the signal that ended it once more; the profile must be written first.
    signal.signal(signal.SIGTERM, lambda *_: None)
    profile = cProfile.Profile()
    profile.runcall(server.run, sockets=[sock])
    profile.dump_stats(path)


if __name__ == "__main__":
    main()
