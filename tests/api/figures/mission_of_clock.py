"""A mission that is nothing but its clock, figures of it, and the background process over it."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from api.figures.ask import Question, figure
from api.figures.client import SocketFigures
from api.figures.editions import Editions
from api.figures.follower import Folded, NoSuchRound
from api.figures.process import answering
from api.problems import NOT_FOUND, Problem

MISSION = uuid4()
MADE: list[tuple[str, int]] = []
GO_ON = threading.Event()


@dataclass(frozen=True)
class Table:
    """A mission that is nothing but its clock."""

    clock: int

    @property
    def state(self) -> Hashable:
        """The clock alone."""
        return self.clock

    def make(self, figure: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """A figure of it."""
        return figure(self, *arguments)


class Tables:
    """A source whose clock a test moves."""

    def __init__(self) -> None:
        self.clock, self.open = 1, asyncio.Event()
        self.open.set()
        self.queues: list[asyncio.Queue[Folded]] = []

    async def loaded(self, mission_id: UUID, round_code: str | None) -> Table:
        """The clock as it stands, once it is open."""
        if round_code == "nowhere":
            raise NoSuchRound(round_code)
        await self.open.wait()
        return Table(self.clock)

    @asynccontextmanager
    async def listening(self, mission_id: UUID) -> AsyncIterator["asyncio.Queue[Folded]"]:
        """What the test tells."""
        queue: asyncio.Queue[Folded] = asyncio.Queue(5)
        self.queues.append(queue)
        yield queue

    def progress(self, mission_id: UUID, round_code: str | None) -> float | None:
        """Always half."""
        return 0.5

    def move(self, clock: int, *changed: str) -> None:
        """A commit, and the notice of it."""
        self.clock = clock
        for queue in self.queues:
            queue.put_nowait(Folded(clock, clock, changed))


@figure
def reading(table: Any, name: str) -> int:
    """The clock, and that it was asked for."""
    MADE.append((name, table.clock))
    return int(table.clock)


@figure
def slow(table: Any, seconds: float) -> int:
    """The clock, after a while."""
    time.sleep(seconds)
    return int(table.clock)


@figure
def slow_reading(table: Any, name: str) -> int:
    """The same, after longer than a renewal may take in a test."""
    time.sleep(0.3)
    return reading(table, name)


@figure
def waiting(table: Any, number: int) -> int:
    """The clock, once a test lets it go on."""
    GO_ON.wait(10)
    return int(table.clock)


@figure
def gone_later(table: Any) -> int:
    """The clock, while it is 1."""
    if table.clock > 1:
        raise Problem(NOT_FOUND, "not here any more")
    return int(table.clock)


@figure
def refused(table: Any) -> int:
    """Nothing."""
    raise Problem(NOT_FOUND, "not here")


@figure
def broken(table: Any) -> int:
    """Nothing either."""
    raise ZeroDivisionError


@asynccontextmanager
async def process(tables: Tables, path: Path) -> AsyncIterator[None]:
    """The background process, in this one."""
    editions = Editions(tables)
    async with answering(editions, path):
        yield
    await editions.close()


async def value(figures: SocketFigures, asked: Question, **more: Any) -> Any:
    """One figure."""
    return (await figures.answer(MISSION, [asked], **more)).values[0]
