"""A cache of figures by mission, made again for each edition; the last answer is given meanwhile.

What is asked for together is answered from one edition, so that numbers on a page agree. There is
another edition when the mission's clock or the minute has moved, at most once a second. What was
asked for lately is made again in it, first what is most overdue for how often it is asked for;
until then whoever asks gets the last answer with its moment, so nobody waits for arithmetic that
was done before. A figure that nobody has asked for lately is made on demand, in other threads,
and joins.
"""

import asyncio
import math
import pickle
import time
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

import structlog

from api.figures.ask import FIGURES, BeingRead, Status
from api.figures.client import LastAnswers, Values
from api.figures.follower import WAITING, Folded, NoSuchRound
from api.figures.memory import trim_heap
from api.problems import UNAVAILABLE, Problem
from schemas.columns import now

T = TypeVar("T")
RENEW_SECONDS = 1.0
"""At least so long between two editions, unless somebody waits who has just acted."""
WATCHED_SECONDS = 120.0
"""A figure asked for within so long is made again for each edition. A page that is open asks again
whenever it hears that something changed."""
LAST_ANSWER = timedelta(minutes=10)
"""So old a last answer may be, of what is watched. After that whoever asks waits."""
BUDGET_SECONDS = 1.0
"""So long figures are made again before the next edition; what is asked for most seldom then has
the last answer, until it is its turn."""
IN_USE_SECONDS = 600.0
"""A mission that nobody asked for so long is renewed no more."""
MOST_BYTES = 64 << 20
"""So much of pickled figures an edition holds; what is made beyond that is not kept."""
LAST_BYTES = 32 << 20
"""So much of last answers is kept of a mission."""
THREADS = 2
"""So many figures are made again at a time, of all missions, and so many on demand: each takes
memory while it is. Who watches is not behind who asks for something new."""
FIRST_SECONDS = 5.0
"""So long a mission's first edition is waited for; then the answer is that it is being read."""
REACH_SECONDS = 3.0
"""So long a clock is waited for."""

log = structlog.get_logger("indelible.editions")
_RENEWING = ThreadPoolExecutor(THREADS, "figures made again")
_ON_DEMAND = ThreadPoolExecutor(THREADS, "figures on demand")


class LoadedState(Protocol):
    """What figures are made of: a mission at one clock."""

    @property
    def clock(self) -> int:
        """The mission's clock that it is of."""

    @property
    def state(self) -> Hashable:
        """Equal where figures made in the same minute would be equal."""

    def make(self, figure: Any, arguments: tuple[Any, ...]) -> Any:
        """One figure's value."""


class Source(Protocol):
    """Who holds missions."""

    async def loaded(self, mission_id: UUID, round_code: str | None) -> LoadedState:
        """The mission as of its last commit. Raises :class:`api.figures.follower.NoSuchRound`."""

    def listening(self, mission_id: UUID) -> AbstractAsyncContextManager["asyncio.Queue[Folded]"]:
        """A queue of what was committed."""

    def progress(self, mission_id: UUID, round_code: str | None) -> float | None:
        """Which share of a mission that is being read has been; None where that is not known."""


class NotListed(LookupError):
    """Something was asked for that is no figure."""


@dataclass
class _Edition:
    """Figures as they are pickled, by the pickled question."""

    loaded: LoadedState
    made: datetime
    as_of: datetime
    values: dict[bytes, "asyncio.Future[bytes]"] = field(default_factory=dict)
    failed: set[bytes] = field(default_factory=set)
    size: int = 0

    async def value(self, asked: bytes) -> bytes:
        """One figure: made if need be, once however many ask."""
        return await asyncio.shield(self._begun(asked, _ON_DEMAND))

    async def renew(self, watched: Sequence[bytes], note: Callable[[list[bytes]], None]) -> bool:
        """Make figures again, one after the other, and note each; whether the time sufficed."""
        until = time.monotonic() + BUDGET_SECONDS
        for asked in watched:
            if asked in self.values:
                continue
            if self.size > MOST_BYTES:
                break
            if time.monotonic() > until:
                return False
            # What fails is raised to whoever asks for it.
            with suppress(Exception):
                await asyncio.shield(self._begun(asked, _RENEWING))
            note([asked])
        return True

    def _begun(self, asked: bytes, threads: ThreadPoolExecutor) -> "asyncio.Future[bytes]":
        value = self.values.get(asked)
        if value is None:
            value = _in_thread(threads, _made, self.loaded, asked)
            self.values[asked] = value
            value.add_done_callback(lambda done: self._done(asked, done))
        return value

    def _done(self, asked: bytes, done: "asyncio.Future[bytes]") -> None:
        """What failed is tried again when it is asked for again."""
        failed = done.cancelled() or done.exception() is not None
        if failed:
            self.failed.add(asked)
        else:
            self.size += len(done.result())
        if failed or self.size > MOST_BYTES:
            self.values.pop(asked, None)

    def has(self, questions: Sequence[bytes]) -> bool:
        """Whether all that is asked for together is made, or could not be."""
        return all(
            asked in self.failed or (asked in self.values and self.values[asked].done())
            for asked in questions
        )

    async def answer(self, questions: Sequence[bytes]) -> Values:
        """All that is asked for together."""
        values = [await self.value(asked) for asked in questions]
        return Values(tuple(values), self.loaded.clock, self.as_of)


