"""Questions of the desk to the observer of a report, and what was answered.

The observer's app shows an open question as a task; the answer comes with the next reports, under
an id that the phone made, and stands with the report until somebody of the desk has read it.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.auth.visible import visible_reports
from api.problems import CONFLICT, Problem
from api.review.acts import record_act
from api.review.holds import must_not_be_held_by_another
from api.review.question_numbers import asked_questions, definition_of, questions_in
from schemas.columns import new_id, now
from schemas.credential import Role
from schemas.desk import DeskAct, ObserverQuestion, QuestionAnswer
from schemas.mission import Member
from schemas.observer import Observer
from schemas.problems import Refusal
from schemas.report import Report
from schemas.words import N_

QUESTION, CLOSE = "question.ask", "question.close"
"""The kinds of the acts."""
LONGEST = 2000
NOBODY = N_("It is not known whose report this is. Name the observer first.")
ASKED_ALREADY = N_("This is asked already, and not answered yet.")
ANSWERED = N_("This question was answered already.")
CLOSED = N_("This question is closed already.")


class QuestionIn(BaseModel):
    """What to ask: the name of a question of the checklist, words, or both."""

    model_config = ConfigDict(extra="forbid")

    question: str | None = Field(default=None, max_length=200)
    text: str = Field(default="", max_length=LONGEST)


class AnswerIn(BaseModel):
    """What an observer answers. ``id`` is made by the phone: sent again it is the same answer;
    ``at`` is when it was given on the phone."""

    model_config = ConfigDict(extra="forbid")

    answer: QuestionAnswer
    text: str = Field(default="", max_length=LONGEST)
    id: UUID | None = None
    at: AwareDatetime | None = None


@dataclass(frozen=True)
class Asked:
    """A question as the desk sees it; ``number`` is the one that its observer sees on the phone."""

    row: ObserverQuestion
    observer: str
    by: str
    number: int | None
    label: dict[str, str]

    @property
    def state(self) -> str:
        """``open``, ``answered`` (nobody of the desk has read it), or ``closed``."""
        if self.row.closed_at is not None:
            return "closed"
        return "open" if self.row.answered_at is None else "answered"

    def as_sent(self) -> dict[str, Any]:
        """For the API."""
        row = self.row
        return {
            "id": row.id,
            "report": row.report_id,
            "observer": self.observer,
            "question": row.question,
            "number": self.number,
            "label": self.label,
            "text": row.text,
            "by": self.by,
            "asked_at": row.asked_at,
            "seen_at": row.seen_at,
            "state": self.state,
            "answer": row.answer,
            "answer_text": row.answer_text,
            "answered_at": row.answered_at,
            "closed_at": row.closed_at,
        }


def ask(
    work: Work, who: Principal, report_id: UUID, given: QuestionIn
) -> tuple[ObserverQuestion, UUID]:
    """Ask the observer of a report that ``who`` may see; the question, and the act.

    Raises LookupError, :class:`Refusal` naming the field. Problem: 409 where nobody knows whose
    report it is, or the same is asked already.
    """
    must_not_be_held_by_another(work, who, report_id)
    asked = _ask(work, who, report_id, given)
    return asked, record_act(work, QUESTION, str(asked.report_id), {"questions": [str(asked.id)]})


def ask_teams(
    work: Work, who: Principal, item: str, reports: Collection[UUID], given: QuestionIn
) -> UUID:
    """Ask the observers of several reports the same, about one item of the desk; the act. Raises as
    :func:`ask`."""
    must_not_be_held_by_another(work, who, item)
    if not reports:
        raise Refusal("say which team to ask.", "report")
    asked = [_ask(work, who, each, given) for each in reports]
    return record_act(work, QUESTION, item, {"questions": [str(each.id) for each in asked]})


def _ask(work: Work, who: Principal, report_id: UUID, given: QuestionIn) -> ObserverQuestion:
    report = _report(work.session, who, report_id)
    name, text = given.question or None, given.text.strip()
    if not name and not text:
        raise Refusal("name a question of the checklist, or say in words what to check.", "text")
    if "\0" in text:
        raise Refusal("a NUL cannot be kept.", "text")
    if name and name not in asked_questions(definition_of(work.session, report), None):
        raise Refusal(f"the checklist asks no question {name!r}.", "question")
    if report.observer_id is None:
        raise Problem(CONFLICT, NOBODY, "observer")
    if any(_is_same(each, name, text) for each in _rows(work.session, who.mission_id, [report.id])):
        raise Problem(CONFLICT, ASKED_ALREADY, "question")
    assert work.actor is not None
    asked = ObserverQuestion(
        mission_id=work.mission_id,
        report_id=report.id,
        observer_id=report.observer_id,
        question=name,
        text=text,
        asked_by=work.actor,
        asked_at=now(),
    )
    work.session.add(asked)
    work.log("question.ask", report.id, f"{asked.id} {name or ''} {text}")
    work.session.flush()
    return asked


def _is_same(asked: ObserverQuestion, name: str | None, text: str) -> bool:
    """Whether a question that is open asks the same."""
    is_open = asked.answered_at is None and asked.closed_at is None
    return is_open and asked.question == name and (name is not None or asked.text == text)


def close(work: Work, who: Principal, report_id: UUID, question_id: UUID) -> UUID:
    """Close a question: take it back while nobody has answered, or note that the answer was read.
    The act. Raises LookupError; problem: 409 where it is closed already."""
    must_not_be_held_by_another(work, who, report_id)
    report = _report(work.session, who, report_id)
    found = work.session.get(ObserverQuestion, (work.mission_id, question_id))
    if found is None or found.report_id != report.id:
        raise LookupError(str(question_id))
    if found.closed_at is not None:
        raise Problem(CONFLICT, CLOSED, "question")
    _close(work, found)
    return record_act(work, CLOSE, str(report.id), {"questions": [str(found.id)]})


def _close(work: Work, found: ObserverQuestion) -> None:
    found.closed_at, found.closed_by = now(), work.actor
    work.session.add(found)
    work.session.flush()
    what = "withdraw" if found.answered_at is None else "read"
    work.log(f"question.{what}", found.report_id, str(found.id))


def undo_question(work: Work, act: DeskAct) -> dict[str, Any]:
    """Take back that observers were asked. Problem: 409 where one has answered, or a question was
    closed since."""
    found = _of_act(work, act)
    if any(each.answered_at is not None for each in found):
        raise Problem(CONFLICT, ANSWERED, "act")
    if any(each.closed_at is not None for each in found):
        raise Problem(CONFLICT, CLOSED, "act")
    for each in found:
        _close(work, each)
    return {"questions": [each.id for each in found]}


def undo_close(work: Work, act: DeskAct) -> dict[str, Any]:
    """Open a question again that was closed."""
    found = _of_act(work, act)
    for each in found:
        each.closed_at = each.closed_by = None
        work.session.add(each)
        work.log("question.reopen", each.report_id, str(each.id))
    return {"questions": [each.id for each in found]}


def _of_act(work: Work, act: DeskAct) -> list[ObserverQuestion]:
    wanted = [UUID(each) for each in act.before["questions"]]
    query = select(ObserverQuestion).where(
        ObserverQuestion.mission_id == work.mission_id, col(ObserverQuestion.id).in_(wanted)
    )
    return list(work.session.exec(query))


def answer(
    work: Work, who: Principal, question_id: UUID, given: AnswerIn
) -> tuple[ObserverQuestion, bool]:
    """An observer answers a question to them; and whether it is new. One that was closed
    meanwhile keeps the answer too.

    Raises LookupError, :class:`Refusal`. Problem: 409 where another answer stands.
    """
    found = _own(work.session, who, question_id)
    text = given.text.strip()
    if "\0" in text:
        raise Refusal("a NUL cannot be kept.", "text")
    if given.answer == QuestionAnswer.NOTE and not text:
        raise Refusal("write a note.", "text")
    if found.answered_at is not None:
        same = found.answer_id == given.id and given.id is not None
        if same and (found.answer, found.answer_text) == (given.answer, text):
            return found, False
        raise Problem(CONFLICT, ANSWERED, "id" if same else "answer")
    found.answer, found.answer_text = given.answer, text
    found.answer_id = given.id or new_id()
    found.answered_at = _between(found.asked_at, given.at)
    found.seen_at = found.seen_at or found.answered_at
    work.session.add(found)
    work.log("question.answer", found.report_id, f"{found.id} {given.answer} {text}")
    work.session.flush()
    return found, True


def note_seen(work: Work, who: Principal, question_id: UUID) -> bool:
    """Note that a question was shown to the observer; whether that is new. Raises LookupError."""
    found = _own(work.session, who, question_id)
    if found.seen_at is not None:
        return False
    found.seen_at = now()
    work.session.add(found)
    work.session.flush()
    return True


def _between(asked: datetime, at: datetime | None) -> datetime:
    """When an answer was given, as the phone says, where that can be."""
    present = now()
    return present if at is None or not asked <= at <= present else at


def _own(session: Session, who: Principal, question_id: UUID) -> ObserverQuestion:
    found = session.get(ObserverQuestion, (who.mission_id, question_id))
    if found is None or who.role != Role.OBSERVER or found.observer_id != who.holder_id:
        raise LookupError(str(question_id))
    return found


def _report(session: Session, who: Principal, report_id: UUID) -> Report:
    query = visible_reports(who).where(col(Report.id) == report_id)
    found: Report | None = session.execute(query).scalar_one_or_none()
    if found is None:
        raise LookupError(str(report_id))
    return found


def _rows(session: Session, mission_id: UUID, reports: Collection[UUID]) -> list[ObserverQuestion]:
    query = select(ObserverQuestion).where(
        ObserverQuestion.mission_id == mission_id, col(ObserverQuestion.report_id).in_(reports)
    )
    return list(session.exec(query.order_by(col(ObserverQuestion.asked_at))))


def questions_of(
    session: Session, who: Principal, reports: Collection[UUID]
) -> dict[UUID, list[Asked]]:
    """The questions about each of these reports, of those that ``who`` may see, oldest first."""
    query = visible_reports(who).where(col(Report.id).in_(reports))
    seen: dict[UUID, Report] = {each.id: each for each in session.execute(query).scalars()}
    rows = _rows(session, who.mission_id, seen)
    asked = {each.report_id for each in rows}
    named = {each: questions_in(session, seen[each]) for each in asked}
    handles = _names(session, Member, "handle", {each.asked_by for each in rows})
    observers = _names(session, Observer, "pseudonym", {each.observer_id for each in rows})
    found: defaultdict[UUID, list[Asked]] = defaultdict(list)
    for row in rows:
        number, question = named[row.report_id].get(row.question or "", (None, None))
        found[row.report_id].append(
            Asked(
                row,
                observers.get(row.observer_id, ""),
                handles.get(row.asked_by, ""),
                number,
                dict(question.label) if question else {},
            )
        )
    return dict(found)


def questions_about(session: Session, who: Principal, report_id: UUID) -> list[Asked]:
    """The questions about one report that ``who`` may see. Raises LookupError."""
    report = _report(session, who, report_id)
    return questions_of(session, who, [report.id]).get(report.id, [])


def _names(session: Session, noun: Any, column: str, ids: Collection[UUID]) -> dict[UUID, str]:
    query = select(noun.id, getattr(noun, column)).where(col(noun.id).in_(ids))
    return {row[0]: row[1] for row in session.execute(query).all()}
