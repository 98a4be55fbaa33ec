"""Calls to teams as acts of the desk, which can be taken back for a short time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.deployments.assigning import own_deployment
from api.deployments.calls import calls_to_team, next_call, note_call, take_call_back
from api.review.acts import record_act
from api.review.holds import must_not_be_held_by_another
from schemas.deployment import Call, CallOutcome, Whom
from schemas.desk import DeskAct

CALL = "deployment.call"
"""The kind of the act."""


class CallIn(BaseModel):
    """How a telephone call ended; whom it was to, if not to whom it was due; when to call again,
    if not when the rule says."""

    model_config = ConfigDict(extra="forbid")

    outcome: CallOutcome
    note: str = Field(default="", max_length=2000)
    whom: Whom | None = None
    next_at: AwareDatetime | None = None


@dataclass(frozen=True)
class CallMade:
    """A call that was noted, the act, how many calls there were, and whom to call next."""

    call: Call
    act: UUID
    attempts: int
    whom: Whom

    def as_sent(self) -> dict[str, object]:
        """For the API."""
        return {
            "id": self.call.id,
            "act": self.act,
            "outcome": self.call.outcome,
            "whom": self.call.whom,
            "called_at": self.call.called_at,
            "attempts": self.attempts,
            "next_at": self.call.next_at,
            "next_whom": self.whom,
        }


def call_team(
    work: Work,
    who: Principal,
    deployment: UUID,
    outcome: CallOutcome,
    note: str = "",
    *,
    whom: Whom | None = None,
    next_at: datetime | None = None,
) -> CallMade:
    """Note a call to a team that ``who`` may see. Raises as
    :func:`api.deployments.calls.note_call`."""
    must_not_be_held_by_another(work, who, deployment)
    found = own_deployment(work.session, who, deployment)
    call = note_call(work, found.id, outcome, note, whom=whom, next_at=next_at)
    act = record_act(work, CALL, str(found.id), {"call": str(call.id)})
    calls = calls_to_team(work.session, work.mission_id, found.id)
    return CallMade(call, act, len(calls), next_call(calls).whom)


def undo_call(work: Work, act: DeskAct) -> dict[str, object]:
    """Take back that a call was noted; what changed. Problem: 409 where another was noted since."""
    return {"deployment": take_call_back(work, UUID(act.before["call"]))}
