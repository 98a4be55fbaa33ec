"""The socket on which the background process answers questions for figures.

One question a connection. Only functions listed in :data:`api.figures.ask.FIGURES` are called.
Messages are pickles (:mod:`api.figures.client`): what protects the socket is its folder's mode.
"""

import asyncio
import pickle
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from api.database.locks import locked
from api.figures.client import BUFFER, Ask, Failed, Listen, Ping, receive, send
from api.figures.edition import Edition
from api.figures.editions import Editions, LoadedState
from api.figures.follower import Follower, NoSuchRound
from api.problems import Problem, of_error, passes
from schemas.problems import Refusal

LOCK_SECONDS = 5.0
EXPECTED = (Problem, NoSuchRound, Refusal)

log = structlog.get_logger("indelible.figures")


@asynccontextmanager
async def answering(editions: Editions, path: Path) -> AsyncIterator[None]:
    """Answer on a socket, of which there is one. Raises
    :class:`api.database.locks.LockHeld` where another process answers there."""
    with locked(path.with_suffix(".lock"), LOCK_SECONDS), _free(path):
        server = _Server(editions)
        listening = await asyncio.start_unix_server(server.serve, path, limit=BUFFER)
        try:
            yield
        finally:
            listening.close()
            await server.close()


@contextmanager
def _free(path: Path) -> Iterator[None]:
    """Without a socket that a process left which was killed, and leaving none."""
    path.unlink(missing_ok=True)
    yield
    path.unlink(missing_ok=True)


class _Server:
    def __init__(self, editions: Editions) -> None:
        self._editions = editions
        self._open: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        """End what is still being answered."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection."""
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            asked = await receive(reader)
            if isinstance(asked, Listen):
                await self._tell(asked, reader, writer)
            else:
                await send(writer, await self._answered(asked))
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # the asker has gone, or this process ends
        finally:
            self._open.discard(task)
            writer.close()

    async def _answered(self, asked: Ask | Ping) -> object:
        try:
            if isinstance(asked, Ping):
                return self._editions.status()
            return await self._editions.answer(
                asked.mission_id, asked.questions, asked.round_code, asked.at_least
            )
        except Exception as error:
            return Failed(sendable(error))

    async def _tell(
        self, asked: Listen, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        gone = asyncio.ensure_future(reader.read(1))
        async with self._editions.listening(asked.mission_id) as queue:
            while not gone.done():
                news = asyncio.ensure_future(queue.get())
                await asyncio.wait({news, gone}, return_when=asyncio.FIRST_COMPLETED)
                if news.done():
                    await send(writer, news.result())
                else:
                    news.cancel()


def sendable(error: Exception) -> Exception:
    """An error as the asker is to have it: the same; of the database that does not answer, and of
    what cannot be sent, the problem that replaces it."""
    if passes(error):
        return of_error(error)
    if not isinstance(error, EXPECTED):
        log.warning("figure failed", error=type(error).__name__)
    with suppress(Exception):
        pickle.loads(pickle.dumps(error))
        return error
    return of_error(error)


@dataclass(frozen=True)
class _OfRecord:
    """Figures are made of a frozen record: nothing moves while they are."""

    edition: Edition

    @property
    def clock(self) -> int:
        """As :attr:`LoadedState.clock`."""
        return self.edition.clock

    @property
    def state(self) -> Hashable:
        """As :attr:`LoadedState.state`."""
        return self.clock, id(self.edition.reference)

    def make(self, figure: Any, arguments: tuple[Any, ...]) -> Any:
        """As :meth:`LoadedState.make`."""
        return figure(self.edition, *arguments)


class RecordSource:
    """See :class:`api.figures.editions.Source`."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self.listening, self.progress = follower.listening, follower.progress

    async def loaded(self, mission_id: UUID, round_code: str | None) -> LoadedState:
        """As :meth:`Source.loaded`."""
        return _OfRecord(await self._follower.of(mission_id, round_code))
