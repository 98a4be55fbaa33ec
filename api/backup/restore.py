"""``restore``: a backup into an empty home or database, compared with what it said it holds."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg
from alembic.script import ScriptDirectory

from api.audit.signing import Signer
from api.backup.archive import (
    FIRST,
    FORMAT,
    LAST,
    MAX_HEADER_BYTES,
    SECRET,
    Digest,
    Member,
    reading,
)
from api.backup.database_dump import DatabaseContents, holdings, is_empty, load
from api.database.opening import alembic_configuration, untouched_database
from api.database.roles import prepare_roles
from api.intake.photo_store import PhotoStore
from api.settings import SECRET_FILE, Settings, home_folder, read_secret, write_secret
from schemas.problems import Refusal

DISK_FACTOR = 4
"""How much room a database takes beside its dump, which is compressed: a cautious guess."""


@dataclass(frozen=True)
class Contents:
    """What an archive holds, once it has been read whole and its digest was right."""

    taken_at: str
    public_key: str
    holdings: DatabaseContents
    secret: str | None
    database_bytes: int
    photo_bytes: int
    photos: int


def examine(file: Path, identities: Sequence[Any]) -> Contents:
    """Read a backup whole, writing nothing. Raises :class:`Refusal` where it is damaged, cut
    off, of another program, or cannot be opened."""
    first: dict[str, Any] = {}
    secret: str | None = None
    bytes_of = {"database": 0, "photos": 0}
    photos, digest, ended = 0, Digest(), False
    with reading(file, identities) as members:
        for member in members:
            if member.name == LAST:
                ended = _small(member) == orjson.dumps(digest.as_sent())
                continue
            part, _, _ = member.name.partition("/")
            if part in bytes_of:
                bytes_of[part] += member.size
                photos += part == "photos"
                digest.add(member.name, _sha256(member))
                continue
            content = _small(member)
            digest.add(member.name, hashlib.sha256(content).hexdigest())
            if member.name == FIRST:
                first = _described(content, file)
            elif member.name == SECRET:
                secret = content.decode("ascii")
    if not ended or not first:
        raise Refusal(f"{file} is damaged or cut off: it does not add up to what it says it holds.")
    held = DatabaseContents(first["revision"], first["tables"], first["missions"])
    return Contents(
        first["taken_at"],
        first["public_key"],
        held,
        secret,
        bytes_of["database"],
        bytes_of["photos"],
        photos,
    )


def _described(content: bytes, file: Path) -> dict[str, Any]:
    described: dict[str, Any] = orjson.loads(content)
    if described.get("format") != FORMAT:
        raise Refusal(f"{file} was made by another version: {described.get('format')!r}.")
    return described


def _small(member: Member) -> bytes:
    if member.size > MAX_HEADER_BYTES:
        raise Refusal(f"{member.name} is too large for what it is.")
    return member.content.read()


def _sha256(member: Member) -> str:
    hashed = hashlib.sha256()
    for piece in member.pieces():
        hashed.update(piece)
    return hashed.hexdigest()


def prepared_settings(environment: Mapping[str, str], contents: Contents, file: Path) -> Settings:
    """Settings of the empty home that the backup goes to, with the backup's secret.

    Raises :class:`Refusal` where the home is not empty, holds or is given another secret, or has
    too little room, or the backup is of a newer version.
    """
    known = {each.revision for each in _revisions().walk_revisions()}
    if contents.holdings.revision not in known:
        raise Refusal(f"{file} was made by a newer version of Indelible. Restore it with that one.")
    home = home_folder(environment)
    _refuse_used(home, environment)
    if contents.secret is not None and not environment.get("INDELIBLE_SECRET"):
        write_secret(home, contents.secret)
        if read_secret(home) != contents.secret:
            raise Refusal(f"{home / SECRET_FILE} is another secret than the backup's. Remove it.")
    given = environment.get("INDELIBLE_SECRET")
    if given is None and not (home / SECRET_FILE).exists():
        raise Refusal("The backup is without its secret. Set INDELIBLE_SECRET to the one it had.")
    settings = Settings.from_environment(environment)
    if Signer.from_secret(settings.secret).public_key.hex() != contents.public_key:
        raise Refusal("The backup was made under another INDELIBLE_SECRET. Set the one it had.")
    needed = contents.database_bytes * DISK_FACTOR + contents.photo_bytes
    if shutil.disk_usage(home).free < needed:
        raise Refusal(f"{home} has too little room: the backup needs {needed >> 20} MB.")
    return settings


def _refuse_used(home: Path, environment: Mapping[str, str]) -> None:
    """An embedded database or photos that are there already are never written over."""
    used = ["media"] if environment.get("DATABASE_URL") else ["media", "database"]
    for name in used:
        folder = home / name
        if folder.exists() and any(folder.iterdir()):
            raise Refusal(f"{folder} is not empty. A backup is restored into an empty home alone.")


def restore(
    settings: Settings, file: Path, identities: Sequence[Any], contents: Contents
) -> list[str]:
    """Put a backup that was examined into an empty home and database. Gives the photos that
    are not the bytes of their name, because they were damaged before the backup.

    Raises :class:`Refusal` where the database is not empty, or holds something else in the end.
    """
    with untouched_database(settings) as url:
        if not is_empty(url):
            raise Refusal("The database is not empty. A backup is restored into an empty one.")
        with psycopg.connect(url, autocommit=True) as connection:
            prepare_roles(connection, settings.secret)
        with reading(file, identities) as members:
            load(url, _database_pieces(members))
        with reading(file, identities) as members:
            damaged = _put_photos(members, PhotoStore(settings.media))
        _compare(url, contents)
    return damaged


def _database_pieces(members: Iterator[Member]) -> Iterator[bytes]:
    for member in members:
        if member.name.startswith("database/"):
            yield from member.pieces()
        elif member.name.startswith("photos/"):
            return


def _put_photos(members: Iterator[Member], store: PhotoStore) -> list[str]:
    damaged = []
    for member in members:
        if member.name.startswith("photos/"):
            _, mission, sha256 = member.name.split("/")
            path = store.path(UUID(mission), bytes.fromhex(sha256))
            for folder in (store.root, path.parents[1], path.parent):
                folder.mkdir(mode=0o700, exist_ok=True)
            if _written(path, member) != sha256:
                damaged.append(sha256)
    return damaged


def _written(path: Path, member: Member) -> str:
    """Write a photo and sync it; the SHA-256 of its bytes."""
    hashed = hashlib.sha256()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        for piece in member.pieces():
            hashed.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return hashed.hexdigest()


def _compare(url: str, contents: Contents) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = holdings(connection)
        connection.execute("ANALYZE")
    wrong = [
        f"{name}: {found.tables.get(name, 0)} of {rows}"
        for name, rows in contents.holdings.tables.items()
        if found.tables.get(name) != rows
    ]
    if wrong or found.missions != contents.holdings.missions:
        raise Refusal(f"What was restored is not what was backed up. Rows: {'; '.join(wrong)}.")


def _revisions() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_configuration())
