"""The embedded PostgreSQL: its whole life cycle, in the installation's home.

Whoever uses the server holds a shared lock on ``users.lock``; starting and stopping happen
under ``start.lock``. The last user out stops the server. A user that was killed holds nothing,
so its server is adopted by the next start. Who runs is told by the data folder that a process
has as its working folder, never by a process id in a file: ids are used again.
"""

import os
import secrets
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

from api.database.binaries import Account, DatabaseProblem, account, binaries, reachable
from api.database.locks import locked, shared_lock, try_exclusive

SUPERUSER = "postgres"
DATABASE = "indelible"
LONGEST_SOCKET_PATH = 107
READY_SECONDS = 180.0
STOP_SECONDS = 60.0
CONFIGURATION = {
    "listen_addresses": "''",
    "max_connections": "100",
    "shared_buffers": "'128MB'",
    "checkpoint_timeout": "'15min'",
    "max_wal_size": "'2GB'",
    "jit": "off",
    "log_min_messages": "warning",
    "log_timezone": "'UTC'",
    "timezone": "'UTC'",
}

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
        self._folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        try:
            with shared_lock(self._folder / "users.lock"):
                with locked(self._folder / "start.lock", READY_SECONDS):
                    url = self._join_or_start()
                yield url
        finally:
            self._stop_if_last()

    def ensure(self) -> None:
        """Start the server again if it died; for whoever is using it."""
        with locked(self._folder / "start.lock", READY_SECONDS):
            self._join_or_start()

    @property
    def _folder(self) -> Path:
        return self.home / "database"

    def _join_or_start(self) -> str:
        who = account()
        programs = binaries(self.home, who)
        data = self._data(who)
        if not (data / "PG_VERSION").exists() or not (self._folder / "superuser").exists():
            self._initialise(programs, data, who)
        socket = self._socket(who)
        if not _is_ready(programs, socket):
            self._start(programs, data, socket, who)
        return self._url(socket)

    def _url(self, socket: Path) -> str:
        password = (self._folder / "superuser").read_text(encoding="ascii")
        return f"postgresql://{SUPERUSER}:{password}@/{DATABASE}?host={quote(str(socket), safe='')}"

    def _data(self, who: Account) -> Path:
        """The data folder: in the home, or elsewhere where PostgreSQL's user cannot get there."""
        return self._recorded("data.path", self._folder / "data", Path("/var/lib"), who)

    def _socket(self, who: Account) -> Path:
        """The socket's folder: in the home, or a short one elsewhere where the path is too long."""
        socket = self._recorded("socket.path", self._folder / "run", Path("/tmp"), who)
        socket.mkdir(mode=0o700, exist_ok=True)
        if who.name is not None:
            os.chown(socket, who.uid, who.gid)
        return socket

    def _recorded(self, name: str, usual: Path, elsewhere: Path, who: Account) -> Path:
        record = self._folder / name
        if record.exists():
            return Path(record.read_text(encoding="utf-8"))
        too_long = name == "socket.path" and (
            len(os.fsencode(usual / ".s.PGSQL.5432")) > LONGEST_SOCKET_PATH
        )
        if too_long or not reachable(usual.parent, who):
            base = elsewhere if os.access(elsewhere, os.W_OK) else Path(tempfile.gettempdir())
            usual = Path(tempfile.mkdtemp(prefix="indelible-", dir=base))
            record.write_text(str(usual), encoding="utf-8")
        return usual

    def _initialise(self, programs: Path, data: Path, who: Account) -> None:
        """Make the cluster. What an interrupted attempt left is only removed if it never ran."""
        if (data / "global/pg_control").exists() and (self._folder / "superuser").exists():
            return
        if (self._folder / "initialised").exists():
            raise DatabaseProblem(f"The database in {data} is damaged. Restore a backup.")
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700)
        if who.name is not None:
            os.chown(data, who.uid, who.gid)
        password = secrets.token_hex(24)
        with tempfile.TemporaryDirectory(prefix="indelible-") as passing:
            file = Path(passing) / "password"
            file.write_text(password, encoding="ascii")
            if who.name is not None:
                for path in (Path(passing), file):
                    os.chown(path, who.uid, who.gid)
            _run(
                [
                    str(programs / "initdb"), "-D", str(data), "-U", SUPERUSER, "-E", "UTF8",
                    "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
                    "--auth=scram-sha-256", f"--pwfile={file}", "--no-instructions",
                ],
                who,
            )  # fmt: skip
        _write_secret(self._folder / "superuser", password)
        (self._folder / "initialised").touch()

    def _start(self, programs: Path, data: Path, socket: Path, who: Account) -> None:
        if not _outlived(programs, data, socket):
            with suppress(FileNotFoundError):
                (data / "postmaster.pid").unlink()
            self._launch(programs, data, socket, who)
            self._await_ready(programs, data, socket)
        self._make_database(socket)

    def _await_ready(self, programs: Path, data: Path, socket: Path) -> None:
        """Wait for a server that was launched; recovery after a crash is waited for."""
        deadline = time.monotonic() + READY_SECONDS
        while not _is_ready(programs, socket):
            if not _processes(data):
                raise DatabaseProblem(f"PostgreSQL did not start.\n{self._log_end()}")
            if time.monotonic() > deadline:
                raise DatabaseProblem(f"PostgreSQL is not ready after {READY_SECONDS:.0f} s.")
            time.sleep(0.05)

    def _launch(self, programs: Path, data: Path, socket: Path, who: Account) -> None:
        wanted = CONFIGURATION | {
            "unix_socket_directories": f"'{str(socket).replace(chr(39), chr(39) * 2)}'",
            "unix_socket_permissions": "0700",
            "fsync": "on" if self.fsync else "off",
            "synchronous_commit": "on" if self.fsync else "off",
            "full_page_writes": "on" if self.fsync else "off",
        }
        options = [each for key, value in wanted.items()
                   for each in ("-c", f"{key}={value.strip(chr(39))}")]  # fmt: skip
        with (self._folder / "postgresql.log").open("ab") as log:
            launched = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(data), *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                cwd="/", env=_environment(),
                user=who.user, group=who.group, extra_groups=who.groups,
            )  # fmt: skip
        _LAUNCHED.append(launched)
        _await_first(data, launched)

    def _make_database(self, socket: Path) -> None:
        import psycopg

        url = self._url(socket).replace(f"/{DATABASE}?", "/postgres?")
        with psycopg.connect(url, autocommit=True) as connection:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(known, (DATABASE,)).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0")

    def _stop_if_last(self) -> None:
        with (
            locked(self._folder / "start.lock", READY_SECONDS),
            try_exclusive(self._folder / "users.lock") as alone,
        ):
            if alone:
                self._stop(self._data(account()))

    def _stop(self, data: Path) -> None:
        """Fast shutdown of the server whose data folder this is; told by that, not by a pid."""
        ours = _processes(data)
        ids = {process.pid for process in ours}
        for process in ours:
            with suppress(psutil.Error):
                if process.ppid() not in ids:
                    process.send_signal(signal.SIGINT)
        psutil.wait_procs(ours, timeout=STOP_SECONDS)
        _LAUNCHED[:] = [each for each in _LAUNCHED if each.poll() is None]

    def _log_end(self) -> str:
        log = self._folder / "postgresql.log"
        return log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""


