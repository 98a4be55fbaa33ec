"""``serve``: the database first, then the background process and the workers.

Each worker has a socket of its own.

uvicorn's shared socket starves the second worker; with SO_REUSEPORT the kernel deals the
connections out. All are handed only the application's login, and die with the supervisor.
"""

import ctypes
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import structlog
import uvicorn

from api.database.binaries import DatabaseProblem
from api.database.locks import LockHeld, locked
from api.database.opening import OpenDatabase, running_database
from api.database.private_files import only_for_the_owner
from api.figures.client import socket_path
from api.server.connections import ConnectionLimits, limited, open_files
from api.server.garbage_collection import leave_out_what_is_loaded
from api.settings import Settings

LOOK_SECONDS = 0.5
LONGEST_PAUSE = 30.0
END_SECONDS = 15.0
STEADY_SECONDS = 60.0
BACKLOG = 2048
BACKGROUND = "indelible-work"
"""The name of the background process; Linux takes 15 bytes."""

log = structlog.get_logger("indelible.serve")
Announce = Callable[[OpenDatabase], None]


class ServeProblem(Exception):
    """The server cannot be started; the message says why."""


def serve(settings: Settings, host: str, port: int, workers: int, announce: Announce) -> None:
    """Serve until SIGINT or SIGTERM. ``announce`` is called once the processes are started.

    Raises :class:`ServeProblem` where another serves this home, or the port is taken.
    """
    stopping = _stop_signals()
    with only_for_the_owner(), alone_in(settings.home):
        _refuse_taken_port(host, port)
        os.environ.pop("DATABASE_URL", None)
        with running_database(settings) as database:
            _Supervisor(settings, host, port, workers, database, stopping).run(announce)


def _stop_signals() -> threading.Event:
    """What is set when we are asked to end; from now on, so that a start is ended in order too."""
    stopping = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, lambda *_: stopping.set())
    return stopping


@contextmanager
def alone_in(home: Path) -> Iterator[None]:
    """Hold the home for one server or one restore. Raises :class:`ServeProblem` if it is held."""
    with ExitStack() as held:
        try:
            held.enter_context(locked(home / "serve.lock"))
        except LockHeld:
            raise ServeProblem(
                f"Another server runs in {home}. End it, or set INDELIBLE_HOME to another "
                "folder. Other commands may be used beside it."
            ) from None
        yield


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServeProblem(
                f"Port {port} of {host}: {error.strerror}. Choose another."
            ) from None


@dataclass
class _Child:
    """One process of ours, and how often it had to be started of late."""

    name: str
    target: Callable[..., None]
    arguments: tuple[Any, ...]
    process: BaseProcess | None = None
    started: float = 0.0
    failures: int = 0
    resume: float = 0.0


