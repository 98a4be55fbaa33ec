"""An edition: one record of a mission and its reference data at one moment. Every figure is made
of it, so that the numbers on a page agree."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any, TypeVar, cast

from analytics.observation.record import Record
from api.figures.reference import Reference

T = TypeVar("T")
Rows = Sequence[tuple[Any, ...]]
Read = Callable[[str, Mapping[str, Any]], Rows]
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
    read: Read = field(repr=False)
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

    def rows_of(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Rows of the database, read in the mission: for what is not in the record. ``sql`` names
        its parameters ``%(name)s``; ``m`` is the mission.

        Raises psycopg.Error where the database does not answer.
        """
        given = {"m": self.reference.mission.mission_id, **(parameters or {})}
        return self.read(sql, given)
