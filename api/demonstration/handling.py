"""What the demonstration's desk has done about its incidents: one of each state, and a restricted
one. What was reported stays as it was sent."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit.sealed_work import CommandContext
from api.audit.unit_of_work import blocking_unit_of_work
from api.auth.principal import Principal
from api.demonstration.mission import SLUG
from api.review.incident_events import IncidentEventIn, handle
from schemas.credential import Purpose, Role
from schemas.desk import IncidentEvent
from schemas.mission import Member
from schemas.report import Report, ReportStatus, ReportVersion

Done = tuple[dict[str, Any], ...]
DONE: dict[str, Done] = {
    "control": (
        {"state": "being_verified", "owner": Role.DATA_MANAGER},
        {"note": "The other team at this station was called: it saw the same men at the door."},
    ),
    "conflict": (
        {"state": "being_verified", "owner": Role.DATA_MANAGER},
        {"note": "The team has left the place and is at its lodge. The police is there."},
        {"escalated_to": Role.LEAD, "reason": "Shall the other teams in the town leave?"},
    ),
    "fraud": (
        {"visible_to": [Role.DATA_MANAGER], "reason": "The agent asks not to be known."},
        {"owner": Role.DATA_MANAGER},
    ),
    "campaigning": (
        {
            "state": "verified",
            "reason": "The team was asked; the chair took them away.",
        },
    ),
    "procedural": (
        {"state": "being_verified", "owner": Role.DATA_MANAGER},
        {
            "state": "undetermined",
            "reason": "The operator does not answer.",
        },
    ),
}
"""By the kind of the incident: one act after another. Of two of one kind the earlier one is meant,
and the other is left as it came."""


def handle_incidents(at: CommandContext, mission_id: UUID) -> None:
    """Do what the data manager has done about the incidents, once."""
    with at.reading(mission_id) as session:
        if session.exec(select(IncidentEvent.id).limit(1)).first() is not None:
            return
        members = {each.role: each for each in session.exec(select(Member))}
        waiting = list(_of_each_kind(session))
    manager = members.get(Role.DATA_MANAGER.value)
    if manager is None:
        return
    who = Principal(mission_id, SLUG, Role.DATA_MANAGER, manager.id, None, Purpose.BEARER)
    handles = {role: each.handle for role, each in members.items()}
    for report, nature in waiting:
        for said in DONE.get(nature, ()):
            given = IncidentEventIn.model_validate(_by_name(said, handles))
            with blocking_unit_of_work(at.engine, mission_id, actor=manager.id) as work:
                handle(work, who, report, given)


def _by_name(said: dict[str, Any], handles: dict[str, str]) -> dict[str, Any]:
    """The act with the handles of those whom it names by role."""
    named = {each: handles[said[each]] for each in ("owner", "escalated_to") if each in said}
    return said | named


def _of_each_kind(session: Session) -> Iterator[tuple[UUID, str]]:
    """The first incident of each kind that counts: its report, and its kind."""
    query = (
        select(Report.id, ReportVersion.answers)
        .join(
            ReportVersion,
            (col(ReportVersion.report_id) == col(Report.id))
            & (col(ReportVersion.number) == col(Report.version)),
        )
        .where(Report.checklist == "incident", Report.status == ReportStatus.RECEIVED)
        .order_by(col(Report.arrived_at), col(Report.id))
    )
    seen: set[str] = set()
    for report, answers in session.exec(query):
        nature = str(answers.get("nature", ""))
        if nature not in seen:
            seen.add(nature)
            yield report, nature
