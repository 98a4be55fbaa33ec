"""Files of reports (``reports.csv``, ``.xlsx``, ``.parquet``, ``exports``) and code books."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from api.audit.unit_of_work import act_on
from api.auth.principal import Principal, principal
from api.auth.visible import visible_reports
from api.checklists.codebook import codebook, codebook_table
from api.database.sessions import mission_session
from api.figures.export import as_csv
from api.figures.report_export import Export, Format, come_by, reports_now
from api.figures.workbook_stream import WorkbookStream
from api.problems import NOT_FOUND, Problem
from api.review.quality_flags import screen_newest
from api.routes.asking import answer, asked, digest
from api.server.cursors import cursor, plain, read_cursor
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["exports"])
Who = Annotated[Principal, Depends(principal)]
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"
MEDIA_TYPES: dict[Format, str] = {"csv": CSV, "xlsx": XLSX, "parquet": PARQUET}
Named = Annotated[str, Query(max_length=200, description="The checklist's name.")]
Labels = Annotated[bool, Query(description="Options by their labels, else by their codes.")]
Language = Annotated[str, Query(max_length=10, description="The language of the labels.")]


def _file(media_type: str, said: str, *others: str) -> dict[int | str, dict[str, Any]]:
    """The answer of an operation that gives a file, for the document."""
    return {200: {"description": said, "content": {each: {} for each in (media_type, *others)}}}


@router.get("/reports.csv", responses=_file(CSV, "A row a report, a column a question."))
async def reports_as_csv(
    request: Request, who: Who, checklist: Named, labels: Labels = False, language: Language = "en"
) -> Response:
    """The reports of a checklist that are not superseded, held ones too, as a table."""
    return await _sent(request, who, checklist, language if labels else None, "csv")


@router.get("/reports.xlsx", responses=_file(XLSX, "The same as a workbook with the code book."))
async def reports_as_xlsx(
    request: Request, who: Who, checklist: Named, labels: Labels = False, language: Language = "en"
) -> Response:
    """The same as a workbook, with the code book on a second sheet."""
    return await _sent(request, who, checklist, language if labels else None, "xlsx")


@router.get("/reports.parquet", responses=_file(PARQUET, "The same columns, typed."))
async def reports_as_parquet(
    request: Request, who: Who, checklist: Named, labels: Labels = False, language: Language = "en"
) -> Response:
    """The same as Parquet: numbers as numbers, times as moments; an answer that is not of its
    question's type stands in ``other_answers``."""
    return await _sent(request, who, checklist, language if labels else None, "parquet")


class ExportIn(BaseModel):
    """A file that is asked for: options by their labels where a ``language`` is given."""

    model_config = ConfigDict(extra="forbid")

    checklist: str = Field(min_length=1, max_length=200)
    format: Format = "csv"
    language: str | None = Field(default=None, min_length=2, max_length=10)


@router.post("/exports", status_code=201)
async def ask_for_export(
    request: Request, response: Response, who: Who, given: ExportIn
) -> dict[str, Any]:
    """Ask for a file of the reports that have come until now. Nothing is made yet: the answer names
    the file, which is made as it is fetched, and is of the same reports however often that is."""
    who.must(Right.SEE_REPORTS)
    plain(given.checklist, "checklist")
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        until, reports = await session.run_sync(
            lambda blocking: reports_now(blocking, visible_reports(who), given.checklist)
        )
    named = cursor(given.checklist, given.format, given.language or "", until)
    address = f"/api/v1/missions/{who.slug}/exports/{named}"
    response.headers["Location"] = address
    return {
        "id": named,
        "checklist": given.checklist,
        "format": given.format,
        "sequence": until,
        "reports": reports,
        "address": address,
    }


@router.get("/exports/{export_id}", responses=_file(CSV, "In the format asked for.", XLSX, PARQUET))
async def exported(request: Request, who: Who, export_id: str) -> Response:
    """The file that was asked for: the reports that had come by then, as they stand now. A transfer
    that broke off is begun again; reports that came since are not in it."""
    try:
        checklist, form, language, until = read_cursor(export_id, str, str, str, int) or ()
    except (Problem, ValueError):
        raise Problem(NOT_FOUND) from None
    if form not in MEDIA_TYPES:
        raise Problem(NOT_FOUND)
    return await _sent(request, who, checklist, language or None, form, until)


async def _sent(
    request: Request,
    who: Principal,
    checklist: str,
    language: str | None,
    form: Format,
    until: int | None = None,
) -> Response:
    """The file, once it stands in the audit log who took it; it names its code book."""
    who.must(Right.SEE_REPORTS)
    engine = request.app.state.engine
    quality = await _quality(request, who)
    async with mission_session(engine, who.mission_id) as session:
        found = come_by(visible_reports(who), until)
        export = await session.run_sync(
            lambda plain: Export.prepare(plain, found, checklist, language, quality)
        )
    await act_on(
        request,
        who,
        lambda work: work.log("reports.export", checklist, note=form),
        though_closed=True,
    )
    book = f"/api/v1/missions/{who.slug}/checklists/{quote(checklist, safe='')}/codebook.csv"
    return StreamingResponse(
        export.chunks(engine, who.mission_id, form),
        media_type=MEDIA_TYPES[form],
        headers=_headers(f"{checklist}.{form}") | {"Link": f'<{book}>; rel="describedby"'},
    )


async def _quality(request: Request, who: Principal) -> dict[UUID, str] | None:
    """The codes of the quality flags of each report that was screened, for those who decide on
    reports; None for others."""
    if not who.may(Right.DECIDE_REPORTS):
        return None
    found = await asked(request, who, None, screen_newest)
    flags = found.by_report
    return {
        UUID(report): " ".join(dict.fromkeys(each.code for each in flags.get(report, ())))
        for report in found.observers
    }


@router.get("/checklists/{name}/codebook")
async def codebook_of(request: Request, who: Who, name: str) -> Response:
    """The questions of all versions of a checklist, which are the columns of its reports."""
    items = await _questions(request, who, name)
    return answer(request, {"items": items, "next": None}, f"codebook-{digest(items)}")


@router.get("/checklists/{name}/codebook.csv", responses=_file(CSV, "The same as a table."))
async def codebook_as_csv(request: Request, who: Who, name: str) -> Response:
    """The same as a table: a row a question, below it one for each option."""
    head, *rows = codebook_table(await _questions(request, who, name))
    file = as_csv([str(each) for each in head], rows)
    return Response(file, media_type=CSV, headers=_headers(f"{name}-codebook.csv"))


@router.get("/checklists/{name}/codebook.xlsx", responses=_file(XLSX, "The same as a workbook."))
async def codebook_as_xlsx(request: Request, who: Who, name: str) -> Response:
    """The same as a workbook."""
    head, *rows = codebook_table(await _questions(request, who, name))
    book = WorkbookStream()
    book.begin("codebook", head)
    book.add(rows)
    return Response(book.close(), media_type=XLSX, headers=_headers(f"{name}-codebook.xlsx"))


async def _questions(request: Request, who: Principal, name: str) -> list[dict[str, Any]]:
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return await session.run_sync(lambda plain: codebook(plain, name))


def _headers(name: str) -> dict[str, str]:
    stem, _, ending = name.rpartition(".")
    plain = "".join(each if each.isascii() and each.isalnum() else "-" for each in stem)
    return {
        "Content-Disposition": f'attachment; filename="{plain}.{ending}"',
        "Cache-Control": "private, no-store",
    }