def _processes(data: Path) -> list[psutil.Process]:
    """The processes that have the data folder as their working folder: PostgreSQL's own."""
    where = str(data.resolve())
    found = []
    for process in psutil.process_iter(["name"]):
        if "postgres" not in (process.info["name"] or ""):
            continue
        with suppress(psutil.Error):
            if process.cwd() == where and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def _outlived(programs: Path, data: Path, socket: Path) -> bool:
    """Whether a server of an earlier start still runs, and serves.

    One that is recovering is waited for. Backends whose server was killed end by themselves;
    those that do not are ended, for a new server may not start beside them.
    """
    patience = time.monotonic() + 10
    deadline = time.monotonic() + READY_SECONDS
    while processes := _processes(data):
        if _is_ready(programs, socket):
            return True
        if time.monotonic() > (patience if not _has_server(processes) else deadline):
            for process in processes:
                with suppress(psutil.Error):
                    process.kill()
        time.sleep(0.05)
    return False


def _has_server(processes: list[psutil.Process]) -> bool:
    """Whether one of them is the server itself: its parent is no other, its children are."""
    ids = {process.pid for process in processes}
    for process in processes:
        with suppress(psutil.Error):
            if process.ppid() in ids:
                return True
    return len(processes) == 1 and "postgres:" not in " ".join(_command(processes[0]))


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _await_first(data: Path, launched: "subprocess.Popen[bytes]") -> None:
    """Wait until the new server has entered its data folder, or has ended."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and launched.poll() is None and not _processes(data):
        time.sleep(0.02)


def _is_ready(programs: Path, socket: Path) -> bool:
    """Whether a server answers on the socket; recovery does not count as ready."""
    command = [str(programs / "pg_isready"), "-h", str(socket), "-q", "-t", "2"]
    return subprocess.run(command, env=_environment(), check=False).returncode == 0


def _environment() -> dict[str, str]:
    keep = ("PATH", "SYSTEMROOT", "TEMP", "TMP")
    return {name: os.environ[name] for name in keep if name in os.environ} | {"LC_ALL": "C"}


def _run(command: list[str], who: Account) -> None:
    done = subprocess.run(
        command, cwd="/", env=_environment(), capture_output=True, text=True, check=False,
        user=who.user, group=who.group, extra_groups=who.groups,
    )  # fmt: skip
    if done.returncode != 0:
        raise DatabaseProblem(f"{Path(command[0]).name} ended with {done.stderr.strip()[-1000:]}")


def _write_secret(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
