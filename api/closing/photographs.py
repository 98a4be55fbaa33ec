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
from api.closing.strip_exif import NoPicture, without_hidden
from api.intake.photo_store import PhotoStore
from schemas.report import Attachment

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