def _in_thread(
    threads: ThreadPoolExecutor, work: Callable[..., T], *arguments: Any
) -> "asyncio.Future[T]":
    """Work off the event loop, in one of a few threads."""
    return asyncio.get_running_loop().run_in_executor(threads, work, *arguments)


def _made(loaded: LoadedState, asked: bytes) -> bytes:
    """A figure's value, pickled. Raises :class:`NotListed`."""
    question = pickle.loads(asked)
    function = FIGURES.get(question.name)
    if function is None:
        raise NotListed(f"{question.name} is not listed as a figure")
    return pickle.dumps(loaded.make(function, question.arguments), pickle.HIGHEST_PROTOCOL)


class _Watched:
    """What was asked for lately, and how often."""

    def __init__(self) -> None:
        self._asked: dict[bytes, tuple[float, float]] = {}
        self._made: dict[bytes, float] = {}

    def note(self, questions: Sequence[bytes]) -> None:
        """These were asked for just now."""
        moment = time.monotonic()
        for asked in questions:
            last, _ = self._asked.pop(asked, (-math.inf, 0.0))
            self._asked[asked] = moment, moment - last

    def lately(self, questions: Sequence[bytes]) -> bool:
        """Whether all of these were asked for lately."""
        since = time.monotonic() - WATCHED_SECONDS
        return all(self._asked.get(each, (-math.inf, 0.0))[0] > since for each in questions)

    def made(self, questions: Sequence[bytes]) -> None:
        """These were made just now."""
        self._made.update(dict.fromkeys(questions, time.monotonic()))

    def overdue_first(self) -> list[bytes]:
        """All of the last :data:`WATCHED_SECONDS`; first what was made the most times ago that it
        is asked for, so that nothing is left out for good where the time does not suffice for all.
        Of what was asked for once the last first. The rest is forgotten."""
        moment = time.monotonic()
        since = moment - WATCHED_SECONDS
        self._asked = {asked: each for asked, each in self._asked.items() if each[0] > since}
        self._made = {asked: self._made.get(asked, moment) for asked in self._asked}

        def order(asked: bytes) -> tuple[float, float]:
            last, gap = self._asked[asked]
            age = moment - last
            return -(moment - self._made[asked]) / max(gap, age, RENEW_SECONDS), age

        return sorted(self._asked, key=order)


