"""Versions of blocks: each change keeps what was before; an older version is not written over."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from analytics.statements import canonical, plain
from analytics.statements.blocks import Heading
from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.problems import CONFLICT, NOT_FOUND, OUTDATED, Problem
from api.statements.blocks import block_now, block_out, is_open
from schemas.columns import new_id, now
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.statement import Statement, StatementState
from schemas.statement_block import StatementBlock, StatementBlockVersion


class Given(BaseModel):
    """What an act is given: nothing but what it knows."""

    model_config = ConfigDict(extra="forbid")


def statement_for_writing(work: Work, who: Principal, statement_id: UUID) -> Statement:
    """A statement that ``who`` may write now. Problems: 404; 409 once it is approved."""
    who.must(Right.WRITE_STATEMENTS)
    found = work.session.get(Statement, (who.mission_id, statement_id))
    if found is None:
        raise Problem(NOT_FOUND)
    if not is_open(found):
        raise Problem(CONFLICT, "The statement is approved or out: its text is not changed.")
    return found


def block_row(
    work: Work, statement: Statement, block_id: str, version: int, yours: Any = None
) -> StatementBlock:
    """A block to be changed by whoever read a version of it. Problems: 404; 409 ``outdated`` with
    both texts."""
    key = statement.mission_id, statement.id, block_id
    row = work.session.get(StatementBlock, key)
    if row is None:
        raise Problem(NOT_FOUND)
    if version != row.version:
        theirs = block_out(block_now(row), statement.language)
        raise Problem(
            OUTDATED,
            f"Somebody changed this block: it is at version {row.version}.",
            "version",
            more={"block": theirs, "theirs": theirs["texts"], "yours": yours},
        )
    return row


def new_version(work: Work, who: Principal, row: StatementBlock, **changed: Any) -> None:
    """Keep a block as it is among its earlier versions, and change its columns. ``reason`` is one
    of them."""
    work.session.add(
        StatementBlockVersion(
            mission_id=row.mission_id,
            id=new_id(),
            statement_id=row.statement_id,
            block_id=row.id,
            version=row.version,
            position=row.position,
            section=row.section,
            contents=row.contents,
            hidden=row.hidden,
            reason=row.reason,
            changed_by=row.changed_by,
            changed_at=row.changed_at,
        )
    )
    row.version += 1
    row.reason = ""
    row.changed_by, row.changed_at = who.holder_id, now()
    for name, value in changed.items():
        setattr(row, name, value)


def versions_of(
    work: Work, statement: Statement, row: StatementBlock
) -> list[StatementBlockVersion]:
    """The earlier versions of a block, oldest first."""
    query = select(StatementBlockVersion).where(
        StatementBlockVersion.mission_id == statement.mission_id,
        StatementBlockVersion.statement_id == statement.id,
        StatementBlockVersion.block_id == row.id,
    )
    return list(work.session.exec(query.order_by(col(StatementBlockVersion.version))))


def back_to_draft(statement: Statement) -> bool:
    """What is changed in review has to be read over again; whether it was in review."""
    was = statement.state == StatementState.REVIEW
    if was:
        statement.state = StatementState.DRAFT
        statement.version = statement.version_number + 1
        statement.review_by = statement.review_at = None
        statement.approvals = []
    return was


def must_say_why(reason: str) -> None:
    """Raise :class:`Refusal` where nobody says why."""
    if not reason.strip() or "\0" in reason:
        raise Refusal("say why.", "reason")


def place_behind(rows: list[StatementBlock], after: str | None) -> tuple[int, str]:
    """The place behind a block among ``rows``, and its section. Raises :class:`Refusal`."""
    if after is None:
        return 0, rows[0].section if rows else ""
    at = next((at for at, each in enumerate(rows, 1) if each.id == after), None)
    if at is None:
        raise Refusal(f"the statement has no other block {after!r}.", "after")
    return at, rows[at - 1].section


def number_rows(rows: list[StatementBlock]) -> None:
    """Give rows their places in this order."""
    for place, each in enumerate(rows, 1):
        each.position = place


def _call_it_by_its_headline(statement: Statement, row: StatementBlock) -> None:
    """A statement whose headline somebody wrote is listed under it."""
    if statement.language not in row.contents:
        return
    block = block_now(row).block(statement.language)
    if isinstance(block, Heading) and block.level == 1 and plain(block.text).strip():
        statement.title = plain(block.text)


def done(work: Work, statement: Statement, row: StatementBlock, act: str) -> dict[str, Any]:
    """Keep a change of a block and tell of it: the block as it is now, and the state."""
    was_in_review = back_to_draft(statement)
    _call_it_by_its_headline(statement, row)
    work.session.add(statement)
    work.session.add(row)
    work.session.flush()
    work.log(act, statement.id, canonical(row.contents), note=f"{row.id}, version {row.version}")
    return {
        "block": block_out(block_now(row), statement.language),
        "version": row.version,
        "state": StatementState(statement.state).shown,
        "back_to_draft": was_in_review,
    }
