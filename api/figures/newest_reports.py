"""The reports that came last, and how many stand where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from analytics.observation.moments import moment_of
from analytics.observation.received import newest, statuses
from analytics.observation.record import STATUSES
from api.figures.ask import figure
from api.figures.edition import Edition
from schemas.report import ReportStatus


@dataclass(frozen=True)
class NewReport:
    """A report that came, with its station; without one ``code`` is None and ``name`` empty."""

    id: UUID
    received_at: datetime
    status: ReportStatus
    checklist: str
    code: str | None
    name: str


@dataclass(frozen=True)
class NewestReports:
    """How many reports have each status, and those that came last, the newest first."""

    statuses: Mapping[ReportStatus, int]
    newest: tuple[NewReport, ...]


@figure
def newest_reports(edition: Edition, count: int) -> NewestReports:
    """At most so many reports."""
    places, record = edition.reference.places, edition.record
    found = []
    for row in record.rows[newest(record, count)]:
        place = places[row["place"]] if row["place"] >= 0 else None
        found.append(
            NewReport(
                UUID(bytes=row["id"].tobytes()),
                moment_of(int(row["came"])),
                STATUSES[row["status"]],
                record.checklists[row["checklist"]],
                place.code if place else None,
                place.name if place else "",
            )
        )
    return NewestReports(dict(statuses(record)), tuple(found))
