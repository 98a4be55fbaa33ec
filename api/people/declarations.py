"""Declarations of interests: what an observer declared, and what a named person decided."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import col, select

from api.audit.unit_of_work import Work
from api.people.paper_signatures import nothing_to_declare
from schemas.columns import now
from schemas.observer import (
    INTEREST_QUESTIONS,
    Decision,
    InterestDeclaration,
    Means,
    Observer,
)
from schemas.problems import Refusal

MAX_TEXT_LENGTH = 4000


def declare(
    work: Work, observer: UUID, answers: Mapping[str, str], language: str
) -> InterestDeclaration:
    """Keep what an observer declares on the phone; it waits for somebody's decision.

    Raises :class:`Refusal` for a question that is not asked or an answer that is too long.
    """
    unknown = set(answers) - set(INTEREST_QUESTIONS)
    if unknown:
        raise Refusal("there is no such question.", f"answers.{min(unknown)[:40]}")
    for name, text in answers.items():
        if "\0" in text:
            raise Refusal("a NUL cannot be kept.", f"answers.{name}")
    if any(len(text) > MAX_TEXT_LENGTH for text in answers.values()):
        raise Refusal(f"at most {MAX_TEXT_LENGTH} characters each.", "answers")
    said = nothing_to_declare() | {name: text.strip() for name, text in answers.items()}
    made = InterestDeclaration(
        mission_id=work.mission_id,
        observer_id=observer,
        answers=said,
        means=Means.PHONE,
        language=language,
        declared_at=now(),
    )
    work.session.add(made)
    work.session.flush()
    work.log("declaration.make", observer)
    return made


def decide(
    work: Work,
    declarations: Sequence[UUID],
    decision: Decision,
    reason: str,
    visible: Select[Any],
) -> list[UUID]:
    """Accept or refuse declarations of ``visible`` observers by one act; whose they were.

    Several are accepted at once only where nothing is declared. Raises :class:`Refusal`.
    """
    if not reason.strip():
        raise Refusal("say why.", "reason")
    found = work.session.exec(
        select(InterestDeclaration).where(
            InterestDeclaration.mission_id == work.mission_id,
            col(InterestDeclaration.id).in_(declarations),
            col(InterestDeclaration.observer_id).in_(visible.with_only_columns(col(Observer.id))),
        )
    ).all()
    if len(found) != len(set(declarations)):
        raise Refusal("one of them is not there.", "declarations")
    if len(found) > 1 and any(declares(each) for each in found):
        raise Refusal("whoever declares something is decided one by one.", "declarations")
    for each in found:
        each.decision, each.decided_by, each.decided_at = decision, work.actor, now()
        each.reason = reason.strip()
        work.session.add(each)
        work.log(f"declaration.{decision.value}", each.observer_id, reason)
    work.session.flush()
    return [each.observer_id for each in found]


def declares(declaration: InterestDeclaration) -> bool:
    """Whether anything is declared."""
    return any(text.strip() for text in declaration.answers.values())
