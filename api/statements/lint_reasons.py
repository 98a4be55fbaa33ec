"""Reasons for the warnings of a statement's lint: kept by its authors, read by who approves."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from analytics.statements.lint import LEAST_WORDS, RULES, enough_of_a_reason
from api.audit.unit_of_work import Work
from api.auth.principal import Principal
from api.problems import NOT_FOUND, Problem
from api.statements.block_history import member_names
from api.statements.blocks import rows_of_blocks
from api.statements.versions import Given, statement_for_writing
from schemas.columns import new_id, now
from schemas.lint_reason import LintReason
from schemas.problems import Refusal
from schemas.rights import Right
from schemas.statement import Statement

WARNING = {rule.id for rule in RULES if rule.warns}


class ReasonIn(Given):
    """Why a warning may stand: at a block, or ("") in the statement as a whole."""

    block: Annotated[str, StringConstraints(max_length=200)] = ""
    reason: Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)]


def keep_reason(
    work: Work, who: Principal, statement_id: UUID, rule: str, given: ReasonIn
) -> dict[str, Any]:
    """Keep why a warning may stand. Problems: 404 where there is no such statement or rule; 409
    once it is approved; 422 for a rule whose errors are mended and never reasoned away, an unknown
    block, under ten words, or what stands already."""
    if rule not in {each.id for each in RULES}:
        raise Problem(NOT_FOUND)
    statement = statement_for_writing(work, who, statement_id)
    if rule not in WARNING:
        raise Refusal("What this rule finds is mended; no reason lets it stand.", "rule")
    if given.block and given.block not in {
        row.id for row in rows_of_blocks(work.session, statement)
    }:
        raise Refusal("The statement has no such block.", "block")
    if not enough_of_a_reason(given.reason) or "\0" in given.reason:
        raise Refusal(f"Say why in at least {LEAST_WORDS} words.", "reason")
    rows = work.session.exec(_of(statement)).all()
    newest = {(row.rule, row.block): row.reason for row in rows}
    if newest.get((rule, given.block)) == given.reason:
        raise Refusal("This reason stands already.", "reason")
    row = LintReason(
        mission_id=who.mission_id,
        id=new_id(),
        statement_id=statement.id,
        rule=rule,
        block=given.block,
        reason=given.reason,
        kept_by=who.holder_id,
        kept_at=now(),
    )
    work.session.add(row)
    work.session.flush()
    work.log("statement.reason", statement.id, note=f"{rule} at {given.block or 'the whole'}")
    return {"rule": rule, "block": row.block, "reason": row.reason, "at": row.kept_at}


async def reasons_out(
    session: AsyncSession, who: Principal, statement_id: UUID
) -> list[dict[str, Any]]:
    """The reasons that count, by rule and block, with who kept each and when. Problem: 404."""
    who.must(Right.SEE_DRAFTS)
    statement = await session.get(Statement, (who.mission_id, statement_id))
    if statement is None:
        raise Problem(NOT_FOUND)
    names = await member_names(session, who.mission_id)
    rows = (await session.execute(_of(statement))).scalars()
    newest = {(row.rule, row.block): row for row in rows}
    return [
        {
            "rule": rule,
            "block": block,
            "reason": row.reason,
            "by": names.get(row.kept_by, ""),
            "at": row.kept_at,
        }
        for (rule, block), row in sorted(newest.items())
    ]


async def kept_reasons(
    session: AsyncSession, statement: Statement
) -> Mapping[tuple[str, str], str]:
    """The reasons that count, by rule and block, as the lint reads them."""
    rows = (await session.execute(_of(statement))).scalars()
    return {(row.rule, row.block): row.reason for row in rows}


def _of(statement: Statement) -> SelectOfScalar[LintReason]:
    """A statement's reasons, the newest last."""
    return (
        select(LintReason)
        .where(
            LintReason.mission_id == statement.mission_id,
            LintReason.statement_id == statement.id,
        )
        .order_by(col(LintReason.kept_at), col(LintReason.id))
    )
