"""Running PostgreSQL's programs: initdb, pg_ctl, pg_isready."""

import os
import secrets
import subprocess
import tempfile
from pathlib import Path

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
