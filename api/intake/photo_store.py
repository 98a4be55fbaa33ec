"""The folder of photos, and of other files of reports, named by the SHA-256 of their content.

An upload's offset is the length of what is on the disk; a file takes its final name only
after its length and hash agree and it was found to be a photo (:mod:`api.intake.photo_store`),
by whichever channel it came. Pieces of one file are serialised by a lock on the file, so two
processes that resume it at once cannot mix their bytes. Its length is the one that its first piece
named.
"""

import asyncio
import fcntl
import hashlib
import io
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial as bind
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from PIL import Image

from api.database.private_files import FILE
from api.intake.file_kinds import kind_of
from api.problems import (
    CONFLICT,
    DISK_FULL,
    NOT_A_PHOTO,
    OFFSET_MISMATCH,
    TOO_MANY,
    WRONG_HASH,
    Problem,
)
from api.settings import make_private_folder

FORMATS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
MAX_PIXELS = 64_000_000
"""More than the 50 million of a phone's main camera; a decoder needs up to 4 bytes for each."""
Image.MAX_IMAGE_PIXELS = None  # Pillow's own bound only warns; ours stands below.
_ONE_AT_A_TIME = threading.Lock()


def check_file(content: bytes) -> None:
    """Raises a problem (422) that says why these bytes are no photo that can be kept, nor a file of
    another kind that a question may ask for."""
    form = next((name for magic, name in FORMATS.items() if content.startswith(magic)), None)
    if form is None and kind_of(content):
        return
    if form is None:
        raise Problem(NOT_A_PHOTO, field="body")
    with _ONE_AT_A_TIME:  # decoding is what needs memory
        try:
            _decode(content, form)
        except (Problem, MemoryError):
            raise
        except Exception:  # a decoder of foreign bytes fails in many ways, all of them the bytes'
            detail = f"It begins like a {form} and cannot be decoded: damaged or cut off."
            raise Problem(NOT_A_PHOTO, detail, "body") from None


def _decode(content: bytes, form: str) -> None:
    with Image.open(io.BytesIO(content), formats=(form,)) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            detail = f"{width} × {height} pixels; at most {MAX_PIXELS // 1_000_000} million."
            raise Problem(NOT_A_PHOTO, detail, "body")
        image.verify()  # a PNG's checksums and its end
    with Image.open(io.BytesIO(content), formats=(form,)) as image:
        image.draft("L", (1, 1))  # a JPEG is read whole and drawn small: less memory
        image.load()


PHOTOS_A_DAY = 1000
BYTES_A_DAY = 1024 * 1024 * 1024
QUOTAS = "quota"


def charge(mission_folder: Path, sender: UUID, size: int) -> None:
    """Count one photo of so many bytes. Problem 429, until the day (UTC) ends, where that is more
    than an observer may send."""
    now = datetime.now(UTC)
    folder = mission_folder / QUOTAS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / f"{now:%Y-%m-%d}-{sender}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        photos, spent = _read(handle)
        if photos + 1 > PHOTOS_A_DAY or spent + size > BYTES_A_DAY:
            tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0)
            headers = {"Retry-After": str(int((tomorrow - now).total_seconds()) + 1)}
            detail = f"At most {PHOTOS_A_DAY} photos and {BYTES_A_DAY} bytes of them a day."
            raise Problem(TOO_MANY, detail, "body", headers)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{photos + 1} {spent + size}".encode(), 0)
    finally:
        os.close(handle)


def _read(handle: int) -> tuple[int, int]:
    words = os.pread(handle, 100, 0).split()
    return (int(words[0]), int(words[1])) if len(words) == 2 else (0, 0)


UNFINISHED_SECONDS = 7 * 86_400
"""How long an upload that nobody goes on with is kept."""
COUNTED_SECONDS = 2 * 86_400
"""How long the count of a day's photos is kept."""
LENGTH = ".length"
_THREADS = ThreadPoolExecutor(4, "photos")


