"""The states of a statement: which it is in, what an act on it answers, moments in words."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api.audit.unit_of_work import AsyncWork
from api.auth.principal import Principal
from api.problems import CONFLICT, NOT_FOUND, Problem
from schemas.statement import Statement, StatementState

BEFORE_RELEASE = (StatementState.DRAFT, StatementState.REVIEW, StatementState.APPROVED)


async def in_state(
    work: AsyncWork, who: Principal, statement_id: UUID, *states: StatementState
) -> Statement:
    """A statement that is in one of these states. Problems: 404; 409 in another one."""
    found = await work.session.get(Statement, (who.mission_id, statement_id))
    if found is None:
        raise Problem(NOT_FOUND)
    if found.state not in states:
        wanted = " or ".join(each.shown for each in states)
        state = StatementState(found.state).shown
        raise Problem(CONFLICT, f"The statement is {state}; this is for one that is {wanted}.")
    return found


async def done(work: AsyncWork, statement: Statement, act: str, note: str = "") -> dict[str, Any]:
    """Keep what an act changed, log the act, and say where the statement stands."""
    work.session.add(statement)
    await work.session.flush()
    work.log(act, statement.id, statement.published_sha256, note=note)
    return state_out(statement)


def state_out(statement: Statement) -> dict[str, Any]:
    """Where a statement stands on its way: who asked, read, approved, released, where it is issued,
    who gets a copy, and until when it is kept back."""
    return {
        "id": statement.id,
        "state": StatementState(statement.state).shown,
        "version": statement.version_number,
        "joint": statement.joint,
        "review_by": statement.review_by,
        "review_at": statement.review_at,
        "readers": statement.readers,
        "approvals": statement.approvals,
        "languages": statement.written_in,
        "issued_in": statement.issued_in,
        "embargo_until": statement.embargo_until,
        "embargo_zone": statement.embargo_zone,
        "authority": statement.authority,
        "copied_at": statement.copied_at,
        "copied_how": statement.copied_how,
        "released_by": statement.released_by,
        "released_at": statement.released_at,
        "sha256": statement.published_sha256 or None,
    }


def said_at(moment: datetime, zone: str) -> str:
    """A moment with the name of its zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def said_of(statement: Statement) -> str:
    """The embargo in words."""
    if statement.embargo_until is None:
        return "none"
    return said_at(statement.embargo_until, statement.embargo_zone)
