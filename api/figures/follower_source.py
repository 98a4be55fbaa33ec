"""What a follower holds, as editions are made of it."""

from collections.abc import Hashable
from dataclasses import dataclass
from threading import RLock
from typing import Any
from uuid import UUID

from api.figures.editions import Held
from api.figures.follower import Follower
from api.figures.watch import Watch


@dataclass(frozen=True)
class _Watched:
    """What a follower holds of a mission."""

    watch: Watch
    clock: int

    @property
    def state(self) -> Hashable:
        """As :attr:`Held.state`."""
        return self.clock, id(self.watch)

    def together(self) -> RLock:
        """As :meth:`Held.together`."""
        return self.watch.lock

    def make(self, figure: Any, arguments: tuple[Any, ...]) -> Any:
        """As :meth:`Held.make`."""
        return figure(self.watch, *arguments)


class FollowerSource:
    """The missions that a follower holds."""

    def __init__(self, follower: Follower) -> None:
        self._follower, self.listening = follower, follower.listening

    async def held(self, mission_id: UUID, round_code: str | None) -> Held:
        """As :meth:`Source.held`."""
        watch = await self._follower.of(mission_id, round_code)
        return _Watched(watch, watch.sequence)

    def progress(self, mission_id: UUID, round_code: str | None) -> float | None:
        """Not known."""
        return None
