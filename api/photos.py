"""The folder of photos: files named by the SHA-256 of their content.

An upload's offset is the length of what is on the disk; a file takes its final name only
after its length and hash agree. Pieces of one file are serialised by a lock on the file, so
two processes that resume it at once cannot mix their bytes.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from api.private_files import FILE, make_private_folder
from api.problems import DISK_FULL, NOT_A_PHOTO, OFFSET_MISMATCH, WRONG_HASH, Problem

MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True)
class PhotoStore:
    """The folder of photos: one folder per mission, unfinished ones apart."""

    root: Path

    def path(self, mission_id: UUID, sha256: bytes) -> Path:
        """Where a photo stands once it has wholly arrived."""
        digest = sha256.hex()
        return self.root / str(mission_id) / digest[:2] / digest

    def partial(self, mission_id: UUID, sha256: bytes) -> Path:
        """Where a photo gathers while it arrives."""
        return self.root / str(mission_id) / "arriving" / sha256.hex()

    def size(self, mission_id: UUID, sha256: bytes) -> int | None:
        """The bytes of a photo that has wholly arrived, or None."""
        try:
            return self.path(mission_id, sha256).stat().st_size
        except OSError:
            return None

    def offset(self, mission_id: UUID, sha256: bytes) -> int:
        """How many bytes are safely on the disk."""
        whole = self.size(mission_id, sha256)
        if whole is not None:
            return whole
        partial = self.partial(mission_id, sha256)
        if not partial.exists():
            return 0
        with _locked(partial) as handle:
            os.fsync(handle)
            return os.fstat(handle).st_size

    def append(
        self, mission_id: UUID, sha256: bytes, offset: int, length: int, piece: bytes
    ) -> int:
        """Add a piece at ``offset`` of a photo of ``length`` bytes; the new offset.

        Problems: 409 where the upload stands elsewhere, 422 where the whole has another hash
        or is no photo (what had arrived is then discarded), 507 where the disk is full.
        """
        whole = self.size(mission_id, sha256)
        if whole is not None:
            return _same_offset(offset, whole)
        partial = self.partial(mission_id, sha256)
        make_private_folder(partial.parent)
        try:
            with _locked(partial) as handle:
                whole = self.size(mission_id, sha256)
                if whole is not None:
                    partial.unlink(missing_ok=True)
                    return _same_offset(offset, whole)
                _same_offset(offset, os.fstat(handle).st_size)
                _write(handle, offset, piece)
                if offset + len(piece) == length:
                    self._finish(mission_id, sha256, handle)
        except OSError as error:
            raise Problem(DISK_FULL) from error
        return offset + len(piece)

    def _finish(self, mission_id: UUID, sha256: bytes, handle: int) -> None:
        partial = self.partial(mission_id, sha256)
        fault = _fault(partial, sha256)
        if fault is not None:
            os.ftruncate(handle, 0)
            partial.unlink(missing_ok=True)
            raise fault
        _take_place(partial, self.path(mission_id, sha256))

    def receiving(self, mission_id: UUID) -> Path:
        """A new name for a file that arrives whole and whose hash is not yet known."""
        folder = self.root / str(mission_id) / "arriving"
        make_private_folder(folder)
        return folder / f"whole-{uuid4()}"

    def count(self, mission_id: UUID) -> int:
        """How many photos of a mission lie here, unfinished ones too."""
        return sum(1 for each in (self.root / str(mission_id)).rglob("*") if each.is_file())

    def forget(self, mission_id: UUID) -> None:
        """Delete every photo of a mission. Raises OSError where a file cannot be deleted."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.root / str(mission_id))

    def take(self, mission_id: UUID, received: Path) -> tuple[bytes, int]:
        """Give a whole file its final name. Returns its SHA-256 and size in bytes."""
        with received.open("rb") as file:
            os.fsync(file)
            sha256 = hashlib.file_digest(file, "sha256").digest()
        size = received.stat().st_size
        _take_place(received, self.path(mission_id, sha256))
        return sha256, size


def _same_offset(offset: int, stands: int) -> int:
    if offset != stands:
        headers = {"Upload-Offset": str(stands)}
        raise Problem(OFFSET_MISMATCH, f"It stands at {stands}.", "Upload-Offset", headers)
    return stands


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, opened and locked; opened again where it was renamed before the lock."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, FILE)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                yield handle
                return
        finally:
            os.close(handle)


def _write(handle: int, offset: int, piece: bytes) -> None:
    """Add a piece and sync it; a piece that did not wholly fit is taken back."""
    try:
        written = 0
        while written < len(piece):
            written += os.pwrite(handle, piece[written:], offset + written)
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, offset)
        raise


def _fault(path: Path, sha256: bytes) -> Problem | None:
    with path.open("rb") as file:
        start = file.read(16)
        file.seek(0)
        if hashlib.file_digest(file, "sha256").digest() != sha256:
            return Problem(WRONG_HASH, "What had arrived was discarded.", "sha256")
    return None if start.startswith(MAGIC) else Problem(NOT_A_PHOTO, field="body")


def _take_place(received: Path, final: Path) -> None:
    make_private_folder(final.parent)
    received.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
