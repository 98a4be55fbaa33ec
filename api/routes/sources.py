"""``sources``: documents and tables beside the checklists, their files, their figures."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.audit.unit_of_work import Work, act_on
from api.auth.principal import Principal, principal
from api.database.sessions import mission_session
from api.problems import NOT_FOUND, Problem
from api.routes.asking import answer, digest
from api.statements.source_files import MEDIA_TYPES
from api.statements.sources import (
    FigureIn,
    SourceIn,
    add_figure,
    add_source,
    figure_out,
    file_of,
    find_source,
    keep_file,
    list_sources,
)
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["statements"])
Who = Annotated[Principal, Depends(principal)]
FileName = Annotated[str, Query(max_length=200, description="What the file is called.")]


@router.get("/sources")
async def sources(request: Request, who: Who) -> Response:
    """Every source with its file and its figures."""
    who.must(Right.SEE_DRAFTS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        items = await list_sources(session, who)
    return answer(request, {"items": items, "next": None}, f"sources-{digest(items)}")


@router.post("/sources", status_code=201)
async def add(request: Request, who: Who, given: SourceIn) -> dict[str, Any]:
    """Add a source; its file is sent to ``sources/{code}/file``."""
    who.must(Right.WRITE_STATEMENTS)

    def write(work: Work) -> dict[str, Any]:
        made = add_source(work, given)
        return given.model_dump() | {"id": made.code, "sha256": made.sha256}

    return await act_on(request, who, write)


@router.put("/sources/{source}/file")
async def keep(request: Request, who: Who, source: str, name: FileName = "") -> dict[str, Any]:
    """Keep the file of a source: PDF of a document, CSV or XLSX of a table. The body is the file;
    the answer is its SHA-256."""
    who.must(Right.WRITE_STATEMENTS)
    content = await request.body()

    def write(work: Work) -> dict[str, Any]:
        kept = keep_file(work, source, name, content)
        return {"id": kept.code or kept.id, "sha256": kept.sha256}

    return await act_on(request, who, write)


@router.get("/sources/{source}/file")
async def file(request: Request, who: Who, source: str) -> Response:
    """The file of a source, as it was sent."""
    who.must(Right.SEE_DRAFTS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        found = await file_of(session, who, source)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(found.content, media_type=MEDIA_TYPES[found.type], headers=headers)


@router.get("/sources/{source}/figures")
async def figures(request: Request, who: Who, source: str) -> Response:
    """The figures of one source."""
    who.must(Right.SEE_DRAFTS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        every = await list_sources(session, who)
    items = next((each["figures"] for each in every if each["id"] == source), None)
    if items is None:
        raise Problem(NOT_FOUND)
    return answer(request, {"items": items, "next": None}, f"figures-{digest(items)}")


@router.post("/sources/{source}/figures", status_code=201)
async def bind(request: Request, who: Who, source: str, given: FigureIn) -> dict[str, Any]:
    """Bind a figure to a cell of a table, from which it is read, or to a page of a document, from
    which whoever asks has typed it."""
    who.must(Right.WRITE_STATEMENTS)

    def write(work: Work) -> dict[str, Any]:
        made = add_figure(work, source, given)
        return figure_out(made, find_source(work.session, source))

    return await act_on(request, who, write)
