"""The reports that came last, and how many stand where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.figures.ask import figure
from api.figures.watch import Watch
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
def newest_reports(watch: Watch, count: int) -> NewestReports:
    """At most so many reports; ask for the same ``count`` each time."""
    places, found = watch.frame.places, []
    for report, came in watch.received.newest(count):
        place = places[came.place] if came.place is not None else None
        code, name = (place.code, place.name) if place else (None, "")
        found.append(NewReport(report, came.received_at, came.status, came.checklist, code, name))
    return NewestReports(dict(watch.received.statuses), tuple(found))
