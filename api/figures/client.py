"""Asking the background process for figures over its socket, and the messages between the two."""

import asyncio
import hashlib
import os
import pickle
import stat
import struct
import tempfile
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from api.figures.ask import Answer, Question, Status
from api.figures.follower import WAITING, Folded
from api.problems import UNAVAILABLE, Problem
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


ANSWER_SECONDS = 10.0
"""So long an answer is waited for."""
HURRIED_SECONDS = 0.5
"""The same where it did not answer before, and there is an earlier answer."""
PING_SECONDS = 1.0
START_SECONDS = 2.0
"""So long a process that is not there is waited for by whoever has no earlier answer."""
AGAIN_SECONDS = 0.1
MOST_BYTES = 32 << 20
"""So much of the last answers is kept in each worker."""

log = structlog.get_logger("indelible.figures")
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class NoBackgroundProcess(Exception):
    """The background process does not answer."""


class SocketFigures:
    """Figures made in the background process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = LastAnswers(MOST_BYTES)
        self._away = False

    async def answer(
        self,
        mission_id: UUID,
        questions: Sequence[Question],
        *,
        round_code: str | None = None,
        at_least: int = 0,
    ) -> Answer:
        """As :meth:`api.figures.ask.Figures.answer`. Without the process: the last answer, with
        its moment; the problem 503 where there is none, or none at the clock."""
        asked = tuple(pickle.dumps(each, pickle.HIGHEST_PROTOCOL) for each in questions)
        key = mission_id, round_code, asked
        kept = self._kept.get(key)
        if kept is not None and kept.clock < at_least:
            kept = None
        found = await self._fresh(Ask(mission_id, asked, round_code, at_least), kept)
        if found is not kept:
            self._kept.put(key, found)
        return Answer(await unpickled(found.values), found.clock, found.as_of)

    async def _fresh(self, asked: Ask, kept: Values | None) -> Values:
        try:
            if kept is None:
                found: Values = await self._asked(asked, START_SECONDS)
            else:
                found = await self._asked(asked, 0.0, HURRIED_SECONDS if self._away else None)
        except NoBackgroundProcess:
            if kept is None:
                raise Problem(UNAVAILABLE, "No figures are made just now; ask again.") from None
            return kept
        except Problem as problem:
            if kept is None or problem.kind is not UNAVAILABLE:
                raise
            return kept
        return found

    async def status(self) -> Status | None:
        """How the background process is; None where it does not answer."""
        with suppress(NoBackgroundProcess):
            status: Status = await self._asked(Ping(), 0.0, PING_SECONDS)
            return status
        return None

    @asynccontextmanager
    async def listening(self, mission_id: UUID) -> AsyncIterator["asyncio.Queue[Folded]"]:
        """As :meth:`api.figures.ask.Figures.listening`; a process that went is listened to again
        when it is back."""
        queue: asyncio.Queue[Folded] = asyncio.Queue(WAITING)
        hearing = asyncio.create_task(self._hear(mission_id, queue), name="news of figures")
        try:
            yield queue
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError):
                await hearing

    async def _hear(self, mission_id: UUID, queue: "asyncio.Queue[Folded]") -> None:
        while True:
            with suppress(OSError, EOFError):
                async with self._connected() as (reader, writer):
                    await send(writer, Listen(mission_id))
                    while True:
                        news: Folded = await receive(reader)
                        queue.put_nowait(news.after(queue.get_nowait()) if queue.full() else news)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _asked(self, message: object, patience: float, seconds: float | None = None) -> Any:
        """The answer to one message, waited for so many seconds; ``patience`` is for a process
        that is not there. Raises :class:`NoBackgroundProcess`, and what the process raised."""
        until = asyncio.get_running_loop().time() + patience
        wait = seconds or ANSWER_SECONDS
        while True:
            try:
                async with asyncio.timeout(wait), self._connected() as (reader, writer):
                    await send(writer, message)
                    found = await receive(reader)
                break
            except (OSError, EOFError) as error:
                late = asyncio.get_running_loop().time() >= until
                if late or isinstance(error, TimeoutError):
                    self._note(away=True)
                    raise NoBackgroundProcess from None
                await asyncio.sleep(AGAIN_SECONDS)
        self._note(away=False)
        if isinstance(found, Failed):
            raise found.error
        return found

    def _note(self, *, away: bool) -> None:
        if away != self._away:
            self._away = away
            log.warning("background process away" if away else "background process back")

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Connection]:
        reader, writer = await asyncio.open_unix_connection(self._path, limit=BUFFER)
        try:
            yield reader, writer
        finally:
            writer.close()


class LastAnswers:
    """The last answer to each question, up to so many bytes: the oldest are let go."""

    def __init__(self, most: int) -> None:
        self._answers: OrderedDict[object, Values] = OrderedDict()
        self._bytes, self._most = 0, most

    def get(self, key: object) -> Values | None:
        """The last answer, if it is kept."""
        return self._answers.get(key)

    def put(self, key: object, answer: Values) -> None:
        """Keep an answer in place of the one before."""
        before = self._answers.pop(key, None)
        self._bytes += _size(answer) - (0 if before is None else _size(before))
        self._answers[key] = answer
        while self._bytes > self._most:
            _, gone = self._answers.popitem(last=False)
            self._bytes -= _size(gone)


def _size(answer: Values) -> int:
    return sum(map(len, answer.values))
