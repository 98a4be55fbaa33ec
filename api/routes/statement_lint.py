"""``statements/{id}/lint/…``: why warnings of a statement's lint may stand."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.audit.unit_of_work import act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.routes.asking import answer, digest
from api.statements.lint_reasons import ReasonIn, keep_reason, reasons_out

router = APIRouter(
    prefix="/api/v1/missions/{slug}/statements/{statement_id}/lint", tags=["statements"]
)
Who = Annotated[Principal, Depends(principal)]


@router.get("/reasons")
async def reasons(request: Request, who: Who, statement_id: UUID) -> Response:
    """The reasons kept for warnings, for whoever approves: which rule, at which block, by whom."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        items = await reasons_out(session, who, statement_id)
    return answer(request, {"items": items, "next": None}, f"reasons-{digest(items)}")


@router.put("/{rule}")
async def keep(
    request: Request, who: Who, statement_id: UUID, rule: str, given: ReasonIn
) -> dict[str, Any]:
    """Keep why a warning may stand, in at least ten words. For an error none is taken."""
    return await act_on(
        request, who, lambda work: keep_reason(work, who, statement_id, rule, given)
    )
