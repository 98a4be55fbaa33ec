"""The embedded PostgreSQL: its whole life cycle, in the installation's home.

Whoever uses the server holds a shared lock on ``users.lock``; starting and stopping happen
under ``start.lock``. The last user out stops the server. A user that was killed holds nothing,
so its server is adopted by the next start. Who runs is told by the data folder that a process
has as its working folder, never by a process id in a file: ids are used again.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from api.database.binaries import (
    PROGRAMS,
    Account,
    DatabaseProblem,
    account,
    copied,
    reachable,
    wheel,
    wheel_version,
)
from api.database.cluster import (
    SUPERUSER,
    end,
    environment,
    has_server,
    heads_of,
    is_ready,
    make_cluster,
    options,
    processes_in,
    still_running,
)
from api.database.locks import locked, shared_lock, try_exclusive
from api.database.private_files import FILE, private_opener
from api.settings import home_mode, make_private_folder

DATABASE = "indelible"
LONGEST_SOCKET_PATH = 107
READY_SECONDS = 180.0
STOP_SECONDS = 60.0

_LAUNCHED: "list[subprocess.Popen[bytes]]" = []
"""Servers that this process started: it is their parent and must take note of their end."""


@dataclass(frozen=True)
class Embedded:
    """An embedded server in a home. ``fsync`` is only ever off for tests."""

    home: Path
    fsync: bool = True

    @contextmanager
    def running(self) -> Iterator[str]:
        """The server, joined or started; gives its superuser's URL.

        Raises :class:`DatabaseProblem` where it cannot be started, with the end of its log.
        """
        self._enter_home()
        try:
            with shared_lock(self._folder / "users.lock"):
                with locked(self._folder / "start.lock", READY_SECONDS):
                    url = self._join_or_start()
                    _make_database(url)
                yield url
        finally:
            self._stop_if_last()

    def _enter_home(self) -> None:
        try:
            make_private_folder(self._folder, home_mode())
        except OSError as error:
            raise DatabaseProblem(f"{self._folder} cannot be made: {error.strerror}.") from error
        if not os.access(self._folder, os.R_OK | os.W_OK | os.X_OK):
            raise DatabaseProblem(f"{self._folder} belongs to another user. Run this as that one.")

    def ensure(self) -> None:
        """Start the server again if it died; for whoever is using it."""
        with locked(self._folder / "start.lock", READY_SECONDS):
            self._join_or_start()

    @property
    def _folder(self) -> Path:
        return self.home / "database"

    def _join_or_start(self) -> str:
        who = account()
        programs = self._programs(who)
        data = self._data(who)
        if not (data / "PG_VERSION").exists() or not (self._folder / "superuser").exists():
            self._initialise(programs, data, who)
        socket = self._socket(who)
        if not is_ready(programs, socket):
            self._start(programs, data, socket, who)
        return self._url(socket)

    def _url(self, socket: Path) -> str:
        password = (self._folder / "superuser").read_text(encoding="ascii")
        return f"postgresql://{SUPERUSER}:{password}@/{DATABASE}?host={quote(str(socket), safe='')}"

    def _programs(self, who: Account) -> Path:
        """PostgreSQL's programs: the wheel's, or a copy where its user cannot get to the wheel."""
        package = wheel()
        if reachable(package / PROGRAMS, who):
            return package / PROGRAMS
        name = f"programs-{wheel_version()}"
        return copied(
            package, self._recorded(f"{name}.path", self._folder / name, Path("/var/lib"), who), who
        )

    def _data(self, who: Account) -> Path:
        """The data folder: in the home, or elsewhere where PostgreSQL's user cannot get there."""
        return self._recorded("data.path", self._folder / "data", Path("/var/lib"), who)

    def _socket(self, who: Account) -> Path:
        """The socket's folder: in the home, or a short one elsewhere where that is unfit."""
        socket = self._recorded("socket.path", self._folder / "run", Path("/tmp"), who)
        socket.mkdir(mode=0o700, exist_ok=True)
        if socket.is_symlink() or socket.stat().st_uid not in (who.uid, os.geteuid()):
            raise DatabaseProblem(f"{socket} belongs to another user. Remove it.")
        if who.name is not None:
            os.chown(socket, who.uid, who.gid)
        return socket

    def _recorded(self, name: str, usual: Path, elsewhere: Path, who: Account) -> Path:
        record = self._folder / name
        if record.exists():
            return Path(record.read_text(encoding="utf-8"))
        unfit = name == "socket.path" and not _is_fit_for_a_socket(usual)
        if unfit or not reachable(usual.parent, who):
            if (usual / "PG_VERSION").exists():
                raise DatabaseProblem(f"The user {who.name} can no longer get to {usual}.")
            base = elsewhere if os.access(elsewhere, os.W_OK) else Path(tempfile.gettempdir())
            usual = Path(tempfile.mkdtemp(prefix="indelible-", dir=base))
            _write_private(record, str(usual))
        return usual

    def _initialise(self, programs: Path, data: Path, who: Account) -> None:
        """Make the cluster. What an interrupted attempt left is only removed if it never ran."""
        if (data / "global/pg_control").exists() and (self._folder / "superuser").exists():
            return
        if (self._folder / "initialised").exists():
            raise DatabaseProblem(f"The database in {data} is damaged. Restore a backup.")
        shutil.rmtree(data, ignore_errors=True)
        password = make_cluster(programs, data, who)
        _write_private(self._folder / "superuser", password)
        (self._folder / "initialised").touch(mode=FILE)

    def _start(self, programs: Path, data: Path, socket: Path, who: Account) -> None:
        if not _outlived(programs, data, socket):
            for left in (data / "postmaster.pid", socket / ".s.PGSQL.5432.lock"):
                left.unlink(missing_ok=True)
            self._launch(programs, data, socket, who)
            self._await_ready(programs, data, socket)

    def _await_ready(self, programs: Path, data: Path, socket: Path) -> None:
        """Wait for a server that was launched; recovery after a crash is waited for."""
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready(programs, socket):
            if not processes_in(data):
                raise DatabaseProblem(f"PostgreSQL did not start.\n{self._log_end()}")
            if time.monotonic() > deadline:
                raise DatabaseProblem(f"PostgreSQL is not ready after {READY_SECONDS:.0f} s.")
            time.sleep(0.05)

    def _launch(self, programs: Path, data: Path, socket: Path, who: Account) -> None:
        with open(self._folder / "postgresql.log", "ab", opener=private_opener) as log:
            with suppress(PermissionError):  # an earlier version made it for everybody to read
                os.fchmod(log.fileno(), FILE)
            launched = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(data), *options(socket, self.fsync)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
                env=environment(),
                user=who.user,
                group=who.group,
                extra_groups=who.groups,
            )
        _take_note()
        _LAUNCHED.append(launched)
        _await_first(data, launched)

    def _stop_if_last(self) -> None:
        with (
            locked(self._folder / "start.lock", READY_SECONDS),
            try_exclusive(self._folder / "users.lock") as alone,
        ):
            if alone:
                self._stop(self._data(account()))
                self._leave_socket()

    def _stop(self, data: Path) -> None:
        """Fast shutdown of the server whose data folder this is; told by that, not by a pid."""
        ours = processes_in(data)
        for asked in (signal.SIGINT, signal.SIGQUIT):
            for process in heads_of(ours):
                with suppress(psutil.Error):
                    process.send_signal(asked)
            ours = still_running(ours, STOP_SECONDS)
            if not ours:
                break
        _take_note()

    def _leave_socket(self) -> None:
        """Remove a socket's folder that was made outside the home, now that it is empty."""
        record = self._folder / "socket.path"
        with suppress(OSError):
            Path(record.read_text(encoding="utf-8")).rmdir()
            record.unlink()

    def _log_end(self) -> str:
        log = self._folder / "postgresql.log"
        return log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""


