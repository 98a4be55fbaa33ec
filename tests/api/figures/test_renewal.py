"""An edition is renewed: what is made again, in which order, and what is answered meanwhile."""

import asyncio
import time
from pathlib import Path

import pytest

from api.figures import editions as module
from api.figures.ask import question
from api.figures.client import (
    SocketFigures,
)
from api.problems import UNAVAILABLE, Problem
from tests.api.figures.mission_of_clock import (
    GO_ON,
    MADE,
    MISSION,
    Tables,
    gone_later,
    process,
    reading,
    slow,
    slow_reading,
    value,
    waiting,
)


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


async def test_until_a_figure_is_made_again_the_last_answer_is_given_with_its_moment(
    tables: Tables, path: Path
) -> None:
    figures, asked = SocketFigures(path), [question(reading, "a"), question(slow, 0.8)]
    async with process(tables, path):
        before = await figures.answer(MISSION, asked)
        tables.move(2)
        deadline, found = time.monotonic() + 5, before
        while found.clock == 1 and time.monotonic() < deadline:
            assert (found.values, found.as_of) == ((1, 1), before.as_of)
            began = time.monotonic()
            found = await figures.answer(MISSION, asked)
            assert time.monotonic() - began < 0.4
            await asyncio.sleep(0.02)
    assert (found.values, found.clock) == ((2, 2), 2)
    assert found.as_of > before.as_of


async def test_who_asks_for_something_new_does_not_hold_up_what_is_watched(
    tables: Tables, path: Path
) -> None:
    figures = SocketFigures(path)
    async with process(tables, path):
        await value(figures, question(reading, "watched"))
        new = [asyncio.create_task(value(figures, question(waiting, at))) for at in range(6)]
        try:
            tables.move(2)
            await asyncio.sleep(1.5)
            assert await value(figures, question(reading, "watched")) == 2
            assert not any(each.done() for each in new)
        finally:
            GO_ON.set()
        await asyncio.gather(*new)


async def test_what_cannot_be_made_any_more_is_no_last_answer(
    tables: Tables, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = SocketFigures(path)
    async with process(tables, path):
        assert await value(figures, question(gone_later)) == 1
        tables.move(2)
        await asyncio.sleep(1.5)
        with pytest.raises(Problem):
            await value(figures, question(gone_later))


async def test_what_is_asked_for_most_often_is_made_first(
    tables: Tables, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUDGET_SECONDS", 0.2)
    figures = SocketFigures(path)
    async with process(tables, path):
        for name in ("often", "seldom", "often", "once"):
            await value(figures, question(slow_reading, name))
            await asyncio.sleep(0.1)
        MADE.clear()
        tables.move(2)
        for _ in range(200):
            await asyncio.sleep(0.05)
            if len(MADE) == 3:
                break
    assert [name for name, _ in MADE] == ["often", "once", "seldom"]


async def test_what_nobody_asked_for_lately_has_no_last_answer(
    tables: Tables, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WATCHED_SECONDS", 0.2)
    figures = SocketFigures(path)
    async with process(tables, path):
        assert await value(figures, question(reading, "a")) == 1
        await asyncio.sleep(0.3)
        tables.move(2)
        await asyncio.sleep(1.2)
        assert await value(figures, question(reading, "a")) == 2


async def test_what_is_asked_for_seldom_is_not_left_out_for_good(
    tables: Tables, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUDGET_SECONDS", 0.2)
    figures = SocketFigures(path)
    async with process(tables, path):
        for step in range(30):
            await value(figures, question(slow_reading, "often"))
            if step % 10 == 0:
                await value(figures, question(slow_reading, "seldom"))
            tables.move(step + 2)
            await asyncio.sleep(0.2)
    assert any(clock > 5 for name, clock in MADE if name == "seldom")


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
