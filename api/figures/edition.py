"""An edition: one record of a mission and its reference data at one moment.

Every figure is made of it, so that the numbers on a page agree. Functions marked ``@figure`` take
it: see :mod:`api.figures.ask`.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock, RLock
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Executable

from analytics.observation.answers import NO_ANSWERS, Answers
from analytics.observation.record import Record
from api.figures.reference import Reference

T = TypeVar("T")
News = Callable[[int, int], Mapping[UUID, T | None]]
Read = Callable[[Executable | str, Mapping[str, Any]], Sequence[Any]]
"""Reads the database in the mission: a statement and its parameters, of which it adds ``m``."""


class Locks:
    """A lock for each key: who makes one thing does not hold up who makes another."""

    def __init__(self) -> None:
        self._own: dict[Hashable, RLock] = {}
        self._lock = Lock()

    def of(self, key: Hashable) -> RLock:
        """The lock of this key."""
        with self._lock:
            return self._own.setdefault(key, RLock())


class SideColumns:
    """Handed on from one record of a mission's round to the next."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, ...], Answers] = {}
        self._followed: dict[Hashable, tuple[int, Mapping[UUID, object]]] = {}
        self._set: dict[Hashable, tuple[Hashable, object]] = {}
        self._locks = Locks()

    def answers(
        self, names: tuple[str, ...], record: Record, round_id: UUID, read: Read
    ) -> Answers:
        """What each report of the round answered to these questions, as one text: a JSON list, of
        null where it said nothing. Nothing is known of reports that answered none of them."""
        with self._locks.of(("answers", names)):
            held = self._answers.get(names, NO_ANSWERS)
            if held.clock >= record.clock:
                return held.over(record)
            given = {
                "after": held.clock,
                "until": record.clock,
                "round": round_id,
                "names": list(names),
            }
            spoken = [(text, bytes(reports)) for text, reports in read(_answered(names), given)]
            found = self._answers[names] = held.over(record).with_texts(spoken, record)
            return found

    def followed(self, name: Hashable, clock: int, news: "News[T]") -> list[T]:
        """Things of reports as they are at a clock. ``news`` reads those of the reports that
        changed after one reading of the clock, up to another, by report; None of one that has
        none any more."""
        with self._locks.of(("followed", name)):
            at, held = self._followed.get(name, (0, {}))
            if at < clock:
                held = {**held, **news(at, clock)}
                held = {report: each for report, each in held.items() if each is not None}
                self._followed[name] = clock, held
            return cast(list[T], [*held.values()])

    def apart(self, clock: int) -> "SideColumns":
        """The same for an edition that is shown once and handed on to none, as of a clock: what it
        reads besides stays its own."""
        copy = SideColumns()
        copy._followed = {
            name: (min(at, clock), held) for name, (at, held) in self._followed.copy().items()
        }
        copy._set = self._set.copy()
        return copy

    def at_setting(self, name: Hashable, setting: Hashable, make: Callable[[], T]) -> T:
        """What was made since the reference data last changed, or is made now."""
        with self._locks.of(("set", name)):
            at, found = self._set.get(name, (None, None))
            if at != setting:
                found = make()
                self._set[name] = setting, found
            return cast(T, found)


def _answered(names: Sequence[str]) -> str:
    """Each distinct text once, with the ids of all reports that say it: most say what many others
    say. Of what changed also what says nothing any more."""
    asked = ", ".join(f"v.answers -> '{name}'" for name in names)
    return f"""
SELECT said, string_agg(uuid_send(id), ''::bytea) FROM (
  SELECT r.id, CASE WHEN r.round_id = %(round)s AND v.answers ?| %(names)s
    THEN jsonb_build_array({asked})::text END AS said
  FROM report r JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
    AND v.number = r.version
  WHERE r.mission_id = %(m)s AND r.changed > %(after)s AND r.changed <= %(until)s OFFSET 0) every
WHERE said IS NOT NULL OR %(after)s > 0 GROUP BY said"""  # noqa: S608  our own names alone


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
    they are read again."""
    read: Read = field(repr=False)
    side: SideColumns = field(default_factory=SideColumns, repr=False)
    """What is read besides, handed on from one edition to the next."""
    _made: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    _locks: Locks = field(default_factory=Locks, repr=False)

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
        with self._locks.of(key):
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
        """What was made under this key, or made now: once until the reference data change."""
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
