"""The pictures and lists that a form needs: put beside a draft, taken by whoever shows the form."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.auth.principal import Principal, principal
from api.checklists.authoring import attach_file, detach_file, read_form_file, write_in_mission
from api.checklists.listing import form_files_of
from api.database.sessions import mission_session
from api.problems import NOT_FOUND, Problem
from schemas.rights import Right

router = APIRouter(
    prefix="/api/v1/missions/{slug}/checklists/{name}/versions/{version}/media/{file}",
    tags=["checklists"],
)
Who = Annotated[Principal, Depends(principal)]


@router.put("", status_code=204)
async def put(request: Request, who: Who, name: str, version: str, file: str) -> Response:
    """Keep the body as a file of a draft: a picture (PNG, JPEG, WebP) or a list (CSV)."""
    who.must(Right.KEEP_CHECKLISTS)
    attached = await read_form_file(request, file)
    await write_in_mission(
        request,
        who,
        lambda work: attach_file(work, name, version, attached),
    )
    return Response(status_code=204)


@router.delete("", status_code=204)
async def remove(request: Request, who: Who, name: str, version: str, file: str) -> Response:
    """Take a file from a draft; those of a published version stay as they are."""
    who.must(Right.KEEP_CHECKLISTS)
    await write_in_mission(
        request,
        who,
        lambda work: detach_file(work, name, version, file),
    )
    return Response(status_code=204)


@router.get("")
async def take(request: Request, who: Who, name: str, version: str, file: str) -> Response:
    """A file of a form, as phones are given it. Those of a draft only for who keeps checklists."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        kept = await form_files_of(session, who, name, version, file)
        found = kept[0] if kept else None
    if found is None:
        raise Problem(NOT_FOUND)
    return Response(found.content, media_type=found.type)
