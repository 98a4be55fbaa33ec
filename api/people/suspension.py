"""Suspending an observer: what was sent is marked for review, and nothing is deleted (coc:11)."""

from uuid import UUID

from api.audit.unit_of_work import Work
from schemas.columns import now
from schemas.observer import Observer, ObserverState
from schemas.problems import Refusal


def suspend(work: Work, observer: UUID, reason: str) -> Observer:
    """Hold what comes from now on. Raises :class:`Refusal` without a reason, or where already."""
    return _turn(work, observer, ObserverState.SUSPENDED, reason)


def reinstate(work: Work, observer: UUID, reason: str) -> Observer:
    """Take a suspension back; what was held for it comes out of the pen."""
    return _turn(work, observer, ObserverState.ACTIVE, reason)


def _turn(work: Work, observer: UUID, state: ObserverState, reason: str) -> Observer:
    found = work.session.get(Observer, (work.mission_id, observer))
    if found is None:
        raise LookupError(str(observer))
    if not reason.strip():
        raise Refusal("say why.", "reason")
    if found.state == state:
        raise Refusal(f"The observer is {state.value} already.")
    found.state, found.state_reason, found.state_since = state, reason.strip(), now()
    work.session.add(found)
    work.session.flush()
    work.log(f"observer.{state.value}", observer, reason)
    return found
