"""The page Import a file: a preview of what it would change, and the import."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from api.imports.options import ImportQuestion, ReadOptions
from api.imports.run import ATTRIBUTE, FIELD, NOT_READ, PROBLEMS_SHOWN, Outcome
from api.imports.upload import UploadKind, arriving, bring, options_of, sorts_for
from api.pages.forms import Form, read_form
from api.pages.page import PageRequest, serve_page
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


@serve_page(router, "/tables", right=None)
async def tables(page: PageRequest) -> Response:
    """Choose a table, look what it would change, then write it."""
    return _shown(page, page.request.query_params.get("of", ""))


@serve_page(router, "/tables", "POST", right=None)
async def bring_in(page: PageRequest) -> Response:
    """Look at a file, or write it: only the very file that was looked at."""
    async with read_form(page.request, files=1, most=MAX_TABLE_BYTES) as form:
        given, file = form.given(), next(iter(form.files()), None)
        if file is None:
            return _shown(page, given.get("of", ""), problem=Problem(INVALID, "No file.", "file"))
        sort = next((each for each in sorts_for(page.who) if each.noun == given.get("of")), None)
        if sort is None:
            raise Problem(NOT_FOUND)
        said = _said(form)
        try:
            return await _brought(page, sort, file, given, said)
        except Problem as problem:
            if problem.kind not in (INVALID, TOO_LARGE):
                raise
            return _shown(page, sort.noun, problem=problem, said=said)


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
    page: PageRequest,
    sort: UploadKind,
    upload: UploadFile,
    given: dict[str, str],
    said: dict[str, Any],
) -> Response:
    url = page.request.app.state.settings.database_url
    async with arriving(_pieces(upload)) as file:
        writes, seen = given.get("act") == "write", given.get("seen") == file.sha256
        if writes and not seen:
            raise Problem(INVALID, "This is not the file that you looked at.", "file")
        said = _of_this_file(said, seen=seen)
        try:
            outcome = await bring(
                url, page.who, sort, file.path, _options(said), dry_run=not writes
            )
        except Problem as problem:
            if "questions" not in problem.more:
                raise
            return _shown(page, sort.noun, problem=problem, said=said, seen=file.sha256)
    return _shown(page, sort.noun, outcome=outcome, written=writes, seen=file.sha256, said=said)


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(CHUNK_BYTES):
        yield piece


def _shown(
    page: PageRequest,
    chosen: str,
    *,
    outcome: Outcome | None = None,
    written: bool = False,
    seen: str = "",
    problem: Problem | None = None,
    said: Mapping[str, Any] | None = None,
) -> Response:
    sorts = sorts_for(page.who)
    if not sorts:
        raise Problem(NOT_FOUND)
    response = page.show(
        "tables.html",
        "setup",
        chosen=chosen,
        written=written,
        seen=seen,
        problem=problem,
        sorts=[(each.noun, page.say(each.title), each.columns) for each in sorts],
        outcome=_told(outcome) if outcome else None,
        said=said or NOTHING_SAID,
        questions=_asked(page, problem),
    )
    response.status_code = problem.kind.status if problem else 200
    return response


def _asked(page: PageRequest, problem: Problem | None) -> list[dict[str, Any]]:
    """What somebody must say before a file goes on: the rows, and what may be accepted."""
    questions = problem.more.get("questions", []) if problem else []
    concerns = [each["concern"] for each in questions]
    return [
        each
        | {
            "title": page.say(TITLES[concern]),
            "accept": page.say(ACCEPTS[concern]) if concern else "",
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
