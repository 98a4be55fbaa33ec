"""Incidents in their order, under the strongest evidence behind each, and counted."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
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


class Cases:
    """Incidents, each under the strongest evidence that stands behind it. They are given as they
    were sent, under the evidence that each is by itself."""

    def __init__(self, sent: Iterable[Incident] = ()) -> None:
        cases = defaultdict[Case, list[Incident]](list)
        for each in sent:
            cases[_case(each)].append(each)
        known = [each for case, here in cases.items() for each in _evidenced(case, here)]
        self._listed = sorted(known, key=lambda each: each.order)
        self._counts = Counter((each.nature, each.status, each.evidence) for each in known)
        self.open = sum(each.open for each in known)
        """How many nobody has decided on yet."""
        self.urgent = sum(each.urgent for each in known)
        """How many somebody must look at now."""

    def __len__(self) -> int:
        return len(self._listed)

    def listed(self, most: int, behind: Order | None = None) -> list[Incident]:
        """At most so many: open ones first, gravest and then oldest first, from the beginning or
        behind one of them."""
        start = 0
        if behind is not None:
            start = bisect_right(self._listed, behind, key=lambda each: each.order)
        return self._listed[start : start + most]

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


def _evidenced(case: Case, here: Sequence[Incident]) -> Iterable[Incident]:
    """The reports of a case, each under the strongest evidence."""
    teams = {each.observer for each in here if each.observer and each.status not in SILENT}
    borne_out = case[0] is not None and len(teams) > 1
    return (replace(each, evidence="several_sources") if borne_out else each for each in here)


def _case(sent: Incident) -> Case:
    return (None, str(sent.report)) if sent.place is None else (sent.place, sent.nature)