class _Mission:
    """One mission in one round: its edition, and what was asked for."""

    def __init__(self, source: Source, mission_id: UUID, round_code: str | None) -> None:
        self._source, self._of = source, (mission_id, round_code)
        self.edition: _Edition | None = None
        self._ahead: _Edition | None = None
        self.used = time.monotonic()
        self.listeners: set[asyncio.Queue[Folded]] = set()
        self._watched, self._last = _Watched(), LastAnswers(LAST_BYTES)
        self._news: Folded | None = None
        self._moved, self._urgent = asyncio.Event(), asyncio.Event()
        self._first = asyncio.create_task(self._renew())
        self._tasks = asyncio.create_task(self._hear()), asyncio.create_task(self._keep_up())

    @property
    def ended(self) -> bool:
        """Whether it is kept up no more."""
        return self._tasks[1].done()

    async def close(self) -> None:
        """Keep it up no more."""
        for task in (self._first, *self._tasks):
            task.cancel()
        await asyncio.gather(self._first, *self._tasks, return_exceptions=True)

    async def current(self) -> _Edition:
        """The current edition. Raises :class:`BeingRead` while there is none."""
        self.used = time.monotonic()
        if self.edition is None:
            await asyncio.wait({self._first}, timeout=FIRST_SECONDS)
            if not self._first.done():
                raise BeingRead(self._source.progress(*self._of))
        if self.edition is None:
            self._first.result()
        assert self.edition is not None
        return self.edition

    async def answer(self, questions: Sequence[bytes], at_least: int) -> Values:
        """The figures asked for, of the current edition or of a fresh one at the clock; while they
        are not made yet, the last answer of this clock."""
        edition = await self.current()
        if edition.loaded.clock < at_least:
            edition = await self._at(at_least)
        lately = self._watched.lately(questions)
        if not at_least:  # an act, such as a draft, asks once, and it is not made again
            self._watched.note(questions)
        key = tuple(questions)
        last = self._last.get(key) if lately and not edition.has(questions) else None
        if last is not None and last.clock >= at_least and last.as_of > now() - LAST_ANSWER:
            return last
        answer = await edition.answer(questions)
        self._last.put(key, answer)
        self._watched.made(questions)
        return answer

    async def _at(self, clock: int) -> _Edition:
        """An edition ahead of the current one, for whoever waits for a clock: only what they ask
        for is made. It becomes the current one where nothing changed meanwhile."""
        until = time.monotonic() + REACH_SECONDS
        while self._ahead is None or self._ahead.loaded.clock < clock:
            loaded = await self._source.loaded(*self._of)
            if loaded.clock >= clock:
                self._ahead = _Edition(loaded, now(), now())
                self._urgent.set()
                break
            if time.monotonic() > until:
                raise Problem(UNAVAILABLE, "The figures have not come so far yet.")
            await asyncio.sleep(0.05)
        return self._ahead

    async def _hear(self) -> None:
        async with self._source.listening(self._of[0]) as queue:
            while True:
                news = await queue.get()
                self._news = news.after(self._news) if self._news else news
                self._moved.set()

    async def _keep_up(self) -> None:
        """Renew while it is in use: when a notice says that something changed, and once a second,
        for the minute changes without a notice, and some writes give none."""
        try:
            await asyncio.wait({self._first})
            while self._in_use() and not isinstance(self._first.exception(), NoSuchRound):
                began = time.monotonic()
                await self._wait(self._moved, RENEW_SECONDS)
                self._moved.clear()
                await self._renew_safely()
                await self._wait(self._urgent, began + RENEW_SECONDS - time.monotonic())
                self._urgent.clear()
        finally:
            self._tasks[0].cancel()

    def _in_use(self) -> bool:
        return bool(self.listeners) or time.monotonic() - self.used < IN_USE_SECONDS

    async def _wait(self, event: asyncio.Event, seconds: float) -> None:
        """Wait for an event so long, or until somebody waits who has just acted."""
        waiting = {asyncio.ensure_future(each.wait()) for each in {event, self._urgent}}
        await asyncio.wait(waiting, timeout=max(seconds, 0.0), return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()

    async def _renew_safely(self) -> None:
        try:
            await self._renew()
        except Exception as error:
            log.warning("figures not renewed", error=type(error).__name__)

    async def _renew(self) -> None:
        loaded = await self._source.loaded(*self._of)
        moment, edition, ahead = now(), self.edition, self._ahead
        if edition is None or not _alike(edition, loaded, moment):
            going = ahead is not None and _alike(ahead, loaded, moment)
            edition = ahead if ahead is not None and going else _Edition(loaded, moment, moment)
            if ahead is not None and ahead.loaded.clock <= loaded.clock:
                self._ahead = None
        self.edition, edition.as_of = edition, moment
        watched = [each for each in self._watched.overdue_first() if each not in edition.values]
        whole = await edition.renew(watched, self._watched.made)
        if not whole:
            log.warning("edition not whole", watched=len(watched))
            self._moved.set()
        self._tell(loaded.clock, whole=whole)
        if watched:
            await _in_thread(_RENEWING, trim_heap)

    def _tell(self, clock: int, *, whole: bool) -> None:
        """Pass on notices of commits, once there are figures of them; again once all are made."""
        if self._news is None:
            return
        news, ahead = replace(self._news, sequence=clock), self._news.sequence > clock
        self._news = self._news if ahead or not whole else None
        for queue in self.listeners:
            queue.put_nowait(news.after(queue.get_nowait()) if queue.full() else news)


def _alike(edition: _Edition, loaded: LoadedState, moment: datetime) -> bool:
    """Whether an edition is of the same state and this minute."""
    same = edition.made.replace(second=0, microsecond=0) == moment.replace(second=0, microsecond=0)
    return same and edition.loaded.state == loaded.state


class Editions:
    """The editions of the missions that somebody asks for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._missions: dict[tuple[UUID, str | None], _Mission] = {}

    async def close(self) -> None:
        """Renew no more."""
        for mission in self._missions.values():
            await mission.close()

    async def answer(
        self, mission_id: UUID, questions: Sequence[bytes], round_code: str | None, at_least: int
    ) -> Values:
        """As :meth:`api.figures.ask.Figures.answer`, of pickled questions."""
        return await self._of(mission_id, round_code).answer(questions, at_least)

    @asynccontextmanager
    async def listening(self, mission_id: UUID) -> AsyncIterator["asyncio.Queue[Folded]"]:
        """A queue of which figures changed, filled once there are figures of it."""
        queue: asyncio.Queue[Folded] = asyncio.Queue(WAITING)
        mission = self._of(mission_id, None)
        mission.listeners.add(queue)
        try:
            yield queue
        finally:
            mission.listeners.discard(queue)
            mission.used = time.monotonic()

    def status(self) -> Status:
        """How many editions there are, and the newest one's moment."""
        found = [each.edition for each in self._missions.values() if each.edition is not None]
        return Status(len(found), max((each.as_of for each in found), default=None))

    def _of(self, mission_id: UUID, round_code: str | None) -> _Mission:
        key = mission_id, round_code
        for each in [each for each, mission in self._missions.items() if mission.ended]:
            del self._missions[each]
        if key not in self._missions:
            self._missions[key] = _Mission(self._source, mission_id, round_code)
        return self._missions[key]
