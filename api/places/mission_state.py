"""The mission's state: exploratory, active, withdrawn (dop:11, dop:22)."""

from datetime import datetime

from api.audit.unit_of_work import Work
from schemas.columns import now
from schemas.mission import Mission, MissionState
from schemas.problems import Refusal


def set_state(work: Work, state: MissionState, reason: str) -> datetime:
    """Change the mission's state. Raises :class:`Refusal` where it is closed, or leaves unsaid
    why it withdraws."""
    mission = work.session.get_one(Mission, work.mission_id)
    if mission.state == MissionState.CLOSED:
        raise Refusal("the mission is closed.", "state")
    if state is MissionState.WITHDRAWN and not reason.strip():
        raise Refusal("a mission that withdraws says why, in public.", "reason")
    mission.state = state
    mission.withdrawal_reason = reason.strip() if state is MissionState.WITHDRAWN else ""
    work.session.add(mission)
    said = f"{state.value} {reason}".encode()
    work.log("mission.state", state.value, said)
    work.session.flush()
    return now()
