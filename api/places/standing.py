"""The mission's state: exploratory, active, withdrawn (dop:11, dop:22)."""

from datetime import datetime

from sqlmodel import Session

from api.audit.act import Act
from api.audit.entry import audit_entry
from schemas.columns import now
from schemas.mission import Mission, MissionState
from schemas.problems import Refusal


def set_state(session: Session, act: Act, state: MissionState, reason: str) -> datetime:
    """Change the mission's state. Raises :class:`Refusal` where it is closed, or leaves unsaid
    why it withdraws."""
    mission = session.get_one(Mission, act.mission_id)
    if mission.state == MissionState.CLOSED:
        raise Refusal("the mission is closed.", "state")
    if state is MissionState.WITHDRAWN and not reason.strip():
        raise Refusal("a mission that withdraws says why, in public.", "reason")
    mission.state = state
    mission.withdrawal_reason = reason.strip() if state is MissionState.WITHDRAWN else ""
    session.add(mission)
    said = f"{state.value} {reason}".encode()
    session.add(
        audit_entry(
            act.mission_id, act.sequence, "mission.state", state.value, said, actor=act.actor
        )
    )
    session.flush()
    return now()
