"""A whole installation in processes of its own: ``serve``, its workers, its database."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil

from api.database.binaries import account
from api.database.cluster import end, processes_in
from api.database.embedded import Embedded
from api.supervisor import BACKGROUND
from tests.folders import temporary_folder

START_SECONDS = 180.0
"""A start imports everything once for each process: on a busy machine that takes its time."""
PROGRAM = """
import sys
from pathlib import Path
from api.settings import Settings
from api.supervisor import ServeProblem, serve
if __name__ == "__main__":
    home, port, workers = sys.argv[1:]
    settings = Settings.from_environment({"INDELIBLE_HOME": home})
    try:
        serve(settings, "127.0.0.1", int(port), int(workers), lambda database: None)
    except ServeProblem as problem:
        raise SystemExit(str(problem))
"""


class Serving:
    """``serve`` in a home, on a port of its own."""

    def __init__(self, home: Path, workers: int = 1) -> None:
        self.home, self.workers = home, workers
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    @property
    def embedded(self) -> Embedded:
        """The embedded database of this home."""
        return Embedded(self.home)

    def begin(self) -> None:
        """Start it and wait until every worker listens and it is ready."""
        self.process = subprocess.Popen(self._command(self.port), cwd=Path(__file__).parents[1])
        wait_until(lambda: self.listening() == self.workers and self.ready() == 200, START_SECONDS)
        wait_until(self.has_background, START_SECONDS)

    def again(self) -> subprocess.CompletedProcess[str]:
        """Try to serve the same home a second time, on another port."""
        return subprocess.run(
            self._command(self.port + 1),
            cwd=Path(__file__).parents[1],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def _command(self, port: int) -> list[str]:
        program = self.home / "serve.py"
        program.write_text(PROGRAM, encoding="utf-8")
        module = f"import runpy; runpy.run_path({str(program)!r}, run_name='__main__')"
        return [sys.executable, "-c", module, str(self.home), str(port), str(self.workers)]

    def ready(self) -> int:
        """The status of ``/readyz``; 0 where nothing answers."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).status_code
        return 0

    def has_background(self) -> bool:
        """Whether the background process answers."""
        found = httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).json()
        return bool(found.get("background", {}).get("answers"))

    def worker_processes(self) -> list[psutil.Process]:
        """The workers: those children of the supervisor that serve."""
        return [each for each in self._children() if _name_of(each) != BACKGROUND]

    def background_process(self) -> psutil.Process | None:
        """The background process, once it has given itself its name."""
        return next((each for each in self._children() if _name_of(each) == BACKGROUND), None)

    def _children(self) -> list[psutil.Process]:
        if self.process.poll() is not None:
            return []
        children = psutil.Process(self.process.pid).children()
        return [each for each in children if "spawn_main" in _command_of(each)]

    def listening(self) -> int:
        """How many workers have their socket open."""
        found = 0
        for each in self.worker_processes():
            with suppress(psutil.Error):
                connections = each.net_connections(kind="tcp")
                found += any(one.status == psutil.CONN_LISTEN for one in connections)
        return found

    def database_processes(self) -> list[psutil.Process]:
        """PostgreSQL's processes of this home."""
        return processes_in(self.embedded._data(account()))

    def kill_everything(self) -> None:
        """SIGKILL to all of it at once."""
        everything = [psutil.Process(self.process.pid), *self._children()]
        everything += self.database_processes()
        end(everything)
        self.process.wait(20)

    def stop(self) -> int:
        """End it as an operator does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def _command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _name_of(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return ""


@contextmanager
def installation(workers: int = 1) -> Iterator[Serving]:
    """A home that is served; removed at the end."""
    with temporary_home() as home:
        serving = Serving(home, workers)
        try:
            serving.begin()
            yield serving
        finally:
            if serving.process.poll() is None:
                serving.stop()


@contextmanager
def temporary_home() -> Iterator[Path]:
    """A home that PostgreSQL's user can get to, unlike pytest's own temporary folders."""
    home = temporary_folder("indelible-home-")
    home.chmod(0o711)
    try:
        yield home
    finally:
        clear_away(home)


def clear_away(home: Path) -> None:
    """End what still serves a home and remove it, with what it keeps elsewhere."""
    folder = home / "database"
    if folder.exists():
        end(processes_in(Embedded(home)._data(account())))
        for record in folder.glob("*.path"):
            shutil.rmtree(record.read_text(encoding="utf-8"))
    shutil.rmtree(home)


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition, but not for ever."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:.0f} s (process {os.getpid()})")
        time.sleep(0.1)
