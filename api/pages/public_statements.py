"""``/statements/{mission}/{statement}``: the permanent address of what is published."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages.layout import address_of
from api.pages.problem_pages import say_problem
from api.problems import INVALID, NOT_FOUND, Problem
from api.statements.documents import DocumentFormat, disposition, render
from api.statements.public import public_document
from schemas.problems import Refusal

router = APIRouter(include_in_schema=False)


@router.api_route("/statements/{mission}/{statement}", methods=["GET", "HEAD"])
async def published(request: Request, mission: str, statement: str) -> Response:
    """A published statement for everybody, in the reference language or that of ``?language=``, as
    a page or as the file of ``?to=``; of ``?annexes=no`` its text alone."""
    try:
        return await _published(request, mission, statement)
    except Problem as problem:
        return say_problem(request, problem)


async def _published(request: Request, mission: str, statement: str) -> Response:
    language, wanted = request.query_params.get("language"), request.query_params.get("to", "html")
    if wanted not in set(DocumentFormat):
        raise Problem(INVALID, f"There is {', '.join(DocumentFormat)}.", "to")
    to = DocumentFormat(wanted)
    annexes = request.query_params.get("annexes", "yes")
    if annexes not in ("yes", "no"):
        raise Problem(INVALID, "There is yes, no.", "annexes")
    try:
        identity = UUID(statement)
    except ValueError:
        raise Problem(NOT_FOUND) from None
    engine = request.app.state.engine
    try:
        found = await public_document(
            *(engine, mission, identity, language, address_of(request)),
            with_annexes=annexes == "yes",
        )
        if found is None:
            raise Problem(NOT_FOUND)
        made = await render(found, to, f"{mission}-{found.masthead.kind}")
    except Refusal as refusal:
        raise Problem(INVALID, refusal.text, refusal.field) from None
    return Response(
        made.content,
        media_type=made.media_type,
        headers={
            "Content-Security-Policy": made.policy,
            "Content-Language": found.language,
            "Content-Disposition": disposition(made, to),
            "Cache-Control": "public, max-age=60",
        },
    )
