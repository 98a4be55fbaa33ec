"""Incidents kept in their order and counted, so that asking for them costs what changed since it
was asked."""

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args
from uuid import UUID

from schemas.report import ReportStatus

Evidence = Literal["several_sources", "documented", "observed", "reported"]
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
"""Strongest first: two teams or more, a photograph that arrived, seen by the observer, told."""
GRAVEST = 3
MOST_SEVERE = 15
"""What half a code can say."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OPEN = frozenset({ReportStatus.HELD, ReportStatus.RECEIVED, ReportStatus.FLAGGED})
SILENT = frozenset({ReportStatus.HELD, ReportStatus.QUARANTINED})
"""A report that is set aside bears out no other."""
COUNTED = frozenset(ReportStatus) - {ReportStatus.QUARANTINED}
"""The cases that are counted by nature."""

Order = tuple[int, int, int, UUID]
Case = tuple[UUID | None, str]
"""Where it was and what: reports of one case bear each other out."""


@dataclass(frozen=True)
class Incident:
    """One report of a case; ``evidence`` is the strongest that stands behind it.

    ``source`` is from whom the observer has it, ``affected`` whom it befell: options of the
    checklist.
    """

    report: UUID
    status: ReportStatus
    at: datetime
    place: UUID | None
    observer: UUID | None
    nature: str
    severity: int
    codes: tuple[str, ...]
    evidence: Evidence
    source: str
    danger: bool
    affected: tuple[str, ...]

    @property
    def urgent(self) -> bool:
        """Whether somebody must look now: nobody has decided, and it is grave or a danger."""
        return self.open and (self.danger or self.severity >= GRAVEST)

    @property
    def open(self) -> bool:
        """Whether nobody has decided on it yet."""
        return self.status in OPEN

    @property
    def order(self) -> Order:
        """Where it stands in a list: open ones first, gravest and then oldest first."""
        microseconds = (self.at - EPOCH) // timedelta(microseconds=1)
        return int(not self.open), MOST_SEVERE - self.severity, microseconds, self.report


class StandingIncidents:
    """The incidents of a round up to the clock ``sequence``."""

    def __init__(self) -> None:
        self.sequence = 0
        self._cases: defaultdict[Case, dict[UUID, Incident]] = defaultdict(dict)
        """Each as it was sent, without what others sent."""
        self._case_of: dict[UUID, Case] = {}
        self._order: list[Order] = []
        self._known: dict[UUID, Incident] = {}
        """Each under the strongest evidence."""
        self._counts: Counter[tuple[str, ReportStatus, Evidence]] = Counter()
        self.urgent = 0
        """How many somebody must look at now."""

    def take(self, now: Mapping[UUID, Incident | None]) -> None:
        """Reports as they stand now, each under the evidence that it is by itself; None of one
        that is no case of this round any more."""
        cases = {self._case_of[each] for each in now if each in self._case_of}
        cases |= {_case(each) for each in now.values() if each is not None}
        for case in cases:
            for known in self._cases[case]:
                self._drop(self._known.pop(known))
        for report, sent in now.items():
            self._send(report, sent)
        for case in cases:
            for each in self._evidenced(case):
                self._add(each)

    def _send(self, report: UUID, sent: Incident | None) -> None:
        """Put a report with its case, and with no other."""
        was = self._case_of.pop(report, None)
        if was is not None:
            del self._cases[was][report]
        if sent is not None:
            case = self._case_of[report] = _case(sent)
            self._cases[case][report] = sent

    def _evidenced(self, case: Case) -> Iterator[Incident]:
        """The reports of a case, each under the strongest evidence."""
        here = self._cases[case].values()
        teams = {each.observer for each in here if each.observer and each.status not in SILENT}
        borne_out = case[0] is not None and len(teams) > 1
        return (replace(each, evidence="several_sources") if borne_out else each for each in here)

    def _add(self, each: Incident) -> None:
        self._known[each.report] = each
        insort(self._order, each.order)
        self._counts[each.nature, each.status, each.evidence] += 1
        self.urgent += each.urgent

    def _drop(self, each: Incident) -> None:
        del self._order[bisect_left(self._order, each.order)]
        self._counts[each.nature, each.status, each.evidence] -= 1
        self.urgent -= each.urgent

    def __len__(self) -> int:
        return len(self._order)

    @property
    def open(self) -> int:
        """How many nobody has decided on yet."""
        return sum(count for (_, status, _), count in self._counts.items() if status in OPEN)

    def listed(self, most: int, behind: Order | None = None) -> list[Incident]:
        """At most so many: open ones first, gravest and then oldest first, from the beginning or
        behind one of them."""
        start = 0 if behind is None else bisect_right(self._order, behind)
        return [self._known[order[-1]] for order in self._order[start : start + most]]

    def by_nature(self, statuses: Collection[ReportStatus] = COUNTED) -> list[dict[str, Any]]:
        """Those of these statuses, of each nature by evidence, and how many of them are
        verified."""
        sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for (nature, status, evidence), count in self._counts.items():
            if count and status in statuses:
                verified = count if status == ReportStatus.VERIFIED else 0
                sums[nature].update({"cases": count, "verified": verified, evidence: count})
        return [
            {
                "nature": nature,
                "cases": summed["cases"],
                "verified": summed["verified"],
                "evidence": {grade: summed[grade] for grade in EVIDENCE},
            }
            for nature, summed in sorted(sums.items())
        ]


def _case(sent: Incident) -> Case:
    return (None, str(sent.report)) if sent.place is None else (sent.place, sent.nature)
