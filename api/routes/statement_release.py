"""``statements/{id}``: the lint, review, approval, embargo, release and corrections."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.audit.unit_of_work import act_async
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.problems import NOT_FOUND, Problem
from api.routes.asking import answer, digest
from api.statements.correcting import CorrectionIn, draft_correction
from api.statements.issue import (
    CopyLogged,
    EmbargoSet,
    LanguagesSet,
    PlaceSet,
    log_copy,
    set_embargo,
    set_languages,
    set_place,
)
from api.statements.linting import lint_of, problem_out
from api.statements.listing import statement_with_text
from api.statements.reading_marks import TextRead, mark_read
from api.statements.release import (
    Approval,
    ReviewAsked,
    approve,
    ask_review,
    release,
    withdraw_review,
)
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}/statements/{statement_id}", tags=["statements"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/lint")
async def lint(request: Request, who: Who, statement_id: UUID) -> Response:
    """Every rule that the text breaks as it is now: errors first, each with the one act that mends
    it."""
    who.must(Right.SEE_DRAFTS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        statement = await statement_with_text(session, who, statement_id)
        if statement is None:
            raise Problem(NOT_FOUND)
        items = [
            problem_out(each)
            for each in await lint_of(session, who, statement, figures=request.app.state.figures)
        ]
    return answer(request, {"items": items, "next": None}, f"lint-{digest(items)}")


@router.post("/review")
async def review(
    request: Request, who: Who, statement_id: UUID, given: ReviewAsked
) -> dict[str, Any]:
    """Ask that a draft is read over; 409 lists what the lint finds, while there are errors."""
    return await act_async(request, who, lambda work: ask_review(work, who, statement_id, given))


@router.post("/review/withdrawal")
async def withdrawal(request: Request, who: Who, statement_id: UUID) -> dict[str, Any]:
    """Take a statement back to draft; approvals are given anew then."""
    return await act_async(request, who, lambda work: withdraw_review(work, who, statement_id))


@router.post("/approval")
async def approval(
    request: Request, who: Who, statement_id: UUID, given: Approval | None = None
) -> dict[str, Any]:
    """Approve a statement in review: by somebody who neither wrote in it nor asked for the
    review. `read` names the languages that they have read; without it, the reference language."""
    return await act_async(request, who, lambda work: approve(work, who, statement_id, given))


@router.post("/reading")
async def reading(
    request: Request, who: Who, statement_id: UUID, given: TextRead
) -> dict[str, Any]:
    """Mark the text of one language as read. The mark holds until a word or a number of that text
    is another; a statement is published when somebody has read each of its languages."""
    return await act_async(request, who, lambda work: mark_read(work, who, statement_id, given))


@router.post("/place")
async def place(request: Request, who: Who, statement_id: UUID, given: PlaceSet) -> dict[str, Any]:
    """Say where a statement is issued; day and hour are those at which it is out."""
    return await act_async(request, who, lambda work: set_place(work, who, statement_id, given))


@router.post("/languages")
async def languages(
    request: Request, who: Who, statement_id: UUID, given: LanguagesSet
) -> dict[str, Any]:
    """Say in which of the languages that it is written in a statement is issued."""
    return await act_async(request, who, lambda work: set_languages(work, who, statement_id, given))


@router.post("/authority")
async def authority(
    request: Request, who: Who, statement_id: UUID, given: CopyLogged
) -> dict[str, Any]:
    """Plan the authority's copy, or log that it was given: once it is approved."""
    return await act_async(request, who, lambda work: log_copy(work, who, statement_id, given))


@router.post("/embargo")
async def embargo(
    request: Request, who: Who, statement_id: UUID, given: EmbargoSet
) -> dict[str, Any]:
    """Say until when a statement is kept back, or that it is not (null)."""
    return await act_async(request, who, lambda work: set_embargo(work, who, statement_id, given))


@router.post("/release")
async def publish(
    request: Request, who: Who, statement_id: UUID, given: CopyLogged
) -> dict[str, Any]:
    """Publish an approved statement: by another person than the one who approved it. Its text is
    frozen, and out when the embargo ends. The authority's copy is given here, or was logged
    before."""
    public = request.app.state.settings.public_url or ""
    return await act_async(
        request, who, lambda work: release(work, who, statement_id, given, public)
    )


@router.post("/corrections", status_code=201)
async def correct(
    request: Request, who: Who, statement_id: UUID, given: CorrectionIn
) -> dict[str, Any]:
    """Draft a correction of a published statement: old, new, cause, and the effect on each
    sentence. It is written, approved and released like any other; both lead to each other."""
    figures = request.app.state.figures
    return await act_async(
        request, who, lambda work: draft_correction(work, figures, who, statement_id, given)
    )
