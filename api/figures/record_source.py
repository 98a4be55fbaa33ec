"""The follower's missions, as the source that editions are made from."""

from collections.abc import Hashable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.figures.edition import Edition
from api.figures.editions import Held
from api.figures.follower import Follower


@dataclass(frozen=True)
class _OfRecord:
    """Figures are made of a frozen record: nothing moves while they are."""

    edition: Edition

    @property
    def clock(self) -> int:
        """As :attr:`Held.clock`."""
        return self.edition.clock

    @property
    def state(self) -> Hashable:
        """As :attr:`Held.state`."""
        return self.clock, id(self.edition.reference)

    def together(self) -> AbstractContextManager[None]:
        """As :meth:`Held.together`."""
        return nullcontext()

    def make(self, figure: Any, arguments: tuple[Any, ...]) -> Any:
        """As :meth:`Held.make`."""
        return figure(self.edition, *arguments)


class RecordSource:
    """See :class:`api.figures.editions.Source`."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self.listening, self.progress = follower.listening, follower.progress

    async def held(self, mission_id: UUID, round_code: str | None) -> Held:
        """As :meth:`Source.held`."""
        return _OfRecord(await self._follower.of(mission_id, round_code))