def _make_database(url: str) -> None:
    with psycopg.connect(url.replace(f"/{DATABASE}?", "/postgres?"), autocommit=True) as connection:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(known, (DATABASE,)).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0")


def _outlived(programs: Path, data: Path, socket: Path) -> bool:
    """Whether a server of an earlier start still runs, and serves.

    One that is recovering is waited for. Backends whose server was killed end by themselves;
    those that do not are ended, for a new server may not start beside them.
    """
    patience = time.monotonic() + 10
    deadline = time.monotonic() + READY_SECONDS
    while processes := processes_in(data):
        if is_ready(programs, socket):
            return True
        if time.monotonic() > (patience if not has_server(processes) else deadline):
            end(processes)
        time.sleep(0.05)
    return False


def _is_fit_for_a_socket(folder: Path) -> bool:
    """Whether the kernel takes a socket's path there, and libpq one host: it splits at commas."""
    short = len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    return short and not set(str(folder)) & set(",\"'")


def _take_note() -> None:
    """Forget the servers that have ended."""
    _LAUNCHED[:] = [each for each in _LAUNCHED if each.poll() is None]


def _await_first(data: Path, launched: "subprocess.Popen[bytes]") -> None:
    """Wait until the new server has entered its data folder, or has ended."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and launched.poll() is None and not processes_in(data):
        time.sleep(0.02)


def _write_private(file: Path, text: str) -> None:
    with open(file, "w", encoding="utf-8", opener=private_opener) as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
