"""What phones send of the forms of a day: most once, some again, some corrected.

What is planted is counted, so that it can be compared with what the mission says.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Report = dict[str, Any]


class Planted(StrEnum):
    """What is out of the ordinary about a report. Of one that comes again, the report is meant
    that no longer counts, or that has another version."""

    RETURN = "return"
    """The team comes back to a station that it has observed: a visit of its own."""
    REFUSED = "refused"
    """The observers are not let in all day."""
    CLOSED = "closed"
    """The station did not open."""
    UNSAFE = "unsafe"
    """It is not safe to be at the station."""
    LATE = "late"
    """Finished hours after it was due."""
    AHEAD = "ahead"
    """The phone's calendar stands a year ahead."""
    INCIDENT = "incident"
    CONFLICT = "conflict"
    """The second team at a station read other figures than the first."""
    STRANGE_STATION = "strange_station"
    """There is no such station."""
    STRANGE_ANSWER = "strange_answer"
    """Words stand where a number is asked for."""
    NOT_PLEDGED = "not_pledged"
    """One of the team has not pledged."""
    RESENT = "resent"
    """Sent twice, the same bytes."""
    COPIED = "copied"
    """Sent again under another id, which counts instead."""
    CORRECTED = "corrected"
    """Corrected by its sender: the first version has a mistake."""
    OVERTAKEN = "overtaken"
    """It comes after the phone's newer form of the same visit."""


HELD = frozenset({Planted.STRANGE_STATION, Planted.STRANGE_ANSWER, Planted.NOT_PLEDGED})
"""What is held for review."""
SUPERSEDED = frozenset({Planted.COPIED, Planted.OVERTAKEN})
"""What is kept, and counted nowhere: beside it came a report that counts."""


@dataclass(frozen=True)
class Form:
    """A form that a team finished. ``rank``: where fewer are wanted, the lowest are kept.

    ``again`` is what the phone sends of it once the day is over, and what that makes of a report.
    """

    rank: int
    report: Report
    planted: tuple[Planted, ...] = ()
    again: tuple[Planted, Report] | None = None


@dataclass(frozen=True)
class SentDay:
    """All that phones send, in its order, and the ids of what is planted in it."""

    reports: list[Report]
    planted: Mapping[Planted, tuple[str, ...]]

    def ids(self, kinds: Collection[Planted]) -> frozenset[str]:
        """The reports in which any of these is planted."""
        return frozenset(each for kind in kinds for each in self.planted.get(kind, ()))


def sent_day(forms: Iterable[Form], most: int) -> SentDay:
    """What is sent of these forms: at most so many reports. What comes again is sent last; the
    same bytes and a correction are no report more."""
    ranked = sorted(forms, key=lambda each: (each.rank, each.report["finalised_at"]))
    first: list[Report] = []
    last: list[Report] = []
    planted: defaultdict[Planted, list[str]] = defaultdict(list)
    room = most
    for form in ranked:
        if room <= 0:
            break
        first.append(form.report)
        room -= 1
        for kind in form.planted:
            planted[kind].append(form.report["id"])
        if form.again is None:
            continue
        kind, report = form.again
        more = kind in SUPERSEDED
        if more and not room:
            continue
        last.append(report)
        room -= more
        planted[kind].append(report["id"] if kind == Planted.OVERTAKEN else form.report["id"])
    first.sort(key=lambda each: each["finalised_at"])
    last.sort(key=lambda each: (each["finalised_at"], each["id"]))
    return SentDay(first + last, {kind: tuple(sorted(ids)) for kind, ids in planted.items()})
