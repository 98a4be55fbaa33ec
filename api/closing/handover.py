"""The handover: a folder that says what the mission held, readable without this software.

Every file is named in ``manifest.json`` with its SHA-256. Names, reprisals and conduct cases
are in ``restricted.age`` alone; they are never written in the clear.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlmodel import Session, select

from api.closing.codebook import codebook
from api.closing.frame import FRAME
from api.closing.freezing import AS_EVERYBODY, AS_RESTRICTED
from api.closing.indicators import INDICATORS
from api.closing.parts import PARTS, RESTRICTED, SEALED, Row, line, rows
from api.closing.recipients import Recipient, encrypted
from schemas.columns import now
from schemas.mission import Mission
from schemas.problems import Refusal

FORMAT = "indelible handover 1"
MANIFEST = "manifest.json"
RESTRICTED_FILE = "restricted.age"


@dataclass
class Folder:
    """A folder being written; ``files`` maps each file to what the manifest says of it."""

    root: Path
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file that its owner alone reads, piece by piece."""
        path = self.root / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest, size, count = hashlib.sha256(), 0, 0
        with open(path, "xb", opener=lambda at, flags: os.open(at, flags, 0o600)) as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size, count = size + len(piece), count + 1
            file.flush()
            os.fsync(file.fileno())
        said: dict[str, Any] = {"sha256": digest.hexdigest(), "bytes": size}
        self.files[name] = said | ({"rows": count} if name.endswith(".ndjson") else {})


@contextmanager
def new_folder(wanted: Path) -> Iterator[Folder]:
    """A folder that appears under its name once it is whole, or not at all.

    Raises :class:`Refusal` where something stands there, or nothing can be written.
    """
    if wanted.exists() and (not wanted.is_dir() or any(wanted.iterdir())):
        raise Refusal(f"{wanted}: something is there; name an empty folder or a new one.")
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
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


def hand_over(
    session: Session, folder: Folder, recipients: Sequence[Recipient],
    indicators: Iterable[Row] = (),
) -> bytes:  # fmt: skip
    """Write everything, the manifest last; the manifest's bytes.

    ``indicators`` are the mission's last (:func:`api.closing.indicators.last_indicators`).
    """
    mission = session.exec(select(Mission)).one()
    for part in PARTS:
        found = rows(session, part.noun, part.left_out)
        folder.write(part.file, (line(part.shown(row)) for row in found))
    folder.write(INDICATORS, map(line, indicators))
    folder.write("codebook.json", [_pretty(codebook(session))])
    if mission.shares_frame:
        for name, read in FRAME.items():
            folder.write(name, map(line, read(session)))
    folder.write(RESTRICTED_FILE, [encrypted(_restricted(session), recipients)])
    manifest = _pretty({
        "format": FORMAT, "mission": mission.slug, "title": mission.title,
        "country": mission.country, "closed_at": mission.closed_at, "written_at": now(),
        "shares_frame": mission.shares_frame,
        "restricted_to": [each.as_sent() for each in recipients],
        "files": dict(sorted(folder.files.items())),
    })  # fmt: skip
    folder.write(MANIFEST, [manifest])
    return manifest


def _restricted(session: Session) -> bytes:
    """What few may open, in memory only."""
    held: dict[str, list[Any]] = {
        str(noun.__tablename__): list(rows(session, noun)) for noun in SEALED
    }
    session.execute(AS_RESTRICTED)
    held |= {str(noun.__tablename__): list(rows(session, noun)) for noun in RESTRICTED}
    session.execute(AS_EVERYBODY)
    return line(held)


def _pretty(document: dict[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
