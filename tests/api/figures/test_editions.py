"""Figures asked for over the socket of the background process, with and without editions."""

import asyncio
import pickle
import time
from pathlib import Path
from typing import Any

import pytest

from api.database.locks import LockHeld
from api.figures import client as clients
from api.figures import editions as module
from api.figures.ask import BeingRead, Question, question
from api.figures.client import (
    LONGEST_PATH,
    LastAnswers,
    SocketFigures,
    SocketProblem,
    Values,
    socket_path,
)
from api.figures.editions import NotListed
from api.figures.follower import NoSuchRound
from api.problems import NOT_FOUND, UNAVAILABLE, Problem
from tests.api.figures.mission_of_clock import (
    MADE,
    MISSION,
    Table,
    Tables,
    broken,
    process,
    reading,
    refused,
    slow,
    value,
)


async def test_one_edition_answers_all_until_it_is_renewed(tables: Tables, path: Path) -> None:
    figures = SocketFigures(path)
    async with process(tables, path):
        asked = [question(reading, "a"), question(reading, "b"), question(reading, "a")]
        first = await figures.answer(MISSION, asked)
        again = await SocketFigures(path).answer(MISSION, asked)
    assert first.values == again.values == (1, 1, 1)
    assert first.clock == 1
    assert sorted(MADE) == [("a", 1), ("b", 1)]


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
    figures, loaded = SocketFigures(path), tables.loaded

    async def unreachable(*_: object) -> Table:
        raise Problem(UNAVAILABLE)

    monkeypatch.setattr(tables, "loaded", unreachable)
    async with process(tables, path), figures.listening(MISSION) as news:
        with pytest.raises(Problem):
            await value(figures, question(reading, "a"))
        monkeypatch.setattr(tables, "loaded", loaded)
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


def test_last_answers_are_bounded_by_bytes() -> None:
    kept = LastAnswers(1000)
    of: Any = None
    for at in range(10):
        kept.put(at, Values((b"x" * 300,), at, of))
    kept.put(9, Values((b"x" * 100,), 10, of))
    assert [kept.get(at) is not None for at in range(10)] == [False] * 7 + [True] * 3


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
