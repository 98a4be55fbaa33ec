"""Single answers that a named person verified, and whether that still stands.

The answer of one version of the report is verified. It stands as long as the newest version gives
the same answer: what a later version changes or takes away is not verified any more, without
anybody doing anything.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from schemas.columns import now
from schemas.desk import VerifiedAnswer
from schemas.mission import Member
from schemas.report import Report, ReportVersion

Kept = dict[str, Any] | None
"""A verification as an act keeps it, to give it back; None where there was none."""


def _standing(mission_id: UUID, report: UUID) -> Select[Any]:
    """The verifications of a report whose answers the newest version gives as well."""
    then, today = aliased(ReportVersion), aliased(ReportVersion)
    answer = col(VerifiedAnswer.question)
    return (
        select(VerifiedAnswer)
        .join(
            Report,
            (col(Report.mission_id) == col(VerifiedAnswer.mission_id))
            & (col(Report.id) == col(VerifiedAnswer.report_id)),
        )
        .join(
            then,
            (col(then.mission_id) == col(VerifiedAnswer.mission_id))
            & (col(then.report_id) == col(VerifiedAnswer.report_id))
            & (col(then.number) == col(VerifiedAnswer.number)),
        )
        .join(
            today,
            (col(today.mission_id) == col(Report.mission_id))
            & (col(today.report_id) == col(Report.id))
            & (col(today.number) == col(Report.version)),
        )
        .where(
            VerifiedAnswer.mission_id == mission_id,
            VerifiedAnswer.report_id == report,
            col(then.answers)[answer] == col(today.answers)[answer],
        )
        .order_by(answer)
    )


async def verified_answers(
    session: AsyncSession, who: Principal, report: UUID
) -> list[dict[str, Any]]:
    """The answers of a report that are verified: by whom, when and why, of which version."""
    query = (
        _standing(who.mission_id, report)
        .outerjoin(
            Member,
            (col(Member.mission_id) == col(VerifiedAnswer.mission_id))
            & (col(Member.id) == col(VerifiedAnswer.member_id)),
        )
        .add_columns(col(Member.handle))
    )
    return [
        {
            "question": each.question,
            "number": each.number,
            "by": handle,
            "at": each.at,
            "reason": each.reason,
        }
        for each, handle in (await session.execute(query)).all()
    ]


def standing_questions(work: Work, report: UUID) -> set[str]:
    """The questions of a report whose answers are verified."""
    found = work.session.execute(_standing(work.mission_id, report)).scalars()
    return {each.question for each in found}


def verify_answers(
    work: Work, report: UUID, questions: Iterable[str], number: int, reason: str
) -> dict[str, Kept]:
    """Verify the answers of the version ``number``; what stood before, for :func:`give_back`."""
    assert work.actor is not None, "a verification is somebody's"
    before: dict[str, Kept] = {}
    for question in questions:
        found = work.session.get(VerifiedAnswer, (work.mission_id, report, question))
        before[question] = _kept(found) if found else None
        row = found or VerifiedAnswer(
            mission_id=work.mission_id,
            report_id=report,
            question=question,
            number=number,
            member_id=work.actor,
            at=now(),
        )
        row.number, row.member_id, row.at, row.reason = number, work.actor, now(), reason
        work.session.add(row)
    work.session.flush()
    return before


def take_back(work: Work, report: UUID, questions: Iterable[str]) -> dict[str, Kept]:
    """Answers that are verified no more; what stood before."""
    before: dict[str, Kept] = {}
    for question in questions:
        found = work.session.get(VerifiedAnswer, (work.mission_id, report, question))
        if found is not None:
            before[question] = _kept(found)
            work.session.delete(found)
    work.session.flush()
    return before


def give_back(work: Work, report: UUID, before: Mapping[str, Kept]) -> None:
    """The verifications as they were."""
    take_back(work, report, before)
    for question, kept in before.items():
        if kept is not None:
            of = {"mission_id": work.mission_id, "report_id": report, "question": question}
            work.session.add(VerifiedAnswer.model_validate(of | kept))
    work.session.flush()


def _kept(row: VerifiedAnswer) -> Kept:
    return row.model_dump(mode="json", include={"number", "member_id", "at", "reason"})
