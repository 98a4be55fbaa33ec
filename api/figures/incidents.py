"""Incidents: cases that reached the mission, by how well they are evidenced. Never a rate."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import Row, Select, exists, func
from sqlmodel import col

from analytics.observation.code_matrix import NOWHERE
from analytics.observation.received import came_on
from analytics.statements import Incidents as Verified
from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.figures.ask import figure
from api.figures.edition import Edition
from api.figures.reference_data import PublishedRules
from schemas.checklist import Texts
from schemas.codes import Status, severity_of, status_of
from schemas.report import Attachment, Judgement, Report, ReportStatus, ReportVersion
from schemas.rights import Right
from schemas.words import in_language

Evidence = Literal["several_sources", "documented", "observed", "reported"]
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
"""Strongest first: two teams or more, a photograph that arrived, seen by the observer, reported
to the observer."""
GRAVEST = 3
MOST_SEVERE = 15
"""What half a code can say."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OPEN = frozenset({ReportStatus.HELD, ReportStatus.RECEIVED, ReportStatus.FLAGGED})
SILENT = frozenset({ReportStatus.HELD, ReportStatus.QUARANTINED})
"""A report that is excluded supports no other."""
COUNTED = frozenset(ReportStatus) - {ReportStatus.QUARANTINED}
"""The cases that are counted by nature."""

Order = tuple[int, int, int, UUID]
Case = tuple[UUID | None, str]
"""Where it was and what: reports of one case bear each other out."""


@dataclass(frozen=True)
class Incident:
    """One report of a case; ``evidence`` is the strongest that there is.

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
        """The sort key of a list: open ones first, the most severe and then the oldest first."""
        microseconds = (self.at - EPOCH) // timedelta(microseconds=1)
        return int(not self.open), MOST_SEVERE - self.severity, microseconds, self.report


class Cases:
    """Incidents, each under the strongest evidence that there is. They are given as they
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
        """At most so many: open ones first, most severe and then oldest, from the beginning or
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


CHECKLIST = "incident"
"""The checklist of the library on which observers send incidents."""
ASKED = ("nature", "source", "danger", "affected")
"""The answers that a case is listed with."""
SEEN = "observed"
"""The source that is the observer's own eyes; from any other it is a claim, whatever else is
said."""


@dataclass(frozen=True)
class IncidentList:
    """The first incidents, as :func:`incident_out` shows them, and counts of all."""

    rows: tuple[dict[str, Any], ...]
    cases: int
    open: int
    by_nature: list[dict[str, Any]]


@figure
def incident_list(edition: Edition, who: Principal, most: int) -> IncidentList:
    """At most so many of the round's incidents that somebody may see. Problem: as
    :func:`incidents`."""
    found = incidents(edition, who)
    rows = tuple(incident_out(edition, each) for each in found.listed(most))
    return IncidentList(rows, len(found), found.open, found.by_nature())


@dataclass(frozen=True)
class IncidentPage:
    """Some of the incidents as :func:`incident_out` shows them, the key of the last where others
    follow, and counts of all."""

    rows: list[dict[str, Any]]
    last: Order | None
    summary: dict[str, Any]


@figure
def incident_page(
    edition: Edition, who: Principal, most: int, behind: Order | None
) -> IncidentPage:
    """So many of the round's incidents behind one. Problem: as :func:`incidents`."""
    found = incidents(edition, who)
    rest = found.listed(most + 1, behind)
    rows = [incident_out(edition, each) for each in rest[:most]]
    last = rest[most - 1].order if len(rest) > most else None
    return IncidentPage(rows, last, summary_out(found))


@figure
def urgent_incidents(edition: Edition, who: Principal) -> int:
    """How many incidents somebody must look at now (bamako:66); none are read where none came."""
    return incidents(edition, who).urgent if came_on(edition.record, CHECKLIST) else 0


def incidents(edition: Edition, who: Principal) -> Cases:
    """The round's incidents that somebody may see. A 404 problem for whoever sees no reports."""
    rows = _rows(who, edition)
    if who.area_id is not None or who.sections or not who.may(Right.SEE_REPORTS):
        return Cases(each for each in _sent(edition, rows).values() if each is not None)

    def news(after: int, until: int) -> dict[UUID, Incident | None]:
        changed = col(Report.changed)
        return _sent(edition, rows.where(changed > after, changed <= until))

    return edition.cached("incidents", lambda: Cases(edition.followed("incidents", news)))


def _sent(edition: Edition, query: Select[Any]) -> dict[UUID, Incident | None]:
    """Each as it was sent, by its report."""
    return {row.id: _incident(edition, row) for row in edition.rows_of(query)}


