"""``tables``: importing places, people and plans from files, with a preview."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from api.auth.principal import Principal, principal
from api.imports.options import ImportQuestion, ReadOptions
from api.imports.upload import arriving, bring, options_of, sorts_for
from api.problems import NOT_FOUND, Problem

router = APIRouter(prefix="/api/v1/missions/{slug}/tables", tags=["mission"])
Who = Annotated[Principal, Depends(principal)]
DryRun = Annotated[bool, Query(description="Say what would be done; change nothing.")]


def options(
    mapped: Annotated[
        list[str] | None,
        Query(
            alias="map",
            description="FIELD=COLUMN or FIELD=COLUMN+COLUMN: which column a field is.",
        ),
    ] = None,
    accept: Annotated[
        list[ImportQuestion] | None, Query(description="Go on although this was found.")
    ] = None,
    encoding: Annotated[str, Query(description="Such as cp1250; else it is found.")] = "",
    sheet: Annotated[str, Query(description="The sheet, by its name or number.")] = "",
    header_row: Annotated[int, Query(ge=0, description="The row of the headers, from 1.")] = 0,
    include_row: Annotated[
        list[int] | None, Query(description="A row that looks like a total and is data.")
    ] = None,
) -> ReadOptions:
    """How the file is to be read. A script cannot be asked: what looks like totals, notes and
    titles is left out, and each row named."""
    return options_of(
        mapped=mapped or (),
        accept=accept or (),
        encoding=encoding,
        sheet=sheet,
        header_row=header_row,
        include_rows=include_row or (),
    )


Options = Annotated[ReadOptions, Depends(options)]


@router.get("")
async def tables(who: Who) -> dict[str, Any]:
    """The tables that the asker may bring in, with their columns."""
    found = [{"name": each.noun, "columns": each.columns} for each in sorts_for(who)]
    if not found:
        raise Problem(NOT_FOUND)
    return {"items": found, "next": None}


@router.post("/{noun}")
async def bring_in(
    request: Request, who: Who, noun: str, reading: Options, dry_run: DryRun = False
) -> Any:
    """Bring a table in: a CSV or TSV file, or a sheet of an XLSX or XLS file, as the body. The
    same file twice changes nothing; what a row refuses does not hold the others back. Where the
    key repeats, or somebody must say how to go on, nothing is written: 422 with ``questions``."""
    sort = next((each for each in sorts_for(who) if each.noun == noun), None)
    if sort is None:
        raise Problem(NOT_FOUND)
    url = request.app.state.settings.database_url
    async with arriving(request.stream()) as file:
        outcome = await bring(url, who, sort, file.path, reading, dry_run=dry_run)
    return outcome.as_sent() | {"written": not dry_run and bool(outcome.changes)}
