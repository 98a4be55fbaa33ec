"""What the desk asks an observer, as the app shows it; and questions beside the items of queues."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.problems import NOT_FOUND, Problem
from api.review.question_numbers import asked_questions, definition_of
from schemas.checklist import Question
from schemas.columns import now
from schemas.credential import Role
from schemas.desk import ObserverQuestion
from schemas.mission import Member
from schemas.place import Place
from schemas.report import Report, ReportVersion


def tasks_of(session: Session, who: Principal) -> list[dict[str, Any]]:
    """The open questions to an observer, oldest first, each with what was sent. Problem: 404 for
    whoever is none."""
    if who.role != Role.OBSERVER:
        raise Problem(NOT_FOUND)
    query = (
        select(ObserverQuestion, Report, Place, Member.handle)
        .join(
            Report,
            (col(Report.mission_id) == col(ObserverQuestion.mission_id))
            & (col(Report.id) == col(ObserverQuestion.report_id)),
        )
        .outerjoin(
            Place,
            (col(Place.mission_id) == col(Report.mission_id))
            & (col(Place.id) == col(Report.place_id)),
        )
        .outerjoin(
            Member,
            (col(Member.mission_id) == col(ObserverQuestion.mission_id))
            & (col(Member.id) == col(ObserverQuestion.asked_by)),
        )
        .where(
            ObserverQuestion.mission_id == who.mission_id,
            ObserverQuestion.observer_id == who.holder_id,
            col(ObserverQuestion.answered_at).is_(None),
            col(ObserverQuestion.closed_at).is_(None),
        )
        .order_by(col(ObserverQuestion.asked_at))
    )
    return [_task(session, *row) for row in session.execute(query).all()]


def _task(
    session: Session, row: ObserverQuestion, report: Report, place: Place | None, by: str | None
) -> dict[str, Any]:
    version = session.get_one(ReportVersion, (row.mission_id, report.id, report.version))
    definition = definition_of(session, report)
    number, question = asked_questions(definition, version.answers).get(
        row.question or "", (None, None)
    )
    said = version.answers.get(row.question or "")
    return {
        "id": row.id,
        "report": report.id,
        "checklist": report.checklist,
        "title": definition.title if definition else {},
        "station": place.code if place else version.envelope.get("station"),
        "station_name": place.name if place else "",
        "received_at": report.received_at,
        "version": report.version,
        "question": question and {"name": question.name, "number": number, "label": question.label},
        "sent": None if said is None else {"value": said, "label": _label(question, said)},
        "text": row.text,
        "by": by,
        "asked_at": row.asked_at,
        "seen_at": row.seen_at,
    }


def _label(question: Question | None, said: Any) -> dict[str, str]:
    """What was answered, in the words of its options; empty where it has none."""
    choices = {each.name: each.label for each in question.choices} if question else {}
    chosen = [choices[each] for each in said if each in choices] if isinstance(said, list) else []
    if isinstance(said, str) and said in choices:
        chosen = [choices[said]]
    languages = {language for label in chosen for language in label}
    return {
        language: ", ".join(label.get(language, "") for label in chosen) for language in languages
    }


async def unread_reports(session: AsyncSession, mission_id: UUID) -> list[UUID]:
    """The reports with an answer of their observer that nobody of the desk has read."""
    query = select(ObserverQuestion.report_id).where(
        ObserverQuestion.mission_id == mission_id,
        col(ObserverQuestion.answered_at).is_not(None),
        col(ObserverQuestion.closed_at).is_(None),
    )
    return list((await session.execute(query.distinct())).scalars())


def note_read(work: Work, report_id: UUID) -> None:
    """Whoever decides on a report has read what its observer answered."""
    query = select(ObserverQuestion).where(
        ObserverQuestion.mission_id == work.mission_id,
        ObserverQuestion.report_id == report_id,
        col(ObserverQuestion.answered_at).is_not(None),
        col(ObserverQuestion.closed_at).is_(None),
    )
    for each in work.session.exec(query):
        each.closed_at, each.closed_by = now(), work.actor
        work.session.add(each)
        work.log("question.read", report_id, str(each.id))


async def beside_items(
    session: AsyncSession, mission_id: UUID, reports: Collection[UUID]
) -> dict[UUID, list[dict[str, Any]]]:
    """The questions about these reports that are open, or whose answer nobody has read."""
    query = select(ObserverQuestion).where(
        ObserverQuestion.mission_id == mission_id,
        col(ObserverQuestion.report_id).in_(reports),
        col(ObserverQuestion.closed_at).is_(None),
    )
    found: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for each in (await session.execute(query.order_by(col(ObserverQuestion.asked_at)))).scalars():
        shown = each.model_dump(
            include={
                "id", "question", "text", "asked_at", "seen_at", "answer", "answer_text",
                "answered_at",
            }
        )  # fmt: skip
        found[each.report_id].append(shown)
    return found
