"""An edition: one record of a mission and its reference data at one moment. Every figure is made
of it, so that the numbers on a page agree."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any, TypeVar, cast

from sqlalchemy import Executable

from analytics.observation.answers import Answers
from analytics.observation.record import Record
from api.figures.reference import Reference
from api.figures.side_columns import News, SideColumns

T = TypeVar("T")
Read = Callable[[Executable | str, Mapping[str, Any]], Sequence[Any]]
"""Reads the database in the mission: a statement and what it is given."""


@dataclass(frozen=True)
class Edition:
    """What every figure gets as its first argument.

    ``as_of`` is the one moment that all its figures speak of. What is made of it is not to be
    changed: several are given the same.
    """

    reference: Reference
    record: Record
    as_of: datetime
    setting: int
    """The mission's clock when its reference data last changed: later than that of these while
    they are read anew."""
    read: Read = field(repr=False)
    side: SideColumns = field(default_factory=SideColumns, repr=False)
    """What is read besides, handed on from one edition to the next."""
    _made: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    _lock: RLock = field(default_factory=RLock, repr=False)

    @property
    def clock(self) -> int:
        """The mission's clock that it is of."""
        return self.record.clock

    @property
    def tag(self) -> str:
        """What the tags of answers are made of: the clock, and the round that they are of."""
        return f"{self.clock}-{self.reference.polling.round_id.hex[-8:]}"

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under this key, or made now: once in an edition."""
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            return cast(T, self._made[key])

    def answers(self, names: tuple[str, ...]) -> Answers:
        """What each report answered to these questions."""
        return self.side.answers(names, self.record, self.reference.polling.round_id, self.rows_of)

    def followed(self, name: str, news: News[T]) -> list[T]:
        """Things of reports, of which only the news are read again."""
        return self.side.followed(name, self.clock, news)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under this key, or made now: once until the mission's setting changes."""
        return self.side.at_setting(key, (self.setting, self.reference.setting), make)

    def rows_of(
        self, statement: Executable | str, parameters: Mapping[str, Any] | None = None
    ) -> Sequence[Any]:
        """Rows of the database, read in the mission: for what is not in the record. A plain text
        names its parameters ``%(name)s``; ``m`` is the mission.

        Raises an error of the database where it does not answer.
        """
        given = {"m": self.reference.mission.mission_id, **(parameters or {})}
        return self.read(statement, given)
