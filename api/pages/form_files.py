"""Pictures and lists of a draft checklist: which are named, which are uploaded."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from api.audit.unit_of_work import Work
from api.checklists.authoring import attach_file, detach_file, looked_at, write_in_mission
from api.checklists.form_files import files_asked
from api.pages.forms import read_form
from api.pages.page import PageRequest, serve_page
from api.problems import INVALID, Problem
from api.server.body_limits import FILES
from mobile_forms.form_file import LONGEST_FILE, MAX_FILES, MediaFileContent
from schemas.problems import Refusal
from schemas.published import FormFile
from schemas.rights import Right

router = APIRouter()


def file_rows(page: PageRequest, xform: str, kept: Sequence[FormFile]) -> list[dict[str, Any]]:
    """The files that a form names, then those that nothing names, each with what is known."""
    there = {each.name: each for each in kept}
    asked = files_asked(xform)
    return [
        {
            "name": name,
            "named": name in asked,
            "file": there.get(name),
            "kib": -(-there[name].size // 1024) if name in there else 0,
        }
        for name in (*asked, *(each for each in there if each not in asked))
    ]


@serve_page(router, "/checklists/{name}/{version}/media", "POST", right=Right.KEEP_CHECKLISTS)
async def change(page: PageRequest) -> Response:
    """Keep the files that were chosen with a draft, or take one away."""
    asked, who = page.request.path_params, page.who
    async with read_form(page.request, files=MAX_FILES, most=FILES) as form:
        gone = form.given().get("remove", "")
        files = [] if gone else [await _looked_at(each) for each in form.files() if each.filename]
    if not gone and not files:
        raise Refusal(page.say("Choose a picture or a list first."))

    def write(work: Work) -> None:
        of = (work, asked["name"], asked["version"])
        if gone:
            detach_file(*of, gone)
        for each in files:
            attach_file(*of, each)

    try:
        await write_in_mission(page.request, who, write)
    except Problem as problem:
        raise Refusal(problem.detail) from None
    return RedirectResponse(f"{page.base}/checklists/{asked['name']}/{asked['version']}", 303)


async def _looked_at(file: UploadFile) -> MediaFileContent:
    try:
        return looked_at(file.filename or "", await file.read(LONGEST_FILE + 1))
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        raise Refusal(problem.detail) from None
