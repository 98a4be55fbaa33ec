"""Decisions of a named person on a report: verified, quarantined, or back to as it was received.

Verified, a phone changes it no more, and an incident enters statements; quarantined, it is stored
and counts nowhere. Its entry in the audit log says who decided, when and why. A held report is
released (:mod:`api.review.release_held`) and not decided.
"""

from collections.abc import Callable
from typing import Any, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work, act_on
from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.intake.settling import settle_blocking
from api.problems import CONFLICT, Problem
from api.review.effect import Effect, preview
from api.review.holds import must_not_be_held_by_another
from api.review.incident_state import follow_status
from api.review.tasks import note_read
from schemas.audit import AuditEntry
from schemas.mission import Member
from schemas.problems import Refusal
from schemas.report import Judgement, Report, ReportStatus
from schemas.rights import Right
from schemas.words import N_

Decided = Literal["verified", "quarantined", "received"]
UNDECIDABLE = {
    ReportStatus.HELD: N_("This report is held for review: it is released first."),
    ReportStatus.SUPERSEDED: N_("Another report took its place: there is nothing to decide."),
}
"""Statuses of reports that nobody decides on, and why not."""
NEWER = N_("Another version of this report has come in. Read it first.")
ALREADY = N_("It stands so already.")


class DecisionIn(BaseModel):
    """The new status of a report, and why; the number of the version that was read."""

    model_config = ConfigDict(extra="forbid")

    status: Decided
    reason: str = Field(max_length=2000)
    number: int | None = None


async def decide_on(request: Request, who: Principal, report: UUID, given: DecisionIn) -> None:
    """Decide on a report that somebody may see. Problems: 404 for whoever decides on none, and
    those of :func:`decide`."""
    await act_on(request, who, _decision(who, report, given))


async def decision_effect(
    request: Request, who: Principal, report: UUID, given: DecisionIn
) -> Effect:
    """What the same decision would change. Problems: as there."""
    return await preview(request, who, _decision(who, report, given))


def _decision(who: Principal, report: UUID, given: DecisionIn) -> Callable[[Work], Report]:
    who.must(Right.DECIDE_REPORTS)

    def write(work: Work) -> Report:
        must_not_be_held_by_another(work, who, report)
        visible = visible_reports(who)
        return decide(work, report, given.status, given.reason, visible, given.number)

    return write


def decide(
    work: Work,
    report: UUID,
    to: Decided,
    reason: str,
    visible: Select[Any],
    number: int | None = None,
) -> Report:
    """Decide on a report of those ``visible``, as it was read: the version of this ``number``.

    Raises :class:`Refusal` without a reason, LookupError where it is not there. Problems: 409
    where it is held, was superseded, has a newer version, or has this status already.
    """
    found: Report | None = work.session.execute(
        visible.where(col(Report.id) == report)
    ).scalar_one_or_none()
    if found is None:
        raise LookupError(str(report))
    _refuse_reason(reason)
    status = _as_judged(work.session, found) if to == "received" else ReportStatus(to)
    _refuse(found, status, number)
    found.status, found.changed = status, work.clock
    work.session.add(found)
    work.log(f"report.{to}", found.id, reason, note=reason.strip())
    note_read(work, found.id)
    work.session.flush()
    settle_blocking(work.session, work.mission_id, [found.visit_id], work.clock)
    work.session.refresh(found)
    follow_status(work, found, reason)
    return found


def _refuse_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal("say why.", "reason")
    if "\0" in reason:
        raise Refusal("a NUL cannot be kept.", "reason")


def _refuse(report: Report, status: ReportStatus, number: int | None) -> None:
    waits = report.reasons and status == ReportStatus.VERIFIED
    stands = ReportStatus.HELD if waits else ReportStatus(report.status)
    if stands in UNDECIDABLE:
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
    "report.verified": "verified",
    "report.quarantined": "quarantined",
    "report.received": "received",
    "report.release": "released",
}
"""Acts on one report, by what became of it."""


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
        {"decision": ACTS[act], "at": at, "by": handle, "reason": note}
        for act, at, note, handle in (await session.execute(query)).all()
    ]
