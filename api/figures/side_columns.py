"""A cache beside the records of one mission and round: columns that figures read from the database
themselves, because few ask for them.

What reports answered is read whole when somebody first asks; later only what changed since. What
changes with the mission's setting alone is read again when that has changed.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from threading import RLock
from typing import Any, TypeVar, cast
from uuid import UUID

from analytics.observation.answers import NO_ANSWERS, Answers
from analytics.observation.record import Record

T = TypeVar("T")
News = Callable[[int, int], Mapping[UUID, T | None]]
Read = Callable[[str, Mapping[str, Any]], Iterable[Sequence[Any]]]
"""Reads the database in the mission: a statement and its parameters, of which it adds ``m``."""


class SideColumns:
    """Handed on from one record of a mission's round to the next."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, ...], Answers] = {}
        self._followed: dict[Hashable, tuple[int, Mapping[UUID, object]]] = {}
        self._set: dict[Hashable, tuple[Hashable, object]] = {}
        self._lock = RLock()

    def answers(
        self, names: tuple[str, ...], record: Record, round_id: UUID, read: Read
    ) -> Answers:
        """What each report of the round answered to these questions, as one text: a JSON list, of
        null where it said nothing. Nothing is known of reports that answered none of them."""
        with self._lock:
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
        """Things of reports as they stand at a clock. ``news`` reads those of the reports that
        changed after one reading of the clock, up to another, by report; None of one that has
        none any more."""
        with self._lock:
            at, held = self._followed.get(name, (0, {}))
            if at < clock:
                held = {**held, **news(at, clock)}
                held = {report: each for report, each in held.items() if each is not None}
                self._followed[name] = clock, held
            return cast(list[T], [*held.values()])

    def at_setting(self, name: Hashable, setting: Hashable, make: Callable[[], T]) -> T:
        """What was made at this setting of the mission and its reference data, or is made now."""
        with self._lock:
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