@dataclass
class _Supervisor:
    settings: Settings
    host: str
    port: int
    count: int
    database: OpenDatabase
    stopping: threading.Event

    def run(self, announce: Announce) -> None:
        """Start the workers, keep them and the database running, end them in order."""
        life, held = multiprocessing.get_context("spawn").Pipe(duplex=False)
        children = self._children()
        try:
            for child in children:
                self._start(child, life)
            announce(self.database)
            while not self.stopping.wait(LOOK_SECONDS):
                self._look_after_database()
                for child in children:
                    self._look_after(child, life)
        finally:
            self._end(children)
            held.close()

    def _children(self) -> list[_Child]:
        """The background process, and the workers that ask it."""
        socket = socket_path(self.settings.home)
        own = replace(self.settings, database_url=self.database.app_url, figures_socket=socket)
        work = _Child("background process", run_background, (own,))
        serving = (own, self.host, self.port)
        return [work, *(_Child(f"worker {at}", run_worker, serving) for at in range(self.count))]

    def _start(self, child: _Child, life: Connection) -> None:
        child.process = multiprocessing.get_context("spawn").Process(
            target=child.target,
            args=(*child.arguments, life, os.getpid()),
            name=f"indelible {child.name}",
            daemon=True,
        )
        child.process.start()
        child.started = time.monotonic()

    def _look_after(self, child: _Child, life: Connection) -> None:
        """Start a dead process again, the later the more often it died."""
        now = time.monotonic()
        if child.process is not None and child.process.is_alive():
            if now - child.started > STEADY_SECONDS:
                child.failures = 0
            return
        if child.process is not None:
            log.warning("process ended", process=child.name, code=child.process.exitcode)
            child.process = None
            child.resume = now + pause_after(child.failures)
            child.failures += 1
        if now >= child.resume:
            self._start(child, life)

    def _look_after_database(self) -> None:
        if self.database.embedded is None:
            return
        try:
            self.database.embedded.ensure()
        except (DatabaseProblem, LockHeld) as problem:
            log.error("database not restarted", reason=str(problem))

    def _end(self, children: list[_Child]) -> None:
        running = [child.process for child in children if child.process is not None]
        for process in running:
            if process.is_alive():
                process.terminate()
        deadline = time.monotonic() + END_SECONDS
        for process in running:
            process.join(max(0.0, deadline - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def pause_after(failures: int) -> float:
    """Seconds until a process is started again that has died so many times of late before."""
    return min(0.2 * 2.0 ** min(failures, 10), LONGEST_PAUSE)


def run_worker(
    settings: Settings, host: str, port: int, life: Connection | None, parent: int
) -> None:
    """One worker: its own socket, one event loop. Ends with the supervisor."""
    _live_with(parent, life)
    server = uvicorn.Server(worker_config(settings))
    leave_out_what_is_loaded()
    server.run(sockets=[own_socket(host, port)])


def run_background(settings: Settings, life: Connection | None, parent: int) -> None:
    """The background process, as one that ends with the supervisor."""
    from api.background.process import run

    _live_with(parent, life)
    _name_process(BACKGROUND)
    assert settings.figures_socket is not None
    run(settings, settings.figures_socket)


def worker_config(settings: Settings, limits: ConnectionLimits | None = None) -> uvicorn.Config:
    """How a worker serves. Forwarded headers are believed of the proxies that are named alone:
    whoever may choose their own address evades every rate limit."""
    from api.app import create_app

    return uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,
        backlog=BACKLOG,
        server_header=False,
        timeout_graceful_shutdown=10,
        lifespan="on",
        ws="none",
        http=limited(limits or limits_of(settings)),  # type: ignore[arg-type]
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
    )


def limits_of(settings: Settings) -> ConnectionLimits:
    """How many connections a worker takes: not more than the system lets it open."""
    return ConnectionLimits(
        per_address=settings.connections_per_address,
        in_all=open_files(settings.connections),
        trusted=settings.trusted_proxies,
    )


def own_socket(host: str, port: int) -> socket.socket:
    """A socket that shares its port with those of the other workers."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((host, port))
    return made


def _live_with(parent: int, life: Connection | None) -> None:
    """Leave the terminal's signals to the supervisor, and end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with(parent)
    if life is not None:
        threading.Thread(target=_end_with, args=(life,), daemon=True).start()


def _name_process(name: str) -> None:
    """What lists of processes call this one, on Linux."""
    if sys.platform == "linux":
        set_name = 15
        with suppress(OSError):
            ctypes.CDLL(None).prctl(set_name, name.encode())


def _die_with(parent: int) -> None:
    """Ask Linux to end this process when its parent ends, however that ends."""
    if sys.platform != "linux":
        return
    set_parent_death_signal = 1
    with suppress(OSError):
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def _end_with(life: Connection) -> None:
    """Elsewhere a pipe tells it: it ends when the supervisor's end of it closes."""
    with suppress(EOFError, OSError):
        life.recv()
    os.kill(os.getpid(), signal.SIGTERM)
