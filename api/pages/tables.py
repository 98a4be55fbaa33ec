"""Tables: what would this file change?"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from api.imports.options import ImportQuestion, ReadOptions
from api.imports.outcome import ATTRIBUTE, FIELD, NOT_READ, PROBLEMS_SHOWN, Outcome
from api.imports.upload import UploadKind, arriving, bring, options_of, sorts_for
from api.pages.forms import Form, read_form
from api.pages.page import Visit, page
from api.problems import INVALID, NOT_FOUND, TOO_LARGE, Problem
from api.server.body_limits import MAX_TABLE_BYTES
from schemas.words import N_

router = APIRouter()
CHUNK_BYTES = 1024 * 1024
NOTHING_SAID: Mapping[str, Any] = {
    "map": [],
    "key": [],
    "accept": [],
    "include_row": [],
    "encoding": "",
    "sheet": "",
    "header_row": "",
}
ACCEPTS = {
    ImportQuestion.LEFT_OUT: N_("Leave these rows out"),
    ImportQuestion.SPREADSHEET_VALUES: N_("Take these codes as they are written"),
    ImportQuestion.MIXED_SCRIPTS: N_("These words are right: go on"),
    ImportQuestion.SIMILAR_CODES: N_("These are different: go on"),
}
TITLES = {
    None: N_("The code is not unique"),
    ImportQuestion.LEFT_OUT: N_("Titles, totals and notes"),
    ImportQuestion.SPREADSHEET_VALUES: N_("Codes that a spreadsheet turned into numbers"),
    ImportQuestion.MIXED_SCRIPTS: N_("Two scripts within one word"),
    ImportQuestion.SIMILAR_CODES: N_("Codes that are nearly the same"),
}


@page(router, "/tables", right=None)
async def tables(visit: Visit) -> Response:
    """Choose a table, look what it would change, then write it."""
    return _shown(visit, visit.request.query_params.get("of", ""))


@page(router, "/tables", "POST", right=None)
async def bring_in(visit: Visit) -> Response:
    """Look at a file, or write it: only the very file that was looked at."""
    async with read_form(visit.request, files=1, most=MAX_TABLE_BYTES) as form:
        given, file = form.given(), next(iter(form.files()), None)
        if file is None:
            return _shown(visit, given.get("of", ""), problem=Problem(INVALID, "No file.", "file"))
        sort = next((each for each in sorts_for(visit.who) if each.noun == given.get("of")), None)
        if sort is None:
            raise Problem(NOT_FOUND)
        said = _said(form)
        try:
            return await _brought(visit, sort, file, given, said)
        except Problem as problem:
            if problem.kind not in (INVALID, TOO_LARGE):
                raise
            return _shown(visit, sort.noun, problem=problem, said=said)


def _said(form: Form) -> dict[str, Any]:
    """How the file is to be read, as the form has it."""
    texts = {
        name: [each for each in form.texts(name) if each.strip()]
        for name in ("map", "key", "accept", "include_row")
    }
    given = form.given()
    one = {name: given.get(name, "").strip() for name in ("encoding", "sheet", "header_row")}
    lines = [line.strip() for each in texts.pop("map") for line in each.splitlines()]
    return {"map": [each for each in lines if each], **texts, **one}


def _of_this_file(said: Mapping[str, Any], *, seen: bool) -> dict[str, Any]:
    """What was answered of a file's questions goes for that very file alone."""
    if seen:
        return dict(said)
    return {**said, "accept": [], "include_row": [], "key": []}


def _options(said: Mapping[str, Any]) -> ReadOptions:
    rows = [*said["include_row"], *filter(None, [said["header_row"]])]
    if not all(each.isdecimal() and len(each) < 8 for each in rows):
        raise Problem(INVALID, "The number of a row is needed.", "header_row")
    mapped = {each.partition("=")[0].strip() for each in said["map"]}
    keys = [each for each in said["key"] if each.partition("=")[0].strip() not in mapped]
    return options_of(
        mapped=[*said["map"], *keys],
        accept=said["accept"],
        encoding=said["encoding"],
        sheet=said["sheet"],
        header_row=int(said["header_row"] or 0),
        include_rows=map(int, said["include_row"]),
        attended=True,
    )


async def _brought(
    visit: Visit, sort: UploadKind, upload: UploadFile, given: dict[str, str], said: dict[str, Any]
) -> Response:
    url = visit.request.app.state.settings.database_url
    async with arriving(_pieces(upload)) as file:
        writes, seen = given.get("act") == "write", given.get("seen") == file.sha256
        if writes and not seen:
            raise Problem(INVALID, "This is not the file that you looked at.", "file")
        said = _of_this_file(said, seen=seen)
        try:
            outcome = await bring(
                url, visit.who, sort, file.path, _options(said), dry_run=not writes
            )
        except Problem as problem:
            if "questions" not in problem.more:
                raise
            return _shown(visit, sort.noun, problem=problem, said=said, seen=file.sha256)
    return _shown(visit, sort.noun, outcome=outcome, written=writes, seen=file.sha256, said=said)


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(CHUNK_BYTES):
        yield piece


def _shown(
    visit: Visit,
    chosen: str,
    *,
    outcome: Outcome | None = None,
    written: bool = False,
    seen: str = "",
    problem: Problem | None = None,
    said: Mapping[str, Any] | None = None,
) -> Response:
    sorts = sorts_for(visit.who)
    if not sorts:
        raise Problem(NOT_FOUND)
    response = visit.show(
        "tables.html",
        "setup",
        chosen=chosen,
        written=written,
        seen=seen,
        problem=problem,
        sorts=[(each.noun, visit.say(each.title), each.columns) for each in sorts],
        outcome=_told(outcome) if outcome else None,
        said=said or NOTHING_SAID,
        questions=_asked(visit, problem),
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def _asked(visit: Visit, problem: Problem | None) -> list[dict[str, Any]]:
    """What somebody must say before a file goes on: the rows, and what may be accepted."""
    questions = problem.more.get("questions", []) if problem else []
    concerns = [each["concern"] for each in questions]
    return [
        each
        | {
            "title": visit.say(TITLES[concern]),
            "accept": visit.say(ACCEPTS[concern]) if concern else "",
            "maps": [
                remedy.removeprefix("--map ")
                for remedy in each["remedies"]
                if remedy.startswith("--map ")
            ],
        }
        for each, concern in zip(questions, concerns, strict=True)
    ]


def _told(outcome: Outcome) -> dict[str, Any]:
    """What is added, changed and refused, the first of each; what became of each column."""
    return {
        "added": len(outcome.added),
        "changed": len(outcome.changed),
        "unchanged": outcome.unchanged,
        "refused": len(outcome.refused),
        "encoding": outcome.encoding.removesuffix("-sig"),
        "news": outcome.added[:PROBLEMS_SHOWN],
        "changes": outcome.shown[: 5 * PROBLEMS_SHOWN],
        "reasons": outcome.refused[: 5 * PROBLEMS_SHOWN],
        "writes": bool(outcome.changes),
        "notes": outcome.notes,
        "fields": [each for each in outcome.columns if each.use == FIELD],
        "kept": [each.column for each in outcome.columns if each.use == ATTRIBUTE],
        "unread": [each.column for each in outcome.columns if each.use == NOT_READ],
        "left_out": outcome.left_out[:PROBLEMS_SHOWN],
        "left_out_count": len(outcome.left_out),
    }
