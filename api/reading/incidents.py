"""Incidents: cases that reached the mission, by how well they are evidenced. Never a rate."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import Row, Select, func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.statements import Incidents as Verified
from api.identity import Principal
from api.reading.visible import visible_reports
from api.reading.watch import Watch
from schemas.checklist import Texts
from schemas.codes import Status, severity_of, status_of
from schemas.report import Attachment, Judgement, Report, ReportStatus, ReportVersion
from schemas.words import in_language

CHECKLIST = "incident"
"""The checklist of the library on which observers send incidents."""
ASKED = ("nature", "source", "danger", "affected")
"""The answers that a case is listed with."""
SEEN = ("", "observed")
"""Sources that are the observer's own eyes; from any other it is a claim, whatever else is said."""
Evidence = Literal["several_sources", "documented", "observed", "reported"]
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
"""Strongest first: two teams or more, a photograph that arrived, seen by the observer, told."""
GRAVEST = 3
OPEN = frozenset({ReportStatus.HELD, ReportStatus.RECEIVED, ReportStatus.FLAGGED})


@dataclass(frozen=True)
class Incident:
    """One case as it was sent; ``evidence`` is the strongest that stands behind it.

    ``source`` is from whom the observer has it, ``affected`` whom it befell: options of the
    checklist.
    """

    report: UUID
    status: str
    at: datetime
    place: UUID | None
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


async def incidents(session: AsyncSession, who: Principal, watch: Watch) -> list[Incident]:
    """The round's incidents that somebody may see: open ones first, gravest and then oldest first.

    A 404 problem for whoever sees no reports.
    """
    rows = (await session.execute(_rows(who, watch))).all()
    teams: defaultdict[tuple[UUID | None, str], set[UUID | None]] = defaultdict(set)
    for row in rows:
        if row.status not in (ReportStatus.QUARANTINED, ReportStatus.HELD):
            teams[row.place_id, _nature(row)].add(row.observer_id)
    found = [_incident(watch, row, teams[row.place_id, _nature(row)]) for row in rows]
    return sorted(found, key=lambda each: (not each.open, -each.severity, each.at))


def _rows(who: Principal, watch: Watch) -> Select[Any]:
    """Of each incident what it is listed by: its newest version, as it was judged."""
    photo = select(Attachment.name).where(
        Attachment.mission_id == Report.mission_id, Attachment.report_id == Report.id,
        col(Attachment.arrived_at).is_not(None),
    )  # fmt: skip
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
    columns: Any = (
        Report.id, Report.status, Report.place_id, Report.observer_id, Report.rules_id,
        func.coalesce(Report.arrived_at, Report.received_at).label("at"),
        *(col(ReportVersion.answers)[each].label(each) for each in ASKED), Judgement.codes,
        photo.exists().label("documented"),
    )  # fmt: skip
    frame, of = watch.frame, col(Report.round_id)
    here = of == frame.polling.round_id
    return (
        visible_reports(who)
        .where(here if frame.asked else or_(here, of.is_(None)))
        .where(col(Report.checklist) == CHECKLIST, col(Report.status) != ReportStatus.SUPERSEDED)
        .with_only_columns(*columns)
        .outerjoin(ReportVersion, content)
        .outerjoin(Judgement, judged)
    )


def _nature(row: Row[Any]) -> str:
    return row.nature if isinstance(row.nature, str) else ""


def _affected(row: Row[Any]) -> tuple[str, ...]:
    listed = row.affected if isinstance(row.affected, list) else []
    return tuple(each for each in listed if isinstance(each, str))


def _incident(watch: Watch, row: Row[Any], teams: set[UUID | None]) -> Incident:
    rules = watch.frame.rules.get(row.rules_id) if row.rules_id else None
    indicators = rules.definition.indicators if rules else ()
    said = [(each, code) for each, code in zip(indicators, row.codes or b"", strict=False)]
    irregular = {Status.IRREGULAR, Status.IRREGULAR_TOLD}
    seen = [(each.code, severity_of(c)) for each, c in said if status_of(c) in irregular]
    source = row.source if isinstance(row.source, str) else ""
    observed = source in SEEN and any(status_of(code) is Status.IRREGULAR for _, code in said)
    placed = row.place_id is not None and len(teams - {None}) > 1
    return Incident(
        row.id, row.status, row.at, row.place_id, _nature(row),
        max((severity for _, severity in seen), default=0), tuple(code for code, _ in seen),
        _evidence(placed, row.documented, observed), source, row.danger == "yes", _affected(row),
    )  # fmt: skip


def _evidence(several: bool, documented: bool, observed: bool) -> Evidence:
    grades = zip(EVIDENCE, (several, documented, observed, True), strict=True)
    return next(grade for grade, holds in grades if holds)


def count_by_evidence(found: Iterable[Incident]) -> list[dict[str, Any]]:
    """Cases of each nature by evidence, and how many of them are verified."""
    by_nature: defaultdict[str, list[Incident]] = defaultdict(list)
    for each in found:
        if each.status != ReportStatus.QUARANTINED:
            by_nature[each.nature].append(each)
    return [
        {"nature": nature, "cases": len(cases),
         "verified": sum(one.status == ReportStatus.VERIFIED for one in cases),
         "evidence": {grade: Counter(one.evidence for one in cases)[grade] for grade in EVIDENCE}}
        for nature, cases in sorted(by_nature.items())
    ]  # fmt: skip


def verified_by_nature(watch: Watch, found: Iterable[Incident], language: str) -> list[Verified]:
    """Verified cases as a statement counts them, each under its strongest evidence."""
    words = options(watch, "nature")
    counted = count_by_evidence(each for each in found if each.status == ReportStatus.VERIFIED)
    return [
        Verified(
            in_language(words.get(row["nature"], {}), language) or row["nature"], row["cases"],
            *(row["evidence"][grade] for grade in ("observed", "documented", "several_sources")),
        )
        for row in counted
    ]  # fmt: skip


def options(watch: Watch, question: str) -> dict[str, Texts]:
    """The options of one of the checklist's questions, as they are worded."""
    rules = watch.frame.newest(CHECKLIST)
    asked = rules.definition.questions if rules else ()
    return {
        choice.name: choice.label
        for each in asked if each.name == question for choice in each.choices
    }  # fmt: skip


def incident_out(watch: Watch, each: Incident) -> dict[str, Any]:
    """An incident as JSON: where, when, how grave, how well evidenced; nobody is named."""
    index = watch.frame.place_index.get(each.place) if each.place else None
    place = watch.frame.places[index] if index is not None else None
    area = watch.frame.areas[place.area] if place and place.area >= 0 else None
    return {
        "report": each.report, "status": each.status, "open": each.open, "at": each.at,
        "station": place.code if place else None,
        "area": {"code": area.code, "name": area.name} if area else None,
        "nature": each.nature, "severity": each.severity, "irregularities": list(each.codes),
        "evidence": each.evidence, "source": each.source or None, "danger": each.danger,
        "affected": list(each.affected),
    }  # fmt: skip


def summary_out(found: Sequence[Incident]) -> dict[str, Any]:
    """Incidents in counts."""
    return {
        "open": sum(each.open for each in found), "cases": len(found),
        "by_nature": count_by_evidence(found),
    }  # fmt: skip
