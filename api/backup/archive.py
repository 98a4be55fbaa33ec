"""The file of a backup: a tar stream, encrypted with age where keys are given.

Its members, in this order: ``backup.json`` (what it holds), ``secret`` (the installation's, where
it is kept in the home), ``database/000000`` and on (a pg_dump archive, in pieces, so that it never
lies on a disk unencrypted), ``photos/<mission>/<sha256>``, ``end.json`` (how many members came
before, and a digest over their names and digests).
"""

import hashlib
import io
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson
import pyrage

from schemas.problems import Refusal

FORMAT = "indelible backup 1"
FIRST, SECRET, LAST = "backup.json", "secret", "end.json"
DATABASE_PIECE = 16 * 1024 * 1024
ENCRYPTED = b"age-encryption.org/"
KNOWN = re.compile(
    r"backup\.json|secret|end\.json|database/\d{6}|photos/[0-9a-f-]{36}/[0-9a-f]{64}"
)
READ_BYTES = 1024 * 1024
MAX_HEADER_BYTES = 16 * 1024 * 1024


@dataclass
class Digest:
    """A running digest over the members of an archive: their names and their own digests."""

    members: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, name: str, sha256: str) -> None:
        """Take one member in."""
        self.members += 1
        self._hash.update(f"{name} {sha256}\n".encode())

    def as_sent(self) -> dict[str, Any]:
        """For ``end.json``."""
        return {"members": self.members, "sha256": self._hash.hexdigest()}


@dataclass
class ArchiveWriter:
    """Adds members to an archive; ``end`` closes it with the digest."""

    tar: tarfile.TarFile
    modified: float
    digest: Digest = field(default_factory=Digest)

    def add(self, name: str, content: bytes) -> None:
        """One member from memory."""
        self._add(name, len(content), io.BytesIO(content))
        self.digest.add(name, hashlib.sha256(content).hexdigest())

    def add_file(self, name: str, file: IO[bytes]) -> str:
        """One member from an open file, of the size it has now; its SHA-256."""
        hashed = _Hashed(file)
        self._add(name, os.fstat(file.fileno()).st_size, hashed)
        self.digest.add(name, hashed.sha256)
        return hashed.sha256

    def end(self) -> None:
        """Write ``end.json``; nothing may follow."""
        content = orjson.dumps(self.digest.as_sent())
        self._add(LAST, len(content), io.BytesIO(content))

    def _add(self, name: str, size: int, content: Any) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(self.modified)
        self.tar.addfile(member, content)


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._hash.update(piece)
        return piece

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


@contextmanager
def writing(out: Path, keys: Sequence[Any], modified: float) -> Iterator[ArchiveWriter]:
    """A new archive at ``out``, mode 0600, which appears under its name only when it is whole.

    Encrypted to the age recipients ``keys``, if any. Raises :class:`Refusal` where ``out`` is
    there already or cannot be written.
    """
    if out.exists():
        raise Refusal(f"{out} is there already. A backup overwrites nothing.")
    partial = out.with_name(out.name + ".partial")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise Refusal(f"{partial} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            with (
                _encrypting(file, keys) as plain,
                tarfile.open(fileobj=plain, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                writer = ArchiveWriter(tar, modified)
                yield writer
                writer.end()
            file.flush()
            os.fsync(file.fileno())
        partial.rename(out)
        _sync_folder(out.parent)
    except OSError as error:
        raise Refusal(f"{out} cannot be written: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)


@dataclass(frozen=True)
class Member:
    """One member that is being read; ``content`` must be read before the next one."""

    name: str
    size: int
    content: IO[bytes]

    def pieces(self) -> Iterator[bytes]:
        """Its content, a megabyte at a time."""
        while piece := self.content.read(READ_BYTES):
            yield piece


@contextmanager
def reading(file: Path, identities: Sequence[Any]) -> Iterator[Iterator[Member]]:
    """The members of an archive, in order. Raises :class:`Refusal` where it cannot be opened,
    or turns out to be damaged or cut off."""
    try:
        with file.open("rb") as raw, _decrypting(raw, identities, file) as plain:
            yield _members(plain, file)
    except (tarfile.TarError, EOFError) as error:
        raise Refusal(f"{file} is damaged or cut off: {error}.") from error
    except OSError as error:
        raise Refusal(f"{file} cannot be read: {error.strerror or error}.") from error


def _members(plain: IO[bytes], file: Path) -> Iterator[Member]:
    try:
        tar = tarfile.open(fileobj=plain, mode="r|")  # noqa: SIM115  closed with its stream
    except tarfile.ReadError:
        raise Refusal(f"{file} is no backup of Indelible.") from None
    for member in tar:
        content = tar.extractfile(member)
        if content is None or not KNOWN.fullmatch(member.name):
            raise Refusal(f"{file} is no backup of Indelible: it holds {member.name!r}.")
        yield Member(member.name, member.size, content)


def read_identities(file: Path | None) -> list[Any]:
    """The age identities in a file, as ``age-keygen`` writes it. Raises :class:`Refusal`."""
    if file is None:
        return []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        return [pyrage.x25519.Identity.from_str(key) for key in keys]
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror}.", "--identity") from error
    except (UnicodeError, pyrage.IdentityError):
        raise Refusal(f"{file} holds no age identity (AGE-SECRET-KEY-1…).", "--identity") from None


@contextmanager
def _encrypting(file: IO[bytes], keys: Sequence[Any]) -> Iterator[IO[bytes]]:
    if not keys:
        yield file
        return
    with _piped(lambda plain: pyrage.encrypt_io(plain, file, list(keys)), reads=True) as plain:
        yield plain


@contextmanager
def _decrypting(raw: IO[bytes], identities: Sequence[Any], file: Path) -> Iterator[IO[bytes]]:
    encrypted = raw.read(len(ENCRYPTED)) == ENCRYPTED
    raw.seek(0)
    if not encrypted:
        yield raw
        return
    if not identities:
        raise Refusal(f"{file} is encrypted. Give the age identity that opens it: --identity FILE.")
    try:
        with _piped(lambda out: pyrage.decrypt_io(raw, out, list(identities)), reads=False) as out:
            yield out
    except pyrage.DecryptError:
        raise Refusal(f"none of these opens {file}.", "--identity") from None


@contextmanager
def _piped(work: Callable[[IO[bytes]], None], *, reads: bool) -> Iterator[IO[bytes]]:
    """Our end of a pipe whose other end ``work`` reads from, or else writes to, in a thread.

    What ``work`` raises is raised here at the end, before what came of it at our end.
    """
    read, write = os.pipe()
    theirs, ours = (read, write) if reads else (write, read)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(theirs, "rb" if reads else "wb") as end:
                work(end)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="age", daemon=True)
    thread.start()
    try:
        with os.fdopen(ours, "wb" if reads else "rb") as end:
            yield end
    except Exception:
        thread.join()
        for error in failed:
            if not isinstance(error, BrokenPipeError):
                raise error from None
        raise
    thread.join()
    if failed:
        raise failed[0]


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
