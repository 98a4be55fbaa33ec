"""One conflict as the JSON and the desk show it: every question with the answers side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.observation.contradictions import compared, said, severity
from analytics.quality.flags import distance_m
from api.auth.principal import Principal
from api.review.conflicts import Conflict, TeamReport
from schemas.checklist import KNOWN, Question
from schemas.desk import ConflictResolution
from schemas.mission import Member
from schemas.report import Attachment

STATES = ("open", "both", "one_sided", "same")
"""How the answers to a question stand: to be decided; let stand by a person; given by some of the
teams alone; the same."""


async def conflict_out(session: AsyncSession, who: Principal, conflict: Conflict) -> dict[str, Any]:
    """A conflict with its reports, the answers to every question that is compared, and what was
    decided before."""
    photos = await _photos(session, who, [each.id for each in conflict.reports])
    return {
        "id": conflict.id,
        "checklist": conflict.checklist,
        "title": conflict.definition.title,
        "contest": conflict.contest,
        "station": conflict.station,
        "place": conflict.place,
        "round": conflict.round,
        "since": conflict.since,
        "severity": conflict.severity,
        "open": [each.name for each in conflict.open],
        "reports": [_report(conflict, each, photos.get(each.id, [])) for each in conflict.reports],
        "questions": [_question(conflict, each) for each in _asked(conflict)],
        "resolutions": await _resolutions(session, who, conflict),
    }


def _asked(conflict: Conflict) -> list[Question]:
    """What is compared and was answered by anybody."""
    return [
        each
        for each in compared(conflict.definition)
        if any(answer is not None for answer in conflict.answers_to(each))
    ]


def _report(
    conflict: Conflict, report: TeamReport, photos: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": report.id,
        "number": report.number,
        "status": report.status,
        "team": report.observers,
        "organisation": report.organisation,
        "arrived_at": report.arrived_at,
        "departed_at": report.departed_at,
        "finalised_at": report.finalised_at,
        "received_at": report.received_at,
        "distance_m": _distance(conflict, report),
        "photos": photos,
    }


def _distance(conflict: Conflict, report: TeamReport) -> int | None:
    """How far from the station the report was written, where both are known."""
    given = report.position or {}
    lat, lon = given.get("lat"), given.get("lon")
    if conflict.position is None or not all(isinstance(each, int | float) for each in (lat, lon)):
        return None
    return round(distance_m(float(lat or 0), float(lon or 0), *conflict.position))


def _question(conflict: Conflict, question: Question) -> dict[str, Any]:
    answers = conflict.answers_to(question)
    return {
        "question": question.name,
        "label": question.label,
        "type": question.type,
        "state": state_of(conflict, question),
        "severity": severity(conflict.definition, question, answers),
        "digest": conflict.digest(question),
        "answers": [_answer(each, question) for each in conflict.reports],
    }


def state_of(conflict: Conflict, question: Question) -> str:
    """One of :data:`STATES`."""
    if question in conflict.open:
        return "open"
    if question in conflict.standing:
        return "both"
    silent = [said(question, each) is None for each in conflict.answers_to(question)]
    return "one_sided" if any(silent) and not all(silent) else "same"


def _answer(report: TeamReport, question: Question) -> dict[str, Any]:
    answer = report.answers.get(question.name)
    labels = {each.name: each.label for each in question.choices}
    chosen = answer if isinstance(answer, list) else [answer]
    known = report.answers.get(f"{question.name}{KNOWN}")
    return {
        "report": report.id,
        "answer": answer,
        "labels": [labels[each] for each in chosen if isinstance(each, str) and each in labels],
        "known": known if isinstance(known, str) else None,
    }


async def _photos(
    session: AsyncSession, who: Principal, ids: Sequence[UUID]
) -> Mapping[UUID, list[dict[str, Any]]]:
    query = (
        select(Attachment)
        .where(Attachment.mission_id == who.mission_id, col(Attachment.report_id).in_(ids))
        .order_by(col(Attachment.name))
    )
    found: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for each in (await session.execute(query)).scalars():
        sha256 = each.sha256.hex() if each.sha256 and each.arrived_at else None
        found[each.report_id].append({"name": each.name, "sha256": sha256})
    return found


async def _resolutions(
    session: AsyncSession, who: Principal, conflict: Conflict
) -> list[dict[str, Any]]:
    actor = (col(Member.mission_id) == col(ConflictResolution.mission_id)) & (
        col(Member.id) == col(ConflictResolution.member_id)
    )
    query = (
        select(ConflictResolution, Member.handle)
        .outerjoin(Member, actor)
        .where(
            ConflictResolution.mission_id == who.mission_id,
            ConflictResolution.round_id == conflict.round_id,
            ConflictResolution.conflict == conflict.id,
        )
        .order_by(col(ConflictResolution.at), col(ConflictResolution.id))
    )
    return [
        {"at": each.at, "by": handle, "answers": each.answers, "reasons": each.reasons}
        for each, handle in (await session.execute(query)).all()
    ]
