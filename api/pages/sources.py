"""The sources page: documents and tables beside the checklists, and the figures bound to them."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ValidationError

from api.audit.unit_of_work import Work, act_on
from api.pages.forms import Form, Given, read_form
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from api.problems import CONFLICT, INVALID, Problem
from api.server.body_limits import MAX_BODY_BYTES
from api.statements.sources import (
    FigureIn,
    SourceIn,
    add_figure,
    add_source,
    keep_file,
    list_sources,
)
from schemas.memory import SourceKind
from schemas.rights import Right
from schemas.words import N_

router = APIRouter()
KINDS = {SourceKind.TABLE: N_("Table (CSV, XLSX)"), SourceKind.DOCUMENT: N_("Document (PDF)")}
UNITS = {
    "count": N_("a count"),
    "percent": N_("percent, as printed"),
    "share": N_("a share of 1, printed as percent"),
    "seconds": N_("seconds"),
    "amount": N_("an amount of money"),
}


@serve_page(router, "/sources", right=Right.SEE_DRAFTS)
async def sources(page: PageRequest) -> Response:
    """All sources with their figures."""
    return await _shown(page)


@serve_page(router, "/sources", "POST", right=Right.WRITE_STATEMENTS)
async def add(page: PageRequest) -> Response:
    """Add a source with its file, both or neither."""
    async with read_form(page.request, files=1, most=MAX_BODY_BYTES) as form:
        given = form.given()
        wanted = _typed(SourceIn, given, "code", "title", "kind", "owner", "dated", "method")
        file = await _file(form)

        def write(work: Work) -> None:
            made = add_source(work, wanted)
            keep_file(work, made.code or "", *file)

        return await _done(page, given, write)


@serve_page(router, "/sources/{source}/figures", "POST", right=Right.WRITE_STATEMENTS)
async def bind(page: PageRequest) -> Response:
    """Bind a figure to a cell or a page."""
    source = page.request.path_params["source"]
    async with read_form(page.request) as form:
        given = form.given()
        fields = ("name", "label", "unit", "value", "cell", "sheet", "page")
        wanted = _typed(FigureIn, given, *fields)
        return await _done(page, given, lambda work: add_figure(work, source, wanted), source)


async def _file(form: Form) -> tuple[str, bytes]:
    files = [each for each in form.files() if each.filename]
    if not files:
        raise Problem(INVALID, "Choose the file of the source.", "file")
    return files[0].filename or "", await files[0].read()


def _typed(shape: type[BaseModel], given: Given, *names: str) -> Any:
    try:
        return shape.model_validate({name: given[name] for name in names if given.get(name)})
    except ValidationError as error:
        first = error.errors()[0]
        said = first["msg"].removeprefix("Value error, ")
        raise Problem(INVALID, f"{said}.", str(first["loc"][0])) from None


async def _done(page: PageRequest, given: Given, write: Any, source: str = "") -> Response:
    try:
        await act_on(page.request, page.who, write)
    except Problem as problem:
        if problem.kind not in (INVALID, CONFLICT):
            raise
        return await _shown(page, given, problem, source)
    anchor = f"#source-{source}" if source else ""
    return RedirectResponse(f"{page.base}/sources{anchor}", 303)


async def _shown(
    page: PageRequest, given: Given | None = None, problem: Problem | None = None, at: str = ""
) -> Response:
    async with session_of(page) as session:
        found = await list_sources(session, page.who)
    response = page.show(
        "sources.html",
        "sources",
        sources=[_row(page, each) for each in found],
        kinds=[(str(kind), page.say(text)) for kind, text in KINDS.items()],
        units=[(unit, page.say(text)) for unit, text in UNITS.items()],
        may_write=page.who.may(Right.WRITE_STATEMENTS),
        given=given or {},
        at=at,
        problem=problem,
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def _row(page: PageRequest, each: dict[str, Any]) -> dict[str, Any]:
    kind = each["kind"]
    return each | {
        "kind_word": page.say(KINDS[SourceKind(kind)]) if kind else "",
        "is_table": kind == SourceKind.TABLE,
        "dated": each["dated"].isoformat() if each["dated"] else "",
        "size": page.style.whole(-(-each["file"]["size"] // 1024)) if each["file"] else "",
    }