def _rows(who: Principal, edition: Edition) -> Select[Any]:
    """Of each incident what it is listed by: its newest version, as it was judged."""
    content = (
        (col(ReportVersion.mission_id) == col(Report.mission_id))
        & (col(ReportVersion.report_id) == col(Report.id))
        & (col(ReportVersion.number) == col(Report.version))
    )
    judged = (
        (col(Judgement.mission_id) == col(Report.mission_id))
        & (col(Judgement.report_id) == col(Report.id))
        & (col(Judgement.number) == col(Report.version))
        & (col(Judgement.rules_id) == col(Report.rules_id))
    )
    photographed = exists().where(
        col(Attachment.mission_id) == col(Report.mission_id),
        col(Attachment.report_id) == col(Report.id),
        col(Attachment.arrived_at).is_not(None),
    )
    columns: Any = (
        Report.id,
        Report.status,
        Report.round_id,
        Report.place_id,
        Report.observer_id,
        Report.rules_id,
        func.coalesce(Report.arrived_at, Report.received_at).label("at"),
        *(col(ReportVersion.answers)[each].label(each) for each in ASKED),
        Judgement.codes,
        photographed.label("photographed"),
    )
    return (
        visible_reports(who)
        .where(col(Report.checklist) == CHECKLIST)
        .with_only_columns(*columns)
        .outerjoin(ReportVersion, content)
        .outerjoin(Judgement, judged)
    )


def _incident(edition: Edition, row: Row[Any]) -> Incident | None:
    """A case as it was sent; None where it was superseded or is of another round."""
    reference = edition.reference
    elsewhere = (
        reference.asked if row.round_id is None else row.round_id != reference.polling.round_id
    )
    if elsewhere or row.status == ReportStatus.SUPERSEDED:
        return None
    rules = reference.rules.get(row.rules_id) if row.rules_id else None
    indicators = rules.definition.indicators if rules else ()
    said = [(each, code) for each, code in zip(indicators, row.codes or b"", strict=False)]
    irregular = {Status.IRREGULAR, Status.IRREGULAR_TOLD}
    seen = [(each.code, severity_of(c)) for each, c in said if status_of(c) in irregular]
    source = row.source if isinstance(row.source, str) else ""
    was_seen = any(status_of(code) is Status.IRREGULAR for _, code in said)
    return Incident(
        report=row.id,
        status=ReportStatus(row.status),
        at=row.at,
        place=row.place_id,
        observer=row.observer_id,
        nature=row.nature if isinstance(row.nature, str) else "",
        severity=max((severity for _, severity in seen), default=0),
        codes=tuple(code for code, _ in seen),
        evidence=_evidence(source, photographed=row.photographed, was_seen=was_seen),
        source=source,
        danger=row.danger == "yes",
        affected=_affected(row),
    )


def _evidence(source: str, *, photographed: bool, was_seen: bool) -> Evidence:
    """What a report proves by itself: a photograph, or what its observer says of the source.

    Nothing else in it is asked, for most of what happens has no indicator. Only where a form
    has no question of the source does it go by the answers (``was_seen``).
    """
    if photographed:
        return "documented"
    return "observed" if (source == SEEN if source else was_seen) else "reported"


def _affected(row: Row[Any]) -> tuple[str, ...]:
    listed = row.affected if isinstance(row.affected, list) else []
    return tuple(each for each in listed if isinstance(each, str))


def verified_by_nature(edition: Edition, found: Cases, language: str) -> list[Verified]:
    """Verified cases as a statement counts them, each under its strongest evidence."""
    words = options(edition.reference.newest(CHECKLIST), "nature")
    return [
        Verified(
            in_language(words.get(row["nature"], {}), language) or row["nature"],
            row["cases"],
            *(row["evidence"][grade] for grade in ("observed", "documented", "several_sources")),
        )
        for row in found.by_nature({ReportStatus.VERIFIED})
    ]


def options(rules: PublishedRules | None, question: str) -> dict[str, Texts]:
    """The options of one of the questions in a checklist's rules, as they are worded."""
    asked = rules.definition.questions if rules else ()
    return {
        choice.name: choice.label
        for each in asked
        if each.name == question
        for choice in each.choices
    }


def incident_out(edition: Edition, each: Incident) -> dict[str, Any]:
    """An incident as JSON: where, when, how grave, how well evidenced; nobody is named."""
    at = edition.reference.place_at(each.place) if each.place else NOWHERE
    place = edition.reference.places[at] if at != NOWHERE else None
    area = edition.reference.areas[place.area] if place and place.area >= 0 else None
    return {
        "report": each.report,
        "status": each.status,
        "open": each.open,
        "at": each.at,
        "station": place.code if place else None,
        "area": {"code": area.code, "name": area.name} if area else None,
        "nature": each.nature,
        "severity": each.severity,
        "irregularities": list(each.codes),
        "evidence": each.evidence,
        "source": each.source or None,
        "danger": each.danger,
        "affected": list(each.affected),
    }


def summary_out(found: Cases) -> dict[str, Any]:
    """Incidents in counts."""
    return {"open": found.open, "cases": len(found), "by_nature": found.by_nature()}
