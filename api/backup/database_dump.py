"""PostgreSQL's own dump and restore, from the wheel, and what a database holds at a snapshot."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api.database.binaries import PROGRAMS, DatabaseProblem, wheel
from api.database.cluster import environment

TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname"""
CLOCKS = """
SELECT s.slug, c.seq FROM mission_slug s JOIN mission_clock c ON c.mission_id = s.mission_id
ORDER BY s.slug"""
SEES_ALL = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
BLIND = (
    "The login in DATABASE_URL cannot read past the walls between missions, so a backup by it "
    "would be empty. Give it BYPASSRLS (ALTER ROLE … BYPASSRLS), or use a superuser's login."
)
LAST_SAID = 1000


@dataclass(frozen=True)
class DatabaseContents:
    """What a database holds: its schema's revision, rows by table, each mission's clock."""

    revision: str
    tables: dict[str, int]
    missions: dict[str, int]

    def as_sent(self) -> dict[str, Any]:
        """For the archive's first member."""
        return {"revision": self.revision, "tables": self.tables, "missions": self.missions}


@dataclass(frozen=True)
class Snapshot:
    """One moment of a running database, by the name under which pg_dump may read it too."""

    name: str
    holdings: DatabaseContents


@contextmanager
def snapshot(admin_url: str) -> Iterator[Snapshot]:
    """Hold one moment of the database fast. Raises :class:`DatabaseProblem` where the login
    does not see every mission's rows."""
    with psycopg.connect(admin_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        (sees_all,) = connection.execute(SEES_ALL).fetchone() or (False,)
        if not sees_all:
            raise DatabaseProblem(BLIND)
        (name,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        yield Snapshot(str(name), holdings(connection))


def holdings(connection: psycopg.Connection[Any]) -> DatabaseContents:
    """What the database holds, as this transaction sees it."""
    names = [str(row[0]) for row in connection.execute(TABLES)]
    counted = sql.SQL("SELECT count(*) FROM public.{}")
    tables = {}
    for name in names:
        row = connection.execute(counted.format(sql.Identifier(name))).fetchone()
        tables[name] = int(row[0]) if row else 0
    (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
    return DatabaseContents(str(revision), tables, dict(connection.execute(CLOCKS).fetchall()))


def is_empty(admin_url: str) -> bool:
    """Whether a database has no table yet."""
    with psycopg.connect(admin_url) as connection:
        return not connection.execute(TABLES).fetchall()


def dumped(admin_url: str, at: str, piece: int) -> Iterator[bytes]:
    """pg_dump's archive of a snapshot, in pieces of ``piece`` bytes, the last one shorter.

    Raises :class:`DatabaseProblem` with the end of what pg_dump said.
    """
    where, secrets = _login(admin_url)
    arguments = ["--format=custom", f"--snapshot={at}", "--no-password", "--lock-wait-timeout=60s"]
    with (
        TemporaryFile() as said,
        subprocess.Popen(
            [_program("pg_dump"), *arguments, f"--dbname={where}"],
            cwd="/",
            env=environment() | secrets,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as dumping,
    ):
        assert dumping.stdout is not None
        while read := dumping.stdout.read(piece):
            yield read
        _ended_well(dumping, said)


def load(admin_url: str, pieces: Iterable[bytes]) -> None:
    """Put pg_dump's archive into an empty database: all of it or nothing.

    Raises :class:`DatabaseProblem` with the end of what pg_restore said.
    """
    where, secrets = _login(admin_url)
    arguments = ["--exit-on-error", "--single-transaction", "--no-password", f"--dbname={where}"]
    with (
        TemporaryFile() as said,
        subprocess.Popen(
            [_program("pg_restore"), *arguments],
            cwd="/",
            env=environment() | secrets,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        ) as loading,
    ):
        assert loading.stdin is not None
        _feed(loading.stdin, pieces)
        _ended_well(loading, said)


def _feed(stdin: IO[bytes], pieces: Iterable[bytes]) -> None:
    """Hand the pieces over; a program that ended early says why on its stderr."""
    open_still = True
    for piece in pieces:
        try:
            if open_still:
                stdin.write(piece)
        except BrokenPipeError:
            open_still = False
    try:
        stdin.close()
    except BrokenPipeError:
        return


def _ended_well(process: "subprocess.Popen[bytes]", said: IO[bytes]) -> None:
    if process.wait() != 0:
        said.seek(0)
        text = said.read().decode("utf-8", "replace").strip()
        name = Path(str(process.args[0])).name  # type: ignore[index]
        raise DatabaseProblem(f"{name} ended with: {text[-LAST_SAID:]}")


def _program(name: str) -> str:
    return str(wheel() / PROGRAMS / name)


def _login(url: str) -> tuple[str, dict[str, str]]:
    """A URL as a program is told it: the password goes by the environment, where ``ps`` does
    not show it."""
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", "") or os.environ.get("PGPASSWORD", ""))
    return make_conninfo("", **parts), {"PGPASSWORD": password} if password else {}
