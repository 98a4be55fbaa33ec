"""Messages between our own processes over a UNIX stream socket: pickles, each behind its length.

Whoever can connect can have any code run by a pickle. What protects the socket is the mode of its
folder, 0700: only processes of the same user get there, and those could do the same without it.
"""

import asyncio
import hashlib
import os
import pickle
import stat
import struct
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from api.settings import make_private_folder

LENGTH = struct.Struct("!Q")
SOCKET = "figures.sock"
LONGEST_PATH = 107
"""So many bytes the kernel takes as the path of a socket (macOS: 103)."""
BUFFER = 1 << 20
LARGE = 1 << 16
"""Pickles above so many bytes are read in a thread: others are answered meanwhile."""


class SocketProblem(Exception):
    """The folder of the socket belongs to somebody else; the message names it."""


@dataclass(frozen=True)
class Ask:
    """Figures of one mission that are asked for together: each a pickled
    :class:`api.figures.ask.Question`."""

    mission_id: UUID
    questions: tuple[bytes, ...]
    round_code: str | None = None
    at_least: int = 0


@dataclass(frozen=True)
class Listen:
    """News of one mission, message after message, until the connection is closed."""

    mission_id: UUID


@dataclass(frozen=True)
class Ping:
    """How the background process is; answered with an
    :class:`api.figures.ask.Status`."""


@dataclass(frozen=True)
class Values:
    """The figures asked for, each pickled: of the mission at ``clock``, true as of ``as_of``."""

    values: tuple[bytes, ...]
    clock: int
    as_of: datetime


@dataclass(frozen=True)
class Failed:
    """What was raised instead of an answer."""

    error: Exception


async def send(writer: asyncio.StreamWriter, message: object) -> None:
    """Write one message, and wait while the other side is slow."""
    packed = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    writer.write(LENGTH.pack(len(packed)))
    writer.write(packed)
    await writer.drain()


async def receive(reader: asyncio.StreamReader) -> Any:
    """Read one message. Raises EOFError where the other side has gone."""
    (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
    return pickle.loads(await reader.readexactly(length))


async def unpickled(values: tuple[bytes, ...]) -> tuple[Any, ...]:
    """What pickles hold; large ones are read off the event loop."""
    if sum(map(len, values)) > LARGE:
        return await asyncio.to_thread(lambda: tuple(map(pickle.loads, values)))
    return tuple(map(pickle.loads, values))


def socket_path(home: Path) -> Path:
    """Where the socket of an installation is: in a folder of its home that only its owner opens;
    where that path is too long for the kernel, in one of the system's temporary folder. Raises
    :class:`SocketProblem` where somebody else has that."""
    folder = home / "run"
    if len(os.fsencode(folder / SOCKET)) > LONGEST_PATH:
        name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"indelible-{os.geteuid()}-{name}"
    make_private_folder(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise SocketProblem(f"{folder} belongs to another user. Remove it.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise SocketProblem(f"{folder} may be opened by other users. Give it the mode 0700.")
    return folder / SOCKET
