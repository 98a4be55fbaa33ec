"""``findings`` and ``statements``: what the mission concludes, and what it says."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.problems import NOT_FOUND, Problem
from api.routes.asking import After, Limit, answer, digest
from api.server.cursors import cursor, read_cursor
from api.sharing.reading import shared_findings
from api.statements.blocks import block_out
from api.statements.correcting import corrections_of
from api.statements.listing import (
    numbers_of,
    page_of_findings,
    page_of_statements,
    rules_since,
    whole_statement,
)
from schemas.credential import Role
from schemas.rights import Right
from schemas.statement import Finding, Statement, StatementState

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["statements"])
Who = Annotated[Principal, Depends(principal)]
INSIDE = frozenset({"reports"})
"""What of a finding only the core team may see: its supporting reports."""


@router.get("/findings")
async def findings(request: Request, who: Who, after: After = None, limit: Limit = 200) -> Response:
    """Findings as they were frozen, newest draft last. Outside the core team: those released; to a
    partner those that were shared, too."""
    if who.role == Role.PARTNER:
        return await _shared_findings(request, who, after, limit)
    (behind,) = read_cursor(after, UUID) or (None,)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await page_of_findings(session, who, behind, limit + 1)
        if not rows and behind is None and not who.may(Right.SEE_DRAFTS):
            raise Problem(NOT_FOUND)
        numbers = await numbers_of(session, who, rows[:limit])
    items = [_finding(who, row, numbers.get(row.snapshot_id, {})) for row in rows[:limit]]
    more = cursor(rows[limit - 1].id) if len(rows) > limit else None
    return answer(request, {"items": items, "next": more}, f"findings-{digest(items)}")


async def _shared_findings(
    request: Request, who: Principal, after: str | None, limit: int
) -> Response:
    """What was shared of the findings, and what was released of them, by id."""
    behind = read_cursor(after, UUID)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await page_of_findings(session, who)
        numbers = await numbers_of(session, who, rows)
        released = [_finding(who, row, numbers.get(row.snapshot_id, {})) for row in rows]
        found = [*await shared_findings(session, who), *released]
    found = sorted(found, key=lambda each: str(each["id"]))
    left = [each for each in found if behind is None or str(each["id"]) > str(behind[0])]
    more = cursor(left[limit - 1]["id"]) if len(left) > limit else None
    items = left[:limit]
    return answer(request, {"items": items, "next": more}, f"findings-{digest([items, more])}")


@router.get("/statements")
async def statements(
    request: Request, who: Who, after: After = None, limit: Limit = 50
) -> Response:
    """Statements without their text, oldest first."""
    (behind,) = read_cursor(after, UUID) or (None,)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await page_of_statements(session, who, behind, limit + 1)
    more = cursor(rows[limit - 1].id) if len(rows) > limit else None
    items = [_head(who, row) for row in rows[:limit]]
    # The end of an embargo moves no clock, so the tag goes by what is shown.
    return answer(request, {"items": items, "next": more}, f"statements-{digest(items)}")


@router.get("/statements/{statement_id}")
async def statement(request: Request, who: Who, statement_id: UUID) -> Response:
    """One statement: its blocks, every number in them as it was frozen, and the rules that were
    changed since."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        found = await whole_statement(session, who, statement_id)
        if found is None:
            raise Problem(NOT_FOUND)
        row, snapshot, blocks = found
        corrections = await corrections_of(session, row, who)
        later = await rules_since(session, who.mission_id, row.drafted_at)
    content = _head(who, row) | {
        "blocks": [block_out(each, row.language) for each in blocks],
        "snapshot": {
            "sequence": snapshot.counted_at,
            "frozen_at": snapshot.frozen_at,
            "sha256": snapshot.sha256,
            "numbers": snapshot.numbers,
        },
        "corrected_by": corrections,
        **({"owners": row.owners} if who.may(Right.SEE_DRAFTS) else {}),
        "correction": row.correction,
        "rules_since": [asdict(each) for each in later],
    }
    return answer(request, content, f"statement-{digest(content)}")


def _head(who: Principal, row: Statement) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "language": row.language,
        "reference": row.language,
        "languages": row.written_in,
        "title": row.title,
        "state": StatementState(row.state).shown,
        "drafted_at": row.drafted_at,
        "released_at": row.released_at,
        "embargo_until": row.embargo_until,
        "embargo_zone": row.embargo_zone,
        "version": row.version,
        "issued_in": row.issued_in,
        "corrects": row.corrects,
        "sha256": row.published_sha256 or None,
        "address": f"/statements/{who.slug}/{row.id}" if row.published_sha256 else None,
    }


def _finding(who: Principal, row: Finding, numbers: Mapping[str, Any]) -> dict[str, Any]:
    body = {k: v for k, v in row.body.items() if who.may(Right.SEE_DRAFTS) or k not in INSIDE}
    return {
        **body,
        "id": row.id,
        "snapshot": row.snapshot_id,
        "code": row.code,
        "stage": row.stage,
        "number": numbers.get(row.code),
    }
