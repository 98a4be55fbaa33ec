"""Asking for figures: a function is named, run beside the mission's record, its value sent back.

Who asks holds nothing of a mission. What is asked for together is of one edition, so that the
numbers on a page agree.
"""

import asyncio
import pickle
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID

from api.figures.edition import Edition
from api.figures.follower import Folded, Follower
from api.problems import UNAVAILABLE, Problem

T = TypeVar("T")
P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., Any])
Figure = Callable[Concatenate[Edition, P], T]
"""A figure: a function of what is held of a mission and of picklable arguments, whose value can be
pickled too."""

FIGURES: dict[str, Callable[..., Any]] = {}
"""Every function that may be asked for, by its module and name."""


def figure(function: F) -> F:
    """List a function among those that may be asked for."""
    FIGURES[name_of(function)] = function
    return function


def name_of(function: Callable[..., Any]) -> str:
    """What a figure is asked for by: its module and its name in it."""
    return f"{function.__module__}:{function.__qualname__}"


@dataclass(frozen=True)
class Answer:
    """Values that were asked for together: of the mission at ``clock``, made at ``as_of``."""

    values: tuple[Any, ...]
    clock: int
    as_of: datetime


@dataclass(frozen=True)
class Question:
    """A figure by its name, with its arguments."""

    name: str
    arguments: tuple[Any, ...] = ()


def question(function: Callable[..., Any], *arguments: Any) -> Question:
    """What is asked for. Raises KeyError where the function is not listed."""
    name = name_of(function)
    if name not in FIGURES:
        raise KeyError(f"{name} is not listed as a figure")
    return Question(name, arguments)


class BeingRead(Problem):
    """The mission is being read for the first time since the background process started;
    ``progress`` is the share that is read, where that is known."""

    def __init__(self, progress: float | None = None) -> None:
        far = "" if progress is None else f" ({progress:.0%})"
        super().__init__(UNAVAILABLE, f"The mission is being read{far}; ask again in a moment.")
        self.progress = progress

    def __reduce__(self) -> tuple[Any, ...]:
        return BeingRead, (self.progress,)


@dataclass(frozen=True)
class Status:
    """How many missions' figures are kept up, and when the newest were made (None: none yet)."""

    missions: int
    as_of: datetime | None


class Figures(Protocol):
    """Where figures are asked for."""

    async def answer(
        self,
        mission_id: UUID,
        questions: Sequence[Question],
        *,
        round_code: str | None = None,
        at_least: int = 0,
    ) -> Answer:
        """The figures of one edition, in a round (None: the one whose polling is nearest to now),
        made at a clock of at least ``at_least``. Raises
        :class:`api.figures.follower.NoSuchRound`; the problem 503 where there are none just now,
        such as :class:`BeingRead`, and where the clock is not reached in time."""

    def listening(self, mission_id: UUID) -> AbstractAsyncContextManager["asyncio.Queue[Folded]"]:
        """A queue of which figures changed; a slow listener gets one item with all that changed."""

    async def status(self) -> Status | None:
        """How those who make figures are; None where they do not answer."""


async def ask(
    figures: Figures,
    mission_id: UUID,
    function: Figure[P, T],
    *arguments: Any,
    round_code: str | None = None,
    at_least: int = 0,
) -> T:
    """One figure's value."""
    asked = [question(function, *arguments)]
    found = await figures.answer(mission_id, asked, round_code=round_code, at_least=at_least)
    return cast(T, found.values[0])


async def answer_as_of(
    figures: Figures,
    mission_id: UUID,
    questions: Sequence[Question],
    round_code: str | None,
    clock: int,
) -> Answer:
    """Figures of a clock at least (0: the current ones); where they are not made just now, the
    last. What must not be of before it asks with ``at_least``."""
    asked = partial(figures.answer, mission_id, questions, round_code=round_code)
    if clock:
        with suppress(Problem):
            return await asked(at_least=clock)
    return await asked()


class LocalFigures:
    """Figures made in this process, of the missions that its follower holds."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower

    async def answer(
        self,
        mission_id: UUID,
        questions: Sequence[Question],
        *,
        round_code: str | None = None,
        at_least: int = 0,
    ) -> Answer:
        """As :meth:`Figures.answer`."""
        edition = await self._follower.of(mission_id, round_code)
        return await asyncio.to_thread(_answered, edition, tuple(questions))

    def listening(self, mission_id: UUID) -> AbstractAsyncContextManager["asyncio.Queue[Folded]"]:
        """As :meth:`Figures.listening`."""
        return self._follower.listening(mission_id)

    async def status(self) -> Status:
        """None is kept: each answer is made when it is asked for."""
        return Status(0, None)


def _answered(edition: Edition, questions: tuple[Question, ...]) -> Answer:
    """Values as they come out of a pickle: what cannot be sent is found here too."""
    sent = pickle.loads(pickle.dumps(questions))
    values = tuple(FIGURES[each.name](edition, *each.arguments) for each in sent)
    answer = Answer(values, edition.clock, edition.as_of)
    return cast(Answer, pickle.loads(pickle.dumps(answer)))
