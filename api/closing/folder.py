"""The folder of a handover, and the recipients of its encrypted part."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage

from api.database.private_files import private_opener
from api.settings import make_private_folder
from schemas.problems import Refusal


@dataclass(frozen=True)
class WrittenFile:
    """A file as it was written, in so many pieces."""

    sha256: str
    size: int
    pieces: int


@dataclass
class Folder:
    """A folder being written; ``files`` maps each file to what the manifest says of it."""

    root: Path
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file, piece by piece, that the manifest names."""
        kept = self.keep(name, pieces)
        said: dict[str, Any] = {"sha256": kept.sha256, "bytes": kept.size}
        self.files[name] = said | ({"rows": kept.pieces} if name.endswith(".ndjson") else {})

    def keep(self, name: str, pieces: Iterable[bytes]) -> WrittenFile:
        """Write a file that another one names."""
        path = self.root / name
        make_private_folder(path.parent)
        digest, size, count = hashlib.sha256(), 0, 0
        with open(path, "xb", opener=private_opener) as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size, count = size + len(piece), count + 1
            file.flush()
            os.fsync(file.fileno())
        return WrittenFile(digest.hexdigest(), size, count)


@contextmanager
def new_folder(wanted: Path) -> Iterator[Folder]:
    """A folder that appears under its name once it is whole, or not at all.

    Raises :class:`Refusal` where something stands there, or nothing can be written.
    """
    if wanted.exists() and (not wanted.is_dir() or any(wanted.iterdir())):
        raise Refusal(f"{wanted}: something is there; name an empty folder or a new one.")
    try:
        make_private_folder(wanted.parent)
        making = Path(tempfile.mkdtemp(prefix=".handover-", dir=wanted.parent))
    except OSError as error:
        raise Refusal(f"{wanted}: {error.strerror}.") from error
    try:
        yield Folder(making)
        if wanted.exists():
            wanted.rmdir()
        making.rename(wanted)
    except OSError as error:
        raise Refusal(f"{wanted}: {error.strerror}.") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)


NEEDED = "Name who may open the restricted part: --key age1… or --key 'ARCHIVE=age1…'."


@dataclass(frozen=True)
class Recipient:
    """One public age key, and whose it is."""

    name: str
    key: str
    opened: Any

    def as_sent(self) -> dict[str, str]:
        """For the manifest."""
        return {"name": self.name, "key": self.key}


def read_recipients(given: Sequence[str]) -> list[Recipient]:
    """Keys as typed: ``age1…`` or ``NAME=age1…``. Raises :class:`Refusal` for none or no key."""
    if not given:
        raise Refusal(NEEDED)
    return [_recipient(each) for each in given]


def _recipient(given: str) -> Recipient:
    name, _, key = given.strip().rpartition("=")
    if key.upper().startswith("AGE-SECRET-KEY"):
        raise Refusal("this is a secret key; give its public one, age1….", "--key")
    try:
        return Recipient(name.strip(), key, pyrage.x25519.Recipient.from_str(key))
    except pyrage.RecipientError:
        raise Refusal(f"{key!r} is no public age key (age1…).", "--key") from None


def encrypted(plain: bytes, recipients: Sequence[Recipient]) -> bytes:
    """An age file that each of the recipients can open alone, and nobody else."""
    sealed: bytes = pyrage.encrypt(plain, [each.opened for each in recipients])
    return sealed
