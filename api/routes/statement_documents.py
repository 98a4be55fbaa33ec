"""``statements/{id}/document``: a statement as HTML, PDF, DOCX or JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.problems import INVALID, NOT_FOUND, Problem
from api.statements.documents import ANSWERS, DocumentFormat, disposition, document_of, render
from schemas.problems import Refusal

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["statements"])
Who = Annotated[Principal, Depends(principal)]
To = Annotated[DocumentFormat, Query(description="The format of the document.")]
Language = Annotated[
    str | None, Query(max_length=10, description="A language of the statement; else the reference.")
]

Annexes = Annotated[
    bool, Query(description="`no`: the text alone, with a line that says where the annexes are.")
]


@router.get("/statements/{statement_id}/document", responses=dict(ANSWERS), response_class=Response)
async def document(
    request: Request,
    who: Who,
    statement_id: UUID,
    to: To = DocumentFormat.HTML,
    language: Language = None,
    annexes: Annexes = True,
) -> Response:
    """The statement as a document. A draft says on each page that it is one, and shows the marks of
    its numbers. 422 names a figure without alternative text, and a language that there is not."""
    public = request.app.state.settings.public_url or str(request.base_url).rstrip("/")
    try:
        async with mission_session(request.app.state.engine, who.mission_id) as session:
            found = await document_of(
                session, who, statement_id, language, public=public, with_annexes=annexes
            )
        if found is None:
            raise Problem(NOT_FOUND)
        made = await render(found, to, f"{who.slug}-{found.masthead.kind}")
    except Refusal as refusal:
        raise Problem(INVALID, refusal.text, refusal.field) from None
    return Response(
        made.content,
        media_type=made.media_type,
        headers={
            "Content-Disposition": disposition(made, to),
            "Content-Security-Policy": made.policy,
            "Cache-Control": "private, no-store",
        },
    )
