"""Figures asked for over the socket of the background process, with and without editions."""

import asyncio
import pickle
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.database.locks import LockHeld
from api.figures import client as clients
from api.figures import editions as module
from api.figures.ask import BeingRead, Question, figure, question
from api.figures.client import (
    LONGEST_PATH,
    SOCKET,
    SocketFigures,
    SocketProblem,
    Values,
    socket_path,
)
from api.figures.editions import Editions, NotListed
from api.figures.follower import Folded, NoSuchRound
from api.figures.process import answering
from api.problems import NOT_FOUND, UNAVAILABLE, Problem

MISSION = uuid4()
MADE: list[tuple[str, int]] = []


@dataclass(frozen=True)
class Table:
    """A mission that is nothing but its clock."""

    clock: int

    @property
    def state(self) -> Hashable:
        """The clock alone."""
        return self.clock

    def together(self) -> nullcontext[None]:
        """It is frozen."""
        return nullcontext()

    def make(self, figure: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """A figure of it."""
        return figure(self, *arguments)


class Tables:
    """A source whose clock a test moves."""

    def __init__(self) -> None:
        self.clock, self.open = 1, asyncio.Event()
        self.open.set()
        self.queues: list[asyncio.Queue[Folded]] = []

    async def held(self, mission_id: UUID, round_code: str | None) -> Table:
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
def refused(table: Any) -> int:
    """Nothing."""
    raise Problem(NOT_FOUND, "not here")


@figure
def broken(table: Any) -> int:
    """Nothing either."""
    raise ZeroDivisionError


@pytest.fixture
def tables() -> Tables:
    MADE.clear()
    return Tables()


@pytest.fixture
def path() -> Any:
    """Where a socket may be: a short path."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / SOCKET


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


async def test_one_edition_answers_all_until_it_is_renewed(tables: Tables, path: Path) -> None:
    figures = SocketFigures(path)
    async with process(tables, path):
        asked = [question(reading, "a"), question(reading, "b"), question(reading, "a")]
        first = await figures.answer(MISSION, asked)
        again = await SocketFigures(path).answer(MISSION, asked)
    assert first.values == again.values == (1, 1, 1)
    assert first.clock == 1
    assert sorted(MADE) == [("a", 1), ("b", 1)]


async def test_what_was_asked_for_is_made_again_before_the_edition_is_replaced(
    tables: Tables, path: Path
) -> None:
    figures = SocketFigures(path)
    async with process(tables, path):
        await value(figures, question(reading, "a"))
        tables.move(2)
        await asyncio.sleep(1.5)
        assert ("a", 2) in MADE
        made = len(MADE)
        found = await figures.answer(MISSION, [question(reading, "a")])
    assert (found.values, found.clock, len(MADE)) == ((2,), 2, made)


async def test_it_is_renewed_at_most_once_a_second(tables: Tables, path: Path) -> None:
    figures, moved = SocketFigures(path), 0
    async with process(tables, path):
        began = time.monotonic()
        while time.monotonic() < began + 2.5:
            await value(figures, question(reading, "a"))
            moved += 1
            tables.move(moved)
            await asyncio.sleep(0.02)
        spent = time.monotonic() - began
    assert 2 <= len(MADE) <= spent / module.RENEW_SECONDS + 2


async def test_who_asks_for_a_clock_waits_for_it(
    tables: Tables, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REACH_SECONDS", 1.0)
    figures = SocketFigures(path)
    async with process(tables, path):
        assert await value(figures, question(reading, "a")) == 1
        asyncio.get_running_loop().call_later(0.3, tables.move, 5)
        assert await value(figures, question(reading, "a"), at_least=5) == 5
        with pytest.raises(Problem) as refused:
            await value(figures, question(reading, "a"), at_least=9)
    assert refused.value.kind is UNAVAILABLE
    with pytest.raises(Problem):
        await value(figures, question(reading, "a"), at_least=9)
    assert await value(figures, question(reading, "a")) == 5


async def test_what_is_made_for_a_clock_is_not_made_again(tables: Tables, path: Path) -> None:
    figures = SocketFigures(path)
    async with process(tables, path):
        await value(figures, question(reading, "watched"))
        tables.clock = 2
        for _ in range(3):
            assert await value(figures, question(reading, "own"), at_least=2) == 2
        await asyncio.sleep(0.2)
        assert await value(figures, question(reading, "own")) == 2
    assert sorted(MADE) == [("own", 2), ("watched", 1), ("watched", 2)]


async def test_only_listed_functions_are_called(tables: Tables, path: Path) -> None:
    figures = SocketFigures(path)
    async with process(tables, path):
        for name in ("os:getpid", "builtins:print", f"{__name__}:value"):
            with pytest.raises(NotListed):
                await value(figures, Question(name))
    with pytest.raises(KeyError):
        question(value)


async def test_errors_are_the_same_on_the_other_side(tables: Tables, path: Path) -> None:
    figures = SocketFigures(path)
    async with process(tables, path):
        with pytest.raises(NoSuchRound):
            await value(figures, question(reading, "a"), round_code="nowhere")
        with pytest.raises(Problem) as problem:
            await value(figures, question(refused))
        assert (problem.value.kind is NOT_FOUND, problem.value.detail) == (True, "not here")
        with pytest.raises(ZeroDivisionError):
            await value(figures, question(broken))
        assert await value(figures, question(reading, "a")) == 1


async def test_a_mission_that_is_being_read_says_how_far(
    tables: Tables, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_SECONDS", 0.1)
    tables.open.clear()
    figures = SocketFigures(path)
    async with process(tables, path):
        with pytest.raises(BeingRead) as told:
            await value(figures, question(reading, "a"))
        assert told.value.progress == 0.5
        assert "Retry-After" in told.value.all_headers()
        tables.open.set()
        await asyncio.sleep(0.1)
        assert await value(figures, question(reading, "a")) == 1


async def test_a_mission_that_could_not_be_read_is_read_as_soon_as_it_can_be(
    tables: Tables, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures, held = SocketFigures(path), tables.held

    async def unreachable(*_: object) -> Table:
        raise Problem(UNAVAILABLE)

    monkeypatch.setattr(tables, "held", unreachable)
    async with process(tables, path), figures.listening(MISSION) as news:
        with pytest.raises(Problem):
            await value(figures, question(reading, "a"))
        monkeypatch.setattr(tables, "held", held)
        await asyncio.sleep(1.5)
        assert await value(figures, question(reading, "a")) == 1
        tables.move(2, "reports")
        assert (await asyncio.wait_for(news.get(), 5)).sequence == 2


async def test_without_the_process_the_last_answer_is_given_with_its_moment(
    tables: Tables, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "START_SECONDS", 0.1)
    figures = SocketFigures(path)
    async with process(tables, path):
        before = await figures.answer(MISSION, [question(reading, "a")])
    assert await figures.status() is None
    after = await figures.answer(MISSION, [question(reading, "a")])
    assert (after.values, after.clock, after.as_of) == (before.values, 1, before.as_of)
    with pytest.raises(Problem) as problem:
        await value(figures, question(reading, "never asked"))
    assert problem.value.kind is UNAVAILABLE
    tables.clock = 3
    async with process(tables, path):
        assert await value(figures, question(reading, "a")) == 3


async def test_a_process_that_hangs_is_not_waited_for_again_and_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(clients, "HURRIED_SECONDS", 0.05)
    figures = SocketFigures(path)
    async with process(Tables(), path):
        assert await value(figures, question(slow, 0.0)) == 1

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    hung = await asyncio.start_unix_server(say_nothing, path)
    for longest in (0.9, 0.4):
        began = time.monotonic()
        assert await value(figures, question(slow, 0.0)) == 1
        assert time.monotonic() - began < longest
    hung.close()
    await asyncio.sleep(0.1)


async def test_news_come_once_figures_of_them_stand_and_again_after_a_restart(
    tables: Tables, path: Path
) -> None:
    figures = SocketFigures(path)
    async with figures.listening(MISSION) as news:
        async with process(tables, path):
            await value(figures, question(reading, "a"))
            tables.move(2, "reports")
            told = await asyncio.wait_for(news.get(), 5)
            assert (told.sequence, told.changed) == (2, ("reports",))
            assert await value(figures, question(reading, "a")) == 2
        tables.queues.clear()
        async with process(tables, path):
            await value(figures, question(reading, "a"))
            await asyncio.sleep(0.3)
            tables.move(3, "coverage")
            assert (await asyncio.wait_for(news.get(), 5)).sequence == 3


async def test_there_is_one_process_to_a_socket(
    tables: Tables, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.figures.process.LOCK_SECONDS", 0.0)
    async with process(tables, path):
        with pytest.raises(LockHeld):
            async with process(tables, path):
                raise AssertionError("a second one answers")
        assert await value(SocketFigures(path), question(reading, "a")) == 1


def test_last_answers_are_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "MOST_BYTES", 1000)
    kept = clients._LastAnswers()
    of: Any = None
    for at in range(10):
        kept.put(at, Values((b"x" * 300,), at, of))
    kept.put(9, Values((b"x" * 100,), 10, of))
    assert [kept.get(at) is not None for at in range(10)] == [False] * 7 + [True] * 3
    assert kept._bytes == 700


def test_problems_survive_the_way_between_processes() -> None:
    sent = Problem(NOT_FOUND, "detail", "field", {"X": "y"}, {"more": 1})
    came = pickle.loads(pickle.dumps(sent))
    assert came.kind is NOT_FOUND
    assert (came.members(), came.headers) == (sent.members(), sent.headers)


def test_the_socket_s_folder_is_its_owner_s_alone_and_its_path_short(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for each in (home, home / ("long" * 30)):
        found = socket_path(each)
        assert found == socket_path(each)
        assert found.parent.stat().st_mode & 0o777 == 0o700
        assert len(str(found)) <= LONGEST_PATH
    found.parent.chmod(0o755)
    with pytest.raises(SocketProblem):
        socket_path(each)
    found.parent.rmdir()
