"""Photos in a handover: each encrypted by itself, named by the hash of its bytes.

A photo may show a face, a name on a protocol, a marked ballot, and where its observer stood; no
program can tell. So photos are for those who may open the restricted part. What stands in the
clear is which report names which hash: whoever is shown a photo can tell that it is the one.

Its file may say the place and the camera too. The bytes that were acknowledged are handed over as
they are, for they are the evidence; beside them lies the picture alone, for showing.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from api.closing.folder import Folder, Recipient, encrypted
from api.closing.parts import ROWS_PER_FETCH, line
from api.intake.photo_store import PhotoStore
from schemas.report import Attachment

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
PICTURE_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB"})
"""The chunks of a PNG that say how it looks."""
JFIF, EXIF, ADOBE = 0xE0, 0xE1, 0xEE
DRAWN = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xDE)})
"""The segments of a JPEG that its picture is drawn from."""
ALONE = {0x01, *range(0xD0, 0xD8)}
"""Markers of a JPEG that nothing follows."""
SCAN, END = 0xDA, 0xD9
ORIENTATION = 0x0112


class NoPicture(Exception):
    """It is not whole, or neither JPEG nor PNG: what it hides cannot be told apart."""


def without_hidden(photo: bytes) -> bytes:
    """The same picture, and nothing that is not seen. Raises :class:`NoPicture`."""
    if photo.startswith(PNG):
        return PNG + b"".join(_chunks(photo))
    if photo.startswith(JPEG):
        return JPEG + b"".join(_segments(photo))
    raise NoPicture("It is neither JPEG nor PNG.")


def _chunks(photo: bytes) -> Iterator[bytes]:
    at = len(PNG)
    while True:
        kind = photo[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(photo[at : at + 4])
        if len(kind) < 4 or end > len(photo):
            raise NoPicture("It breaks off.")
        if kind in PICTURE_CHUNKS:
            yield photo[at:end]
        if kind == b"IEND":
            return
        at = end


def _segments(photo: bytes) -> Iterator[bytes]:
    at = len(JPEG)
    while True:
        at = _marker(photo, at)
        marker = photo[at - 1]
        if marker == END:
            yield b"\xff\xd9"
            return
        if marker in ALONE:
            yield bytes((0xFF, marker))
            continue
        length = int.from_bytes(photo[at : at + 2])
        end = at + length
        if length < 2 or end > len(photo):
            raise NoPicture("It breaks off.")
        yield _kept(marker, photo[at + 2 : end])
        if marker == SCAN:
            scanned = _scanned(photo, end)
            yield photo[end:scanned]
            end = scanned
        at = end


def _marker(photo: bytes, at: int) -> int:
    """Behind the marker that stands here; a marker may be led by several 0xFF."""
    if photo[at : at + 1] != b"\xff":
        raise NoPicture("It breaks off.")
    while photo[at : at + 1] == b"\xff":
        at += 1
    if at >= len(photo):
        raise NoPicture("It breaks off.")
    return at + 1


def _scanned(photo: bytes, at: int) -> int:
    """Where the picture's own bytes end: at a marker that is no stuffed 0xFF and no restart."""
    while (at := photo.find(b"\xff", at)) >= 0 and at + 1 < len(photo):
        if photo[at + 1] != 0 and photo[at + 1] not in ALONE:
            return at
        at += 2
    raise NoPicture("It breaks off.")


def _kept(marker: int, said: bytes) -> bytes:
    """A segment as it is kept: empty where it says nothing of how the picture looks."""
    if marker == EXIF and said.startswith(b"Exif\0\0"):
        return _way_up(said[6:])
    if marker == JFIF and said.startswith(b"JFIF\0") and len(said) >= 14:
        return _segment(marker, said[:12] + bytes(2))  # without its thumbnail
    if marker == ADOBE and said.startswith(b"Adobe"):
        return _segment(marker, said[:12])
    return _segment(marker, said) if marker in DRAWN else b""


def _segment(marker: int, said: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(said) + 2).to_bytes(2) + said


def _way_up(tiff: bytes) -> bytes:
    """Exif that says which way up the picture is, and nothing else; none where it is upright."""
    order = "little" if tiff.startswith(b"II") else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)  # type: ignore[arg-type]

    first = number(4, 4)
    for entry in range(first + 2, first + 2 + 12 * min(number(first, 2), 1000), 12):
        if number(entry, 2) == ORIENTATION and 2 <= number(entry + 8, 2) <= 8:
            way = number(entry + 8, 2)
            entries = b"\0\x01" + b"\x01\x12\0\x03\0\0\0\x01" + way.to_bytes(2) + bytes(6)
            return _segment(EXIF, b"Exif\0\0MM\0\x2a\0\0\0\x08" + entries)
    return b""


LIST = "photos.ndjson"
CHANGED = "Its bytes in the media store have another hash."


@dataclass
class Photographs:
    """Writes the photos that reports name, one at a time, and keeps how many they were."""

    folder: Folder
    store: PhotoStore
    recipients: tuple[Recipient, ...]
    copied: int = field(default=0, init=False)
    missing: int = field(default=0, init=False)

    def copy(self, session: Session, mission_id: UUID) -> None:
        """Copy every photo that has arrived, and list them with their hashes. A photo that is not
        there any more is listed as missing, and keeps nothing else back."""
        rows = (self._one(mission_id, sha256) for sha256 in _arrived(session))
        self.folder.write(LIST, map(line, rows))

    def as_sent(self) -> dict[str, int]:
        """For the manifest, and for scripts."""
        return {"copied": self.copied, "missing": self.missing}

    def _one(self, mission_id: UUID, sha256: bytes) -> dict[str, Any]:
        try:
            plain = self.store.path(mission_id, sha256).read_bytes()
        except OSError as error:
            return self._missed(sha256, f"It cannot be read: {error.strerror}.")
        if hashlib.sha256(plain).digest() != sha256:
            return self._missed(sha256, CHANGED)
        self.copied += 1
        name = f"photos/{sha256.hex()[:2]}/{sha256.hex()}"
        return {"sha256": sha256} | self._kept(name, plain) | {"shown": self._shown(name, plain)}

    def _kept(self, name: str, plain: bytes) -> dict[str, Any]:
        sealed = self.folder.keep(f"{name}.age", [encrypted(plain, self.recipients)])
        return {"bytes": len(plain), "file": f"{name}.age", "file_sha256": sealed.sha256}

    def _shown(self, name: str, plain: bytes) -> dict[str, Any]:
        """The file to show: the photo's own where nothing is hidden in it, else its picture."""
        try:
            picture = without_hidden(plain)
        except NoPicture as problem:
            return {"missing": str(problem)}
        if picture == plain:
            return {"file": f"{name}.age"}
        digest = hashlib.sha256(picture).digest()
        return {"sha256": digest} | self._kept(f"{name}.shown", picture)

    def _missed(self, sha256: bytes, why: str) -> dict[str, Any]:
        self.missing += 1
        return {"sha256": sha256, "missing": why}


def _arrived(session: Session) -> Iterator[bytes]:
    named = (
        select(Attachment.sha256)
        .where(col(Attachment.sha256).is_not(None), col(Attachment.arrived_at).is_not(None))
        .distinct()
        .order_by(col(Attachment.sha256))
    )
    for sha256 in session.exec(named.execution_options(yield_per=ROWS_PER_FETCH)):
        yield bytes(sha256 or b"")
