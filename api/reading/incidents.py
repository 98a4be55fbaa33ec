"""Incidents: cases that reached the mission, by how well they are evidenced. Never a rate."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from api.identity import Principal
from api.reading.visible import visible_reports
from api.reading.watch import Watch
from schemas.codes import Status, severity_of, status_of
from schemas.report import Attachment, Judgement, Report, ReportStatus, ReportVersion

CHECKLIST = "incident"
"""The checklist of the library on which observers send incidents."""
Evidence = Literal["several_sources", "documented", "observed", "reported"]
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
"""Strongest first: two teams or more, a photograph that arrived, seen by the observer, told."""
OPEN = frozenset({ReportStatus.HELD, ReportStatus.RECEIVED, ReportStatus.FLAGGED})


@dataclass(frozen=True)
class Incident:
    """One case as it was sent; ``evidence`` is the strongest that stands behind it."""

    report: UUID
    status: str
    at: datetime
    place: UUID | None
    nature: str
    severity: int
    codes: tuple[str, ...]
    evidence: Evidence

    @property
    def open(self) -> bool:
        """Whether nobody has decided on it yet."""
        return self.status in OPEN


@dataclass(frozen=True)
class _Row:
    report: Report
    answers: dict[str, Any]
    codes: bytes
    photos: int


async def incidents(session: AsyncSession, who: Principal, watch: Watch) -> list[Incident]:
    """The incidents that somebody may see: open ones first, gravest and then oldest first.

    A 404 problem for whoever sees no reports.
    """
    rows = await _rows(session, who)
    teams: defaultdict[tuple[UUID | None, str], set[UUID | None]] = defaultdict(set)
    for row in rows:
        if row.report.status not in (ReportStatus.QUARANTINED, ReportStatus.HELD):
            teams[row.report.place_id, _nature(row)].add(row.report.observer_id)
    found = [_incident(watch, row, teams[row.report.place_id, _nature(row)]) for row in rows]
    return sorted(found, key=lambda each: (not each.open, -each.severity, each.at))


async def _rows(session: AsyncSession, who: Principal) -> list[_Row]:
    query = visible_reports(who).where(
        col(Report.checklist) == CHECKLIST, col(Report.status) != ReportStatus.SUPERSEDED
    )
    reports = {each.id: each for each in (await session.execute(query)).scalars()}
    of = who.mission_id
    versions = await session.execute(select(ReportVersion).where(
        ReportVersion.mission_id == of, col(ReportVersion.report_id).in_(reports)
    ))  # fmt: skip
    answers = {(each.report_id, each.number): each.answers for each in versions.scalars()}
    judged = await session.execute(select(Judgement).where(
        Judgement.mission_id == of, col(Judgement.report_id).in_(reports)
    ))  # fmt: skip
    codes = {(each.report_id, each.number, each.rules_id): each.codes for each in judged.scalars()}
    arrived = (
        select(Attachment.report_id, func.count())
        .where(
            Attachment.mission_id == of, col(Attachment.report_id).in_(reports),
            col(Attachment.arrived_at).is_not(None),
        )
        .group_by(col(Attachment.report_id))
    )  # fmt: skip
    photos = {report: int(count) for report, count in (await session.execute(arrived)).all()}
    return [
        _Row(each, answers.get((each.id, each.version), {}),
             codes.get((each.id, each.version, each.rules_id), b""), photos.get(each.id, 0))
        for each in reports.values()
    ]  # fmt: skip


def _nature(row: _Row) -> str:
    nature = row.answers.get("nature")
    return nature if isinstance(nature, str) else ""


def _incident(watch: Watch, row: _Row, teams: set[UUID | None]) -> Incident:
    rules = watch.frame.rules.get(row.report.rules_id) if row.report.rules_id else None
    indicators = rules.definition.indicators if rules else ()
    said = [(each, code) for each, code in zip(indicators, row.codes, strict=False)]
    irregular = {Status.IRREGULAR, Status.IRREGULAR_TOLD}
    seen = [(each.code, severity_of(c)) for each, c in said if status_of(c) in irregular]
    observed = any(status_of(code) is Status.IRREGULAR for _, code in said)
    placed = row.report.place_id is not None and len(teams - {None}) > 1
    return Incident(
        row.report.id, row.report.status, row.report.arrived_at or row.report.received_at,
        row.report.place_id, _nature(row), max((severity for _, severity in seen), default=0),
        tuple(code for code, _ in seen), _evidence(placed, row.photos > 0, observed),
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
        "evidence": each.evidence,
    }  # fmt: skip


def summary_out(found: Sequence[Incident]) -> dict[str, Any]:
    """Incidents in counts."""
    return {
        "open": sum(each.open for each in found), "cases": len(found),
        "by_nature": count_by_evidence(found),
    }  # fmt: skip
