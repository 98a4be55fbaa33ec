"""Incidents as cases: reports that are of one event, under the strongest evidence that there is."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from api.figures.incident_events import (
    EVIDENCE,
    NOTHING_DONE,
    UNDECIDED,
    Event,
    Evidence,
    Handling,
    Links,
    linked,
    state_of,
)
from schemas.desk import IncidentState
from schemas.report import ReportStatus

SEEN = "observed"
"""The source that is the observer's own eyes; from any other it is a claim, whatever else is
said."""
GRAVEST = 3
MOST_SEVERE = 15
"""What half a code can say."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SILENT = frozenset({ReportStatus.HELD, ReportStatus.QUARANTINED})
"""A report that is excluded supports no other."""
COUNTED = frozenset(IncidentState) - {IncidentState.REFUTED}
"""The cases that are counted by nature."""

Order = tuple[int, int, int, int, UUID]
Case = tuple[UUID | None, str]
"""Where it was and what: reports of one case bear each other out."""


@dataclass(frozen=True)
class Photo:
    """A photograph that a report names; without ``arrived_at`` it has not come yet."""

    report: UUID
    name: str
    sha256: str | None
    arrived_at: datetime | None


@dataclass(frozen=True)
class Incident:
    """An incident, by the report that stands for it; ``evidence`` is the strongest that there is.

    ``source`` is from whom the observer has it, ``affected`` whom it befell: options of the
    checklist. ``linked`` are the other reports of the same incident, ``sources`` says what each
    report proves by itself.
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
    received_at: datetime = EPOCH
    photos: tuple[Photo, ...] = ()
    events: tuple[Event, ...] = ()
    handling: Handling = NOTHING_DONE
    linked: tuple[UUID, ...] = ()
    derived: Evidence | None = field(default=None, compare=False)
    """What the evidence would be if nobody had lowered it."""

    @property
    def reports(self) -> tuple[UUID, ...]:
        """The report that stands for it, and those linked to it."""
        return self.report, *self.linked

    @property
    def state(self) -> IncidentState:
        """Where it stands."""
        return state_of(self.status, self.handling.state)

    @property
    def in_danger(self) -> bool:
        """Whether somebody is in danger: until a person says that it is over."""
        refuted = self.state == IncidentState.REFUTED
        return self.danger and self.handling.danger_over_at is None and not refuted

    @property
    def urgent(self) -> bool:
        """Whether somebody must look now: nobody has decided, and it is grave or a danger."""
        return self.open and (self.in_danger or self.severity >= GRAVEST)

    @property
    def open(self) -> bool:
        """Whether nobody has decided on it yet."""
        return self.state in UNDECIDED

    @property
    def order(self) -> Order:
        """The sort key of a list: danger first, then open ones, the most severe and then the
        oldest first."""
        microseconds = (self.at - EPOCH) // timedelta(microseconds=1)
        severity = MOST_SEVERE - self.severity
        return int(not self.in_danger), int(not self.open), severity, microseconds, self.report

    def age(self, at: datetime) -> timedelta:
        """How long it has been open, or was until somebody decided on it."""
        until = at if self.open else self.handling.state_at or at
        return max(until - self.received_at, timedelta())


@dataclass(frozen=True)
class OtherReport:
    """A linked report that is of another checklist: who sent it, and whether it counts."""

    observer: UUID | None
    status: ReportStatus


class Cases:
    """Incidents, each under the strongest evidence that there is, the reports that people linked
    as one. They are given as they were sent, under the evidence that each is by itself; ``others``
    are linked reports of other checklists."""

    def __init__(
        self, sent: Iterable[Incident] = (), others: Mapping[UUID, OtherReport] | None = None
    ) -> None:
        self._show(_assembled(list(sent), others or {}))

    def _show(self, known: Iterable[Incident], hidden: Iterable[Incident] = ()) -> None:
        self._listed = sorted(known, key=lambda each: each.order)
        self._counts = Counter((each.nature, each.state, each.evidence) for each in self._listed)
        self.hidden = tuple(hidden)
        """Those that are counted and not shown: they are restricted to others."""
        every = [*self._listed, *self.hidden]
        self.open = sum(each.open for each in every)
        """How many nobody has decided on yet."""
        self.urgent = sum(each.urgent for each in every)
        """How many somebody must look at now."""
        self.danger = sum(each.in_danger for each in every)
        """In how many somebody is in danger."""

    def __len__(self) -> int:
        return len(self._listed) + len(self.hidden)

    def seen(self, shown: Container[UUID], counted: Container[UUID]) -> "Cases":
        """Those that somebody may see, and beside them those that are only counted."""
        every, found = [*self._listed, *self.hidden], Cases()
        found._show(
            (each for each in every if each.report in shown),
            (each for each in every if each.report not in shown and each.report in counted),
        )
        return found

    @property
    def shown(self) -> Sequence[Incident]:
        """All that may be seen, in their order."""
        return self._listed

    def listed(self, most: int, behind: Order | None = None) -> list[Incident]:
        """At most so many: danger first, then open ones, most severe and then oldest, from the
        beginning or behind one of them."""
        start = 0
        if behind is not None:
            start = bisect_right(self._listed, behind, key=lambda each: each.order)
        return self._listed[start : start + most]

    def of(self, report: UUID) -> Incident | None:
        """The incident that a report is of, where it may be seen."""
        return next(
            (each for each in self._listed if report == each.report or report in each.linked), None
        )

    def by_nature(self, states: Collection[IncidentState] = COUNTED) -> list[dict[str, Any]]:
        """Those in these states, of each nature by evidence: how many are verified, how many are
        reported and not verified, and of how many that cannot be determined."""
        sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
        proven: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for (nature, state, evidence), count in self._counts.items():
            if state not in states:
                continue
            column = "reported" if state in UNDECIDED else state.value
            sums[nature].update({"cases": count, f"state {column}": count, evidence: count})
            if state == IncidentState.VERIFIED:
                proven[nature][evidence] += count
        return [
            {
                "nature": nature,
                "cases": summed["cases"],
                "verified": summed["state verified"],
                "reported_not_verified": summed["state reported"],
                "undetermined": summed["state undetermined"],
                "evidence": {grade: summed[grade] for grade in EVIDENCE},
                "verified_evidence": {grade: proven[nature][grade] for grade in EVIDENCE},
            }
            for nature, summed in sorted(sums.items())
        ]

    def by_state(self) -> dict[str, int]:
        """How many of those that may be seen are in each state."""
        found = Counter(each.state for each in self._listed)
        return {state.value: found[state] for state in IncidentState}


def _assembled(sent: Sequence[Incident], others: Mapping[UUID, OtherReport]) -> list[Incident]:
    """One incident each, of reports that were linked and of those that were not."""
    links = linked(event for each in sent for event in each.events)
    alone, members = {each.report: each for each in sent}, links.members()
    cases = defaultdict[Case, list[Incident]](list)
    for each in sent:
        cases[_case(each)].append(each)
    found = []
    for each in sent:
        if links.root(each.report) != each.report and links.root(each.report) in alone:
            continue
        named = members.get(each.report, ())
        own = [each, *(alone[one] for one in named if one in alone)]
        beside = [one for one in cases[_case(each)] if _may_support(links, each, one)]
        bearing: list[Incident | OtherReport] = [*own, *beside]
        bearing += [others[one] for one in named if one in others]
        teams = {one.observer for one in bearing if one.observer and one.status not in SILENT}
        found.append(_merged(own, named, borne_out=len(teams) > 1))
    return found


def _case(sent: Incident) -> Case:
    return (None, str(sent.report)) if sent.place is None else (sent.place, sent.nature)


def _may_support(links: Links, incident: Incident, other: Incident) -> bool:
    """Whether a report of the same kind from the same place bears an incident out: unless a person
    linked it to another one, or said that it is not the same."""
    free = links.root(other.report) in (other.report, incident.report)
    return free and not links.are_apart(incident.report, other.report)


def _merged(own: Sequence[Incident], named: Sequence[UUID], *, borne_out: bool) -> Incident:
    """The incident of a report and those linked to it, under the strongest evidence; a person may
    have lowered it."""
    first = own[0]
    derived: Evidence = "several_sources" if borne_out else strongest(each.evidence for each in own)
    grade = weakest(derived, first.handling.lowered or derived)
    if len(own) == 1:
        return replace(first, evidence=grade, derived=derived, linked=tuple(named))
    events = [event for each in own for event in each.events]
    return replace(
        first,
        evidence=grade,
        derived=derived,
        linked=tuple(named),
        severity=max(each.severity for each in own),
        codes=tuple(dict.fromkeys(code for each in own for code in each.codes)),
        danger=any(each.danger for each in own),
        photos=tuple(photo for each in own for photo in each.photos),
        events=tuple(sorted(events, key=lambda event: (event.sequence, event.id))),
    )


def strongest(grades: Iterable[Evidence]) -> Evidence:
    """The strongest of several grades of evidence."""
    return min(grades, key=EVIDENCE.index)


def weakest(*grades: Evidence) -> Evidence:
    """The weakest of several grades of evidence."""
    return max(grades, key=EVIDENCE.index)
