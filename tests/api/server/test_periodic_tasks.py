"""What the server does of itself goes on after a round that failed."""

import asyncio

import psycopg

from api.background.tasks import rounds


async def test_a_round_that_fails_is_made_up_for_by_the_next() -> None:
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    failures = [psycopg.OperationalError("gone"), ValueError("odd")]

    def work() -> None:
        if failures:
            raise failures.pop()
        loop.call_soon_threadsafe(done.set)

    async with rounds("test", 0.01, work):
        await asyncio.wait_for(done.wait(), 10)


async def test_rounds_end_with_the_application() -> None:
    count = 0

    def work() -> None:
        nonlocal count
        count += 1

    async with rounds("test", 0.01, work):
        await asyncio.sleep(0.2)
    ended = count
    await asyncio.sleep(0.1)
    assert 0 < ended == count