async def in_photo_thread(work: Callable[..., Any], *given: Any) -> Any:
    """Work on photos in threads of its own: while they wait for a disk or for the decoder,
    nothing else waits for them."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, bind(work, *given))


@dataclass(frozen=True)
class PhotoStore:
    """The folder of photos: one folder per mission, unfinished ones apart."""

    root: Path

    def path(self, mission_id: UUID, sha256: bytes) -> Path:
        """The path of a photo that has wholly arrived."""
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
        self,
        mission_id: UUID,
        sha256: bytes,
        offset: int,
        length: int,
        piece: bytes,
        sender: UUID | None = None,
    ) -> int:
        """Add a piece at ``offset`` of a photo of ``length`` bytes; the new offset. ``sender``
        is whose quota it counts in, None where none applies.

        Problems: 409 where the upload is at another offset or began with another length, 422 where
        the whole has another hash or is no photo (what had arrived is then discarded), 429 where
        the sender's day is full, 507 where the disk is.
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
                arrived = os.fstat(handle).st_size
                _same_offset(offset, arrived)
                if arrived == 0 and sender is not None:
                    self._charge(mission_id, sender, length)
                _same_length(partial, length, arrived)
                _write(handle, offset, piece)
                if offset + len(piece) == length:
                    self._finish(mission_id, sha256, handle)
        except OSError as error:
            raise Problem(DISK_FULL) from error
        return offset + len(piece)

    def _charge(self, mission_id: UUID, sender: UUID, size: int) -> None:
        charge(self.root / str(mission_id), sender, size)

    def _finish(self, mission_id: UUID, sha256: bytes, handle: int) -> None:
        partial = self.partial(mission_id, sha256)
        try:
            _admit(partial, self.path(mission_id, sha256), sha256)
        except Problem:
            os.ftruncate(handle, 0)
            partial.unlink(missing_ok=True)
            raise
        finally:
            _length_file(partial).unlink(missing_ok=True)

    def expire(self) -> int:
        """Delete uploads that nobody went on with, and old counts; how many uploads."""
        gone = 0
        for each in self.root.glob("*/arriving/*"):
            if each.suffix != LENGTH and _is_older(each, UNFINISHED_SECONDS):
                with _locked(each) as handle:
                    if time.time() - os.fstat(handle).st_mtime > UNFINISHED_SECONDS:
                        _length_file(each).unlink(missing_ok=True)
                        each.unlink(missing_ok=True)
                        gone += 1
        for each in self.root.glob(f"*/{QUOTAS}/*"):
            if _is_older(each, COUNTED_SECONDS):
                each.unlink(missing_ok=True)
        return gone

    def receiving(self, mission_id: UUID) -> Path:
        """A new name for a file that arrives whole and whose hash is not yet known."""
        folder = self.root / str(mission_id) / "arriving"
        make_private_folder(folder)
        return folder / f"whole-{uuid4()}"

    def count(self, mission_id: UUID) -> int:
        """How many photos of a mission lie here, unfinished ones too."""
        files = (self.root / str(mission_id)).rglob("*")
        return sum(
            each.is_file() and each.suffix != LENGTH and each.parent.name != QUOTAS
            for each in files
        )

    def forget(self, mission_id: UUID) -> None:
        """Delete every photo of a mission. Raises OSError where a file cannot be deleted."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.root / str(mission_id))

    def take(
        self, mission_id: UUID, received: Path, sender: UUID | None = None
    ) -> tuple[bytes, int]:
        """Give a whole file its final name. Returns its SHA-256 and size in bytes.

        Problems: 422 where it is no photo, 429 where the sender's day is full.
        """
        with received.open("rb") as file:
            os.fsync(file)
            sha256 = hashlib.file_digest(file, "sha256").digest()
        size = received.stat().st_size
        if self.size(mission_id, sha256) is None:
            if sender is not None:
                self._charge(mission_id, sender, size)
            _admit(received, self.path(mission_id, sha256), sha256)
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


def _length_file(partial: Path) -> Path:
    return partial.with_name(partial.name + LENGTH)


def _same_length(partial: Path, length: int, arrived: int) -> None:
    """The length that the first piece named is the photo's: another one, sent later by whomever,
    must not end the upload early and have it discarded."""
    file = _length_file(partial)
    said = file.read_text(encoding="ascii") if arrived and file.exists() else ""
    if not said.isdigit():
        file.write_text(str(length), encoding="ascii")
        file.chmod(0o600)
    elif int(said) != length:
        headers = {"Upload-Offset": str(arrived), "Upload-Length": said}
        raise Problem(CONFLICT, f"It began with a length of {said}.", "Upload-Length", headers)


def _is_older(file: Path, seconds: float) -> bool:
    try:
        return time.time() - file.stat().st_mtime > seconds
    except OSError:
        return False


def _admit(received: Path, final: Path, sha256: bytes) -> None:
    """The one place where bytes become a stored photo, or another file: of this hash and a kind
    that is kept.

    Raises a problem (422) where they are not; nothing is moved then.
    """
    content = received.read_bytes()
    if hashlib.sha256(content).digest() != sha256:
        raise Problem(WRONG_HASH, "What had arrived was discarded.", "sha256")
    check_file(content)
    _take_place(received, final)


def _take_place(received: Path, final: Path) -> None:
    make_private_folder(final.parent)
    received.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
