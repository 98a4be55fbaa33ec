"""Acts of the desk: each is recorded with what taking it back needs, and can be undone for a while.

Whoever writes one calls :func:`record_act` in the same unit of work, answers its id as ``act``, and
adds its kind to the table of :mod:`api.review.undo`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.audit.unit_of_work import Work
from api.problems import INVALID, Problem
from schemas.columns import new_id, now
from schemas.desk import DeskAct


@dataclass(frozen=True)
class Acted:
    """What an act did to a report: the act, which can be taken back, and what is different."""

    report: UUID
    act: UUID
    changed: list[dict[str, Any]]

    def as_sent(self) -> dict[str, Any]:
        """What an answer adds to the report."""
        return {"act": self.act, "changed": self.changed}


def record_act(work: Work, kind: str, subject: object, before: Mapping[str, Any]) -> UUID:
    """Record an act of the member who writes: what it was, to what it was done, and what taking it
    back needs (ids, statuses and numbers of versions, never answers). The id of the act."""
    assert work.actor is not None, "an act of the desk is somebody's"
    act = DeskAct(
        mission_id=work.mission_id,
        id=new_id(),
        sequence=work.clock,
        at=now(),
        member_id=work.actor,
        kind=kind,
        subject=str(subject),
        before=dict(before),
    )
    work.session.add(act)
    work.session.flush()
    return act.id


def refuse_without_reason(reason: str) -> None:
    """Raise a 422 :class:`Problem` where nobody says why, or says it in what cannot be kept."""
    if not reason.strip():
        raise Problem(INVALID, "say why.", "reason")
    if "\0" in reason:
        raise Problem(INVALID, "a NUL cannot be kept.", "reason")
