"""Messages to observers and calls for safety; questions about reports, and their answers."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session

from api.audit.unit_of_work import act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.people.contacts import open_contacts
from api.people.message_rolls import message_sent, messages_sent, refuse_partners, roll_of
from api.people.messages import (
    MessageIn,
    SafetyAnswerIn,
    answer_safety,
    messages_to,
    note_fetched,
    note_shown,
)
from api.problems import NOT_FOUND, Problem
from api.review import messages as acts
from api.review import questions
from api.review.outcomes import outcomes_of
from api.review.questions import AnswerIn, QuestionIn
from api.review.tasks import tasks_of
from api.routes.asking import After, Limit
from api.server.cursors import cursor, read_cursor
from schemas.credential import Role
from schemas.desk import Message, MessageDelivery, MessageKind
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["desk"])
Who = Annotated[Principal, Depends(principal)]


@router.post("/reports/{report_id}/questions", status_code=201)
async def ask(request: Request, who: Who, report_id: UUID, given: QuestionIn) -> dict[str, Any]:
    """Ask the observer about a report: a question of the checklist, words, or both. The app shows
    it as a task."""
    who.must(Right.DECIDE_REPORTS)
    asked, act = await act_on(request, who, lambda work: questions.ask(work, who, report_id, given))
    return {"id": asked.id, "report": asked.report_id, "asked_at": asked.asked_at, "act": act}


@router.get("/reports/{report_id}/questions")
async def of_report(request: Request, who: Who, report_id: UUID) -> dict[str, Any]:
    """The questions about a report, oldest first, with their answers."""
    who.must(Right.SEE_REPORTS)

    def read(session: Session) -> list[dict[str, Any]]:
        return [each.as_sent() for each in questions.questions_about(session, who, report_id)]

    async with mission_session(request.app.state.engine, who.mission_id) as session:
        try:
            items = await session.run_sync(read)  # type: ignore[arg-type]
        except LookupError:
            raise Problem(NOT_FOUND) from None
    return {"items": items, "next": None}


@router.delete("/reports/{report_id}/questions/{question_id}")
async def close(request: Request, who: Who, report_id: UUID, question_id: UUID) -> dict[str, Any]:
    """Take a question back that nobody has answered; or say that its answer was read."""
    who.must(Right.DECIDE_REPORTS)
    act = await act_on(
        request, who, lambda work: questions.close(work, who, report_id, question_id)
    )
    return {"id": question_id, "state": "closed", "act": act}


@router.get("/tasks")
async def tasks(request: Request, who: Who) -> dict[str, Any]:
    """The open questions to the observer who asks, oldest first, each with what they sent; and what
    became of their reports: the status of each, and what the desk did with it."""

    def read(session: Session) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        return tasks_of(session, who), outcomes_of(session, who)

    async with mission_session(request.app.state.engine, who.mission_id) as session:
        items, reports = await session.run_sync(read)  # type: ignore[arg-type]
    return {"items": items, "next": None, "reports": reports}


@router.post("/tasks/{question_id}/answer")
async def answer(request: Request, who: Who, question_id: UUID, given: AnswerIn) -> dict[str, Any]:
    """Answer a question: it is right, it was corrected, or a note. The same answer under the same
    ``id`` may be sent again."""
    found, is_new = await act_on(
        request, who, lambda work: questions.answer(work, who, question_id, given)
    )
    return {
        "id": found.id,
        "answer": found.answer,
        "answered_at": found.answered_at,
        "closed_at": found.closed_at,
        "new": is_new,
    }


@router.post("/tasks/{question_id}/seen")
async def seen(request: Request, who: Who, question_id: UUID) -> dict[str, Any]:
    """Note that a question was shown to the observer."""
    is_new = await act_on(request, who, lambda work: questions.note_seen(work, who, question_id))
    return {"id": question_id, "new": is_new}


@router.post("/messages", status_code=201)
async def send(request: Request, who: Who, given: MessageIn) -> dict[str, Any]:
    """Send a message or a call for safety to the observers that fit. The phones fetch it when they
    next have a network."""
    message, count, act = await act_on(request, who, lambda work: acts.send(work, who, given))
    return {"id": message.id, "sent": count, "sent_at": message.sent_at, "act": act}


@router.get("/messages")
async def listed(
    request: Request, who: Who, after: After = None, limit: Limit = 100
) -> dict[str, Any]:
    """To members the messages sent, newest first, with how many observers fetched, saw and
    answered them; to an observer those to them, which have then come to their phone."""
    refuse_partners(who)
    if who.role == Role.OBSERVER:
        return await _own(request, who)
    (behind,) = read_cursor(after, UUID) or (None,)

    def read(session: Session) -> list[Any]:
        return messages_sent(session, who, behind, limit + 1)

    async with mission_session(request.app.state.engine, who.mission_id) as session:
        found = await session.run_sync(read)  # type: ignore[arg-type]
    more = cursor(found[limit - 1].message.id) if len(found) > limit else None
    return {"items": [each.as_sent() for each in found[:limit]], "next": more}


async def _own(request: Request, who: Principal) -> dict[str, Any]:
    def read(session: Session) -> list[tuple[Message, MessageDelivery]]:
        return messages_to(session, who)

    async with mission_session(request.app.state.engine, who.mission_id) as session:
        found = await session.run_sync(read)  # type: ignore[arg-type]
    if any(own.fetched_at is None for _, own in found):
        await act_on(request, who, lambda work: note_fetched(work, who))
    items = [
        {
            "id": message.id,
            "kind": message.kind,
            "text": message.text,
            "about": message.audience if message.kind == MessageKind.AREA_CLOSED else None,
            "sent_at": message.sent_at,
            "seen_at": own.seen_at,
            "answer": own.answer,
            "answered_at": own.answered_at,
        }
        for message, own in found
    ]
    return {"items": items, "next": None}


@router.get("/messages/{message_id}")
async def roll(
    request: Request,
    who: Who,
    message_id: UUID,
    contacts: Annotated[
        Literal["true", "false"], Query(description="With telephones; each look is in the log.")
    ] = "false",
) -> dict[str, Any]:
    """A message and its roll: who asks for help first, then who has not answered, with the
    coordinator of their area and their last report."""
    who.must(Right.SEE_PEOPLE)
    if contacts == "true":
        who.must(Right.CALL_TEAMS)

    def read(session: Session) -> dict[str, Any]:
        found = message_sent(session, who, message_id)
        return found.as_sent() | {"roll": roll_of(session, who, message_id)}

    async with mission_session(request.app.state.engine, who.mission_id) as session:
        try:
            content = await session.run_sync(read)  # type: ignore[arg-type]
        except LookupError:
            raise Problem(NOT_FOUND) from None
    rows = content["roll"]
    content["roll"] = [each.as_sent() for each in rows]
    if contacts == "true":
        wanted = [each.observer_id for each in rows]
        reached = await act_on(
            request, who, lambda work: open_contacts(work, who, wanted), though_closed=True
        )
        by_name = {each.pseudonym: each.as_sent() for each in reached}
        content["roll"] = [
            each | {"contacts": by_name.get(each["pseudonym"])} for each in content["roll"]
        ]
    return content


@router.delete("/messages/{message_id}")
async def end(request: Request, who: Who, message_id: UUID) -> dict[str, Any]:
    """Close a message: phones show it no more, and no answer is waited for."""
    act = await act_on(request, who, lambda work: acts.close(work, who, message_id))
    return {"id": message_id, "state": "closed", "act": act}


@router.post("/messages/{message_id}/seen")
async def shown(request: Request, who: Who, message_id: UUID) -> dict[str, Any]:
    """Note that a message was shown to the observer."""
    is_new = await act_on(request, who, lambda work: note_shown(work, who, message_id))
    return {"id": message_id, "new": is_new}


@router.post("/messages/{message_id}/answer")
async def safety(
    request: Request, who: Who, message_id: UUID, given: SafetyAnswerIn
) -> dict[str, Any]:
    """Answer a call for safety. A call for help raises an alarm."""
    own, is_new = await act_on(
        request, who, lambda work: answer_safety(work, who, message_id, given)
    )
    return {
        "id": message_id,
        "answer": own.answer,
        "answered_at": own.answered_at,
        "new": is_new,
    }
