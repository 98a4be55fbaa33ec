"""``backup``: one moment of the database, and every photo that had arrived by then."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from api.audit.signing import Signer, instant
from api.backup.archive import DATABASE_PIECE, FIRST, FORMAT, SECRET, ArchiveWriter, writing
from api.backup.database_dump import DatabaseContents, dumped, snapshot
from api.settings import SECRET_FILE, Settings, read_secret

PHOTO = re.compile(
    r"(?P<mission>[0-9a-f-]{36})/(?P<start>[0-9a-f]{2})/(?P<sha256>(?P=start)[0-9a-f]{62})"
)


@dataclass
class Backup:
    """What a backup holds. ``damaged`` names photos whose bytes are no longer those of their
    name: they are in it as they are."""

    file: Path
    taken_at: str
    holdings: DatabaseContents
    photos: int = 0
    damaged: list[str] = field(default_factory=list)

    def as_sent(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "file": str(self.file),
            "bytes": self.file.stat().st_size,
            "taken_at": self.taken_at,
            "missions": self.holdings.missions,
            "reports": self.holdings.tables.get("report", 0),
            "photos": self.photos,
            "damaged_photos": self.damaged,
        }


def make_backup(settings: Settings, admin_url: str, out: Path, keys: Sequence[Any]) -> Backup:
    """Write the database at this moment and the photos to ``out``, while others go on writing.

    A photo is complete before the database names it, and is never changed: copied after the
    snapshot, all that the snapshot names are there. ``keys`` are age recipients.
    """
    now = datetime.now(UTC)
    with snapshot(admin_url) as held, writing(out, keys, now.timestamp()) as archive:
        made = Backup(out, instant(now), held.holdings)
        archive.add(FIRST, orjson.dumps(_described(settings, made)))
        if _keeps_its_secret(settings):
            archive.add(SECRET, settings.secret.encode("ascii"))
        for number, piece in enumerate(dumped(admin_url, held.name, DATABASE_PIECE)):
            archive.add(f"database/{number:06}", piece)
        _add_photos(archive, settings.media, made)
    return made


def _described(settings: Settings, made: Backup) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "taken_at": made.taken_at,
        "public_key": Signer.from_secret(settings.secret).public_key.hex(),
        "holds_secret": _keeps_its_secret(settings),
        **made.holdings.as_sent(),
    }


def _keeps_its_secret(settings: Settings) -> bool:
    """Whether the secret in use is the one in the home, and not the environment's."""
    return (settings.home / SECRET_FILE).exists() and read_secret(settings.home) == settings.secret


def _add_photos(archive: ArchiveWriter, root: Path, made: Backup) -> None:
    for mission, sha256, path in stored_photos(root):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue  # its date came meanwhile, and it was deleted
        with file:
            found = archive.add_file(f"photos/{mission}/{sha256}", file)
        made.photos += 1
        if found != sha256:
            made.damaged.append(sha256)


def stored_photos(root: Path) -> Iterator[tuple[str, str, Path]]:
    """Every photo that has wholly arrived: its mission, its SHA-256, its file."""
    for path in sorted(root.glob("*/??/*")):
        found = PHOTO.fullmatch("/".join(path.parts[-3:]))
        if found and path.is_file():
            yield found["mission"], found["sha256"], path
