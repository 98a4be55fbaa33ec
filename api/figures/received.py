"""The reports that came to a mission, as they stand: one by one, by status, the newest."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, ValuesView
from datetime import datetime
from uuid import UUID

from analytics.observation.coverage import Received
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus


class ReceivedReports:
    """Every report by its id. What is asked often costs what changed since it was asked."""

    def __init__(self) -> None:
        self._held: dict[int, Received] = {}
        self._news: list[int] = []
        self._uncounted: list[tuple[Received, Received | None]] = []
        self._statuses: Counter[ReportStatus] = Counter()
        self._counted: defaultdict[str, Counter[tuple[int, Kind]]] = defaultdict(Counter)
        self._at: dict[Kind, Counter[int | None]] = {kind: Counter() for kind in Kind}
        self._aside: defaultdict[tuple[str, Kind], Counter[int | None]] = defaultdict(Counter)
        self._judged: Counter[UUID] = Counter()
        self._last: datetime | None = None

    def take(self, report: UUID, came: Received) -> Received | None:
        """A report as it stands now; gives back how it stood before, None where it is new."""
        number = report.int
        before = self._held.get(number)
        self._held[number] = came
        self._news.append(number)
        self._uncounted.append((came, before))
        return before

    def _update(self) -> "ReceivedReports":
        for came, before in self._uncounted:
            self._count(came, 1)
            if before is not None:
                self._count(before, -1)
            if self._last is None or came.received_at > self._last:
                self._last = came.received_at
        self._uncounted.clear()
        return self

    def _count(self, came: Received, sign: int) -> None:
        self._statuses[came.status] += sign
        self._at[came.kind][came.place] += sign
        if came.rules is not None:
            self._judged[came.rules] += sign
        if came.status in COUNTED:
            self._counted[came.checklist][came.area, came.kind] += sign
        elif came.status != ReportStatus.SUPERSEDED:
            self._aside[came.checklist, came.kind][came.place] += sign

    @property
    def statuses(self) -> Counter[ReportStatus]:
        """How many reports have each status."""
        return self._update()._statuses

    @property
    def judged(self) -> Counter[UUID]:
        """How many each revision of the rules has judged."""
        return self._update()._judged

    @property
    def last(self) -> datetime | None:
        """When the last of them came."""
        return self._update()._last

    def counted(self, checklist: str) -> Counter[tuple[int, Kind]]:
        """How many of a checklist count, by area and kind of observer."""
        return +self._update()._counted[checklist]

    def came_on(self, checklist: str) -> bool:
        """Whether any report came on a checklist, those that are held included."""
        return bool(self.counted(checklist)) or any(self.aside(checklist, kind) for kind in Kind)

    def places(self, kind: Kind) -> set[int]:
        """The places from which a kind of observer reported."""
        at = self._update()._at[kind]
        return {place for place, count in at.items() if count and place is not None}

    def aside(self, checklist: str, kind: Kind) -> set[int]:
        """The places of a checklist's reports that are held, or in quarantine."""
        at = self._update()._aside[checklist, kind]
        return {place for place, count in at.items() if count and place is not None}

    def get(self, report: UUID) -> Received | None:
        """One report; None where it did not come."""
        return self._held.get(report.int)

    def team_of(self, report: UUID) -> str:
        """The team that a report comes from, whichever of its members sent it."""
        came = self.get(report)
        return came.observer if came else ""

    def __contains__(self, report: UUID) -> bool:
        return report.int in self._held

    def __len__(self) -> int:
        return len(self._held)

    def values(self) -> ValuesView[Received]:
        """All of them, in the order in which they first came."""
        return self._held.values()

    def newest(self, count: int) -> Iterable[tuple[UUID, Received]]:
        """The reports that came last, the newest first; ask for the same ``count`` each time."""
        held = self._held
        self._news = heapq.nlargest(
            count, dict.fromkeys(self._news), key=lambda number: (held[number].received_at, number)
        )
        return [(UUID(int=number), held[number]) for number in self._news]
