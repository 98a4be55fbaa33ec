"""The folder of a handover: written whole or not at all, readable by its owner alone."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
