"""Tables: what would this file change?"""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from api.imports.outcome import SHOWN, Outcome
from api.pages.page import Visit, page
from api.problems import INVALID, NOT_FOUND, TOO_LARGE, Problem
from api.tables import Sort, arriving, bring, sorts_for

router = APIRouter()
PIECE = 1024 * 1024


@page(router, "/tables", right=None)
async def tables(visit: Visit) -> Response:
    """Choose a table, look what it would change, then write it."""
    return _shown(visit, visit.request.query_params.get("of", ""))


@page(router, "/tables", "POST", right=None)
async def bring_in(visit: Visit) -> Response:
    """Look at a file, or write it: only the very file that was looked at."""
    async with visit.request.form(max_files=1) as form:
        given = {name: value for name, value in form.items() if isinstance(value, str)}
        file = form.get("file")
        if not isinstance(file, UploadFile):
            return _shown(visit, given.get("of", ""), problem=Problem(INVALID, "No file.", "file"))
        sort = next((each for each in sorts_for(visit.who) if each.noun == given.get("of")), None)
        if sort is None:
            raise Problem(NOT_FOUND)
        try:
            return await _brought(visit, sort, file, given)
        except Problem as problem:
            if problem.kind not in (INVALID, TOO_LARGE):
                raise
            return _shown(visit, sort.noun, problem=problem)


async def _brought(
    visit: Visit, sort: Sort, upload: UploadFile, given: dict[str, str]
) -> Response:  # fmt: skip
    url = visit.request.app.state.settings.database_url
    async with arriving(_pieces(upload)) as file:
        writes = given.get("act") == "write"
        if writes and given.get("seen") != file.sha256:
            raise Problem(INVALID, "This is not the file that you looked at.", "file")
        outcome = await bring(url, visit.who, sort, file.path, dry_run=not writes)
    return _shown(visit, sort.noun, outcome=outcome, written=writes, seen=file.sha256)


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece


def _shown(
    visit: Visit, chosen: str, *, outcome: Outcome | None = None, written: bool = False,
    seen: str = "", problem: Problem | None = None,
) -> Response:  # fmt: skip
    sorts = sorts_for(visit.who)
    if not sorts:
        raise Problem(NOT_FOUND)
    response = visit.show(
        "tables.html", "setup", chosen=chosen, written=written, seen=seen, problem=problem,
        sorts=[(each.noun, visit.say(each.title), each.columns) for each in sorts],
        outcome=_told(outcome) if outcome else None,
    )  # fmt: skip
    response.status_code = problem.kind.status if problem else 200
    return response


def _told(outcome: Outcome) -> dict[str, Any]:
    """What is added, changed and refused, the first of each."""
    return {
        "added": len(outcome.added), "changed": len(outcome.changed),
        "unchanged": outcome.unchanged, "refused": len(outcome.refused),
        "encoding": outcome.encoding.removesuffix("-sig"), "news": outcome.added[:SHOWN],
        "changes": outcome.shown[: 5 * SHOWN], "reasons": outcome.refused[: 5 * SHOWN],
        "writes": bool(outcome.changes), "kept": outcome.kept,
    }  # fmt: skip
