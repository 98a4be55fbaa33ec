"""Decisions of a named person on a report: verified, quarantined, or back to as it was received.

Verified, a phone changes it no more, and an incident enters statements; quarantined, it is stored
and counts nowhere. Its entry in the audit log says who decided, when and why. A held report is
released (:mod:`api.review.release_held`) or excluded, and not verified.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.intake.settling import settle_blocking
from api.problems import CONFLICT, Problem
from api.review.acts import Acted, record_act, refuse_without_reason
from api.review.incident_state import follow_status
from api.review.new_version import DECIDED_SINCE, NEWER, standing_row, without_answers
from api.review.tasks import note_read
from schemas.audit import AuditEntry
from schemas.desk import DeskAct
from schemas.mission import Member
from schemas.report import Judgement, Report, ReportStatus
from schemas.words import N_

Decided = Literal["verified", "quarantined", "received"]
KIND = "report.decision"
UNDECIDABLE = {
    ReportStatus.HELD: N_("This report is held for review: it is released first."),
    ReportStatus.SUPERSEDED: N_("Another report took its place: there is nothing to decide."),
}
"""Statuses of reports that nobody verifies or takes back, and why not. A held one is excluded."""
ALREADY = N_("It stands so already.")


class DecisionIn(BaseModel):
    """What becomes of a report, or of single answers of it, and why; the number of the version that
    was read. The ``scope`` results are the figures of a protocol, beside the ``questions``."""

    model_config = ConfigDict(extra="forbid")

    status: Decided
    scope: Literal["all", "results"] = "all"
    questions: list[str] = Field(default=[], max_length=500)
    reason: str = Field(max_length=2000)
    number: int | None = None

    @property
    def of_answers(self) -> bool:
        """Whether it is on single answers."""
        return bool(self.questions) or self.scope == "results"


def decide(
    work: Work,
    report: UUID,
    to: Decided,
    reason: str,
    visible: Select[Any],
    number: int | None = None,
) -> Report:
    """Decide on a report of those ``visible``, as it was read: the version of this ``number``.

    LookupError where it is not there. Problems: 409 where it is held, unless it is excluded, was
    superseded, has a newer version, or has this status already.
    """
    found, _ = _decide(work, report, to, reason, visible, number)
    return found


def decide_as_act(
    work: Work,
    report: UUID,
    to: Decided,
    reason: str,
    visible: Select[Any],
    number: int | None = None,
) -> Acted:
    """The same as an act of its own, which can be taken back."""
    row = without_answers(standing_row(work, report))
    found, settled = _decide(work, report, to, reason, visible, number)
    act = record_act(work, KIND, report, {"row": row, "status": found.status})
    status = {"field": "status", "before": row["status"], "after": found.status}
    others = [
        {"field": "report", "report": each, "after": now}
        for each, now, _ in settled
        if each != report
    ]
    return Acted(report, act, [status, *others])


def _decide(
    work: Work,
    report: UUID,
    to: Decided,
    reason: str,
    visible: Select[Any],
    number: int | None,
) -> tuple[Report, Sequence[Any]]:
    found: Report | None = work.session.execute(
        visible.where(col(Report.id) == report)
    ).scalar_one_or_none()
    if found is None:
        raise LookupError(str(report))
    refuse_without_reason(reason)
    status = _as_judged(work.session, found) if to == "received" else ReportStatus(to)
    _refuse(found, status, number)
    found.status, found.changed = status, work.clock
    work.session.add(found)
    work.log(f"report.{to}", found.id, reason, note=reason.strip())
    note_read(work, found.id)
    settled = _settled(work, found)
    follow_status(work, found, reason)
    return found, settled


def undo_decision(work: Work, act: DeskAct) -> dict[str, Any]:
    """The status that the report had. Problem: 409 where it has another version or status since."""
    found = work.session.get_one(Report, (work.mission_id, UUID(act.subject)))
    row = act.before["row"]
    if found.version != row["version"]:
        raise Problem(CONFLICT, NEWER, "act")
    if found.status != act.before["status"]:
        raise Problem(CONFLICT, DECIDED_SINCE, "act")
    found.status, found.changed = row["status"], work.clock
    work.session.add(found)
    _settled(work, found)
    follow_status(work, found, "")
    return {"report": found.id, "status": found.status, "reasons": found.reasons}


def _settled(work: Work, report: Report) -> Sequence[Any]:
    """The visit of a report, settled; what changed."""
    work.session.flush()
    found = settle_blocking(work.session, work.mission_id, [report.visit_id], work.clock)
    work.session.refresh(report)
    return found


def _refuse(report: Report, status: ReportStatus, number: int | None) -> None:
    waits = report.reasons and status == ReportStatus.VERIFIED
    stands = ReportStatus.HELD if waits else ReportStatus(report.status)
    excluded = stands == ReportStatus.HELD and status == ReportStatus.QUARANTINED
    if stands in UNDECIDABLE and not excluded:
        raise Problem(CONFLICT, UNDECIDABLE[stands], "status")
    if number not in (None, report.version):
        raise Problem(CONFLICT, NEWER, "number")
    if stands == status:
        raise Problem(CONFLICT, ALREADY, "status")


def _as_judged(session: Session, report: Report) -> ReportStatus:
    """The status of a report that nobody has decided on: held where something holds it (an
    edit may have come since), flagged where a check did not hold."""
    if report.reasons:
        return ReportStatus.HELD
    key = (report.mission_id, report.id, report.version, report.rules_id)
    judged = session.get(Judgement, key)
    return ReportStatus.FLAGGED if judged and judged.flags else ReportStatus.RECEIVED


ACTS = {
    "report.verified": ("verified", "all"),
    "report.quarantined": ("quarantined", "all"),
    "report.received": ("received", "all"),
    "report.release": ("released", "all"),
    "report.verified_answers": ("verified", "answers"),
    "report.excluded_answers": ("quarantined", "answers"),
    "report.returned_answers": ("received", "answers"),
    "desk.undo": ("undone", "all"),
}
"""Acts on one report: what was decided, and on what."""
WORDS = {
    ("released", "all"): N_("released after review"),
    ("undone", "all"): N_("taken back"),
    ("verified", "answers"): N_("answers verified"),
    ("quarantined", "answers"): N_("answers excluded"),
    ("received", "answers"): N_("answers put back"),
}


def decision_word(decision: Mapping[str, Any]) -> str:
    """What a page calls a decision: its status, or the text to be translated."""
    said = str(decision["decision"])
    return WORDS.get((said, decision["scope"]), said)


async def decisions_on(session: AsyncSession, who: Principal, report: UUID) -> list[dict[str, Any]]:
    """The decisions on a report that ``who`` sees. Nobody's name where a gate was simply passed."""
    actor = (col(Member.mission_id) == col(AuditEntry.mission_id)) & (
        col(Member.id) == col(AuditEntry.actor_id)
    )
    query = (
        select(AuditEntry.act, AuditEntry.at, AuditEntry.note, Member.handle)
        .outerjoin(Member, actor)
        .where(
            AuditEntry.mission_id == who.mission_id,
            AuditEntry.subject == str(report),
            col(AuditEntry.act).in_(ACTS),
        )
        .order_by(col(AuditEntry.sequence), col(AuditEntry.id))
    )
    return [
        {
            "decision": ACTS[act][0],
            "scope": ACTS[act][1],
            "at": at,
            "by": handle,
            "reason": note,
        }
        for act, at, note, handle in (await session.execute(query)).all()
    ]
