"""Running PostgreSQL's programs (initdb, pg_ctl, pg_isready), and finding its processes."""

import os
import secrets
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from api.database.binaries import Account, DatabaseProblem

SUPERUSER = "postgres"
CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "checkpoint_timeout": "15min",
    "max_wal_size": "2GB",
    "jit": "off",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
"""What a failing statement was about, its words, its values and the row, stays out of the log:
whoever sent the statement has the error, and says in its own log what failed."""


def make_cluster(programs: Path, data: Path, who: Account) -> str:
    """Make an empty cluster in ``data``, which must not exist; gives the superuser's password.

    Raises :class:`DatabaseProblem` with the end of what initdb said.
    """
    data.mkdir(mode=0o700)
    password = secrets.token_hex(24)
    with tempfile.TemporaryDirectory(prefix="indelible-") as passing:
        file = Path(passing) / "password"
        file.write_text(password, encoding="ascii")
        if who.name is not None:
            for path in (data, Path(passing), file):
                os.chown(path, who.uid, who.gid)
        _run(
            [
                str(programs / "initdb"),
                "-D",
                str(data),
                "-U",
                SUPERUSER,
                "-E",
                "UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--auth=scram-sha-256",
                f"--pwfile={file}",
                "--no-instructions",
            ],
            who,
        )
    return password


def options(socket: Path, fsync: bool) -> list[str]:
    """The arguments by which a server is configured: it listens on one local socket only."""
    switch = "on" if fsync else "off"
    wanted = CONFIGURATION | {
        "unix_socket_directories": f'"{socket}"',
        "fsync": switch,
        "synchronous_commit": switch,
        "full_page_writes": switch,
    }
    return [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]


def is_ready(programs: Path, socket: Path) -> bool:
    """Whether a server answers on the socket; recovery does not count as ready."""
    command = [str(programs / "pg_isready"), "-h", str(socket), "-q", "-t", "2"]
    return subprocess.run(command, env=environment(), check=False).returncode == 0


def environment() -> dict[str, str]:
    """What PostgreSQL's programs are told of ours: not where another database is."""
    keep = ("PATH", "SYSTEMROOT", "TEMP", "TMP")
    return {name: os.environ[name] for name in keep if name in os.environ} | {"LC_ALL": "C"}


def _run(command: list[str], who: Account) -> None:
    done = subprocess.run(
        command,
        cwd="/",
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        user=who.user,
        group=who.group,
        extra_groups=who.groups,
    )
    if done.returncode != 0:
        raise DatabaseProblem(f"{Path(command[0]).name} ended with {done.stderr.strip()[-1000:]}")


def processes_in(data: Path) -> list[psutil.Process]:
    """The processes that have the data folder as their working folder: PostgreSQL's own."""
    where = str(data.resolve())
    found = []
    for process in psutil.process_iter(["name"]):
        if "postgres" not in (process.info["name"] or ""):
            continue
        with suppress(psutil.Error):
            if process.cwd() == where and _runs(process):
                found.append(process)
    return found


def still_running(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait for processes to end; gives those that have not within ``seconds``.

    One that has ended, but whose parent has not taken note of it, has ended: the server may be
    the child of another of its users, which may be waiting for us.
    """
    deadline = time.monotonic() + seconds
    while (left := [each for each in processes if _runs(each)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def heads_of(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those whose parent is none of them: the server itself, or backends that outlived it."""
    ids = {process.pid for process in processes}
    heads = []
    for process in processes:
        with suppress(psutil.Error):
            if process.ppid() not in ids:
                heads.append(process)
    return heads


def has_server(processes: list[psutil.Process]) -> bool:
    """Whether one of them is the server itself: it has children, or stands alone and unnamed."""
    if len(processes) == 1:
        return "postgres:" not in " ".join(_command(processes[0]))
    return len(heads_of(processes)) < len(processes)


def end(processes: list[psutil.Process]) -> None:
    """End processes at once."""
    for process in processes:
        with suppress(psutil.Error):
            process.kill()
    still_running(processes, 10)


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []
