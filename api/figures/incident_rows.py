"""Reading incidents: what was sent, its photographs, and what was done about it since."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_
from sqlmodel import col, select

from api.figures.incident_cases import SEEN, Cases, Incident, OtherReport, Photo
from api.figures.incident_events import (
    CHECKLIST,
    Event,
    Evidence,
    Rows,
    handled,
    linked,
    read_events,
)
from schemas.codes import Status, severity_of, status_of
from schemas.report import Attachment, Judgement, Report, ReportStatus, ReportVersion

ASKED = ("nature", "source", "danger", "affected")
"""The answers that a case is listed with."""
IRREGULAR = frozenset({Status.IRREGULAR, Status.IRREGULAR_TOLD})
CodesOf = Callable[[UUID], Sequence[str]]
"""The codes of the indicators of some rules, in their order."""


class SentIncident(NamedTuple):
    """A report of an incident: the round that it is of, and what it says by itself."""

    round_id: UUID | None
    incident: Incident


def read_incidents(
    rows: Rows, mission_id: UUID, which: ColumnElement[bool], codes_of: CodesOf = lambda _: ()
) -> list[SentIncident]:
    """The reports of incidents that fulfil a condition, each under its own evidence."""
    sent = rows(_incidents(mission_id, which))
    ids = [row.id for row in sent]
    photos = _by_report(_read_photos(rows, mission_id, ids)) if ids else {}
    events = _by_report(read_events(rows, mission_id, ids)) if ids else {}
    return [
        SentIncident(
            row.round_id,
            _incident(row, codes_of, photos.get(row.id, ()), events.get(row.id, ())),
        )
        for row in sent
    ]


def _by_report(found: Iterable[Any]) -> dict[UUID, tuple[Any, ...]]:
    grouped = defaultdict[UUID, list[Any]](list)
    for each in found:
        grouped[each.report].append(each)
    return {report: tuple(some) for report, some in grouped.items()}


def _incidents(mission_id: UUID, which: ColumnElement[bool]) -> Select[Any]:
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
    columns: Any = (
        Report.id,
        Report.status,
        Report.round_id,
        Report.place_id,
        Report.observer_id,
        Report.rules_id,
        Report.received_at,
        func.coalesce(Report.arrived_at, Report.received_at).label("at"),
        *(col(ReportVersion.answers)[each].label(each) for each in ASKED),
        Judgement.codes,
    )
    return (
        select(Report)
        .with_only_columns(*columns)
        .outerjoin(ReportVersion, content)
        .outerjoin(Judgement, judged)
        .where(col(Report.mission_id) == mission_id, col(Report.checklist) == CHECKLIST, which)
    )


def _read_photos(rows: Rows, mission_id: UUID, reports: Collection[UUID]) -> list[Photo]:
    columns: Any = (
        Attachment.report_id,
        Attachment.name,
        Attachment.sha256,
        Attachment.arrived_at,
    )
    query: Select[Any] = (
        select(Attachment)
        .with_only_columns(*columns)
        .where(col(Attachment.mission_id) == mission_id, col(Attachment.report_id).in_(reports))
        .order_by(col(Attachment.name))
    )
    return [
        Photo(row.report_id, row.name, row.sha256.hex() if row.sha256 else None, row.arrived_at)
        for row in rows(query)
    ]


def _incident(
    row: Row[Any], codes_of: CodesOf, photos: tuple[Photo, ...], events: tuple[Event, ...]
) -> Incident:
    """An incident as it was sent."""
    codes = row.codes or b""
    names = codes_of(row.rules_id) if row.rules_id else ()
    said = [(name, code) for name, code in zip(names, codes, strict=False)]
    source = row.source if isinstance(row.source, str) else ""
    was_seen = any(status_of(code) is Status.IRREGULAR for code in codes)
    photographed = any(each.arrived_at is not None for each in photos)
    return Incident(
        report=row.id,
        status=ReportStatus(row.status),
        at=row.at,
        place=row.place_id,
        observer=row.observer_id,
        nature=row.nature if isinstance(row.nature, str) else "",
        severity=max((severity_of(c) for c in codes if status_of(c) in IRREGULAR), default=0),
        codes=tuple(name for name, code in said if status_of(code) in IRREGULAR),
        evidence=_evidence(source, photographed=photographed, was_seen=was_seen),
        source=source,
        danger=row.danger == "yes",
        affected=_affected(row),
        received_at=row.received_at,
        photos=photos,
        events=events,
        handling=handled(events),
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


def read_others(rows: Rows, mission_id: UUID, sent: Sequence[Incident]) -> dict[UUID, OtherReport]:
    """Who sent the linked reports that are of other checklists, and whether they count."""
    known = {each.report for each in sent}
    named = {event.linked for each in sent for event in each.events if event.linked} - known
    if not named:
        return {}
    columns: Any = (Report.id, Report.observer_id, Report.status)
    query: Select[Any] = (
        select(Report)
        .with_only_columns(*columns)
        .where(col(Report.mission_id) == mission_id, col(Report.id).in_(named))
    )
    return {
        row.id: OtherReport(row.observer_id, ReportStatus(row.status))
        for row in rows(query)
        if row.status != ReportStatus.SUPERSEDED
    }


def case_of(rows: Rows, mission_id: UUID, report: UUID) -> Incident | None:
    """The incident that a report is of, under its evidence; None where the report is of none, or
    was superseded. Read from the database as it is now."""
    links = linked(read_events(rows, mission_id, None, ("link", "unlink")))
    root = links.root(report)
    named = [root, *links.members().get(root, ())]
    here = select(Report.place_id).where(
        col(Report.mission_id) == mission_id, col(Report.id).in_(named)
    )
    which = or_(col(Report.id).in_(named), col(Report.place_id).in_(here))
    sent = [
        each.incident
        for each in read_incidents(rows, mission_id, which)
        if each.incident.status != ReportStatus.SUPERSEDED
    ]
    return Cases(sent, read_others(rows, mission_id, sent)).of(report)
