"""Telephone calls to a team: attempts, when the next one is due, and to whom.

Who did not answer is called again after 20 minutes, then after 40; three calls without an answer
go on to the coordinator, then to the deputy, and begin anew 40 minutes later. Whoever was reached
has an hour. A person may name another time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.problems import CONFLICT, Problem
from schemas.columns import now
from schemas.deployment import Call, CallOutcome, Deployment, Whom
from schemas.mission import Member
from schemas.problems import Refusal
from schemas.words import N_

PAUSES = (timedelta(minutes=20), timedelta(minutes=40))
"""After the first and after the second call to a team that nobody answered."""
AFTER_REACHED = timedelta(minutes=60)
"""Whoever was reached has so long before the next call."""
LATEST = timedelta(days=7)
"""No next call is put off further."""
CALLED_SINCE = N_("Another call to this team was noted since.")
ORDER = (col(Call.called_at), col(Call.id))


class Attempt(Protocol):
    """A call, as far as the next one depends on it."""

    @property
    def outcome(self) -> str: ...
    @property
    def whom(self) -> str: ...


@dataclass(frozen=True)
class NextCall:
    """Whom to call next, and how long to wait after the last call; None: at once."""

    whom: Whom
    pause: timedelta | None


def next_call(calls: Iterable[Attempt]) -> NextCall:
    """What follows on these calls to one team, oldest first."""
    following, missed = NextCall(Whom.OBSERVER, None), 0
    for each in calls:
        if each.outcome == CallOutcome.REACHED:
            following, missed = NextCall(Whom.OBSERVER, AFTER_REACHED), 0
        elif each.whom == Whom.COORDINATOR:
            following = NextCall(Whom.DEPUTY, None)
        elif each.whom == Whom.DEPUTY:
            following, missed = NextCall(Whom.OBSERVER, PAUSES[-1]), 0
        else:
            missed += 1
            following = (
                NextCall(Whom.OBSERVER, PAUSES[missed - 1])
                if missed <= len(PAUSES)
                else NextCall(Whom.COORDINATOR, None)
            )
    return following


@dataclass(frozen=True)
class CallState:
    """How calling a team stands: how the last call ended, and when; how many there were; whom to
    call next, and not before when."""

    outcome: str
    at: datetime
    attempts: int = 1
    whom: str = Whom.OBSERVER
    next_at: datetime | None = None

    @property
    def unheard(self) -> datetime | None:
        """When nobody was found; None where somebody was."""
        return None if self.outcome == CallOutcome.REACHED else self.at


def call_state(calls: Sequence[Call]) -> CallState:
    """How the calls to one team stand, oldest first; there is at least one."""
    last = calls[-1]
    whom = next_call(calls).whom
    return CallState(last.outcome, last.called_at, len(calls), whom, last.next_at)


def calls_to_team(session: Session, mission_id: UUID, deployment_id: UUID) -> list[Call]:
    """The calls to a team, oldest first."""
    query = select(Call).where(Call.mission_id == mission_id, Call.deployment_id == deployment_id)
    return list(session.exec(query.order_by(*ORDER)))


def note_call(
    work: Work,
    deployment_id: UUID,
    outcome: CallOutcome,
    note: str,
    *,
    whom: Whom | None = None,
    next_at: datetime | None = None,
) -> Call:
    """Note a telephone call to a team; to the one who was to be called, unless ``whom`` says
    otherwise. Without ``next_at`` the next one is due as :func:`next_call` says.

    Raises LookupError where there is no such deployment, :class:`Refusal` naming the field.
    """
    if work.session.get(Deployment, (work.mission_id, deployment_id)) is None:
        raise LookupError("there is no such deployment")
    if work.actor is None:
        raise Refusal("A call is noted by a named person.")
    at, earlier = now(), calls_to_team(work.session, work.mission_id, deployment_id)
    if next_at is not None:
        _refuse_time(next_at, at)
    call = Call(
        mission_id=work.mission_id,
        deployment_id=deployment_id,
        outcome=outcome,
        whom=whom or next_call(earlier).whom,
        note=note,
        called_by=work.actor,
        called_at=at,
        next_at=next_at,
    )
    if next_at is None:
        pause = next_call([*earlier, call]).pause
        call.next_at = None if pause is None else at + pause
    work.session.add(call)
    work.log("deployment.call", deployment_id, f"{call.whom} {outcome} {note}")
    work.session.flush()
    return call


def _refuse_time(next_at: datetime, at: datetime) -> None:
    if next_at.tzinfo is None:
        raise Refusal("a time with its zone is needed, such as 2026-11-08T14:10:00Z.", "next_at")
    if next_at <= at:
        raise Refusal("the next call cannot be due already.", "next_at")
    if next_at > at + LATEST:
        raise Refusal(f"at most {LATEST.days} days from now.", "next_at")


def take_call_back(work: Work, call_id: UUID) -> UUID:
    """Take the entry of a call away again; which team it was to. Raises LookupError where it is
    gone. Problem: 409 where another call was noted since."""
    found = work.session.get(Call, (work.mission_id, call_id))
    if found is None:
        raise LookupError("there is no such call")
    if calls_to_team(work.session, work.mission_id, found.deployment_id)[-1].id != call_id:
        raise Problem(CONFLICT, CALLED_SINCE, "act")
    work.session.delete(found)
    work.session.flush()
    work.log("deployment.uncall", found.deployment_id, str(call_id))
    return found.deployment_id


@dataclass(frozen=True)
class NotedCall:
    """A call, and the handle of who made it."""

    call: Call
    by: str


async def calls_noted(
    session: AsyncSession, mission_id: UUID, deployment_id: UUID
) -> list[NotedCall]:
    """The calls to a team, oldest first, with who called."""
    query = (
        select(Call, Member.handle)
        .outerjoin(
            Member,
            (col(Member.mission_id) == col(Call.mission_id))
            & (col(Member.id) == col(Call.called_by)),
        )
        .where(Call.mission_id == mission_id, Call.deployment_id == deployment_id)
        .order_by(*ORDER)
    )
    return [NotedCall(call, handle or "") for call, handle in (await session.execute(query)).all()]


def call_out(each: NotedCall) -> dict[str, object]:
    """A call as the API shows it."""
    call = each.call
    return {
        "id": call.id,
        "outcome": call.outcome,
        "whom": call.whom,
        "note": call.note,
        "by": each.by,
        "called_at": call.called_at,
        "next_at": call.next_at,
    }
