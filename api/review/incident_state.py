"""The state of an incident follows the decisions on its report, by whatever way they are made."""

from typing import Any
from uuid import UUID

from api.audit.unit_of_work import Work
from api.figures.incident_events import CHECKLIST, handled, read_events, state_of
from schemas.columns import new_id, now
from schemas.desk import IncidentEvent
from schemas.report import Report, ReportStatus


def write_event(work: Work, report: UUID, kind: str, *, text: str = "", **said: Any) -> None:
    """Add an event of an incident, by whoever writes."""
    work.session.add(
        IncidentEvent(
            mission_id=work.mission_id,
            id=new_id(),
            report_id=report,
            sequence=work.clock,
            at=now(),
            member_id=work.actor,
            kind=kind,
            text=text,
            **said,
        )
    )
    work.session.flush()


def follow_status(work: Work, report: Report, reason: str) -> None:
    """Note the state that an incident has by the status of its report, where another was said
    last. For whoever writes a status."""
    if report.checklist != CHECKLIST:
        return
    events = read_events(
        lambda query: work.session.execute(query).all(), work.mission_id, [report.id], ["state"]
    )
    said = handled(events).state
    stands = state_of(ReportStatus(report.status), said)
    if stands != said:
        write_event(work, report.id, "state", state=stands, text=reason.strip())
