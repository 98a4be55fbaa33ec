"""Taking an act of the desk back: within 30 seconds, once, by the person who did it.

Nothing is deleted: where the act made a version of a report, another one is made that equals the
earlier. What came since is never undone with it: then the act stands, and the answer says why.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.problems import CONFLICT, NOT_FOUND, Problem
from api.review import calls, messages, questions
from api.review.correct import undo_correction
from api.review.decide import undo_decision
from api.review.decide_answers import undo_answers
from api.review.incident_events import undo_incident
from api.review.new_version import undo_version
from api.review.resolve import undo_resolution, undo_version_alone
from api.review.second_typing import undo_typing
from api.review.take_over import undo_takeover
from schemas.columns import now
from schemas.desk import DeskAct
from schemas.rights import Right
from schemas.words import N_

UNDO_SECONDS = 30
ANOTHER_PERSON = N_("Another person did this. Only they can take it back.")
UNDONE = N_("It was taken back already.")
FOR_GOOD = N_("An act of this kind is not taken back.")
TOO_LATE = N_("This is longer ago than 30 seconds. What it did can be changed by another act.")
NEWER_ACT = N_("Something else was done to it since. Take that back first.")

Undo = Callable[[Work, DeskAct], Mapping[str, Any]]
"""Takes one act back in a unit of work; answers what changed. Raises a 409 :class:`Problem` where
something newer has happened since, which says what."""
UNDOING: Mapping[str, Undo] = {
    "report.placement": undo_version,
    "report.acceptance": undo_version,
    "report.takeover": undo_takeover,
    "report.typing": undo_typing,
    "incident.event": undo_incident,
    calls.CALL: calls.undo_call,
    questions.QUESTION: questions.undo_question,
    questions.CLOSE: questions.undo_close,
    messages.MESSAGE: messages.undo_message,
    messages.CLOSE: messages.undo_close,
    "report.correction": undo_correction,
    "report.decision": undo_decision,
    "report.verified_answers": undo_answers,
    "report.excluded_answers": undo_answers,
    "report.returned_answers": undo_answers,
    "report.resolution": undo_version_alone,
    "conflict.resolution": undo_resolution,
}
"""How each kind of act is taken back."""


ACTING = (
    Right.DECIDE_REPORTS,
    Right.HANDLE_INCIDENTS,
    Right.KEEP_DEPLOYMENTS,
    Right.CLOSE_AREAS,
)
"""Whoever has one of these does what can be taken back."""


def undo(work: Work, who: Principal, act_id: UUID) -> dict[str, Any]:
    """Take an act back; what changed. LookupError where there is no such act, a 409
    :class:`Problem` where it cannot be taken back any more."""
    if not any(who.may(each) for each in ACTING):
        raise Problem(NOT_FOUND)
    act = work.session.get(DeskAct, (work.mission_id, act_id))
    if act is None:
        raise LookupError(str(act_id))
    _refuse(work, who, act)
    if act.kind not in UNDOING:
        raise Problem(CONFLICT, FOR_GOOD, "act")
    changed = UNDOING[act.kind](work, act)
    act.undone_at = now()
    work.session.add(act)
    work.log("desk.undo", act.subject, act.kind, note=act.kind)
    return {"act": act.id, "kind": act.kind, "subject": act.subject, **changed}


def _refuse(work: Work, who: Principal, act: DeskAct) -> None:
    if act.member_id != who.holder_id:
        raise Problem(CONFLICT, ANOTHER_PERSON, "act")
    if act.undone_at is not None:
        raise Problem(CONFLICT, UNDONE, "act")
    if now() - act.at > timedelta(seconds=UNDO_SECONDS):
        raise Problem(CONFLICT, TOO_LATE, "act")
    newer = select(DeskAct.kind).where(
        DeskAct.mission_id == work.mission_id,
        DeskAct.subject == act.subject,
        DeskAct.sequence > act.sequence,
        col(DeskAct.undone_at).is_(None),
    )
    if work.session.exec(newer.limit(1)).first() is not None:
        raise Problem(CONFLICT, NEWER_ACT, "act")
