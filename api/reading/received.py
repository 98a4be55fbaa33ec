"""The reports that came to a mission, as they stand: one by one, by status, the newest."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, ValuesView
from datetime import datetime
from uuid import UUID

from analytics.coverage import Received
from schemas.mission import Kind
from schemas.report import COUNTED, ReportStatus


class ReceivedReports:
    """Every report by its id. What is asked often costs what changed since it was asked."""

    def __init__(self) -> None:
        self._held: dict[int, Received] = {}
        self._news: list[int] = []
        self.statuses: Counter[ReportStatus] = Counter()
        """How many reports have each status."""
        self.counted: defaultdict[str, Counter[tuple[int, Kind]]] = defaultdict(Counter)
        """How many count of each checklist, by area and kind of observer."""
        self.last: datetime | None = None
        """When the last of them came."""
        self._at: dict[Kind, Counter[int | None]] = {kind: Counter() for kind in Kind}

    def take(self, report: UUID, came: Received) -> Received | None:
        """A report as it stands now; gives back how it stood before, None where it is new."""
        number = report.int
        before = self._held.get(number)
        if before is not None:
            self._count(before, -1)
        self._count(came, 1)
        self._held[number] = came
        self._news.append(number)
        if self.last is None or came.received_at > self.last:
            self.last = came.received_at
        return before

    def _count(self, came: Received, sign: int) -> None:
        self.statuses[came.status] += sign
        self._at[came.kind][came.place] += sign
        if came.status in COUNTED:
            self.counted[came.checklist][came.area, came.kind] += sign

    def places(self, kind: Kind) -> set[int]:
        """The places from which a kind of observer reported."""
        return {at for at, count in self._at[kind].items() if count and at is not None}

    def get(self, report: UUID) -> Received | None:
        """One report; None where it did not come."""
        return self._held.get(report.int)

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
