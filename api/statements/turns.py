"""Whose turn it is with a statement: what it waits for, and who may not do that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from schemas.statement import Statement, StatementState


class Step(StrEnum):
    """What a statement waits for next."""

    WRITING = "writing"
    APPROVAL = "approval"
    RELEASE = "release"
    EMBARGO = "embargo"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Turn:
    """The next step of a statement; ``by`` wrote or approved it and ``until`` is its embargo."""

    step: Step
    by: UUID | None = None
    until: datetime | None = None


def turn_of(statement: Statement, at: datetime) -> Turn:
    """What a statement waits for at a moment."""
    if statement.state == StatementState.DRAFT:
        return Turn(Step.WRITING, statement.drafted_by)
    if statement.state == StatementState.APPROVED:
        return Turn(Step.RELEASE, statement.approved_by)
    if statement.state != StatementState.RELEASED:
        return Turn(Step.APPROVAL, statement.review_by or statement.drafted_by)
    until = statement.embargo_until
    return Turn(Step.EMBARGO, until=until) if until and at < until else Turn(Step.NOTHING)


def people_of(statements: Iterable[Statement]) -> set[UUID]:
    """Everyone who wrote, approved or released one of these statements."""
    of = [
        (each.drafted_by, each.review_by, each.approved_by, each.released_by) for each in statements
    ]
    return {each for row in of for each in row if each}
