"""Who acts, in which mission, at which clock; and the audit entry of an act."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.audit.entry import audit_entry


@dataclass(frozen=True)
class Act:
    """Who acts, in which mission, at which reading of its clock."""

    mission_id: UUID
    sequence: int
    actor: UUID | None = None


def log(session: Session, act: Act, what: str, subject: UUID, content: str = "") -> None:
    """An entry of the audit log for an act on a member."""
    said = content.encode()
    session.add(
        audit_entry(act.mission_id, act.sequence, what, str(subject), said, actor=act.actor)
    )
    session.flush()
